"""Tables for other programs: JSON, CSV and Parquet."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

import polars as pl

from racecraft.model.clock import seconds
from racecraft.show.json_line import json_line

if TYPE_CHECKING:
    from collections.abc import Mapping

Format = Literal["json", "csv", "parquet"]
AS_JSON = {"facts"}  # columns that hold JSON
FORMATS: tuple[Format, ...] = get_args(Format)


def export(table: pl.DataFrame, form: Format) -> bytes:
    r"""Bytes of a table.

    JSON is a list of objects, one a line; in JSON and CSV a time is a float of seconds, whose name
    ends in ``_s``, and unknown is null or nothing; a cell that holds JSON is an object in JSON.
    Parquet keeps every type as it is.

    Examples
    --------
    >>> from datetime import timedelta
    >>> table = pl.DataFrame({"driver": ["ALO"], "margin": [timedelta(seconds=0.053)]})
    >>> export(table, "json").decode()
    '[\n{"driver": "ALO", "margin_s": 0.053}\n]\n'
    """
    buffer = io.BytesIO()
    if form == "parquet":
        table.write_parquet(buffer)
        return buffer.getvalue()
    if form == "csv":
        _flat(at_the_border(table)).write_csv(buffer)
        return buffer.getvalue()
    rows = ",\n".join(map(json_line, plain_rows(table)))
    return (f"[\n{rows}\n]\n" if rows else "[]\n").encode()


def at_the_border(table: pl.DataFrame) -> pl.DataFrame:
    """A table whose times are floats of seconds, named so; a number that is none is unknown."""
    columns: list[pl.Expr] = []
    for name, dtype in table.schema.items():
        if dtype != pl.Duration:
            column = pl.col(name)
            known = pl.when(column.is_finite()).then(column)
            columns.append(known if dtype.is_float() else column)
        elif f"{name}_s" not in table.columns:
            columns.append(seconds(name).alias(f"{name}_s"))
    return table.select(columns)


def plain_rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of what JSON knows: times are seconds, and a cell that holds JSON is an object."""
    return [_unpacked(row) for row in at_the_border(table).iter_rows(named=True)]


def json_object(value: Mapping[str, Any]) -> bytes:
    """One object as JSON; tables in it become lists of objects, times floats of seconds."""
    return (json_line(plain_object(value)) + "\n").encode()


def plain_object(value: Mapping[str, Any]) -> dict[str, Any]:
    """An object of what JSON knows, tables and times in it translated."""
    plain: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(item, pl.DataFrame):
            plain[name] = plain_rows(item)
        elif isinstance(item, timedelta):
            plain[f"{name}_s"] = item / timedelta(seconds=1)
        else:
            plain[name] = item
    return plain


def _unpacked(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose cells that hold JSON are objects; of that name may also be what is none."""
    for name in AS_JSON & row.keys():
        with suppress(TypeError, ValueError):
            row[name] = json.loads(row[name])
    return row


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """A table without lists in it: those are written as JSON."""
    nested = [name for name, dtype in table.schema.items() if dtype.is_nested()]
    return table.with_columns(
        pl.Series(
            name,
            [None if cell is None else json_line(cell) for cell in table[name].to_list()],
            pl.String,
        )
        for name in nested
    )
