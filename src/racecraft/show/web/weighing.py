"""Chances and moments of a race: by the formula at once, or simulated and then kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from racecraft.errors import RacecraftError
from racecraft.model.terms import FORMULA_ONE
from racecraft.show.moments import RUNS, SEED, kept_as
from racecraft.show.web.under_way import UNDER_WAY, UnderWay, made_of
from racecraft.sim.moments.moments import MOMENTS, outlook_and_moments
from racecraft.store.answers import kept

if TYPE_CHECKING:
    import polars as pl

    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.show.web.shelf import Shelf
    from racecraft.sim.moments.outlook import Outlook

HISTORY = 3  # seasons before, from which the strengths of drivers and cars are learnt


@dataclass(frozen=True, eq=False)
class Weighed:
    """A race weighed: chances after every lap, and the moments that changed them."""

    outlook: Outlook
    moments: pl.DataFrame


def weighed(shelf: Shelf, race: Race, *, simulated: bool = False) -> Weighed:
    """Chances and moments of a race; computed once, and what is simulated only when asked for."""
    name = f"weighed {'by simulation' if simulated else 'by formula'}"
    if not simulated:
        return made_of(shelf, race, name, lambda found: _weigh(shelf, found, simulated=False))
    with shelf.slowly():
        return made_of(shelf, race, name, lambda found: _weigh(shelf, found, simulated=True))


def moments(shelf: Shelf, race: Race, *, simulated: bool = False) -> pl.DataFrame:
    """Return ``MOMENTS``: those that were simulated and kept, else simulated, or by the formula."""
    found = _kept_moments(shelf, race)
    return weighed(shelf, race, simulated=simulated).moments if found is None else found


def moments_or_none(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Return ``MOMENTS``, as `moments` does; empty for a race that cannot be weighed."""
    try:
        return moments(shelf, race)
    except RacecraftError:
        return MOMENTS.empty()


def can_simulate(race: Race) -> bool:
    """Whether races like it can be driven again here."""
    known = race.series == FORMULA_ONE and race not in UNDER_WAY
    return known and find_spec("numba") is not None


def season_of(shelf: Shelf, race: Race) -> Season | None:
    """Season of a race; None where nothing of it is stored."""
    with suppress(RacecraftError):
        return shelf.season(race.season, series=race.series)
    return None


def history_of(shelf: Shelf, race: Race) -> list[Season]:
    """Stored seasons before that of a race, as far as they tell of strengths in it."""
    stored = shelf.seasons(race.series)
    years = range(race.season - HISTORY, race.season)
    return [shelf.season(year, series=race.series) for year in years if year in stored]


def record_of(shelf: Shelf, race: Race) -> History | None:
    """Results of all seasons up to that of a race, by which records are told; not while it runs."""
    if race.series != FORMULA_ONE or race in UNDER_WAY:
        return None
    return shelf.history_until(race.season)


def _kept_moments(shelf: Shelf, race: Race) -> pl.DataFrame | None:
    """Moments that the command line simulated and kept in the store."""
    if not can_simulate(race):
        return None
    season = season_of(shelf, race)
    mark = shelf.of_race(
        "moments mark", race, lambda race: kept_as(race, season, simulated=True) or ""
    )
    return kept(shelf.store.folder, MOMENTS, mark) if mark else None


def _weigh(shelf: Shelf, race: Race, *, simulated: bool) -> Weighed:
    outlook, found = outlook_and_moments(
        race,
        season=season_of(shelf, race),
        history=history_of(shelf, race) if simulated else (),
        record=record_of(shelf, race),
        simulated=simulated,
        runs=RUNS,
        seed=SEED,
        distance=UNDER_WAY.get(race, UnderWay()).distance,
    )
    return Weighed(outlook, found)
