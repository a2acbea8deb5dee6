"""Dealing out the places that are left, so that the chosen end up ahead: quick, not complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.title.contest import JUST_AHEAD, NOBODY, Ending, is_ahead, played
from racecraft.title.ranking import totals

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from racecraft.title.contest import Contest, Open
    from racecraft.title.ranking import Floats

TRIES = 12  # with a little more for whoever was not ahead the last time
HALVES = 2  # points are counted in halves


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


def fitted(contest: Contest, needs: Mapping[int, float], unit: float) -> list[Ending] | None:
    """Give each in turn, whoever lacks most first, the places that suit his need best.

    Of all ways to have enough points from one place in each race or sprint, he gets the one that
    wastes least, of these the one of fewest results. Whoever is not ahead then, for a tie or a
    dropped result, comes first and gets the best places among these the next time, and more points
    the time after.

    Parameters
    ----------
    contest
        What is left, and around whom.
    needs
        Points that each of the chosen must gain at least.
    unit
        Every gain is a whole number of these.
    """
    needs = dict(needs)
    eager: set[int] = set()
    for _ in range(TRIES):
        endings = _suited(contest, needs, eager)
        if endings is None:
            return None
        after = is_ahead(played(contest.books, contest.open, endings), contest.target)
        short = [i for i in needs if not after[i]]
        if not short:
            return endings
        for i in short:
            if i in eager:
                needs[i] += unit
            eager.add(i)
    return None


def _suited(
    contest: Contest, needs: Mapping[int, float], eager: Collection[int]
) -> list[Ending] | None:
    free = {one.at: dict(zip(one.places, one.points, strict=True)) for one in contest.open}
    given: dict[int, dict[int, int]] = {at: {} for at in free}
    for i in sorted(needs, key=lambda i: (-needs[i], i not in eager)):
        enough = round(needs[i] * HALVES)
        better = _higher if i in eager else _shorter
        ways: dict[int, tuple[tuple[int, int], ...]] = {0: ()}  # points in halves: which places
        for one in contest.open:
            if i in one.placed:
                continue
            for total, taken in list(ways.items()):
                if total >= enough:
                    continue
                for place, points in free[one.at].items():
                    more = total + round(points * HALVES)
                    way = (*taken, (one.at, place))
                    if more not in ways or better(way, ways[more]):
                        ways[more] = way
        least = min((total for total in ways if total >= enough), default=None)
        if least is None:
            return None
        for at, place in ways[least]:
            given[at][place] = i
            del free[at][place]
    return [Ending(at=at, places=places) for at, places in given.items()]


def _shorter(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    return len(one) < len(other)


def _higher(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    return sorted(place for _, place in one) < sorted(place for _, place in other)
