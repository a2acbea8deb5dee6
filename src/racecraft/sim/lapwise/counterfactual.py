"""A race as it was, and without one thing that happened: a neutralisation, or a retirement."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from racecraft.errors import ArgumentError
from racecraft.sim.lapwise.changes import Flag, Out, StaysIn
from racecraft.sim.lapwise.course import GREEN, RED, SC, VSC
from racecraft.sim.lapwise.simulate import find_car
from racecraft.sim.lapwise.what_if import twins_of

if TYPE_CHECKING:
    from racecraft.sim.executor import Executor
    from racecraft.sim.lapwise.course import Course
    from racecraft.sim.lapwise.start_from import Simulated
    from racecraft.sim.lapwise.title_runs import TitleRace
    from racecraft.sim.lapwise.what_if import Twins

RUNS = 2_000
NAMES = {VSC: "VSC", SC: "SC", RED: "red"}


class Neutralisation(NamedTuple):
    """Laps of the leader that were not raced, and the gravest state of each of them."""

    first: int
    states: tuple[str, ...]

    @property
    def last(self) -> int:
        """Last lap of it."""
        return self.first + len(self.states) - 1


def neutralisations(run: Course) -> list[Neutralisation]:
    """Safety cars, virtual ones and red flags of a race, each from its first lap to its last."""
    leader = np.nanargmin(run.end, axis=1)
    state = run.state[np.arange(run.laps), leader]
    found: list[Neutralisation] = []
    for lap in np.flatnonzero(state != GREEN):
        name = NAMES[int(state[lap])]
        if found and found[-1].last == lap:
            found[-1] = Neutralisation(found[-1].first, (*found[-1].states, name))
        else:
            found.append(Neutralisation(int(lap) + 1, (name,)))
    return found


def without_flag(
    ready: Simulated,
    lap: int,
    *,
    runs: int = RUNS,
    seed: int,
    pool: Executor | None = None,
    title: TitleRace | None = None,
) -> Twins:
    """A race with and without the neutralisation of a lap, from the lap before it came.

    Parameters
    ----------
    ready
        From `racecraft.sim.lapwise.simulate.prepared`.
    lap
        Any lap of the neutralisation.
    runs, seed, pool
        As in `racecraft.simulate`.
    title
        From `racecraft.sim.lapwise.title_runs.title_race`, where the title is asked for.

    Returns
    -------
    Twins
        `before` with it, as long as it lasted, `after` with those laps green. Later flags come
        by chance in both.

    Raises
    ------
    ArgumentError
        The race was not neutralised on that lap.
    """
    every = neutralisations(ready.run)
    here = [one for one in every if one.first <= lap <= one.last]
    if not here:
        laps = ", ".join(f"{one.first} to {one.last}" for one in every)
        raise ArgumentError(
            f"no flag on lap {lap}", hint=f"it was neutralised on {laps or 'no lap at all'}"
        )
    world = ready.world(here[0].first - 1)
    held = other = world
    for number, state in enumerate(here[0].states, here[0].first):
        held = Flag(state, number, number).apply(ready, held)
        other = Flag("green", number, number).apply(ready, other)
    return twins_of(ready, held, other, runs=runs, seed=seed, pool=pool, title=title)


def without_retirement(
    ready: Simulated,
    car: str,
    *,
    runs: int = RUNS,
    seed: int,
    pool: Executor | None = None,
    title: TitleRace | None = None,
) -> Twins:
    """A race with and without the retirement of a car, from the last lap that it completed.

    Parameters
    ----------
    ready, runs, seed, pool, title
        As in `without_flag`.

    Returns
    -------
    Twins
        `before` with the car out at once, `after` with a car that goes on to the flag.

    Raises
    ------
    ArgumentError
        The car took the flag.
    """
    done = retired_after(ready.run, car)
    world = ready.world(done)
    return twins_of(
        ready, Out(car).apply(ready, world), StaysIn(car).apply(ready, world),
        runs=runs, seed=seed, pool=pool, title=title,
    )  # fmt: skip


def retired_after(run: Course, car: str) -> int:
    """Laps that a car completed before it dropped out.

    Raises
    ------
    ArgumentError
        It took the flag.
    """
    end = run.end[:, find_car(run.cars, car)]
    done = int((~np.isnan(end)).sum())
    flag = float(np.nanmin(run.end[-1]))
    if done and end[done - 1] >= flag:
        raise ArgumentError(f"{car} did not drop out", hint="it took the flag")
    return done
