"""Car-laps a second of the race simulator, effects on and off, on one and two workers; memory."""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from harness import Mark, show
from numba import njit, uint64

from racecraft.sim.lapwise.random import drawn
from racecraft.sim.lapwise.simulate import chances, prepared
from racecraft.sim.lapwise.world import World, run
from racecraft.sources.sample.sample import sample_race, sample_season

RUNS, TIMES, SEED = 20_000, 5, 1
MANY = 1_000_000
DRAWS = 200_000_000
TO_REACH = 60.0  # million car-laps a second on two cores
MOST_MB = 1_000
OFF = {
    "every effect": {},
    "no flags": {"SC_ONSET": 0.0, "SC_FIRST_LAP": 0.0, "SC_AFTER_OUT": 0.0},
    "no attacks": {"ATTACK_WITHIN": -1.0},
    "no dirty air": {"DIRTY_AIR": 0.0},
    "none of them": {
        "SC_ONSET": 0.0, "SC_FIRST_LAP": 0.0, "SC_AFTER_OUT": 0.0, "ATTACK_WITHIN": -1.0,
        "DIRTY_AIR": 0.0, "TROUBLE": 0.0, "WEAR_SPREAD": 0.0, "MEDIUM_SPREAD": 0.0,
        "HARD_SPREAD": 0.0,
    },
}  # fmt: skip


def main() -> int:
    race, season = sample_race(19), sample_season()
    ready = prepared(race, season=season)
    world = ready.world(0)
    run(world, runs=100, seed=SEED)  # compiles, or loads what was compiled
    marks = [_what_the_machine_can(threads) for threads in (1, 2)]
    for name, off in OFF.items():
        other = world.with_race(**off)
        for workers in (1, 2):
            least = TO_REACH if workers == 2 and not off else None
            rates, of_a_core = zip(*(_rates(other, workers) for _ in range(TIMES)), strict=True)
            marks.append(
                Mark(f"{name}, {workers} worker{'s' * (workers > 1)}", rates, "M car-laps/s",
                     least=least, note=f"{max(of_a_core):.1f} M in a second of one core")
            )  # fmt: skip
    began = time.perf_counter()
    run(world, runs=MANY, seed=SEED, workers=2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = time.perf_counter() - began
    marks.append(Mark("peak memory, a million runs", (peak,), "MB", limit=MOST_MB,
                      note=f"{took:.0f} s"))  # fmt: skip
    walls = []
    for _ in range(3):
        began = time.perf_counter()
        chances(race, seed=SEED, season=season)
        walls.append(time.perf_counter() - began)
    marks.append(Mark("chances after every lap of a race", tuple(walls), limit=3.0))
    return show(marks)


@njit(nogil=True)
def _draws(stream: int, count: int) -> int:
    """So many draws of 64 bits, of which none waits for another; and something made of them."""
    total = uint64(0)
    for i in range(count):
        total ^= drawn(uint64(stream), i, 0, 0)
    return total


def _what_the_machine_can(threads: int) -> Mark:
    """Draws a second, that need neither memory nor branches: what cores give at this hour."""
    _draws(1, 1)
    rates = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(TIMES):
            began, used = time.perf_counter(), time.process_time()
            list(pool.map(_draws, range(threads), [DRAWS] * threads))
            took, used = time.perf_counter() - began, time.process_time() - used
            rates.append(threads * DRAWS / 1e6 / took)
    note = f"{used / took:.1f} cores had, {threads * DRAWS / 1e6 / used:.0f} M in a second of one"
    return Mark(f"plain draws, {threads} thread{'s' * (threads > 1)}", tuple(rates), "M/s",
                note=note)  # fmt: skip


def _rates(world: World, workers: int) -> tuple[float, float]:
    """Million car-laps in a second on the clock, and in a second of one core."""
    began, used = time.perf_counter(), time.process_time()
    run(world, runs=RUNS, seed=SEED, workers=workers)
    car_laps = RUNS * len(world.names) * world.laps / 1e6
    return car_laps / (time.perf_counter() - began), car_laps / (time.process_time() - used)


if __name__ == "__main__":
    sys.exit(main())
