"""What is decided in a championship at some moment, worked out once."""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING

from racecraft.press.judging.look_ups import championship, standing_of

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.press.claim import Entity
    from racecraft.title.clinch import Clinch

EVERY_RESULT_COUNTS, LEAST_FOR_A_WIN = 1991, 10  # since then, a win has given so many or more
KEPT = 256  # answers: an article asks the same question several times


def decided(
    history: History, entity: Entity, moment: tuple[int, int, Moment], position: int = 1
) -> Clinch:
    """Whether a driver or team has secured a place, or can reach it, at that moment.

    Raises
    ------
    NotEnoughDataError, RuleError, ArgumentError
        As `racecraft.title.clinch.clinch`, or he is not in the standings.
    """
    season, _, _ = moment
    kind = championship(entity)
    row = standing_of(history, entity, moment)
    named = history.code if kind == "drivers" else history.team_name
    return _answer(history.seasons[season], _after(moment), kind, named(season, row.id), position)


def still_open(
    history: History, season: int, round_: int, some_id: str, kind: Championship
) -> bool:
    """Whether it is plain that a title is not secured after a race, with no need of a proof.

    It is where a rival has no fewer points, or can make up the lead by winning what is left. Where
    single results were dropped, before 1991, nothing is plain.
    """
    rows = history.standings(season, round_, kind=kind)
    mine = next((row.points for row in rows if row.id == some_id), None)
    if season < EVERY_RESULT_COUNTS or mine is None:
        return False
    left = sum(event.round > round_ for event in history.calendar(season))
    best = max((row.points for row in rows if row.id != some_id), default=-inf)
    return best + left * LEAST_FOR_A_WIN > mine


def of_leader(history: History, moment: tuple[int, int, Moment], kind: Championship) -> Clinch:
    """Whether the leader of the championship has secured it at that moment."""
    return _answer(history.seasons[moment[0]], _after(moment), kind, None, 1)


@lru_cache(maxsize=KEPT)
def _answer(
    season: Season, after: int | str, kind: Championship, name: str | None, position: int
) -> Clinch:
    from racecraft.title.clinch import clinch

    if kind == "drivers":
        return clinch(season, after=after, driver=name, position=position, look_ahead=False)
    return clinch(season, after=after, team=name, position=position, kind=kind, look_ahead=False)


def _after(moment: tuple[int, int, Moment]) -> int | str:
    _, round_, when = moment
    return f"{round_}:sprint" if when == "sprint" else round_ - (when == "before")
