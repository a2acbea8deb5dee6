"""The season 2023 as facts, with the laps of Mexico City and São Paulo: the embedded default."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import NotFoundError
from racecraft.model.race import RACE_TABLES, SAMPLES, Race, event_id
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from racecraft.model.table import Table

SEASON = 2023
SOURCE = "sample"
RACES = ("mexico-city-grand-prix", "sao-paulo-grand-prix")


def sample_season() -> Season:
    """Season 2023: calendar, drivers, results of 22 races and 6 sprints, qualifying.

    Pit stops are those of the two races whose laps are in the sample.

    Examples
    --------
    >>> sample_season()
    <Season 2023: 22 events, 560 results from sample>
    """
    tables = _tables(_folder(), list(SEASON_TABLES))
    return Season(season=SEASON, series=FORMULA_ONE, source=SOURCE, rules=None, **tables)


def sample_race(event: int | str = "sao-paulo-grand-prix") -> Race:
    """Race of the sample: Mexico City (times at the Line) or São Paulo (every sector).

    Parameters
    ----------
    event
        Round, or name of the event.

    Raises
    ------
    NotFoundError
        The sample has the laps of two races only.

    Examples
    --------
    >>> sample_race(20)
    <Race 2023 São Paulo Grand Prix: 20 cars, 3250 crossings from sample>
    """
    events = _tables(_folder(), ["events"])["events"]
    wanted = (
        pl.col("round") == event if isinstance(event, int) else pl.col("event") == event_id(event)
    )
    found = events.filter(wanted, pl.col("event").is_in(RACES))
    if found.is_empty():
        raise NotFoundError(
            f"the sample has no laps of {event!r}",
            hint="it has those of Mexico City (19) and São Paulo (20)",
            season=SEASON,
        )
    facts = found.row(0, named=True)
    folder = _folder() / facts["event"]
    race = Race(
        season=SEASON,
        round=facts["round"],
        name=facts["name"],
        date=facts["date"],
        source=SOURCE,
    ).with_tables(**_tables(folder, list(RACE_TABLES)))
    return race.with_samples(
        {name: _later(folder / f"{name}.parquet", table) for name, table in SAMPLES.items()}
    )


def _folder() -> Traversable:
    return files("racecraft.sources.sample") / "data"


def _later(part: Traversable, table: Table) -> pl.LazyFrame:
    """Samples that are read when they are collected."""
    return pl.defer(lambda: table.check(pl.read_parquet(part.read_bytes())), schema=table.schema)


def _tables(folder: Traversable, names: list[str]) -> dict[str, pl.DataFrame]:
    """Tables of a folder by name; those without rows have no file."""
    parts = {name: folder / f"{name}.parquet" for name in names}
    return {
        name: pl.read_parquet(part.read_bytes()) for name, part in parts.items() if part.is_file()
    }
