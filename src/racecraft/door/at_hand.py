"""What the store has of a race or season that was named, so that nobody need load it first."""

from __future__ import annotations

from importlib.util import find_spec
from numbers import Integral
from typing import TYPE_CHECKING, Any
from warnings import warn

from racecraft.door.paces import kept_paces
from racecraft.errors import ArgumentError
from racecraft.lookup.find import find_event
from racecraft.model.terms import FORMULA_ONE
from racecraft.store.load import (
    load_race,
    load_races,
    load_season,
    seasons_before,
    store_at,
    stored_timing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.analysis.outcome import Outcome
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.store.store import Store

    Given = tuple[Any, ...]
    Named = dict[str, Any]

EARLIER = {"forecast": 16, "odds": 6}  # seasons that each learns from, as on the command line
STRENGTHS = 3  # and all others


def named_race(name: str, season: int, rest: Sequence[Any], where: Mapping[str, Any]) -> Race:
    """Race of a year, by the event that stands behind it.

    One whose timing is not stored is fetched, but for moments, which its result tells as well.
    """
    if name == "moments" and (known := _known_by_result(season, rest, where)):
        from racecraft.sim.moments.from_results import race_of_result

        return race_of_result(*known)
    if not rest or not isinstance(rest[0], str | int):
        raise ArgumentError(
            f"which race of {season}?", hint='name it by round or place: (2023, "Brazil")'
        )
    return load_race(season, rest[0], **where)


def named_season(season: int, where: Mapping[str, Any]) -> Season:
    """Season of a year."""
    return load_season(season, **where)


def with_it(
    name: str, wanted: Sequence[str], season: int, where: Mapping[str, Any]
) -> dict[str, Any]:
    """What else a function takes and the store has: the season, those before it, its races."""
    shelf, series = store_at(where.get("store")), where.get("series", FORMULA_ONE)
    found: dict[str, Any] = {}
    if "season" in wanted and season in shelf.seasons(series):
        found["season"] = shelf.load_season(season, series=series)
    if "history" in wanted:
        found["history"] = seasons_before(shelf, season, EARLIER.get(name, STRENGTHS), series)
    if "races" in wanted:
        found["races"] = load_races(season, series=series, store=shelf)
    if "record" in wanted and series == FORMULA_ONE:
        from racecraft.history.stored import history_at_hand

        found["record"] = history_at_hand(shelf, season)
    if "paces_of" in wanted:
        found["paces_of"] = kept_paces(shelf)
    return found


def told_by_result(given: Given, named: Named) -> Outcome | None:
    """Outcome of a race that is named, and of which the result is known and no timing stored."""
    from racecraft.analysis.outcome import outcome

    if len(given) < 2 or not isinstance(given[0], Integral):
        return None
    known = _known_by_result(int(given[0]), given[1:], named)
    return outcome(*known) if known else None


def _known_by_result(
    season: int, rest: Sequence[Any], where: Mapping[str, Any]
) -> tuple[Season, str, SessionName] | None:
    """Season, event and session of a race whose timing is not stored, but whose result is."""
    shelf, series = store_at(where.get("store")), where.get("series", FORMULA_ONE)
    session: SessionName = where.get("session", "race")
    if not rest or not isinstance(rest[0], str | int) or season not in shelf.seasons(series):
        return None
    told = shelf.load_season(season, series=series)
    event = find_event(shelf.events_in(told), rest[0], season=season)
    timed = shelf.races(season, series=series).filter(event=event, session=session)
    known = told.results.filter(event=event, session=session)
    return (told, event, session) if timed.is_empty() and len(known) else None


def _for_search(given: Given, named: Named) -> tuple[Given, Named]:
    """Arguments of a search: what is stored, where no races are given."""
    if len(given) == 1 and isinstance(given[0], str):
        shelf, series = _shelf(named)
        seasons = (shelf.load_season(year, series=series) for year in shelf.seasons(series))
        given = (load_races(series=series, store=shelf), *given)
        named = {"seasons": seasons, **named}
    return given, named


def _for_fact_check(given: Given, named: Named) -> tuple[Given, Named]:
    """Arguments of a check: what is stored, where no seasons are given."""
    if len(given) == 1 and "seasons" not in named:
        from racecraft.history.stored import history_of

        shelf, _ = _shelf(named)
        given = (*given, history_of(shelf, race=named.pop("race", stored_timing(shelf))))
    return given, named


def _shelf(named: Named) -> tuple[Store, str]:
    """The store, and the series, that were named."""
    return store_at(named.pop("store", None)), named.pop("series", FORMULA_ONE)


def _for_moments(given: Given, named: Named) -> tuple[Given, Named]:
    """Arguments for moments: by a formula where the simulator is not installed."""
    by_name = given and isinstance(given[0], Integral) and "simulated" not in named
    if by_name and find_spec("numba") is None:
        told = "moments are weighed by a formula; pip install 'racecraft[sim]' simulates them"
        warn(told, stacklevel=3)
        named = {"simulated": False, **named}
    return given, named


# By function: what fills its call.
STORED = {"search": _for_search, "fact_check": _for_fact_check, "moments": _for_moments}
