"""What each rival needs to end up ahead: points, or fewer of them and places that break the tie."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING

import numpy as np

from racecraft.title.contest import SAME_POINTS
from racecraft.title.layout import DEEP, by_group

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.title.contest import Contest
    from racecraft.title.layout import Item, Layout
    from racecraft.title.ranking import Floats

MOST_TIE_BREAKERS = 400  # ways of breaking a tie that are listed for one rival
TieBreaker = tuple[tuple["Item", ...], tuple["Item", ...]]


@dataclass(frozen=True, eq=False)
class Alike:
    """Rivals who need the same.

    Attributes
    ----------
    who
        The rivals.
    barred
        Groups of sessions in which they have their result already.
    strict
        Points in units with which they are ahead whatever else, by how many new results count in
        each part of the season that drops some; shape ``layout.kept``.
    level
        The same, with which they are ahead if a tie is broken for them.
    tie_breakers
        Places, each of which sets breaks it: those whose points may count, and the others.
    """

    who: tuple[int, ...]
    barred: frozenset[int]
    strict: Floats
    level: Floats
    tie_breakers: tuple[TieBreaker, ...]


def needs_of(layout: Layout, chasers: Sequence[int]) -> list[Alike] | None:
    """What the chasers need, those who are alike together; None where ties go too many ways."""
    books = layout.contest.books
    alike = defaultdict(list)
    for i in chasers:
        barred = frozenset(g for g, group in enumerate(layout.groups) if i in group[0].placed)
        own = np.concatenate([by_part(layout.contest, i).round(6), books.adjusted[[i]]])
        alike[barred, own.tobytes(), books.counts[i].tobytes()].append(i)
    found = []
    for (barred, *_), who in alike.items():
        strict, level = _points(layout, who[0])
        ways: list[TieBreaker] = []
        if (level < strict).any():
            for way in _tie_breakers(layout, who[0], barred):
                ways.append(way)
                if len(ways) > MOST_TIE_BREAKERS:
                    return None
        found.append(Alike(tuple(who), barred, strict, level, tuple(ways)))
    return found


def by_part(contest: Contest, i: int) -> Floats:
    """Results of an entrant, the best first, part by part; where all count, their sum."""
    books = contest.books
    parts = [books.scores[i, books.parts == part] for part in range(len(books.best))]
    return np.concatenate(
        [
            np.sort(own)[::-1] if best < len(own) else own.sum(keepdims=True)
            for own, best in zip(parts, books.best, strict=True)
        ]
    )


def _points(layout: Layout, i: int) -> tuple[Floats, Floats]:
    """Units that put an entrant ahead of the target, and on a level with him."""
    books = layout.contest.books
    has = np.full(layout.kept, float(books.adjusted[i]))
    for part, best in enumerate(books.best):
        own = np.sort(books.scores[i, books.parts == part])[::-1]
        if part not in layout.dropping:
            has += own[:best].sum()
            continue
        axis = layout.dropping.index(part)
        old = [
            own[: best - new].sum() if new <= best else -np.inf for new in range(layout.kept[axis])
        ]
        has += np.expand_dims(old, tuple(a for a in range(has.ndim) if a != axis))
    lacks = (float(books.totals[layout.contest.target]) - has) / layout.unit
    strict = np.floor(lacks + SAME_POINTS) + 1
    level = np.ceil(lacks - SAME_POINTS)
    return np.maximum(strict, 0.0), np.maximum(level, 0.0)


def _tie_breakers(layout: Layout, i: int, barred: frozenset[int]) -> Iterator[TieBreaker]:
    """Smallest sets of places that put an entrant ahead of the target on countback.

    One for each place that may decide: once more in it than the target, and at least as often in
    every place before it.
    """
    books = layout.contest.books
    his, theirs = books.counts[i].tolist(), books.counts[layout.contest.target].tolist()
    groups = [g for g, group in enumerate(layout.groups) if group[0].countback and g not in barred]
    room = sum(len(layout.groups[g]) for g in groups) * books.cars
    last = len(his)
    if books.totals[layout.contest.target] > 0:
        last = books.breaks
        his, theirs = (row + [0] * (last - len(row)) for row in (his, theirs))
    else:  # every place breaks a tie: one more stands for all that nobody has had
        last = max(last, *(layout.scoring(g) for g in groups), 0) + 1
        his, theirs = (row + [0] * (last - len(row)) for row in (his, theirs))
    before: list[int] = []
    for place in range(1, last + 1):
        behind = theirs[place - 1] - his[place - 1]
        if behind < 0:
            yield from _spread(layout, before, groups)
            return
        deep = books.totals[layout.contest.target] <= 0 and place == last
        decides = [DEEP if deep else place] * (behind + 1)
        if len(before) + len(decides) <= room:
            yield from _spread(layout, [*before, *decides], groups)
        before += [place] * behind
        if len(before) > room:
            return


def _spread(layout: Layout, places: Sequence[int], groups: Sequence[int]) -> Iterator[TieBreaker]:
    """Every way to have these places in some groups of sessions."""
    cars = layout.contest.books.cars
    one_counts = layout.contest.books.best_car_only and cars > 1
    times = Counter(places)
    for chosen in product(*(combinations_with_replacement(groups, n) for n in times.values())):
        items = [(g, place) for place, own in zip(times, chosen, strict=True) for g in own]
        used = by_group(items, len(layout.groups))
        if (
            not all(layout.free(item) for item in items)
            or any(n > layout.stock(item) for item, n in Counter(items).items())
            or any(n > len(layout.groups[g]) * cars for g, n in enumerate(used))
        ):
            continue
        items.sort(key=lambda item: -layout.value(item))
        counted = range(len(items) + 1) if one_counts else [len(items)]
        yield from ((tuple(items[:n]), tuple(items[n:])) for n in counted)
