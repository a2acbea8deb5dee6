"""Can so many rivals end up ahead? Cheap exact bounds first, a solver where they do not meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from racecraft.title.contest import (
    JUST_AHEAD,
    NOBODY,
    SAME_POINTS,
    Ending,
    is_ahead,
    played,
    tie_breaking,
)
from racecraft.title.ranking import totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.title.contest import Contest, Open
    from racecraft.title.ranking import Floats


@dataclass(frozen=True)
class Verdict:
    """Whether so many rivals can end up ahead: endings in which they do, or why they cannot."""

    endings: list[Ending] | None
    why: str

    @property
    def possible(self) -> bool:
        """Whether they can."""
        return self.endings is not None


def passed_by(contest: Contest, number: int) -> Verdict:
    """Whether so many rivals can be ahead of the target in the end, who scores nothing more.

    Parameters
    ----------
    contest
        What is left, and around whom.
    number
        How many rivals are to end up strictly ahead.

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
    ahead = sum(now[i] for i in contest.rivals)
    lacking = number - ahead
    if lacking <= 0:
        return Verdict([], f"{ahead} are ahead already")
    chasers = [i for i in contest.rivals if not now[i] and can_pass(contest, i)]
    if len(chasers) < lacking:
        return Verdict(
            None,
            f"{ahead} are ahead, and {len(chasers) or 'none'} of the others could be "
            "by winning all that is left",
        )
    chasers.sort(key=lambda i: need(contest, i))
    needs = [need(contest, i) for i in chasers[:lacking]]
    if bound := _too_much(contest, needs):
        return Verdict(None, bound)
    endings = _dealt(contest, chasers[:lacking])
    if endings is None:
        from racecraft.title.solver import solve

        if _everything_counts(contest):  # who lacks more can give his places to who lacks less
            chasers = [i for i in chasers if need(contest, i) <= needs[-1] + SAME_POINTS]
        endings = solve(contest, chasers, lacking)
    if endings is None:
        return Verdict(None, "no way of sharing out the places that are left puts enough ahead")
    return Verdict(endings, f"{number} end up ahead")


def can_pass(contest: Contest, rival: int) -> bool:
    """Whether a rival who wins everything that is left ends up ahead of the target."""
    books, target = contest.books, contest.target
    scores = books.scores[rival].copy()
    counts: list[int] = books.counts[rival].tolist()
    for one in contest.open:
        if rival in one.placed or not one.places:
            continue
        taken = one.places[: books.cars]
        scores[one.at] += wins(contest, one)
        if one.countback:
            counts += [0] * (taken[-1] - len(counts))
            for place in taken:
                counts[place - 1] += 1
    total = float(totals(scores, books.parts, books.best)) + float(books.adjusted[rival])
    goal = float(books.totals[target])
    if abs(total - goal) > SAME_POINTS:
        return total > goal
    theirs: list[int] = books.counts[target].tolist() + [0] * (len(counts) - books.counts.shape[1])
    last = tie_breaking(books, goal)
    return counts[:last] > theirs[:last] if goal > 0 else counts > theirs


def wins(contest: Contest, one: Open) -> float:
    """The most that one entrant can score in a race or sprint."""
    cars = 1 if contest.books.best_car_only else contest.books.cars
    in_time = one.lap_within is None or one.places[0] <= one.lap_within
    return sum(one.points[:cars]) + one.lap_points * in_time


def need(contest: Contest, rival: int) -> float:
    """Points that a rival must gain at least, to draw level with the target."""
    total = contest.books.totals
    return max(0.0, float(total[contest.target] - total[rival]))


def _too_much(contest: Contest, needs: Sequence[float]) -> str:
    """Why so many points cannot be had together, one car to a place; empty where they can."""
    largest = sorted(needs, reverse=True)
    for m in range(1, len(largest) + 1):
        asked, most = sum(largest[:m]), most_together(contest, m)
        if asked > most + SAME_POINTS:
            return f"{m} of them would have to gain {asked:g} points together; {most:g} are left"
    return ""


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


def _deal(contest: Contest, one: Open, chosen: list[int], scores: Floats, goal: float) -> Ending:
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
