"""The regulations of a season, looked up by its year."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from racecraft.errors import RuleError
from racecraft.model.rulebook.years import FIRST, LAST, book_of
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Rulebook
    from racecraft.model.season import Season


def rulebook(season: int) -> Rulebook:
    """Return the regulations of a season.

    Raises
    ------
    RuleError
        No rulebook covers the season.

    Examples
    --------
    >>> rulebook(2023).points[:3], rulebook(2023).sprint[:3]
    ((25.0, 18.0, 15.0), (8.0, 7.0, 6.0))
    """
    if not FIRST <= season <= LAST:
        raise RuleError(
            f"no rulebook covers {season}",
            hint=f"there is one for every season from {FIRST} to {LAST}",
            season=season,
        )
    return book_of(season)


def book_of_season(season: Season) -> Rulebook:
    """Return the regulations by which a season is scored: its own, or those of Formula 1.

    Raises
    ------
    RuleError
        It has none of its own and is another championship, or no rulebook covers the year.
    """
    if season.rules is not None:
        return season.rules
    if season.series != FORMULA_ONE:
        raise RuleError(
            f"no rulebook covers series {season.series!r}",
            hint="give its points in a file of yours: --rules FILE.toml",
            season=season.season,
            series=season.series,
        )
    return rulebook(season.season)


def fastest_lap_awarded(season: int, event: str) -> tuple[str, ...]:
    """Drivers who shared the point for the fastest lap of a race, where results do not time laps.

    Named as Ergast's schema does; empty where nobody is on record.

    >>> fastest_lap_awarded(1953, "british-grand-prix")
    ('ascari', 'gonzalez')
    """
    return tuple(_awards().get(str(season), {}).get(event, ()))


@cache
def _awards() -> dict[str, dict[str, list[str]]]:
    text = files("racecraft.model.rulebook").joinpath("fastest_laps.toml").read_text("utf-8")
    return tomllib.loads(text)
