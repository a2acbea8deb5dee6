"""Can so many rivals end up ahead? Cheap exact bounds first, a solver where they do not meet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from racecraft.title.proof.greedy import dealt
from racecraft.title.proof.remaining import (
    SAME_POINTS,
    Ending,
    is_ahead,
    tie_breaking,
)
from racecraft.title.proof.stock import unit_of
from racecraft.title.proof.targets import by_part
from racecraft.title.standings.ranking import totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.title.proof.remaining import Contest, Open


@dataclass(frozen=True)
class Verdict:
    """Whether so many rivals can end up ahead, endings in which they do, or why they cannot."""

    possible: bool
    why: str
    endings: list[Ending] = field(default_factory=list)


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
    it open, places are dealt out (`racecraft.title.proof.greedy`); if that fails too, they are
    shared out at prices (`racecraft.title.proof.column_generation`); what is open even then is put
    as a mixed-integer model (`racecraft.title.proof.exact_model`).
    """
    now = is_ahead(contest.books, contest.target)
    ahead = sum(now[i] for i in contest.rivals)
    lacking = number - ahead
    if lacking <= 0:
        return Verdict(True, f"{_rivals(ahead)} ahead already")
    chasers = [i for i in contest.rivals if not now[i] and can_pass(contest, i)]
    if len(chasers) < lacking:
        more = f"only {len(chasers)} more" if chasers else "no other"
        return Verdict(
            False, f"{_rivals(ahead)} ahead, and {more} could be by winning all the rest"
        )
    chasers.sort(key=lambda i: need(contest, i))
    needs = [need(contest, i) for i in chasers[:lacking]]
    if bound := _too_much(contest, needs):
        return Verdict(False, bound)
    endings = dealt(contest, chasers[:lacking])
    if endings is None:
        from racecraft.title.proof.column_generation import shared_out
        from racecraft.title.proof.exact_model import solve

        chasers = _undominated(contest, chasers, lacking)
        possible, endings = shared_out(contest, chasers, lacking)
        if possible is None:
            endings = solve(contest, chasers, lacking)
        if not endings:
            return Verdict(
                False, "no way of sharing out the places that are left puts enough ahead"
            )
    return Verdict(True, f"{number} can end up ahead", endings)


def _rivals(number: int) -> str:
    return {0: "nobody is", 1: "one rival is"}.get(number, f"{number} rivals are")


def can_pass(contest: Contest, rival: int) -> bool:
    """Whether a rival who wins everything that is left ends up ahead of the target."""
    if rival in contest.books.dead:
        return is_ahead(contest.books, contest.target)[rival]
    short, wins_tie = at_best(contest, rival)
    return short < 0 or (short == 0 and wins_tie)


def at_best(contest: Contest, rival: int) -> tuple[float, bool]:
    """Points that a rival lacks to draw level if he wins everything, and whether he wins a tie."""
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
    theirs: list[int] = books.counts[target].tolist() + [0] * (len(counts) - books.counts.shape[1])
    last = tie_breaking(books, goal) if goal > 0 else len(counts)
    short = goal - total
    return 0.0 if abs(short) <= SAME_POINTS else short, counts[:last] > theirs[:last]


def wins(contest: Contest, one: Open) -> float:
    """The most that one entrant can score in a race or sprint."""
    cars = 1 if contest.books.best_car_only else contest.books.cars
    in_time = one.lap_within is None or one.places[0] <= one.lap_within
    return sum(one.points[:cars]) + one.lap_points * in_time


def need(contest: Contest, rival: int) -> float:
    """Points that a rival must gain at least, to be ahead of the target.

    To draw level is enough if the places that countback asks for are worth no more than that.
    """
    books = contest.books
    lacking = max(0.0, float(books.totals[contest.target] - books.totals[rival]))
    unit = unit_of(contest)
    steps = math.ceil(lacking / unit - SAME_POINTS)
    if steps * unit > lacking + SAME_POINTS or _may_win_tie(contest, rival, lacking):
        return steps * unit
    return (steps + 1) * unit


def _may_win_tie(contest: Contest, rival: int, points: float) -> bool:
    """Whether places that put a rival ahead on countback may be had for so many points."""
    books = contest.books
    if books.best_car_only and books.cars > 1:
        return True  # the places of a second car cost nothing
    his, theirs = books.counts[rival], books.counts[contest.target]
    last = tie_breaking(books, float(books.totals[contest.target]))
    worth: dict[int, float] = {}
    for one in contest.open:
        if one.countback:
            for place, value in zip(one.places, one.points, strict=True):
                worth[place] = min(value, worth.get(place, value))
    cost = 0.0
    for place in range(1, last + 1):
        known = place <= len(his)
        behind = int(theirs[place - 1] - his[place - 1]) if known else 0
        if cost + worth.get(place, 0.0) * max(behind + 1, 0) <= points + SAME_POINTS:
            return True
        cost += worth.get(place, 0.0) * max(behind, 0)
    return bool((his[:last] > theirs[:last]).any()) and cost <= points + SAME_POINTS


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


def _undominated(contest: Contest, chasers: list[int], number: int) -> list[int]:
    """Chasers without those to whom so many others are superior.

    Whoever has at least as good results in every part of the season, and at least as good a
    countback, can take over any places of another and is ahead of the target if that one was.
    """
    books = contest.books
    rows = {i: by_part(contest, i) for i in chasers}

    def superior(j: int, i: int) -> bool:
        if any(i in one.placed or j in one.placed for one in contest.open):
            return False
        if books.adjusted[j] < books.adjusted[i] or (rows[j] < rows[i]).any():
            return False
        mine, his = books.counts[j].tolist(), books.counts[i].tolist()
        same = mine == his and (rows[j] == rows[i]).all() and books.adjusted[j] == books.adjusted[i]
        return mine > his or (mine == his and (not same or j < i))

    return [i for i in chasers if sum(superior(j, i) for j in chasers if j != i) < number]
