"""The rest of a season, drawn many times: plain arrays, one column per run."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.title.standings.ranking import totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from racecraft.sim.attrition import Floats, Ints
    from racecraft.sim.retirements import Retirements
    from racecraft.title.standings.ledger import Ledger

    Drawn = NDArray[np.float32]
    Ranks = NDArray[np.uint8]

BLOCK = 2048  # runs drawn together, so that a block stays in the cache
UNIT = 420  # parts of a point: halves, thirds, quarters, fifths, sixths and sevenths are whole
BITS = 5  # of the count of one place: no season has more than 31 races
SHOWN = 8  # places counted in the same number as the points
MORE = 12  # places counted in a second one
POINTS_FROM = BITS * SHOWN
BELOW_POINTS = (1 << POINTS_FROM) - 1
EXCLUDED = -(1 << 62)
NOBODY = 255
SPRINT_SHARE = 1 / 3  # distance of a sprint against that of a race


@dataclass(frozen=True, kw_only=True)
class ToCome:
    """A race or sprint to come: what it is worth, and whether its weekend begins with it.

    Attributes
    ----------
    points
        By place.
    lap_points, lap_within
        For the fastest lap, and the last place with which one may have them.
    countback
        Its places break ties.
    """

    sprint: bool
    begins: bool
    points: tuple[float, ...]
    lap_points: float
    lap_within: int | None
    countback: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class Rest:
    """Everything that the rest of a season is drawn from.

    Attributes
    ----------
    sessions
        Races and sprints to come.
    entrant, team
        Of each car: whose points they are, and who built it; shapes ``(cars,)``.
    mean, covariance
        Strengths of the cars now.
    car_step, driver_step
        Spread of their change per weekend, common to the cars of a team and their own; shapes
        ``(cars,)``.
    day
        Spread of what is good or bad for a team on one weekend.
    retirements, lap_chances
        Chance to drop out by car; of the fastest lap by place.
    books
        What the entrants have.
    """

    sessions: tuple[ToCome, ...]
    entrant: Ints
    team: Ints
    mean: Floats
    covariance: Floats
    car_step: Floats
    driver_step: Floats
    day: float
    retirements: Retirements
    lap_chances: Floats
    books: Ledger


@dataclass(frozen=True, eq=False, kw_only=True)
class Given:
    """A race or sprint whose every run is known, before the rest of the season is drawn.

    Attributes
    ----------
    session
        What it is worth.
    entrant
        Whose points they are, ``(cars,)``.
    ranks
        Rank of each car in each run from 0, and the number of cars for who has no place;
        ``(cars, runs)``.
    """

    session: ToCome
    entrant: Ints
    ranks: Ranks


def places_taken(rest: Rest, *, runs: int, seed: int, workers: int | None = None) -> Ints:
    """How often each entrant took each place, shape ``(entrants, entrants)``.

    Every `BLOCK` of runs draws from a stream of its own, so that one worker and many agree.
    """
    season = _Season(rest)
    entrants = len(rest.books.names)

    def counted(stream: np.random.SeedSequence, first: int, size: int) -> Ints:
        at = season.block(stream, first, size) + entrants * np.arange(entrants)[:, None]
        return np.bincount(at.ravel(), minlength=entrants**2).reshape(entrants, entrants)

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        blocks = list(pool.map(counted, *_blocks(runs, seed)))
    return np.asarray(np.sum(blocks, axis=0), dtype=np.int64)


def places_by_run(rest: Rest, given: Given, *, seed: int) -> Ranks:
    """Place of each entrant, from 0, after each run of a race; shape ``(entrants, runs)``.

    The rest of the season is drawn once for each run of the race. Two sets of runs of one race
    meet the same rests, so that they can be compared run by run.
    """
    season = _Season(rest, given)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        blocks = list(pool.map(season.block, *_blocks(given.ranks.shape[1], seed)))
    return np.concatenate(blocks, axis=1).astype(np.uint8)


def _blocks(runs: int, seed: int) -> tuple[list[np.random.SeedSequence], list[int], list[int]]:
    """Stream of each block, its first run, and how many there are in it."""
    firsts = list(range(0, runs, BLOCK))
    streams = np.random.SeedSequence(seed).spawn(len(firsts))
    return streams, firsts, [min(BLOCK, runs - first) for first in firsts]


class _Season:
    """A rest of a season, with what all its blocks share."""

    def __init__(self, rest: Rest, given: Given | None = None) -> None:
        self.rest, self.books, self.given = rest, rest.books, given
        width, vectors = np.linalg.eigh(rest.covariance)
        self.root = (vectors * np.sqrt(np.maximum(width, 0.0))).astype(np.float32)
        self.mean = rest.mean.astype(np.float32)[:, None]
        self.team = np.unique(rest.team, return_inverse=True)[1]
        self.teams = int(self.team.max()) + 1
        self.worth = [_worth(one, len(rest.team)) for one in rest.sessions]
        if given is not None:
            self.worth_given = _worth(given.session, len(given.ranks))
        self.lap_steps = np.cumsum(rest.lap_chances)
        sizes = np.bincount(self.books.parts, minlength=len(self.books.best))
        self.all_count = all(np.greater_equal(self.books.best, sizes))
        self.before = _counted(self.books.counts)
        if self.all_count:
            self.before[0] += _units(self.books.totals) << POINTS_FROM

    def block(self, stream: np.random.SeedSequence, first: int, size: int) -> Ints:
        """Places from 0 in one block of runs, ``(entrants, size)``."""
        entrants = len(self.books.names)
        draw = np.random.Generator(np.random.SFC64(stream))
        key, more = (np.repeat(one[:, None], BLOCK, axis=1) for one in self.before)
        scored: list[Floats] = []
        for session, entrant_of, worth, ranks in self._sessions(draw, first, size):
            one = worth[0][ranks]
            if session.lap_points:
                self._add_lap(draw, session, ranks, one)
            if self.books.best_car_only:
                one[self._not_best(ranks)] &= BELOW_POINTS
            if not self.all_count:
                points = np.zeros((entrants, BLOCK))
                np.add.at(points, entrant_of, (one >> POINTS_FROM) / UNIT)
                scored.append(points)
                one &= BELOW_POINTS
            two = worth[1][ranks] if session.countback else None
            for car, entrant in enumerate(entrant_of):
                key[entrant] += one[car]
                if two is not None:
                    more[entrant] += two[car]
        if not self.all_count:
            key += self._best_results(scored) << POINTS_FROM
        self._forget_places(key, more)
        key[np.array(self.books.excluded)] = EXCLUDED
        return _places(key[:, :size], more[:, :size])

    def _sessions(
        self, draw: np.random.Generator, first: int, size: int
    ) -> Iterator[tuple[ToCome, Ints, Ints, Ranks]]:
        """Each session: what it is, whose points they are and how many, ranks of the cars."""
        if self.given is not None:
            ranks = np.zeros((len(self.given.ranks), BLOCK), np.uint8)
            ranks[:, :size] = self.given.ranks[:, first : first + size]
            yield self.given.session, self.given.entrant, self.worth_given, ranks
        drawn = zip(self.rest.sessions, self.worth, self._races(draw), strict=True)
        for session, worth, ranks in drawn:
            yield session, self.rest.entrant, worth, ranks

    def _races(self, draw: np.random.Generator) -> Iterator[Ranks]:
        """Ranks of the cars in one race or sprint after the other, from 0; see `_ranks`."""
        rest, cars = self.rest, len(self.rest.team)
        strength = self.root @ _normal(draw, cars)
        strength += self.mean
        today = strength
        car_step, driver_step = (
            one.astype(np.float32)[:, None] for one in (rest.car_step, rest.driver_step)
        )
        drops = rest.retirements
        chance = draw.beta(drops.for_it[:, None], drops.against_it[:, None], (cars, BLOCK))
        in_sprint = (1 - (1 - chance) ** SPRINT_SHARE).astype(np.float32)
        in_race = chance.astype(np.float32)
        for session in rest.sessions:
            if session.begins:
                strength += _normal(draw, self.teams)[self.team] * car_step
                strength += _normal(draw, cars) * driver_step
                today = strength + (_normal(draw, self.teams) * np.float32(rest.day))[self.team]
            lasts = draw.standard_exponential((cars, BLOCK), dtype=np.float32)
            lasts += np.float32(1e-30)  # a draw may be zero
            np.log(lasts, out=lasts)
            lasts += today
            out = draw.random((cars, BLOCK), dtype=np.float32)
            yield _ranks(lasts, out < (in_sprint if session.sprint else in_race))

    def _not_best(self, ranks: Ranks) -> NDArray[np.bool_]:
        """Cars behind another one of their team, shape ``(cars, BLOCK)``."""
        behind = np.zeros(ranks.shape, dtype=np.bool_)
        for team in range(self.teams):
            own = np.flatnonzero(self.team == team)
            behind[own] = ranks[own] > ranks[own].min(axis=0)
        return behind

    def _add_lap(
        self, draw: np.random.Generator, session: ToCome, ranks: Ranks, worth: Ints
    ) -> None:
        """Add the fastest lap of every run to what its cars are worth."""
        place = np.searchsorted(self.lap_steps, draw.random(BLOCK))
        within = len(ranks) if session.lap_within is None else session.lap_within
        place[place >= min(within, len(ranks))] = NOBODY
        worth += (ranks == place) * (_units(session.lap_points) << POINTS_FROM)

    def _best_results(self, scored: Sequence[Floats]) -> Ints:
        """Points that count where not all results do, in units; shape ``(entrants, BLOCK)``."""
        books = self.books
        before = np.repeat(books.scores[:, None, : books.run], BLOCK, axis=1)
        results = np.concatenate([before, np.stack(scored, axis=-1)], axis=-1)
        return _units(totals(results, books.parts, books.best) + books.adjusted[:, None])

    def _forget_places(self, key: Ints, more: Ints) -> None:
        """Leave out of a key what breaks no tie: places far down, of those who have points."""
        if self.books.breaks <= SHOWN:
            has_points = key >= 1 << POINTS_FROM
            kept = -1 << BITS * (SHOWN - self.books.breaks)
            np.bitwise_and(key, kept, out=key, where=has_points)
            more[has_points] = 0


def _ranks(lasts: Drawn, out: NDArray[np.bool_]) -> Ranks:
    """Rank of each car in each run, the longest lasting first; the number of cars for the retired.

    Comparing every pair is faster than sorting: it runs along the cars of one row in the cache.
    """
    cars = len(lasts)
    np.copyto(lasts, -np.inf, where=out)
    ranks = np.zeros(lasts.shape, dtype=np.uint8)
    for car in range(cars - 1):
        behind = (lasts[car] > lasts[car + 1 :]).view(np.uint8)
        ranks[car + 1 :] += behind
        ranks[car] += np.uint8(cars - 1 - car) - behind.sum(axis=0, dtype=np.uint8)
    np.copyto(ranks, cars, where=out)
    return ranks


def _places(key: Ints, more: Ints) -> Ints:
    """Place of each entrant in each run, from 0; shared where nothing breaks the tie."""
    place = np.zeros(key.shape, dtype=np.int64)
    for one in range(len(key) - 1):
        rest = slice(one + 1, None)
        even = key[one] == key[rest]
        ahead = (key[one] > key[rest]) | (even & (more[one] > more[rest]))
        equal = even & (more[one] == more[rest])
        place[rest] += ahead
        place[one] += (~(ahead | equal)).sum(axis=0)
    return place


def _worth(session: ToCome, cars: int) -> Ints:
    """What a rank is worth in both numbers of a key, shape ``(2, cars + 1)``."""
    points = np.zeros(cars + 1)
    given = session.points[:cars]
    points[: len(given)] = given
    counts = np.zeros((cars + 1, cars), dtype=np.int64)
    if session.countback:
        counts[np.arange(cars), np.arange(cars)] = 1
    worth = _counted(counts)
    worth[0] += _units(points) << POINTS_FROM
    return worth


def _counted(counts: Ints) -> Ints:
    """Times in each place as the two numbers of a key, a few bits each; shape ``(2, n)``."""
    kept = np.zeros((len(counts), SHOWN + MORE), dtype=np.int64)
    shown = counts[:, : SHOWN + MORE]
    kept[:, : shown.shape[1]] = shown
    first = kept[:, :SHOWN] @ (1 << BITS * np.arange(SHOWN)[::-1])
    return np.stack([first, kept[:, SHOWN:] @ (1 << BITS * np.arange(MORE)[::-1])])


def _units(points: Floats | float) -> Ints:
    return np.asarray(np.round(np.asarray(points) * UNIT), dtype=np.int64)


def _normal(draw: np.random.Generator, rows: int) -> Drawn:
    return draw.standard_normal((rows, BLOCK), dtype=np.float32)
