"""A folder of Ergast tables, as ``data add ergast`` reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from racecraft.sources.ergast import dump
from racecraft.sources.source import Question, Source

if TYPE_CHECKING:
    from racecraft.sources.source import Account, Asked, Progress


def fetch(asked: Asked, _: Progress | None = None) -> dict[str, bytes]:
    """Tables of the folder by file name."""
    return dump.fetch(asked["folder"])


def parse(files: dict[str, bytes], asked: Asked) -> list[Account]:
    """Every season, and the races whose lap times are there."""
    year = asked["season"]
    seasons, races = dump.parse(files, seasons=None if year is None else [year])
    return [*seasons, *races]


SOURCE = Source(
    name="ergast",
    reads="Every season of a folder of Ergast tables, and lap times where the folder has them.",
    origin="a folder of Ergast tables",
    questions=(
        Question("folder", "Folder of CSV tables.", Path, "FOLDER"),
        Question("season", "Only this year.", int | None, default=None),
    ),
    fetch=fetch,
    parse=parse,
    gives={
        "crossings": "1 line a lap, where it has lap times",
        "pit_visits": "since 2011",
        "classification": "since 1950",
    },
)
