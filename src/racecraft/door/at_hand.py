"""What the store has of a race or season that was named, so that nobody need load it first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.door.paces import kept_paces
from racecraft.errors import ArgumentError
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

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.store.store import Store

    Given = tuple[Any, ...]
    Named = dict[str, Any]

EARLIER = {"forecast": 16, "odds": 6}  # seasons that each learns from, as on the command line
STRENGTHS = 3  # and all others


def named_race(season: int, rest: Sequence[Any], where: Mapping[str, Any]) -> Race:
    """Race of a year, by the event that stands behind it."""
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
    if "paces_of" in wanted:
        found["paces_of"] = kept_paces(shelf)
    return found


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


STORED = {"search": _for_search, "fact_check": _for_fact_check}  # by function: what fills its call
