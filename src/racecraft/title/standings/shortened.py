"""Races that were stopped early, and so score less: those the rulebook lists, and newer ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.model.once import once_per
from racecraft.model.rulebook.book import book_of_season

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.rulebook.rules import Rulebook
    from racecraft.model.season import Season

SAME = 0.005  # points: a seventh is published as 0.14
LEAST = 3  # places whose points must agree before a scale is recognised
JUST_BELOW = 1e-6  # share of the distance


@once_per
def regulations(season: Season) -> Rulebook:
    """Rulebook of a season, with the races that were stopped early by its own account.

    A race that the rulebook does not list was shortened if the points awarded are exactly those of
    one of its reduced scales; or, where no points are known, if fewer laps were run than planned.

    Parameters
    ----------
    season
        Needs ``results``; ``events`` say how many laps were planned.

    Raises
    ------
    RuleError
        No rulebook covers the season.
    """
    book = book_of_season(season)
    found = {event: share for event, (share, _) in recognised(season).items()}
    return replace(book, distance={**found, **book.distance}) if found else book


def recognised(season: Season) -> dict[str, tuple[float, str]]:
    """Races of a season taken as stopped early: the share of their distance, and why it is so."""
    book = book_of_season(season)
    if not book.reduced:
        return {}
    planned = {
        event: laps / of
        for event, laps, of in season.events.select("event", "laps", "planned_laps")
        .drop_nulls()
        .iter_rows()
    }
    races: dict[str, list[tuple[int, float]]] = {}
    for event, position, points in (
        season.results.filter(session="race").select("event", "position", "points").iter_rows()
    ):
        awarded = races.setdefault(event, [])
        if position is not None and points is not None:
            awarded.append((position, points))
    shares = {
        event: _share(book, event, awarded, planned.get(event, 1.0))
        for event, awarded in races.items()
        if event not in book.distance
    }
    return {event: share for event, share in shares.items() if share is not None}


def _share(
    book: Rulebook, event: str, awarded: Sequence[tuple[int, float]], run: float
) -> tuple[float, str] | None:
    """Share of the distance that a race is taken to have had, if it was stopped early."""
    if not any(points for _, points in awarded):
        below = next((step.below for step in book.reduced if run < step.below), None)
        return None if below is None else (run, "fewer laps were run than planned")
    if _fits(awarded, book.scale(event), book.lap_points(event)):
        return None
    for step in book.reduced:
        share = step.below - JUST_BELOW
        scale = replace(book, distance={event: share}).scale(event)
        if any(scale) and _fits(awarded, scale, 0.0):
            return share, "the points awarded are those of a race stopped early"
    return None


def _fits(awarded: Sequence[tuple[int, float]], scale: Sequence[float], lap: float) -> bool:
    """Whether points awarded are those of a scale, but for one fastest lap."""
    off = [points - (scale[place - 1] if place <= len(scale) else 0.0) for place, points in awarded]
    scored = sum(points > 0 for _, points in awarded)
    beyond = [extra for extra in off if abs(extra) > SAME]
    one_lap = len(beyond) <= 1 and all(abs(extra - lap) <= SAME for extra in beyond)
    return scored >= min(LEAST, len(awarded)) and one_lap
