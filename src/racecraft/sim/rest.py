"""The rest of a season, drawn many times: plain arrays, one column per run."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.title.ranking import totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from racecraft.sim.attrition import Floats, Ints
    from racecraft.sim.hazards import Retirements

    Drawn = NDArray[np.float32]
    Ranks = NDArray[np.uint8]

BLOCK = 2048  # runs drawn together, so that a block stays in the cache
UNIT = 420  # parts of a point: halves, thirds, quarters, fifths, sixths and sevenths are whole
BITS = 5  # of the count of one place: no season has more than 31 races
SHOWN = 8  # places counted in the same number as the points
MORE = 12  # places counted in a second one
POINTS_FROM = BITS * SHOWN
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
    part
        Part of the season of which so many results count.
    countback
        Its places break ties.
    """

    sprint: bool
    begins: bool
    points: tuple[float, ...]
    lap_points: float
    lap_within: int | None
    part: int
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
    car_step, driver_step, day
        Spread of their change per weekend, and of a team's day.
    retirements, lap_chances
        Chance to drop out by car; of the fastest lap by place.
    scores, counts, adjusted, excluded, parts, best
        What the entrants have, as in the ledger.
    best_car_only
        Of a team's cars only the best placed one scores.
    countback_places
        Last place that breaks a tie.
    """

    sessions: tuple[ToCome, ...]
    entrant: Ints
    team: Ints
    mean: Floats
    covariance: Floats
    car_step: float
    driver_step: float
    day: float
    retirements: Retirements
    lap_chances: Floats
    scores: Floats
    counts: Ints
    adjusted: Floats
    excluded: tuple[bool, ...]
    parts: tuple[int, ...]
    best: tuple[int, ...]
    best_car_only: bool
    countback_places: int | None


def places_taken(rest: Rest, *, runs: int, seed: int, workers: int | None = None) -> Ints:
    """How often each entrant took each place, shape ``(entrants, entrants)``.

    Every `BLOCK` of runs draws from a stream of its own, so that one worker and many agree.
    """
    streams = np.random.SeedSequence(seed).spawn(-(-runs // BLOCK))
    sizes = [min(BLOCK, runs - BLOCK * i) for i in range(len(streams))]
    season = _Season(rest)
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        return np.sum(list(pool.map(season.block, streams, sizes)), axis=0, dtype=np.int64)


class _Season:
    """A rest of a season, with what all its blocks share."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        width, vectors = np.linalg.eigh(rest.covariance)
        self.root = (vectors * np.sqrt(np.maximum(width, 0.0))).astype(np.float32)
        self.mean = rest.mean.astype(np.float32)[:, None]
        self.team = np.unique(rest.team, return_inverse=True)[1]
        self.teams = int(self.team.max()) + 1
        self.all_count = all(
            keep >= rest.parts.count(part) for part, keep in enumerate(rest.best)
        )
        self.worth = [_worth(one, len(rest.team), rest.countback_places) for one in rest.sessions]
        self.lap_steps = np.cumsum(rest.lap_chances)
        self.before = _counted(rest.counts)
        if self.all_count:
            now = totals(rest.scores, rest.parts, rest.best) + rest.adjusted
            self.before[0] += _units(now) << POINTS_FROM

    def block(self, stream: np.random.SeedSequence, size: int) -> Ints:
        """Places taken in one block, of which the first `size` runs are wanted."""
        rest, entrants = self.rest, len(self.rest.scores)
        draw = np.random.Generator(np.random.SFC64(stream))
        key, more = (np.repeat(one[:, None], BLOCK, axis=1) for one in self.before)
        scored: list[Floats] = []
        for session, worth, ranks in zip(
            rest.sessions, self.worth, self._races(draw), strict=True
        ):
            if rest.best_car_only:
                self._only_best_cars(ranks)
            one, two = worth[0][ranks], worth[1][ranks]
            if session.lap_points:
                self._add_lap(draw, session, ranks, one)
            if not self.all_count:
                scored.append(_by_entrant(one >> POINTS_FROM, rest.entrant, entrants) / UNIT)
                one &= (1 << POINTS_FROM) - 1
            for car, entrant in enumerate(rest.entrant):
                key[entrant] += one[car]
                if session.countback:
                    more[entrant] += two[car]
        if not self.all_count:
            key += self._best_results(scored) << POINTS_FROM
        key[list(rest.excluded)] = EXCLUDED
        place = _places(key[:, :size], more[:, :size])
        place += entrants * np.arange(entrants)[:, None]
        return np.bincount(place.ravel(), minlength=entrants**2).reshape(entrants, entrants)

    def _races(self, draw: np.random.Generator) -> Iterator[Ranks]:
        """Ranks of the cars in one race or sprint after the other, from 0; see `_ranks`."""
        rest, cars = self.rest, len(self.rest.team)
        strength = self.root @ _normal(draw, cars)
        strength += self.mean
        today = strength
        drops = rest.retirements
        chance = draw.beta(drops.for_it[:, None], drops.against_it[:, None], (cars, BLOCK))
        in_sprint = (1 - (1 - chance) ** SPRINT_SHARE).astype(np.float32)
        in_race = chance.astype(np.float32)
        for session in rest.sessions:
            if session.begins:
                strength += (_normal(draw, self.teams) * np.float32(rest.car_step))[self.team]
                strength += _normal(draw, cars) * np.float32(rest.driver_step)
                today = strength + (_normal(draw, self.teams) * np.float32(rest.day))[self.team]
            lasts = draw.standard_exponential((cars, BLOCK), dtype=np.float32)
            np.log(lasts, out=lasts)
            lasts += today
            out = draw.random((cars, BLOCK), dtype=np.float32)
            yield _ranks(lasts, out < (in_sprint if session.sprint else in_race))

    def _only_best_cars(self, ranks: Ranks) -> None:
        """Take away the ranks of all but the best car of each team."""
        for team in range(self.teams):
            own = np.flatnonzero(self.team == team)
            of_team = ranks[own]
            ranks[own] = np.where(of_team == of_team.min(axis=0), of_team, len(self.team))

    def _add_lap(
        self, draw: np.random.Generator, session: ToCome, ranks: Ranks, worth: Ints
    ) -> None:
        """Add the fastest lap of every run to what its cars are worth."""
        place = np.searchsorted(self.lap_steps, draw.random(BLOCK))
        within = len(ranks) if session.lap_within is None else session.lap_within
        place[place >= min(within, len(ranks))] = NOBODY
        worth += (ranks == place) * (_units(session.lap_points) << POINTS_FROM)

    def _best_results(self, scored: Sequence[Floats]) -> Ints:
        """Points that count, where not all results do, in units; shape ``(entrants, BLOCK)``."""
        rest, run = self.rest, len(self.rest.parts) - len(self.rest.sessions)
        before = np.repeat(rest.scores[:, None, :run], BLOCK, axis=1)
        results = np.concatenate([before, np.stack(scored, axis=-1)], axis=-1)
        return _units(totals(results, rest.parts, rest.best) + rest.adjusted[:, None])


