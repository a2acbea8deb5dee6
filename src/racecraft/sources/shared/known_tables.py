"""Tables of a schema that is known, checked cell by cell and against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from racecraft.sources.shared.csv_cells import typed, unique, wrong_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.sources.shared.csv_cells import Expected


class Home(NamedTuple):
    """Where what a column names is at home: a table, and its column."""

    table: str
    column: str


@dataclass(frozen=True)
class Schema:
    """What tables there are, and what each holds.

    Attributes
    ----------
    columns
        What each table must and may hold; other columns are left alone.
    keys
        Columns, by table, of which no two rows are the same.
    homes
        By the name of a column, in whatever table it is, where all that it names stands.
    listed
        What to say is expected where something does not: `file` is what the home is called.
    """

    columns: Mapping[str, Mapping[str, Expected]]
    keys: Mapping[str, tuple[str, ...]]
    homes: Mapping[str, Home]
    listed: str = "one of those in {file}"

    def checked(
        self, text: Mapping[str, pl.DataFrame], *, files: Mapping[str, str], place: str = "line"
    ) -> dict[str, pl.DataFrame]:
        """Tables of values; one that is absent is empty.

        Parameters
        ----------
        text
            Table by name, all text, with the ``line`` of each row.
        files, place
            What to call each table and a row in errors.

        Raises
        ------
        UnreadableError
            A cell holds something else than expected, a row comes twice, or names what is nowhere.
        """
        nothing = pl.DataFrame(schema={"line": pl.UInt32})
        tables = {
            name: typed(text.get(name, nothing), columns, file=files.get(name, name), place=place)
            for name, columns in self.columns.items()
        }
        for name, table in tables.items():
            file = files.get(name, name)
            if name in self.keys:
                unique(table, self.keys[name], file=file, place=place)
            for column, home in self.homes.items():
                if column in table.columns and name != home.table:
                    listed = self.listed.format(file=files.get(home.table, home.table))
                    at = f"{file}, {place}"
                    _at_home(table, column, tables[home.table][home.column], listed, at)
        return tables


def _at_home(table: pl.DataFrame, column: str, home: pl.Series, listed: str, at: str) -> None:
    """Refuse a row that names what is not among those at home."""
    stray = table.join(home.to_frame(column), on=column, how="anti")
    if not stray.is_empty():
        row = stray.row(0, named=True)
        raise wrong_cell(f"{at} {row['line']}", column, row[column], listed)
