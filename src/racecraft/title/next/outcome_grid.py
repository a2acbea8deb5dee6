"""What each pair of places of a driver and a rival decides in a race or sprint to come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.season import SESSION
from racecraft.model.table import Column, Table
from racecraft.title.proof.bounds import at_best, can_pass, passed_by
from racecraft.title.proof.remaining import NOBODY, Contest, Ending, best_place, played

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NO_POINTS = 0  # finishing outside the points, or not at all

CELLS = Table(
    "cells",
    key=("session", "rival", "position", "rival_position"),
    columns=(
        SESSION,
        Column("rival", pl.String, "driver whose place matters as well"),
        Column("position", pl.Int16, "place of the driver asked for; 0: no points"),
        Column("rival_position", pl.Int16, "place of the rival; 0: no points"),
        Column("secures", pl.Boolean, "the place is secured then, whatever else happens"),
        Column("holds_off", pl.Boolean, "this rival cannot pass any more, whatever else happens"),
        Column("out_of_reach", pl.Boolean, "the place cannot be reached any more"),
        Column(
            "sprint_margin",
            pl.Float64,
            "with a sprint before this race: the most points by which the rival may outscore the "
            "driver there and not be able to pass; null: too many, or no sprint",
        ),
    ),
)


def pairs_of_places(rest: Contest, number: int) -> Iterator[tuple[int, int]]:
    """Every place of the target with every place of a rival in one of the sessions to come."""
    places = (*rest.open[number].places, NO_POINTS)
    return (
        (mine, theirs)
        for mine in places
        for theirs in places
        if mine != theirs or mine == NO_POINTS
    )


def cells(
    rest: Contest,
    number: int,
    position: int,
    rival: int,
    *,
    can_secure: bool,
    can_lose: bool,
    sprint_margins: Sequence[float] = (),
) -> list[dict[str, object]]:
    """Rows of ``CELLS`` for one of the sessions to come, and one rival.

    Parameters
    ----------
    rest
        What is left, around the driver asked for.
    number
        Which of the sessions to come.
    position
        The place asked for.
    rival
        Whose places matter as well; all others have every place that is free.
    can_secure, can_lose
        Whether it is known that the place can be secured in it, or put out of reach.
    sprint_margins
        Points by which the rival may outscore the driver in the sprint before it.
    """
    found = []
    for mine, theirs in pairs_of_places(rest, number):
        worst = cases(rest, number, rival, mine, theirs, for_target=False)
        best = cases(rest, number, rival, mine, theirs, for_target=True)
        holds_off = not any(can_pass(case, rival) for case in worst)
        found.append(
            {
                "session": rest.books.sessions[rest.open[number].at].session,
                "rival": rest.books.names[rival],
                "position": mine,
                "rival_position": theirs,
                "secures": can_secure
                and not any(passed_by(case, position).possible for case in worst),
                "holds_off": holds_off,
                "out_of_reach": can_lose and not any(best_place(c) <= position for c in best),
                "sprint_margin": largest_margin(worst, rival, sprint_margins),
            }
        )
    return found


def largest_margin(
    after_race: Sequence[Contest], rival: int, margins: Sequence[float]
) -> float | None:
    """Return the largest margin in the sprint before a race with which a rival is held off."""
    ends = [at_best(without_sprint(case, rival), rival) for case in after_race]
    return max(
        (
            margin
            for margin in margins
            if not any(margin > short or (margin == short and wins) for short, wins in ends)
        ),
        default=None,
    )


def without_sprint(case: Contest, rival: int) -> Contest:
    """Return what is left if target and rival score nothing in the sprint that comes first."""
    sprint = replace(case.open[0], placed=frozenset({case.target, rival}))
    return replace(case, open=(sprint, *case.open[1:]))


def cases(
    rest: Contest, number: int, rival: int, mine: int, theirs: int, *, for_target: bool
) -> list[Contest]:
    """Return what is left if two have these places: with and without the fastest lap.

    For the target at his best he has it if he may; at his worst the rival may have it, or anybody
    else.
    """
    one = rest.open[number]
    placed = {
        place: who for place, who in ((mine, rest.target), (theirs, rival)) if place != NO_POINTS
    }
    holder = rest.target if for_target else rival
    his = mine if for_target else theirs
    may = bool(one.lap_points) and (
        one.lap_within is None or (his != NO_POINTS and his <= one.lap_within)
    )
    laps = [holder] if may and for_target else [NOBODY, *([holder] if may else [])]
    found = []
    for lap in laps:
        books = played(rest.books, rest.open, [Ending(at=one.at, places=placed, fastest_lap=lap)])
        free = [
            (place, points)
            for place, points in zip(one.places, one.points, strict=True)
            if place not in placed
        ]
        partly = replace(
            one,
            places=tuple(place for place, _ in free),
            points=tuple(points for _, points in free),
            lap_points=one.lap_points if lap == NOBODY else 0.0,
            placed=frozenset({rest.target, rival}),
        )
        left = (*rest.open[:number], partly, *rest.open[number + 1 :])
        found.append(Contest(books=books, open=left, target=rest.target))
    return found
