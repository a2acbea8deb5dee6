"""The least price at which one rival can have so many points, and for which places."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from racecraft.errors import RuleError
from racecraft.title.proof.stock import by_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from racecraft.title.proof.stock import Item, Layout, Option
    from racecraft.title.proof.targets import Alike
    from racecraft.title.standings.ranking import Floats, Ints

STEPS = 5  # of a search, for each way that may be found
Stage = tuple[tuple[tuple[int, ...], ...], tuple["Item", ...]]  # cars by session, places on top


class PriceList:
    """Least prices of points, built up result by result.

    A table holds the least price by new results that count in each part of the season that drops
    some, and by points in units: shape ``(*layout.kept, most + 1)``.
    """

    def __init__(self, layout: Layout, prices: Mapping[Item, float], most: int) -> None:
        self.layout = layout
        self.most = most
        self._prices = prices
        self._tables: dict[Stage, Floats] = {}
        self._less: dict[int, Ints] = {}

    def cheapest(self, alike: Alike) -> tuple[float, Counter[Item]]:
        """Return the least price that puts one of them ahead, and for what."""
        full = self._full(alike)
        price, stage, at, loose = self._least(self._stage(full), alike.strict, ())
        floors = self._floors(alike)
        for number in np.argsort(floors, kind="stable"):
            if floors[number] >= price:
                break
            for limits, counted, others in self._splits(alike.tie_breakers[number], full):
                found = self._least(self._stage(limits, counted), alike.level, others)
                if found[0] < price:
                    price, stage, at, loose = found
        if price == np.inf:
            return price, Counter()
        return price, self._taken(stage, at) + Counter(loose)

    def all_under(self, alike: Alike, price: float, most: int) -> list[Counter[Item]] | None:
        """Return every way that costs no more and wastes no place; None where there are more."""
        full = self._full(alike)
        found: dict[frozenset[tuple[Item, int]], Counter[Item]] = {}
        steps = count()
        starts: list[tuple[tuple[int, ...], tuple[Item, ...], tuple[Item, ...], Floats]]
        starts = [(full, (), (), alike.strict)]
        for number in np.flatnonzero(self._floors(alike) <= price):
            splits = self._splits(alike.tie_breakers[number], full)
            starts += [(*split, alike.level) for split in splits]
        for limits, counted, others, needs in starts:
            for kept in np.ndindex(needs.shape):
                if needs[kept] > self.most:
                    continue
                at = (*kept, int(needs[kept]))
                for way in self._ways(limits, counted, at, price, others):
                    if way is not None:
                        found[frozenset(way.items())] = way
                    if len(found) > most or next(steps) > STEPS * most:
                        return None
        return list(found.values())

    def _full(self, alike: Alike) -> tuple[int, ...]:
        """Results that one of them can have, by group."""
        return tuple(
            0 if g in alike.barred else results for g, results in enumerate(self.layout.results)
        )

    def _floors(self, alike: Alike) -> Floats:
        """Return what each tie-breaker costs at least, with the points that are lacking still."""
        items, times = alike.times
        can_add = [max(value for value, _ in self.layout.with_place(item)) for item in items]
        table = self._table(self._stage(self._full(alike)))
        least = table.min(axis=tuple(range(table.ndim - 1)))
        lacking = alike.level.min() - times @ np.array(can_add, dtype=np.int64)
        paid = times @ np.array([self._prices[item] for item in items], dtype=float)
        at = np.clip(lacking, 0, self.most).astype(np.int64)
        return np.where(alike.level.min() <= self.most, paid + least[at], np.inf)

    def _splits(
        self, items: tuple[Item, ...], full: Sequence[int]
    ) -> Iterator[tuple[tuple[int, ...], tuple[Item, ...], tuple[Item, ...]]]:
        """Results to come, places whose points may count, and others: where one car counts, any."""
        for n in range(0 if self.layout.one_counts else len(items), len(items) + 1):
            used = by_group(items[:n], len(full))
            limits = tuple(n - u for n, u in zip(full, used, strict=True))
            if all(n >= 0 for n in limits):
                yield limits, items[:n], items[n:]

    def _ways(
        self,
        limits: tuple[int, ...],
        counted: tuple[Item, ...],
        at: tuple[int, ...],
        price: float,
        others: tuple[Item, ...],
    ) -> Iterator[Counter[Item] | None]:
        """Ways to have the points, the places that are set first, then the best of the others.

        None for every step that is not at the end of one.
        """
        left = price - self._price(others)
        beginnings: list[tuple[tuple[Item, ...], tuple[int, ...], float]] = [((), at, left)]
        for item in counted:
            axis = self.layout.axis(item[0])
            options = self.layout.with_place(item)
            extended: list[tuple[tuple[Item, ...], tuple[int, ...], float]] = []
            for taken, state, money in beginnings:
                if axis is not None:
                    extended.append(((*taken, item), state, money - self._prices[item]))
                for value, items in options:
                    then = self._then(state, value, axis)
                    if then is not None:
                        extended.append(((*taken, *items), then, money - self._price(items)))
            beginnings = extended
        every = [
            (value, g, items)
            for g, options in enumerate(self.layout.options)
            if limits[g]
            for value, items in options
        ]
        every.sort(key=lambda option: -option[0])
        table = self._table(self._stage(limits))
        stack = [(*beginning, limits, 0) for beginning in beginnings]
        while stack:
            taken, state, money, free, first = stack.pop()
            if table[state] > money:
                continue
            if state[-1] == 0:
                yield Counter((*taken, *others))
                continue
            yield None
            for number, (value, g, items) in enumerate(every[first:], first):
                then = self._then(state, value, self.layout.axis(g)) if free[g] else None
                if then is not None:
                    rest = tuple(n - (h == g) for h, n in enumerate(free))
                    stack.append(((*taken, *items), then, money - self._price(items), rest, number))

    @staticmethod
    def _then(at: tuple[int, ...], value: int, axis: int | None) -> tuple[int, ...] | None:
        """Where in the table one more result leads; None where it cannot count."""
        into = [*at[:-1], max(at[-1] - value, 0)]
        if axis is not None:
            into[axis] -= 1
        return tuple(into) if min(into) >= 0 else None

    def _least(
        self, stage: Stage, needs: Floats, loose: tuple[Item, ...]
    ) -> tuple[float, Stage, tuple[int, ...], tuple[Item, ...]]:
        """Least price to meet the needs, whichever results are dropped, and where in the table."""
        can = needs <= self.most
        points: Ints = np.where(can, needs, 0).astype(np.int64)
        table = np.take_along_axis(self._table(stage), points[..., None], axis=-1)[..., 0]
        table = np.where(can, table, np.inf)
        at = np.unravel_index(int(np.argmin(table)), table.shape) if table.ndim else ()
        extra = sum(self._prices[item] for item in loose)
        where = (*(int(a) for a in at), int(points[at]))
        return float(table[at]) + extra, stage, where, loose

    def _stage(self, results: Sequence[int], counted: tuple[Item, ...] = ()) -> Stage:
        return self.layout.sessions(results), counted

    def _table(self, stage: Stage) -> Floats:
        if stage not in self._tables:
            self._tables[stage] = self._built(stage)
        return self._tables[stage]

    def _built(self, stage: Stage) -> Floats:
        sessions, counted = stage
        if not any(sessions) and not counted:
            table = np.full((*self.layout.kept, self.most + 1), np.inf)
            table[..., 0] = 0.0
            return table
        before, options, without, axis = self._last(stage)
        base = self._table(before)
        table = base + without
        for value, items in options:
            moved = base[..., self._lacking(value)] + self._price(items)
            if axis is None:
                np.minimum(table, moved, out=table)
            else:
                into, of = np.moveaxis(table, axis, 0)[1:], np.moveaxis(moved, axis, 0)[:-1]
                np.minimum(into, of, out=into)
        return table

    def _lacking(self, value: int) -> Ints:
        """Points that are lacking, after so many were had."""
        if value not in self._less:
            self._less[value] = np.maximum(np.arange(self.most + 1) - value, 0)
        return self._less[value]

    def _last(self, stage: Stage) -> tuple[Stage, list[Option], float, int | None]:
        """Return the stage before the last result, what that may be, the price not to count it."""
        sessions, counted = stage
        if counted:
            item = counted[-1]
            axis = self.layout.axis(item[0])
            without = np.inf if axis is None else self._prices[item]
            return (sessions, counted[:-1]), self.layout.with_place(item), without, axis
        group = max(g for g, own in enumerate(sessions) if own)
        fewer = tuple(own[:-1] if g == group else own for g, own in enumerate(sessions))
        options = self.layout.options_of(group, sessions[group][-1])
        return (fewer, ()), options, 0.0, self.layout.axis(group)

    def _taken(self, stage: Stage, at: tuple[int, ...]) -> Counter[Item]:
        """Walk back through the tables: which places make up a price."""
        taken: Counter[Item] = Counter()
        while any(stage[0]) or stage[1]:
            before, options, without, axis = self._last(stage)
            value, base = self._table(stage)[at], self._table(before)
            if base[at] + without == value:
                taken.update(stage[1][-1:])
            else:
                for points, items in options:
                    then = self._then(at, points, axis)
                    if then is not None and base[then] + self._price(items) == value:
                        taken.update(items)
                        at = then
                        break
                else:
                    raise RuleError("a price has no places that make it up")
            stage = before
        return taken

    def _price(self, items: Iterable[Item]) -> float:
        return sum(self._prices[item] for item in items)
