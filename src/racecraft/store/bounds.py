"""What no account may say: it is asked before anything of it is written, and after it is read.

Whatever is stored reaches every verb, so one number that no race could have would break them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.errors import ArgumentError
from racecraft.model.race import is_event_name
from racecraft.model.reported import check_series
from racecraft.model.terms import FORMULA_ONE, SESSIONS
from racecraft.store.accounts.folders import check_season

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl

MOST_ROUNDS = 99
LONGEST_NAME = 200  # characters of the name of an event


def check_facts(facts: Mapping[str, Any]) -> None:
    """Refuse an account whose facts no race or season could have.

    Parameters
    ----------
    facts
        ``season`` and ``source``; of a race also its name, event, round, session and date.

    Raises
    ------
    ArgumentError
        One of them cannot be; says which.
    """
    season = facts["season"]
    series = check_series(facts.get("series", FORMULA_ONE))
    check_season(season, series)
    if "name" not in facts:
        return
    name, number, day = facts["name"], facts["round"], facts["date"]
    what = f"{season} {str(name)[:60]}"
    if len(name) > LONGEST_NAME or not is_event_name(name):
        raise ArgumentError(f"{name[:60]!r} is no name of an event", season=season)
    if facts["session"] not in SESSIONS:
        raise ArgumentError(f"{what}: no session {facts['session']!r}", season=season)
    if number is not None and not 1 <= number <= MOST_ROUNDS:
        raise ArgumentError(f"{what}: no round {number}", season=season)
    if day is not None:
        check_date(day, season, what)


def check_dates(events: pl.DataFrame, season: int) -> None:
    """Refuse a calendar, ``EVENTS``, with a day in another year.

    Raises
    ------
    ArgumentError
        An event is more than a year away from its season, or has a round that no season has.
    """
    for name, number, day in events.select("name", "round", "date").iter_rows():
        if day is not None:
            check_date(day, season, f"{season} {name}")
        if number is not None and not 1 <= number <= MOST_ROUNDS:
            raise ArgumentError(f"{season} {name}: no round {number}", season=season)


def check_date(day: date, season: int, what: str) -> None:
    """Refuse a day of another year; the last race of a season may be on New Year's Day."""
    if abs(day.year - season) > 1:
        raise ArgumentError(f"{what}: {day} is no day of that season", season=season)
