"""A table is a promise: its columns, their types and its key, written once and checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from polars._typing import PolarsDataType

TIME = pl.Duration("us")  # the type of every time and duration


@dataclass(frozen=True)
class Column:
    """One column: its name, its type, and what it means in words."""

    name: str
    dtype: PolarsDataType
    meaning: str


@dataclass(frozen=True)
class Table:
    """What a table holds, and what makes a row unique.

    Parameters
    ----------
    name
        Plural, as the function or the file that makes it.
    key
        Columns that are never null and together never repeat; empty where rows may repeat.
    columns
        In the order in which they are shown.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def schema(self) -> pl.Schema:
        """Column names with their types, in order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def empty(self) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(schema=self.schema)

    def rows(self, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
        """Return the table made of dictionaries; keys left out are null."""
        if not rows:
            return self.empty()
        return self.check(
            pl.DataFrame(rows, schema_overrides=self.schema, infer_schema_length=None)
        )

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the promised columns of a frame, or say which promise it breaks.

        Columns beyond the promise are dropped; columns that are missing altogether are unknown, so
        they come back null, unless they are part of the key.

        Raises
        ------
        TableError
            A key column is missing, null or repeated, or a value does not fit its type.
        """
        table = frame if frame.schema == self.schema else self._fitted(frame)
        keys = [table.get_column(name) for name in self.key if table.height]
        for column in keys:
            if column.null_count():
                raise TableError(f"{self.name} has a row without {column.name!r}", table=self.name)
        if keys and (again := pl.DataFrame(keys).is_duplicated()).any():
            twice = table.filter(again).row(0, named=True)
            at = ", ".join(f"{name} {twice[name]}" for name in self.key)
            raise TableError(f"{self.name} has two rows for {at}", table=self.name)
        return table

    def _fitted(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The promised columns of a frame, each of its type."""
        have = set(frame.columns)
        if lacking := [name for name in self.key if name not in have]:
            raise TableError(f"{self.name} lacks its key column {lacking[0]!r}", table=self.name)
        wanted = [
            pl.col(c.name).cast(c.dtype) if c.name in have else pl.lit(None, c.dtype).alias(c.name)
            for c in self.columns
        ]
        try:
            return frame.select(wanted)
        except pl.exceptions.PolarsError as error:
            first = str(error).splitlines()[0]
            raise TableError(f"{self.name}: {first}", table=self.name) from error
