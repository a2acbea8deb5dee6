"""Can so many rivals end up ahead? Cheap exact bounds first, a solver where they do not meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.title.contest import (
    JUST_AHEAD,
    NOBODY,
    SAME_POINTS,
    Ending,
    is_ahead,
    nothing_but_wins,
    played,
)
from racecraft.title.ranking import totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.title.contest import Contest, Open
    from racecraft.title.ranking import Floats


def passed_by(contest: Contest, number: int) -> list[Ending] | None:
    """Endings in which so many rivals are ahead of the target, who scores nothing more.

    Parameters
    ----------
    contest
        What is left, and around whom.
    number
        How many rivals are to end up strictly ahead.

    Returns
    -------
    list of Ending or None
        None proves that there are no such endings.

    Notes
    -----
    Whatever the target scores can only help him, so he scores nothing. Then: those ahead now stay
    ahead; a rival who cannot pass by winning everything cannot pass; and if m rivals gain
    :math:`d_1, ..., d_m` together, that is at most what the first m places (for teams, m times as
    many as a team has cars) of all that is left are worth, for every m. Where these bounds leave
    it open, places are dealt out greedily, the best to whoever lacks most; if that fails too, the
    question is put as a mixed-integer model (`racecraft.title.solver`).
    """
    now = is_ahead(contest.books, contest.target)
    lacking = number - sum(now[i] for i in contest.rivals)
    if lacking <= 0:
        return []
    chasers = [i for i in contest.rivals if not now[i] and can_pass(contest, i)]
    if len(chasers) < lacking:
        return None
    chasers.sort(key=lambda i: need(contest, i))
    needs = [need(contest, i) for i in chasers[:lacking]]
    if exceeds(contest, needs):
        return None
    endings = _dealt(contest, chasers[:lacking])
    if endings is not None:
        return endings
    from racecraft.title.solver import solve

    if _everything_counts(contest):  # whoever lacks more can give his places to one who lacks less
        chasers = [i for i in chasers if need(contest, i) <= needs[-1] + SAME_POINTS]
    return solve(contest, chasers, lacking)


def can_pass(contest: Contest, rival: int) -> bool:
    """Whether a rival who wins everything that is left ends up ahead of the target."""
    after = played(contest.books, contest.open, nothing_but_wins(contest, rival))
    return is_ahead(after, contest.target)[rival]


def need(contest: Contest, rival: int) -> float:
    """Points that a rival must gain at least, to draw level with the target."""
    total = contest.books.totals
    return max(0.0, float(total[contest.target] - total[rival]))


def exceeds(contest: Contest, needs: Sequence[float]) -> bool:
    """Whether so many points cannot be had together, one car to a place."""
    largest = sorted(needs, reverse=True)
    return any(
        sum(largest[:m]) > most_together(contest, m) + SAME_POINTS
        for m in range(1, len(largest) + 1)
    )


def most_together(contest: Contest, number: int) -> float:
    """The most points that so many rivals can gain together in what is left."""
    cars = number if contest.books.best_car_only else number * contest.books.cars
    return sum(sum(one.points[:cars]) + one.lap_points for one in contest.open)


def _everything_counts(contest: Contest) -> bool:
    """Whether no result is dropped, and everybody can still be in everything."""
    sessions = len(contest.books.sessions)
    best = contest.books.best
    return sum(best) >= sessions and not any(one.placed for one in contest.open)


def _dealt(contest: Contest, chosen: list[int]) -> list[Ending] | None:
    """Deal places out to the chosen until all are ahead; None if it does not work."""
    books = contest.books
    goal = float(books.totals[contest.target]) + JUST_AHEAD
    scores = books.scores.copy()
    endings = [
        _deal(contest, one, chosen, scores, goal)
        for one in sorted(contest.open, key=lambda one: -sum(one.points[:1]))
    ]
    after = is_ahead(played(books, contest.open, endings), contest.target)
    return endings if all(after[i] for i in chosen) else None


def _deal(
    contest: Contest, one: Open, chosen: list[int], scores: Floats, goal: float
) -> Ending:
    """Deal out one race or sprint, the best place to whoever lacks most, and note the scores."""
    books = contest.books
    parts = [session.part for session in books.sessions]

    def lack(i: int) -> float:
        return goal - float(totals(scores[i], parts, books.best)) - float(books.adjusted[i])

    places: dict[int, int] = {}
    cars = dict.fromkeys((i for i in chosen if i not in one.placed), books.cars)
    for place, points in zip(one.places, one.points, strict=True):
        able = [i for i, left in cars.items() if left and lack(i) > 0]
        if not able:
            break
        who = max(able, key=lack)
        places[place] = who
        cars[who] = 0 if books.best_car_only else cars[who] - 1
        scores[who, one.at] += points
    lap = NOBODY
    if one.lap_points:
        within = one.lap_within
        able = [
            i
            for i in cars
            if within is None or any(w == i and p <= within for p, w in places.items())
        ]
        if able:
            lap = max(able, key=lack)
            scores[lap, one.at] += one.lap_points
    return Ending(at=one.at, places=places, fastest_lap=lap)
