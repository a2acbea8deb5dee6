"""Who can be ahead of whom together, put as a mixed-integer model."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from racecraft.errors import RuleError
from racecraft.title.proof.milp import Model
from racecraft.title.proof.remaining import JUST_AHEAD, SAME_POINTS, is_ahead, played
from racecraft.title.proof.scheduling import Share, arranged
from racecraft.title.proof.stock import LAP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from racecraft.title.proof.milp import Terms
    from racecraft.title.proof.remaining import Contest, Ending, Open

Groups = list[tuple["Open", ...]]
Ties = Literal["lost", "won", "countback"]  # how a tie on points ends for a chaser


def solve(contest: Contest, chasers: Sequence[int], number: int) -> list[Ending] | None:
    """Endings in which so many of the chasers end up ahead of the target.

    The easier models first: with every tie on points won there may be no solution, or one in which
    no tie is lost; with every tie lost there may be one still. Countback is asked for last.
    Sessions that are alike are taken together: if that has no solution, there is none; if it has
    one, the places are put in order. Where they cannot be, all sessions are taken one by one.

    Returns
    -------
    list of Ending or None
        None proves that there are none.

    Raises
    ------
    RuleError
        What the solver found is no such ending.
    """
    parts = [session.part for session in contest.books.sessions]
    alike = defaultdict(list)
    for one in contest.open:
        alike[one.kind, parts[one.at]].append(one)
    together: Groups = [tuple(group) for group in alike.values()]
    apart: Groups = [(one,) for one in contest.open]
    attempts: list[tuple[Ties, Groups]] = [
        ("won", together),
        ("lost", together),
        ("countback", together),
        ("countback", apart),
    ]
    for ties, groups in attempts:
        puzzle = _Puzzle(contest, groups, chasers, ties)
        if not puzzle.solved(number):
            if ties == "lost":
                continue
            return None
        endings = [ending for g in range(len(groups)) for ending in puzzle.in_order(g)]
        after = is_ahead(played(contest.books, contest.open, endings), contest.target)
        if sum(after[i] for i in chasers) >= number:
            return endings
    raise RuleError(
        "the model has a solution that does not keep to the rules",
        season=contest.books.season,
        name=contest.books.names[contest.target],
    )


@dataclass
class _Puzzle:
    """The model: who has which place how often in which group of sessions that are alike."""

    contest: Contest
    groups: Groups
    chasers: Sequence[int]
    ties: Ties
    model: Model = field(default_factory=Model)
    times: dict[tuple[int, int, int], int] = field(default_factory=dict)  # entrant, group, place
    laps: dict[tuple[int, int], int] = field(default_factory=dict)  # entrant, group
    values: list[float] = field(default_factory=list)

    def solved(self, number: int) -> bool:
        """Whether so many chasers can be ahead together; the values are kept."""
        passing: Terms = []
        for i in self.chasers:
            for g in range(len(self.groups)):
                self._places(i, g)
            passing += self._passes(i)
        for g, group in enumerate(self.groups):
            for place in {p for (_, h, p) in self.times if h == g}:
                self.model.row(self._of(group=g, place=place), most=len(group))
            self.model.row([(v, 1.0) for (_, h), v in self.laps.items() if h == g], most=len(group))
        self.model.row(passing, least=number)
        values = self.model.solution(hopeful=self.ties != "won")
        self.values = values or []
        return values is not None

    def in_order(self, g: int) -> Iterable[Ending]:
        """Endings of a group, with the places that were found put in some order."""
        share = Share()
        for (i, h, p), v in self.times.items():
            if h == g and (times := round(self.values[v])):
                share.add(i, p, times)
        for (i, h), v in self.laps.items():
            if h == g and (times := round(self.values[v])):
                share.add(i, LAP, times)
        return arranged(self.groups[g], share, cars=self.contest.books.cars) or []

    def _of(self, *, entrant: int | None = None, group: int, place: int | None = None) -> Terms:
        """Terms of how often someone has a place in a group; of all of them where not named."""
        return [
            (v, 1.0)
            for (i, g, p), v in self.times.items()
            if g == group and entrant in (None, i) and place in (None, p)
        ]

    def _places(self, i: int, g: int) -> None:
        """Let an entrant have places and fastest laps in a group."""
        group, cars = self.groups[g], self.contest.books.cars
        one = group[0]
        if i in one.placed:
            return
        places = set(one.places)
        if one.countback and self.ties == "countback":
            scoring = len(self.contest.books.sessions[one.at].points)
            places |= set(range(scoring + 1, self._deepest() + 1))
        for place in sorted(places):
            self.times[i, g, place] = self.model.variable(len(group))
        self.model.row(self._of(entrant=i, group=g), most=len(group) * cars)
        if one.lap_points:
            self.laps[i, g] = self.model.variable(len(group))
            if one.lap_within is not None:
                in_time = [
                    (self.times[i, g, p], -1.0) for p in sorted(places) if p <= one.lap_within
                ]
                self.model.row([(self.laps[i, g], 1.0), *in_time], most=0)

    def _deepest(self) -> int:
        """Last place that can matter in a tie: one more for each chaser than anybody has."""
        books = self.contest.books
        goal = float(books.totals[self.contest.target])
        counts = books.counts[[*self.chasers, self.contest.target]]
        had = max((p + 1 for p in range(counts.shape[1]) if counts[:, p].any()), default=0)
        scoring = max((len(books.sessions[g[0].at].points) for g in self.groups), default=0)
        every = max(had, scoring) + len(self.chasers) * books.cars + 1
        return min(every, books.breaks) if goal > 0 else every

    def _passes(self, i: int) -> Terms:
        """Variables that say whether an entrant ends up ahead, on points or on countback."""
        books, model = self.contest.books, self.model
        goal = float(books.totals[self.contest.target] - books.adjusted[i])
        ahead, level = model.variable(1), model.variable(1)
        model.row([(ahead, 1.0), (level, 1.0)], most=1)
        base = 0.0
        worth: Terms = []
        for part, best in enumerate(books.best):
            own_base, own_worth = self._worth(i, part, best)
            base, worth = base + own_base, worth + own_worth
        model.row(
            [*worth, (ahead, -(goal + JUST_AHEAD)), (level, -(goal - SAME_POINTS))], least=-base
        )
        if self.ties == "countback":
            self._countback(i, level)
        elif self.ties == "lost":
            model.row([(level, 1.0)], most=0)
        return [(ahead, 1.0), (level, 1.0)]

    def _worth(self, i: int, part: int, best: int) -> tuple[float, Terms]:
        """Points of an entrant in a part of the season: those he has, and terms for the rest."""
        books, model = self.contest.books, self.model
        inside = [s for s, session in enumerate(books.sessions) if session.part == part]
        has = [float(score) for score in books.scores[i, inside] if score]
        drops = best < len(inside)
        worth: Terms = []
        slots: Terms = []
        for g, group in enumerate(self.groups):
            one = group[0]
            if i in one.placed or books.sessions[one.at].part != part:
                continue
            value = dict(zip(one.places, one.points, strict=True))
            counted: Terms = []
            for place in one.places:
                times = self.times[i, g, place]
                if drops or (books.best_car_only and books.cars > 1):
                    counts = model.variable(len(group))
                    model.row([(counts, 1.0), (times, -1.0)], most=0)
                    times = counts
                counted.append((times, 1.0))
                worth.append((times, value[place]))
            if books.best_car_only:
                model.row(counted, most=len(group))
            if (i, g) in self.laps:
                lap = self.laps[i, g]
                if drops:  # a fastest lap alone is a result too
                    alone, lap_counts = model.variable(len(group)), model.variable(len(group))
                    model.row([(lap_counts, 1.0), (lap, -1.0)], most=0)
                    placed = [(v, -f) for v, f in counted]
                    model.row([(lap_counts, 1.0), (alone, -1.0), *placed], most=0)
                    model.row([*counted, (alone, 1.0)], most=len(group))
                    counted = [*counted, (alone, 1.0)]
                    lap = lap_counts
                worth.append((lap, one.lap_points))
            slots += counted
        if not drops:
            return sum(has), worth
        kept = [(model.variable(1, whole=False), score) for score in has]
        model.row([*slots, *((v, 1.0) for v, _ in kept)], most=best)
        return 0.0, [*worth, *kept]

    def _countback(self, i: int, level: int) -> None:
        """Ask of an entrant who is level on points that countback puts him ahead.

        He is ahead at some place if he has been there more often, and at every place before it at
        least as often.
        """
        books, model = self.contest.books, self.model
        deepest = self._deepest()
        decides = [model.variable(1) for _ in range(deepest)]
        model.row([*((v, 1.0) for v in decides), (level, -1.0)], least=0, most=0)
        for place in range(1, deepest + 1):
            known = place <= books.counts.shape[1]
            his = int(books.counts[i, place - 1]) if known else 0
            theirs = int(books.counts[self.contest.target, place - 1]) if known else 0
            again = [
                (self.times[i, g, place], 1.0)
                for g, group in enumerate(self.groups)
                if group[0].countback and (i, g, place) in self.times
            ]
            first = decides[place - 1]
            later = [(v, -float(theirs)) for v in decides[place:]] if theirs else []
            model.row([*again, (first, -float(theirs + 1)), *later], least=-his)