def _ranks(lasts: Drawn, out: NDArray[np.bool_]) -> Ranks:
    """Rank of each car in each run, the longest lasting first; the number of cars for the retired.

    Comparing every pair is faster than sorting: it runs along the cars of one row in the cache.
    """
    cars = len(lasts)
    lasts[out] = -np.inf
    ranks = np.zeros(lasts.shape, dtype=np.uint8)
    for car in range(cars - 1):
        behind = (lasts[car] > lasts[car + 1 :]).view(np.uint8)
        ranks[car + 1 :] += behind
        ranks[car] += np.uint8(cars - 1 - car) - behind.sum(axis=0, dtype=np.uint8)
    ranks[out] = cars
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


def _worth(session: ToCome, cars: int, last: int | None) -> Ints:
    """What a rank is worth in both numbers of a key, shape ``(2, cars + 1)``."""
    points = np.zeros(cars + 1)
    given = session.points[:cars]
    points[: len(given)] = given
    counts = np.zeros((cars + 1, cars), dtype=np.int64)
    if session.countback:
        counts[np.arange(cars), np.arange(cars)] = 1
        counts[:, last:] = 0
    worth = _counted(counts)
    worth[0] += _units(points) << POINTS_FROM
    return worth


def _counted(counts: Ints) -> Ints:
    """Times in each place as the two numbers of a key, shape ``(2, n)``: few bits for each place."""
    kept = np.zeros((len(counts), SHOWN + MORE), dtype=np.int64)
    shown = counts[:, : SHOWN + MORE]
    kept[:, : shown.shape[1]] = shown
    first = kept[:, :SHOWN] @ (1 << BITS * np.arange(SHOWN)[::-1])
    return np.stack([first, kept[:, SHOWN:] @ (1 << BITS * np.arange(MORE)[::-1])])


def _by_entrant(values: Ints, entrant: Ints, entrants: int) -> Ints:
    """Sum over the cars of each entrant."""
    found = np.zeros((entrants, values.shape[1]), dtype=np.int64)
    for car, of in enumerate(entrant):
        found[of] += values[car]
    return found


def _units(points: Floats | float) -> Ints:
    return np.asarray(np.round(np.asarray(points) * UNIT), dtype=np.int64)


def _normal(draw: np.random.Generator, rows: int) -> Drawn:
    return draw.standard_normal((rows, BLOCK), dtype=np.float32)
