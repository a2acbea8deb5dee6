"""A folder of Ergast tables as CSV: every season since 1950, and lap times where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import UnreadableError
from racecraft.sources.ergast.seasons import races_of, seasons_of
from racecraft.sources.ergast.tables import COLUMNS, REQUIRED, read_tables
from racecraft.sources.shared.csv_cells import read_csv

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.season import Season

SOURCE = "ergast_dump"
NULL = r"\N"
LARGEST_FILE = 500_000_000  # bytes; all lap times since 1996 are about twenty million


def fetch(folder: Path) -> dict[str, bytes]:
    """Tables of a folder by file name; files of other names are left alone.

    Raises
    ------
    UnreadableError
        There is no such folder, it is a file, a table it must have is missing, or one is far
        larger than it can be.
    """
    if not folder.is_dir():
        what = "a file" if folder.exists() else "not there"
        raise UnreadableError(f"{folder}: {what}; expected a folder of tables", path=str(folder))
    files = {}
    for table in COLUMNS:
        path = folder / f"{table}.csv"
        try:
            if not path.exists() and table not in REQUIRED:
                continue
            size = path.stat().st_size
            if size > LARGEST_FILE:
                raise UnreadableError(
                    f"{path}: {size / 1e6:.0f} MB; expected a table of an Ergast dump",
                    file=str(path),
                )
            files[path.name] = path.read_bytes()
        except OSError as error:
            raise UnreadableError(
                f"{path}: {error.strerror}; expected a table of an Ergast dump", file=str(path)
            ) from error
    return files


def parse(
    files: Mapping[str, bytes], *, seasons: Collection[int] | None = None
) -> tuple[list[Season], list[Race]]:
    r"""Seasons of a dump, and the races whose lap times are in it.

    Parameters
    ----------
    files
        CSV by file name: races, circuits, drivers, constructors and results; if present also
        sprint_results, status, qualifying, pit_stops, driver_standings, constructor_standings and
        lap_times. A cell that is empty or ``\N`` is unknown.
    seasons
        Years to keep; left out, all.

    Raises
    ------
    UnreadableError
        A table is missing or holds what it should not; says which, the line, the column, and what
        was expected.
    """
    for table in REQUIRED:
        if f"{table}.csv" not in files:
            raise UnreadableError(
                f"no {table}.csv; expected the tables of an Ergast dump", file=f"{table}.csv"
            )
    text = {
        table: read_csv(
            files[f"{table}.csv"],
            file=f"{table}.csv",
            expected=f"the table {table} of an Ergast dump",
            needed=[name for name, column in columns.items() if column.needed],
            nulls=("", NULL),
        )
        for table, columns in COLUMNS.items()
        if f"{table}.csv" in files
    }
    names = {table: f"{table}.csv" for table in COLUMNS}
    tables = read_tables(text, files=names, seasons=seasons)
    found = seasons_of(tables, source=SOURCE, files=names)
    return found, races_of(tables, found)
