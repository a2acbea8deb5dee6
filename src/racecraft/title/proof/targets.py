"""What each rival needs to end up ahead: points, or fewer of them and places that break the tie."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Literal

import numpy as np

from racecraft.title.proof.remaining import SAME_POINTS
from racecraft.title.proof.stock import DEEP, by_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.title.proof.remaining import Contest
    from racecraft.title.proof.stock import Item, Layout
    from racecraft.title.standings.ranking import Floats, Ints

MOST_TIE_BREAKERS = 2_000  # ways of breaking a tie that are listed for one rival
Long = Literal["won", "lost"]  # how a tie ends that can be broken in more ways
Places = tuple["Item", ...]


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
        Places, each of which sets breaks it, the most valuable first.
    """

    who: tuple[int, ...]
    barred: frozenset[int]
    strict: Floats
    level: Floats
    tie_breakers: tuple[Places, ...]

    @cached_property
    def times(self) -> tuple[Places, Ints]:
        """Every place of the tie-breakers, and how often each has it: ``(breakers, places)``."""
        items = tuple({item: None for breaker in self.tie_breakers for item in breaker})
        column = {item: c for c, item in enumerate(items)}
        times = np.zeros((len(self.tie_breakers), len(items)), dtype=np.int64)
        for row, breaker in enumerate(self.tie_breakers):
            for item in breaker:
                times[row, column[item]] += 1
        return items, times


def needs_of(layout: Layout, chasers: Sequence[int], long: Long) -> tuple[list[Alike], bool]:
    """What the chasers need, those who are alike together.

    A tie that can be broken in too many ways to list them is lost, or won, as is asked for. The
    second value says whether there is none of these.
    """
    books = layout.contest.books
    alike = defaultdict(list)
    for i in chasers:
        barred = frozenset(g for g, group in enumerate(layout.groups) if i in group[0].placed)
        own = np.concatenate([by_part(layout.contest, i).round(6), books.adjusted[[i]]])
        alike[barred, own.tobytes(), books.counts[i].tobytes()].append(i)
    found, exact = [], True
    for (barred, *_), who in alike.items():
        strict, level = _points(layout, who[0])
        ways: list[Places] | None = []
        if (level < strict).any():
            ways = _tie_breakers(layout, who[0], barred, strict)
        if ways is None:
            exact = False
            strict = level if long == "won" else strict
        found.append(Alike(tuple(who), barred, strict, level, tuple(ways or ())))
    return found, exact


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


def _tie_breakers(
    layout: Layout, i: int, barred: frozenset[int], strict: Floats
) -> list[Places] | None:
    """Smallest sets of places that put an entrant ahead of the target on countback.

    For each place that may decide: once more in it than the target, and at least as often in every
    place before it. Sets that are worth enough points to do without countback are left out. None
    where there are too many.
    """
    books = layout.contest.books
    his, theirs = books.counts[i].tolist(), books.counts[layout.contest.target].tolist()
    groups = [g for g, group in enumerate(layout.groups) if group[0].countback and g not in barred]
    deep = books.totals[layout.contest.target] <= 0
    last = books.breaks
    if deep:  # every place breaks a tie: one more stands for all that nobody has had
        last = max(len(his), *(layout.scoring(g) for g in groups), 0) + 1
    his, theirs = (row + [0] * (last - len(row)) for row in (his, theirs))
    found: list[Places] = []
    before: list[Places] = [()]
    for place in range(1, last + 1):
        behind = theirs[place - 1] - his[place - 1]
        if behind < 0:
            found += before
            break
        one = DEEP if deep and place == last else place
        found += _with(layout, before, one, behind + 1, groups, barred, strict)
        before = _with(layout, before, place, behind, groups, barred, strict)
        if len(found) + len(before) > MOST_TIE_BREAKERS:
            return None
    return [tuple(sorted(items, key=lambda item: -layout.value(item))) for items in found]


def _with(
    layout: Layout,
    sets: Sequence[Places],
    place: int,
    times: int,
    groups: Sequence[int],
    barred: frozenset[int],
    strict: Floats,
) -> list[Places]:
    """Add a place so often to sets of places, in every way that its groups allow."""
    if not times:
        return list(sets)
    free = [g for g in groups if layout.free((g, place))]
    cars = layout.contest.books.cars
    found = []
    for more in combinations_with_replacement(free, times):
        added = tuple((g, place) for g in more)
        if any(n > layout.stock(item) for item, n in Counter(added).items()):
            continue
        for items in sets:
            both = (*items, *added)
            used = by_group(both, len(layout.groups))
            if all(
                n <= len(group) * cars for n, group in zip(used, layout.groups, strict=True)
            ) and not _enough(layout, both, barred, strict):
                found.append(both)
    return found


def _enough(layout: Layout, items: Places, barred: frozenset[int], strict: Floats) -> bool:
    """Whether places are worth so many points, if as many of them count as can."""
    if sum(layout.value(item) for item in items) < strict.min():
        return False
    worth = np.zeros(layout.kept)
    by_axis: list[list[int]] = [[] for _ in layout.kept]
    for g, results in enumerate(layout.results):
        own = sorted((layout.value(item) for item in items if item[0] == g), reverse=True)
        counted = own[: 0 if g in barred else results]
        axis = layout.axis(g)
        if axis is None:
            worth += sum(counted)
        else:
            by_axis[axis] += counted
    for axis, own in enumerate(by_axis):
        own.sort(reverse=True)
        sums = [sum(own[:kept]) for kept in range(layout.kept[axis])]
        worth += np.expand_dims(sums, tuple(a for a in range(worth.ndim) if a != axis))
    return bool((worth >= strict).any())
