"""Chances and moments of a race as the pages show them: by the formula at once, or simulated."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from racecraft.errors import RacecraftError
from racecraft.model.terms import FORMULA_ONE
from racecraft.show.web.pages.page import UNDER_WAY, UnderWay, made_of
from racecraft.sim.moments.moments import MOMENTS, contest_of, ranked, title_decided
from racecraft.sim.moments.outlook import Outlook, by_formula, by_simulation

if TYPE_CHECKING:
    import polars as pl

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.show.web.shelf import Shelf

HISTORY = 3  # seasons before, from which the strengths of drivers and cars are learnt
RUNS, SEED = 1000, 1


@dataclass(frozen=True, eq=False)
class Weighed:
    """A race weighed: chances after every lap, and the moments that changed them."""

    outlook: Outlook
    moments: pl.DataFrame


def weighed(shelf: Shelf, race: Race, *, simulated: bool = False) -> Weighed:
    """Chances and moments of a race; computed once, and what is simulated only when asked for."""
    name = f"weighed {'by simulation' if simulated else 'by formula'}"
    return made_of(shelf, race, name, lambda found: _weigh(shelf, found, simulated=simulated))


def moments_of(shelf: Shelf, race: Race) -> pl.DataFrame:
    """``MOMENTS`` by the formula; empty for a race that it cannot weigh."""
    try:
        return weighed(shelf, race).moments
    except RacecraftError:
        return MOMENTS.empty()


def can_simulate(race: Race) -> bool:
    """Whether races like it can be driven again here."""
    known = race.series == FORMULA_ONE and race not in UNDER_WAY
    return known and find_spec("numba") is not None


def season_of(shelf: Shelf, race: Race) -> Season | None:
    """Season of a race; None where nothing of it is stored."""
    try:
        return shelf.season(race.season, series=race.series)
    except RacecraftError:
        return None


def history_of(shelf: Shelf, race: Race) -> list[Season]:
    """Stored seasons before that of a race, as far as they tell of strengths in it."""
    stored = shelf.seasons(race.series)
    years = range(race.season - HISTORY, race.season)
    return [shelf.season(year, series=race.series) for year in years if year in stored]


def _weigh(shelf: Shelf, race: Race, *, simulated: bool) -> Weighed:
    season = season_of(shelf, race)
    contest = contest_of(race, season) if season is not None else None
    if simulated:
        history = history_of(shelf, race)
        outlook = by_simulation(
            race, season=season, history=history, contest=contest, runs=RUNS, seed=SEED
        )
    else:
        distance = UNDER_WAY.get(race, UnderWay()).distance
        outlook = by_formula(race, contest, distance=distance)
    return Weighed(outlook, ranked(race, outlook, title_decided(outlook)))
