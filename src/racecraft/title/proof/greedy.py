"""Dealing out the places that are left, so that the chosen end up ahead: quick, not complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.title.proof.remaining import JUST_AHEAD, NOBODY, Ending, is_ahead, played
from racecraft.title.standings.ranking import totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.title.proof.remaining import Contest, Open
    from racecraft.title.standings.ranking import Floats


def dealt(contest: Contest, chosen: Sequence[int]) -> list[Ending] | None:
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
    contest: Contest, one: Open, chosen: Sequence[int], scores: Floats, goal: float
) -> Ending:
    """Deal out one race or sprint, the best place to whoever lacks most, and note the scores."""
    books = contest.books

    def lack(i: int) -> float:
        return goal - float(totals(scores[i], books.parts, books.best)) - float(books.adjusted[i])

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
