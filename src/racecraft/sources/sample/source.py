"""What is in the package, as ``data add sample`` stores it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.sources.sample.sample import RACES, sample_race, sample_season
from racecraft.sources.source import Source

if TYPE_CHECKING:
    from racecraft.sources.source import Account, Asked, Progress


def fetch(_: Asked, _progress: Progress | None = None) -> None:
    """Nothing: it is in the package."""


def parse(_: None, _asked: Asked) -> list[Account]:
    """Season 2023, and its two races."""
    return [sample_season(), *(sample_race(event) for event in RACES)]


SOURCE = Source(
    name="sample",
    reads="The season 2023 and two of its races, which are in the package.",
    origin="the package",
    fetch=fetch,
    parse=parse,
    gives={
        "crossings": "1 or 3 lines a lap",
        "tyres": "yes",
        "pit_visits": "yes",
        "control": "inferred",
        "classification": "season 2023",
    },
)
