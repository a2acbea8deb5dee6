"""Somebody's table as text, whatever it came in: CSV, a workbook, a frame of polars or pandas."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.sources.shared.csv_cells import read_table

EXPECTED = "a table of laps"
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def text_of_file(data: bytes, *, file: str) -> pl.DataFrame:
    """Cells of a file as text, with their ``line``.

    Raises
    ------
    UnreadableError
        It is no table.
    ArgumentError
        It is a workbook, and what reads those is not installed.
    """
    if Path(file).suffix.lower() in WORKBOOKS:
        return text_of_frame(_workbook(data, file), file=file)
    return read_table(data, file=file, expected=EXPECTED)


def text_of_frame(frame: Any, *, file: str) -> pl.DataFrame:
    """Cells of a polars or pandas frame as text, with the number of their row as ``line``.

    Raises
    ------
    ArgumentError
        It is no frame.
    """
    if not hasattr(frame, "columns") or not hasattr(frame, "__getitem__"):
        raise ArgumentError(
            f"{type(frame).__name__} is no table", hint="a path, or a frame of polars or pandas"
        )
    columns = {str(name): _listed(frame[name]) for name in frame.columns}
    rows = max(map(len, columns.values()), default=0)
    if not rows:
        raise UnreadableError(f"{file}: empty; expected {EXPECTED}", file=file)
    cells = {
        name: pl.Series(name, [_text(cell) for cell in column], dtype=pl.String)
        for name, column in columns.items()
        if name != "line"
    }
    return pl.DataFrame({"line": range(1, rows + 1), **cells})


def _listed(column: Any) -> list[object]:
    return column.to_list() if hasattr(column, "to_list") else list(column)


def _text(cell: object) -> str | None:
    """A value as one would write it; a duration in seconds; None where it is unknown."""
    if cell is None or cell != cell:  # NaN and NaT are not themselves
        return None
    if isinstance(cell, timedelta):
        return f"{cell / timedelta(seconds=1):.6f}"
    if isinstance(cell, datetime) and cell.year <= 1900:  # how workbooks keep long durations
        return f"{(cell.replace(tzinfo=None) - datetime(1899, 12, 31)) / timedelta(seconds=1):.6f}"  # noqa: DTZ001
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip() or None


def _workbook(data: bytes, file: str) -> pl.DataFrame:
    try:
        return pl.read_excel(data, engine="calamine", infer_schema_length=None)
    except ModuleNotFoundError as error:
        raise ArgumentError(
            f"{file}: a workbook is read by fastexcel, which is not installed",
            hint="pip install 'racecraft[xlsx]', or save it as CSV",
        ) from error
    except Exception as error:
        first = (str(error).splitlines() or ["unreadable"])[0]
        raise UnreadableError(f"{file}: {first}; expected {EXPECTED}", file=file) from error
