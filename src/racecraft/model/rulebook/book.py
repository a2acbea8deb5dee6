"""The regulations of a season, looked up by its year."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from racecraft.errors import RuleError
from racecraft.model.rulebook.years import FIRST, LAST, book_of

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Rulebook


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
