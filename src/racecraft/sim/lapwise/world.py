"""The arrays that the compiled loop runs on: one race, from one state, under one set of numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from racecraft.errors import NotEnoughDataError
from racecraft.sim.lapwise.columns import (
    AGES,
    BY_LANE,
    COUNTS,
    LANES,
    PLACES,
    RACE_NUMBERS,
    REALS,
    ROW,
    WHOLES,
    WIDE,
)
from racecraft.sim.lapwise.compiled import drive
from racecraft.sim.lapwise.quantiles import exponential_quantiles, normal_quantiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

BLOCK = 512  # runs that are drawn together
_NORMAL = normal_quantiles().astype(np.float32)
_EXPONENTIAL = exponential_quantiles().astype(np.float32)


@dataclass(frozen=True, eq=False, kw_only=True)
class World:
    """A race to be run many times.

    Attributes
    ----------
    names
        Keys of the cars, ``(cars,)``.
    from_lap, laps
        Laps done, and laps of the race.
    order
        Cars still running, in order.
    cars, states
        Numbers of each car, ``(cars, CAR_COLUMNS)`` and ``(cars, CAR_STATES)``: the columns are
        named in `racecraft.sim.lapwise.kernel`.
    race
        Numbers of the race, ``(RACE_NUMBERS,)``.
    base
        Seconds of a lap without tyres, traffic and driver, ``(laps + 2,)``.
    tyre_s
        Seconds that a tyre costs by compound and age, ``(TYRES * AGES,)``.
    flag, flag_left
        State of the track now; quantiles of how many laps it still lasts, ``(256,)``.
    forced
        By lap: 0 as chance has it, else 1 + state; ``(laps + 2,)``.
    plan
        By lap and car: 0 a policy decides, -1 no stop, else 1 + compound; ``(laps + 2, cars)``.
    stop_by_age, stop_by_left
        Log-odds of a stop, ``(1 + 2 * MOODS, TYRES * AGES)`` and ``(2, LAPS)``.
    stop_by_others
        More of them: by stop made beyond the mean, under green and under a flag; to answer one.
    next_tyre
        Chances of the next compound, summed up, ``(2, TYRES, 10, 5)``.
    sc_laps, vsc_laps, stop_s
        Quantiles, ``(256,)``: how long it lasts, and what a stop takes beyond the loss.
    out_before
        Cars out already, the last one to stop first.
    """

    names: tuple[str, ...]
    from_lap: int
    laps: int
    order: Ints
    cars: Floats
    states: Ints
    race: Floats
    base: Floats
    tyre_s: Floats
    flag: int
    flag_left: Ints
    forced: Ints
    plan: Ints
    stop_by_age: Floats
    stop_by_left: Ints
    stop_by_others: Floats
    next_tyre: Floats
    sc_laps: Ints
    vsc_laps: Ints
    stop_s: Floats
    out_before: Ints

    def with_race(self, **numbers: float) -> World:
        """Return the same world with some numbers of the race replaced, by name of the column."""
        from racecraft.sim.lapwise import columns

        race = self.race.copy()
        for name, value in numbers.items():
            race[getattr(columns, name)] = value
        return replace(self, race=race)


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """What came of many runs.

    Attributes
    ----------
    finish
        Place of each car in each run, those out included, ``(runs, cars)``.
    out_lap
        Lap on which it dropped out; 0 for a car that took the flag.
    passes
        On the track, ``(runs,)``.
    gaps
        Seconds behind the winner, NaN for a car that is out; ``(runs, cars)``, or no rows.
    places
        How often each car was in each place at the end of each lap, ``(laps + 1, cars, places)``,
        or no rows.
    times
        End of each lap since the beginning, ``(runs, laps + 1, cars)``, or no rows.
    """

    finish: NDArray[np.uint8]
    out_lap: NDArray[np.uint8]
    passes: NDArray[np.int32]
    gaps: NDArray[np.float32]
    places: NDArray[np.int64]
    times: NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Keep:
    """What is kept of every run beside its result."""

    gaps: bool = False
    places: bool = False
    times: bool = False


RESULT_ONLY = Keep()


def run(
    world: World,
    *,
    runs: int,
    seed: int,
    keep: Keep = RESULT_ONLY,
    workers: int = 1,
) -> Outcome:
    """Run a world many times; the answer does not depend on the number of workers."""
    blocks = [(i, min(i + BLOCK, runs)) for i in range(0, runs, BLOCK)]

    def drive_block(block: tuple[int, int]) -> Outcome:
        return run_block(world, block, seed, keep)

    if workers == 1 or len(blocks) == 1:
        return joined([drive_block(block) for block in blocks])
    with ThreadPoolExecutor(workers) as pool:
        return joined(list(pool.map(drive_block, blocks)))


def run_block(world: World, block: tuple[int, int], seed: int, keep: Keep) -> Outcome:
    """Runs `block[0]` to `block[1]` of a world."""
    count, cars = block[1] - block[0], len(world.names)
    if cars > WIDE:
        raise NotEnoughDataError(
            f"{cars} cars; the simulator takes {WIDE}", hint="the cars of one class"
        )
    out = Outcome(
        finish=np.zeros((count, cars), np.uint8),
        out_lap=np.zeros((count, cars), np.uint8),
        passes=np.zeros(count, np.int32),
        gaps=np.zeros((count if keep.gaps else 0, cars), np.float32),
        places=np.zeros((world.laps + 1 if keep.places else 0, cars, max(PLACES, cars)), np.int64),
        times=np.full((count if keep.times else 0, world.laps + 1, cars), np.nan, np.float32),
    )
    drive(
        block[0], block[1], np.uint64(seed), world.from_lap, world.laps,
        world.order, *_single(world.cars), world.states,
        *_single(world.race, world.base, world.tyre_s), world.flag,
        world.flag_left, world.forced, world.plan, *_single(world.stop_by_age.ravel()),
        world.stop_by_left, *_single(world.stop_by_others, world.next_tyre),
        world.sc_laps, world.vsc_laps, *_single(world.stop_s), _NORMAL, _EXPONENTIAL,
        np.zeros(REALS * ROW, np.float32), np.zeros(WHOLES * ROW, np.int32),
        np.zeros(BY_LANE * LANES, np.float32), np.zeros(COUNTS * LANES, np.int32),
        np.zeros(LANES, np.uint64),
        out.finish, out.out_lap, out.gaps, out.passes, out.places, out.times,
    )  # fmt: skip
    for behind, car in enumerate(world.out_before):
        out.finish[:, car] = len(world.order) + 1 + behind
        out.out_lap[:, car] = max(world.from_lap, 1)
    return out


def _single(*arrays: Floats) -> list[NDArray[np.float32]]:
    """Arrays in single precision, which the compiled loop works in: twice as many at once."""
    return [np.ascontiguousarray(array, np.float32) for array in arrays]


def joined(parts: list[Outcome]) -> Outcome:
    """Outcomes of blocks, in order, as one."""
    return Outcome(
        finish=np.concatenate([part.finish for part in parts]),
        out_lap=np.concatenate([part.out_lap for part in parts]),
        passes=np.concatenate([part.passes for part in parts]),
        gaps=np.concatenate([part.gaps for part in parts]),
        places=np.sum([part.places for part in parts], axis=0),
        times=np.concatenate([part.times for part in parts]),
    )


__all__ = ["AGES", "BLOCK", "RACE_NUMBERS", "Keep", "Outcome", "World", "joined", "run"]
