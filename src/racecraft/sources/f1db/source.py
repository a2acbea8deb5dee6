"""A release or a checkout of f1db, as ``data add f1db`` reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.season import SEASON_TABLES
from racecraft.sources.f1db.corrections import corrected
from racecraft.sources.f1db.files import EXPECTED
from racecraft.sources.f1db.files import fetch as fetch_files
from racecraft.sources.f1db.names import packaged_names
from racecraft.sources.f1db.read import read_checkout, read_release
from racecraft.sources.f1db.seasons import seasons_of
from racecraft.sources.f1db.tables import REQUIRED, read_tables
from racecraft.sources.record.record import record_season
from racecraft.sources.record.years import FIRST, LAST
from racecraft.sources.source import Question, Source, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.season import Season
    from racecraft.sources.source import Account, Asked, Progress

AS_IN_THE_RECORD = "left out as they are in the package already"


def fetch(asked: Asked, progress: Progress | None = None) -> dict[str, bytes]:
    """Files of the folder or archive, by their paths in it."""
    tell(progress, "reading f1db", 0, 1)
    files = fetch_files(Path(asked["where"]), season=asked["season"])
    tell(progress, "reading f1db", 1, 1)
    return files


def parse(files: Mapping[str, bytes], asked: Asked) -> list[Account]:
    """Seasons of a release or checkout that say anything else than the record in the package.

    Raises
    ------
    UnreadableError
        A table is missing or holds what it should not.
    """
    return [season for season in _seasons(files, asked) if not _as_in_the_record(season)]


def notes(files: Mapping[str, bytes], asked: Asked) -> list[str]:
    """How many seasons were left out, as they are in the package."""
    same = [season.season for season in _seasons(files, asked) if _as_in_the_record(season)]
    if not same:
        return []
    years = f"{same[0]} to {same[-1]}" if len(same) > 1 else str(same[0])
    return [f"{len(same)} of {years} {AS_IN_THE_RECORD}"]


def _seasons(files: Mapping[str, bytes], asked: Asked) -> list[Season]:
    text = read_release(files)
    place = "line"
    if not set(REQUIRED) & set(text):
        text, place = read_checkout(files), "row"
    if not text:
        raise UnreadableError(f"no table of f1db; expected {EXPECTED}")
    if text.keys() >= {"races"} and "race_results" not in text:
        text["race_results"] = pl.DataFrame(schema={"line": pl.UInt32})
    year = asked["season"]
    tables = read_tables(text, files={}, seasons=None if year is None else [year], place=place)
    if tables["races"].is_empty():
        what = "no race" if year is None else f"no race of {year}"
        raise UnreadableError(f"{what} in it; expected {EXPECTED}", season=year)
    return seasons_of(corrected(tables), packaged_names())


def _as_in_the_record(season: Season) -> bool:
    if not FIRST <= season.season <= LAST:
        return False
    known = record_season(season.season)
    return all(season.tables[name].equals(known.tables[name]) for name in SEASON_TABLES)


SOURCE = Source(
    name="f1db",
    reads="Seasons of f1db: a release as CSV, or a checkout, as a folder or a ZIP archive.",
    origin="a release or a checkout of f1db; 1950 to 2025 are in the package",
    questions=(
        Question("where", "Release or checkout.", Path, "FOLDER|ZIP"),
        Question("season", "Only this year.", int | None, default=None),
    ),
    fetch=fetch,
    parse=parse,
    notes=notes,
    example="racecraft data add f1db f1db-csv.zip --season 2026",
    gives={
        "crossings": "none",
        "pit_visits": "since 1994, as stops of the season",
        "classification": "since 1950, with grids, penalties and reasons",
    },
)
