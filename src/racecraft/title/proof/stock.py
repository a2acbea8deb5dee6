"""What is left of a championship as a stock of places, with sessions that are alike together."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from racecraft.title.proof.remaining import Contest, Open

Item = tuple[int, int]  # group of sessions, place in one of them
Option = tuple[int, tuple[Item, ...]]  # what one session may give: points in units, and for what
LAP = 0  # as a place: the fastest lap
DEEP = 1_000  # as a place: any that is behind all that matter; below 0: had with the fastest lap
SAME_UNITS = 1e-6


@dataclass(frozen=True, eq=False)
class Layout:
    """Groups of sessions that are alike, and what one entrant may have of them.

    Attributes
    ----------
    groups
        Sessions, those together that are alike and in the same part of the season.
    unit
        Points are counted in these.
    """

    contest: Contest
    groups: tuple[tuple[Open, ...], ...]
    unit: float

    @classmethod
    def of(cls, contest: Contest) -> Layout:
        """Lay out what is left."""
        alike = defaultdict(list)
        for one in contest.open:
            alike[one.kind, contest.books.sessions[one.at].part].append(one)
        return cls(contest, tuple(tuple(group) for group in alike.values()), unit_of(contest))

    @cached_property
    def parts(self) -> list[int]:
        """Part of the season of each group."""
        return [int(self.contest.books.parts[group[0].at]) for group in self.groups]

    @cached_property
    def dropping(self) -> list[int]:
        """Parts of the season with something left in which results may be dropped."""
        books = self.contest.books
        size = np.bincount(books.parts, minlength=len(books.best))
        return [p for p, best in enumerate(books.best) if best < size[p] and p in self.parts]

    @property
    def one_counts(self) -> bool:
        """Whether an entrant may have places of which only the best of a session counts."""
        return self.contest.books.best_car_only and self.contest.books.cars > 1

    @cached_property
    def results(self) -> tuple[int, ...]:
        """How many results one entrant can have that may count, by group."""
        books = self.contest.books
        cars = 1 if books.best_car_only else books.cars
        return tuple(len(group) * cars for group in self.groups)

    @cached_property
    def kept(self) -> tuple[int, ...]:
        """Shape of a table by how many new results count, for each part that drops some."""
        return tuple(
            1 + sum(n for n, part in zip(self.results, self.parts, strict=True) if part == own)
            for own in self.dropping
        )

    @cached_property
    def total(self) -> int:
        """Points of all that is left, in units."""
        points = [
            len(group) * self.units(worth)
            for group in self.groups
            for worth in (*group[0].points, group[0].lap_points)
        ]
        return sum(points)

    @cached_property
    def options(self) -> list[list[Option]]:
        """What one session of each group may give to one car."""
        return [self._options(g, 1) for g in range(len(self.groups))]

    def options_of(self, group: int, cars: int) -> list[Option]:
        """What one session of a group may give to so many cars of an entrant."""
        if (group, cars) not in self._options_of:
            self._options_of[group, cars] = self._options(group, cars)
        return self._options_of[group, cars]

    @cached_property
    def _options_of(self) -> dict[tuple[int, int], list[Option]]:
        return {}

    def sessions(self, results: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        """Spread an entrant's results of each group over its sessions: how many cars in each.

        The most even division allows every choice of places that another does.
        """
        if self.contest.books.best_car_only:
            return tuple((1,) * n for n in results)
        spread = []
        for n, group in zip(results, self.groups, strict=True):
            each, more = divmod(n, len(group))
            cars = (each + 1,) * more + (each,) * (len(group) - more)
            spread.append(tuple(size for size in cars if size))
        return tuple(spread)

    def axis(self, group: int) -> int | None:
        """Which axis of `kept` counts the results of a group; None where all count."""
        part = self.parts[group]
        return self.dropping.index(part) if part in self.dropping else None

    def units(self, points: float) -> int:
        """Points in units."""
        return round(points / self.unit)

    def stock(self, item: Item) -> float:
        """How often it can be had."""
        return len(self.groups[item[0]]) if limited(item) else math.inf

    def value(self, item: Item) -> int:
        """What it is worth, in units."""
        group, place = item
        one = self.groups[group][0]
        if place == LAP:
            return self.units(one.lap_points)
        return self.units(one.points[one.places.index(place)]) if place in one.places else 0

    def free(self, item: Item) -> bool:
        """Whether a place is to be had at all."""
        group, place = item
        return place in self.groups[group][0].places or place > self.scoring(group)

    def scoring(self, group: int) -> int:
        """Last place that scores."""
        return len(self.contest.books.sessions[self.groups[group][0].at].points)

    def with_place(self, item: Item) -> list[Option]:
        """What one session may give to whoever has a place: with and without the fastest lap."""
        return self._with_places(item[0], (item[1],))

    def _with_places(self, group: int, places: tuple[int, ...]) -> list[Option]:
        one = self.groups[group][0]
        items: tuple[Item, ...] = tuple((group, place) for place in places)
        value = sum(self.value(item) for item in items)
        found: list[Option] = [(value, items)]
        if one.lap_points and (one.lap_within is None or min(places) <= one.lap_within):
            lap = (group, LAP)
            both = (group, -min(places))
            found.append((value + self.value(lap), (*items, lap, both)))
        return found

    def _options(self, group: int, cars: int) -> list[Option]:
        one = self.groups[group][0]
        places = list(one.places)
        found: list[Option] = []
        if one.lap_points and one.lap_within is None:
            found.append((self.value((group, LAP)), ((group, LAP),)))
        elif one.lap_points and one.lap_within is not None:
            places += range(self.scoring(group) + 1, one.lap_within + 1)
        for number in range(1, cars + 1):
            for taken in combinations(places, number):
                found += self._with_places(group, taken)
        return [option for option in found if option[0]]


def limited(item: Item) -> bool:
    """Whether there is a stock of it."""
    return LAP <= item[1] < DEEP


def unit_of(contest: Contest) -> float:
    """Every gain is a whole number of these."""
    values = [value for one in contest.open for value in (*one.points, one.lap_points)]
    return 1.0 if all(value.is_integer() for value in values) else 0.5


def by_group(items: Iterable[Item], groups: int) -> Sequence[int]:
    """How many items there are of each group."""
    found = [0] * groups
    for group, _ in items:
        found[group] += 1
    return found
