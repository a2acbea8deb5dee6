"""Holding a place at the start, or going for a better one, or out: when does it pay?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from racecraft.errors import ArgumentError
from racecraft.sim.executor import executor
from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.changes import Out, Place
from racecraft.sim.lapwise.runs import measured
from racecraft.sim.lapwise.simulate import RUNS, check_runs, prepared, run_world
from racecraft.sim.lapwise.title_runs import title_race

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.executor import Workers
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.runs import Runs
    from racecraft.sim.lapwise.simulate import Progress
    from racecraft.sim.lapwise.start_from import Simulated
    from racecraft.sim.lapwise.world import World


@dataclass(frozen=True, eq=False, kw_only=True)
class Gamble:
    """Holding a place on the first lap against going for a better one, or out.

    Attributes
    ----------
    car, hold, go_for
        Whose choice, the place that is held, and the one that is gone for.
    held, success, failure
        Runs from each.
    """

    car: str
    hold: int
    go_for: int
    held: Runs
    success: Runs
    failure: Runs

    def break_even(self, what: str = "points") -> float | None:
        """Chance of success from which it pays; None where success is worth no more.

        For the title see `racecraft.sim.lapwise.runs.measured`.
        """
        held, success, failure = (
            float(measured(runs, self.car, what).mean())
            for runs in (self.held, self.success, self.failure)
        )
        if what == "place":
            held, success, failure = -held, -success, -failure
        if not success > max(held, failure):  # NaN where the title is not known
            return None
        return float(np.clip((held - failure) / (success - failure), 0.0, 1.0))

    def break_even_error(self, what: str = "points") -> float:
        """Standard error of `break_even` that is due to chance in the runs."""
        parts = [measured(r, self.car, what) for r in (self.held, self.success, self.failure)]
        held, success, failure = (float(part.mean()) for part in parts)
        gained = success - failure
        if not gained:
            return float("nan")
        errors = [float(part.std() / np.sqrt(len(part))) for part in parts]
        at = (held - failure) / gained
        return float(np.hypot(errors[0], at * errors[1]) / abs(gained))


def gamble(
    race: Race,
    car: str,
    *,
    hold: int,
    go_for: int = 1,
    runs: int = RUNS,
    seed: int,
    season: Season | None = None,
    history: Sequence[Season] = (),
    parameters: Parameters | None = None,
    workers: Workers = None,
    progress: Progress | None = None,
) -> Gamble:
    """What holding a place at the start is worth, and what going for a better one, or out.

    Parameters
    ----------
    car
        Whose choice.
    hold, go_for
        Its place after lap 1 if it holds, and if the gamble comes off; else it is out.

    Notes
    -----
    All three begin after lap 1, the others in the order of the grid and as far apart as first laps
    leave them in the middle: what the start does to the others is no part of the choice.
    """
    check_runs(runs, seed)
    ready = prepared(race, season=season, history=history, parameters=parameters)
    if hold == go_for:
        raise ArgumentError("holding and going for the same place is no choice")
    start = _after_a_usual_first_lap(ready)
    worlds = (
        Place(car, hold).apply(ready, start),
        Place(car, go_for).apply(ready, start),
        Out(car).apply(ready, start),
    )
    title = title_race(race, season, history)
    with executor(workers, compiled=True) as pool:
        done = [
            run_world(ready, world, runs=runs, seed=seed, pool=pool, progress=progress)
            for world in worlds
        ]
    held, success, failure = (title.with_title(one) if title else one for one in done)
    return Gamble(car=car, hold=hold, go_for=go_for, held=held, success=success, failure=failure)


def _after_a_usual_first_lap(ready: Simulated) -> World:
    world = ready.world(0)
    table = world.cars.copy()
    rank = np.arange(len(world.order))
    table[world.order, k.GAP] = rank * ready.parameters.of("start_slot")
    table[:, k.START] = 0.0
    return replace(world, from_lap=1, cars=table)
