"""Whole seasons of races for tests, from the public data files."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from racecraft.sources.ergast import dump
from racecraft.sources.fastf1 import laps_csv
from racecraft.store.merge.fill import fill_from_season

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.season import Season


@cache
def all_seasons(shared: Path) -> dict[int, Season]:
    """Every season of the Ergast dump, by its year."""
    return {season.season: season for season in dump.parse(_dump(shared))[0]}


@cache
def season_of_laps(shared: Path, season: int) -> list[Race]:
    """Every Grand Prix of a season, with grid and classification."""
    file = shared / "data" / "laps" / f"grand_prix_{season}.csv"
    races = laps_csv.parse(laps_csv.fetch(file), season=season, file=file.name)
    known = season_of_results(shared, season)
    return [fill_from_season(race, known) for race in races]


def season_of_results(shared: Path, season: int) -> Season:
    """A season as the Ergast dump has it."""
    return all_seasons(shared)[season]


@cache
def _dump(shared: Path):
    return dump.fetch(shared / "data" / "ergast")
