"""What is left of a championship: races and sprints to come, and how they may end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from racecraft.title.standings.ledger import Ledger

NOBODY = -1
NEWCOMER = "newcomer"  # and a number: an entrant who has not taken part so far
JUST_AHEAD = 0.005  # points: less than any two different totals are apart
SAME_POINTS = 1e-6


@dataclass(frozen=True, kw_only=True)
class Open:
    """A race or sprint to come.

    Attributes
    ----------
    at
        Which of the season's sessions it is.
    places
        Places to be had, with their points; all others beyond them score nothing.
    lap_points, lap_within
        Points for the fastest lap if they are to be had, and the last place with which.
    countback
        Its places break ties.
    placed
        Entrants who have their result already.
    """

    at: int
    places: tuple[int, ...]
    points: tuple[float, ...]
    lap_points: float = 0.0
    lap_within: int | None = None
    countback: bool = True
    placed: frozenset[int] = frozenset()

    @property
    def kind(self) -> tuple[object, ...]:
        """What makes two of them alike, but for the part of the season."""
        return (self.places, self.points, self.lap_points, self.lap_within, self.countback,
                self.placed)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How one race or sprint ends, as far as it matters: entrant by place, and the fastest lap."""

    at: int
    places: Mapping[int, int] = field(default_factory=dict)
    fastest_lap: int = NOBODY


@dataclass(frozen=True, eq=False, kw_only=True)
class Contest:
    """A championship and what is left of it, around one entrant.

    Attributes
    ----------
    books
        The championship so far.
    open
        Races and sprints to come, those half decided by assumption too.
    target
        Whose place is asked for.
    """

    books: Ledger
    open: tuple[Open, ...]
    target: int

    @property
    def rivals(self) -> list[int]:
        """Everybody else who is in the championship."""
        return [
            i
            for i, out in enumerate(self.books.excluded)
            if i != self.target and (not out or self.books.excluded[self.target])
        ]


def contest(books: Ledger, target: int, *, newcomers: int = 0) -> Contest:
    """Everything that is left, with so many entrants who have not taken part before."""
    return Contest(books=with_newcomers(books, newcomers), open=still_open(books), target=target)


def still_open(books: Ledger) -> tuple[Open, ...]:
    """Races and sprints to come."""
    return tuple(
        Open(
            at=books.run + i,
            places=tuple(range(1, len(one.points) + 1)),
            points=one.points,
            lap_points=one.lap_points,
            lap_within=one.lap_within,
            countback=one.countback,
        )
        for i, one in enumerate(books.left)
    )


def with_newcomers(books: Ledger, number: int) -> Ledger:
    """Return the books with entrants added who have nothing yet."""
    if not number:
        return books
    return replace(
        books,
        names=(*books.names, *(f"{NEWCOMER} {i + 1}" for i in range(number))),
        scores=np.pad(books.scores, ((0, number), (0, 0))),
        counts=np.pad(books.counts, ((0, number), (0, 0))),
        adjusted=np.pad(books.adjusted, (0, number)),
        excluded=(*books.excluded, *(False,) * number),
    )


def played(books: Ledger, open_: Iterable[Open], endings: Iterable[Ending]) -> Ledger:
    """Return the books after some of what is open has ended so."""
    scores, counts = books.scores.copy(), books.counts.copy()
    worth = {one.at: one for one in open_}
    for ending in endings:
        one = worth[ending.at]
        gained: dict[int, list[float]] = {}
        for place, who in ending.places.items():
            value = one.points[one.places.index(place)] if place in one.places else 0.0
            gained.setdefault(who, []).append(value)
            if one.countback:
                if place > counts.shape[1]:
                    counts = np.pad(counts, ((0, 0), (0, place - counts.shape[1])))
                counts[who, place - 1] += 1
        for who, values in gained.items():
            scores[who, one.at] += max(values) if books.best_car_only else sum(values)
        if ending.fastest_lap != NOBODY:
            scores[ending.fastest_lap, one.at] += one.lap_points
    return replace(books, scores=scores, counts=counts)


def is_ahead(books: Ledger, target: int) -> list[bool]:
    """Who is ahead of the target, by points or by countback."""
    places = books.places
    return [bool(place < places[target]) for place in places]


def nothing_but_wins(contest: Contest, who: int) -> list[Ending]:
    """Endings that are best for one entrant: first in all, and nobody else scores."""
    endings: list[Ending] = []
    if who in contest.books.dead:
        return endings
    for one in contest.open:
        if who in one.placed:
            continue
        taken = one.places[: contest.books.cars] if one.places else ()
        in_time = one.lap_within is None or (taken and taken[0] <= one.lap_within)
        endings.append(
            Ending(
                at=one.at,
                places=dict.fromkeys(taken, who),
                fastest_lap=who if one.lap_points and in_time else NOBODY,
            )
        )
    return endings


def best_place(contest: Contest) -> int:
    """Best place that the target can have in the end: first in all that is left, nobody comes."""
    known = [not name.startswith(NEWCOMER) for name in contest.books.names]
    books = played(contest.books, contest.open, nothing_but_wins(contest, contest.target))
    alone = replace(
        books,
        names=tuple(name for name, stays in zip(books.names, known, strict=True) if stays),
        scores=books.scores[known],
        counts=books.counts[known],
        adjusted=books.adjusted[known],
        excluded=tuple(out for out, stays in zip(books.excluded, known, strict=True) if stays),
    )
    return int(alone.places[contest.target])


def tie_breaking(books: Ledger, points: float) -> int:
    """Last place that breaks a tie on that many points."""
    return books.breaks if points > 0 else books.counts.shape[1]
