"""The same race twice, with one thing changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError
from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table
from racecraft.sim.executor import executor
from racecraft.sim.lapwise import kernel as k
from racecraft.sim.lapwise.course import GREEN, RED, SC, VSC
from racecraft.sim.lapwise.runs import measured, swing
from racecraft.sim.lapwise.simulate import (
    RUNS,
    check_lap,
    check_runs,
    check_stop,
    find_car,
    find_tyre,
    prepared,
    run_world,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.executor import Workers
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.runs import Runs, Swing
    from racecraft.sim.lapwise.start_from import Simulated
    from racecraft.sim.lapwise.world import World

FLAGS = {"green": GREEN, "VSC": VSC, "SC": SC, "red": RED}

TWINS = Table(
    "twins",
    key=("car",),
    columns=(
        Column("car", pl.String, "car: in Formula One the code of its driver"),
        Column("win_before", pl.Float64, "chance to win without the change"),
        Column("win_after", pl.Float64, "and with it"),
        Column("win_change", pl.Float64, "difference over the same runs"),
        Column("win_error", pl.Float64, "standard error of the difference"),
        Column("points_before", pl.Float64, "points to be expected without the change"),
        Column("points_after", pl.Float64, "and with it"),
        Column("points_change", pl.Float64, "difference over the same runs"),
        Column("points_error", pl.Float64, "standard error of the difference"),
        Column("places_change", pl.Float64, "change of the expected place; negative is better"),
        Column("places_error", pl.Float64, "standard error of the difference"),
    ),
)


class Change(Protocol):
    """One thing that is otherwise in a race to be simulated."""

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change."""
        ...


@dataclass(frozen=True)
class Stop:
    """A car stops at the end of a lap, for these tyres; later stops are left to the policy."""

    car: str
    lap: int
    compound: str

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change; until that lap the car does not stop."""
        del ready
        car = find_car(world.names, self.car)
        plan = _plan(world)
        lap = check_stop(world, self.lap)
        plan[world.from_lap + 1 : lap, car] = -1
        plan[lap, car] = 1 + find_tyre(self.compound)
        return replace(world, plan=plan)


@dataclass(frozen=True)
class NoStop:
    """A car does not stop any more."""

    car: str

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change."""
        del ready
        plan = _plan(world)
        plan[:, find_car(world.names, self.car)] = -1
        return replace(world, plan=plan)


@dataclass(frozen=True)
class Flag:
    """The track is green, or under VSC, SC or red, on some laps of the leader.

    Left out, `from_lap` is the next one and `to_lap` the last one: ``Flag("green")`` is a race
    without any more neutralisation.
    """

    state: str = "green"
    from_lap: int | None = None
    to_lap: int | None = None

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change."""
        del ready
        if self.state not in FLAGS:
            raise ArgumentError(f"no flag {self.state!r}", hint=f"one of {', '.join(FLAGS)}")
        first = world.from_lap + 1 if self.from_lap is None else self.from_lap
        last = world.laps if self.to_lap is None else self.to_lap
        if not world.from_lap < first <= last <= world.laps:
            raise ArgumentError(
                f"no laps {first} to {last} to come",
                hint=f"between {world.from_lap + 1} and {world.laps}",
            )
        forced = world.forced.copy()
        forced[first : last + 1] = 1 + FLAGS[self.state]
        return replace(world, forced=forced)


@dataclass(frozen=True)
class Place:
    """A car has another place now; the others close up. From lap 0 it is the grid slot."""

    car: str
    place: int

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change: gaps and slots go with the places."""
        del ready
        car = find_car(world.names, self.car)
        running = [int(one) for one in world.order]
        if car not in running:
            raise ArgumentError(f"{self.car} is not in the race", hint="StaysIn(car) undoes that")
        if not 1 <= self.place <= len(running):
            raise ArgumentError(
                f"no place {self.place} among {len(running)} cars", hint=f"1 to {len(running)}"
            )
        table = world.cars.copy()
        slots = table[np.array(running)][:, [k.GAP, k.START]]
        running.remove(car)
        running.insert(self.place - 1, car)
        order = np.array(running, np.int64)
        table[order[:, None], [k.GAP, k.START]] = slots
        return replace(world, order=order, cars=table)


@dataclass(frozen=True)
class FirstLap:
    """A car takes more risk at the start: seconds that it gains, and its chance to go out."""

    car: str
    gains_s: float
    out: float

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change."""
        del ready
        if world.from_lap:
            raise ArgumentError("the first lap is over", hint="simulate from lap 0")
        if not 0 <= self.out <= 1:
            raise ArgumentError(f"no chance {self.out}", hint="between 0 and 1")
        car = find_car(world.names, self.car)
        table = world.cars.copy()
        table[car, k.START] -= self.gains_s
        table[car, k.FIRST_LAP_OUT] = self.out
        return replace(world, cars=table)


@dataclass(frozen=True)
class StaysIn:
    """A car does not drop out: it goes on from where it last was at the Line."""

    car: str

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change; a car that has gone takes up its place of then."""
        car = find_car(world.names, self.car)
        table = world.cars.copy()
        table[car, [k.RETIRES, k.FIRST_LAP_OUT]] = 0.0
        world = replace(world, cars=table)
        if car in world.order:
            return world
        end = ready.run.end[:, car]
        last = int((~np.isnan(end)).sum())
        gap = float(end[last - 1] - np.nanmin(ready.run.end[last - 1])) if last else 0.0
        table[car, k.GAP] = gap
        order = np.append(world.order, car)
        order = order[np.argsort(table[order, k.GAP], kind="stable")]
        gone = world.out_before[world.out_before != car]
        return replace(world, order=order, cars=table, out_before=gone)


@dataclass(frozen=True)
class Out:
    """A car drops out at once."""

    car: str

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change."""
        del ready
        car = find_car(world.names, self.car)
        order = world.order[world.order != car]
        if len(order) == len(world.order):
            return world
        return replace(world, order=order, out_before=np.append([car], world.out_before))


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Twins(Shown):
    """One race with and without a change: the same seed, run by run."""

    before: Runs
    after: Runs

    def change(self, car: str, what: str = "points") -> Swing:
        """Change of ``win``, ``podium``, ``points`` or ``place`` of a car, with its error."""
        return swing(self.before, self.after, car, what)

    def table(self) -> pl.DataFrame:
        """``TWINS``: those first for whom most changes."""
        rows = []
        for car in self.before.cars:
            win, points, place = (self.change(car, what) for what in ("win", "points", "place"))
            rows.append(
                {
                    "car": car,
                    "win_before": self.before.chance(car),
                    "win_after": self.after.chance(car),
                    "win_change": win.change,
                    "win_error": win.error,
                    "points_before": float(measured(self.before, car, "points").mean()),
                    "points_after": float(measured(self.after, car, "points").mean()),
                    "points_change": points.change,
                    "points_error": points.error,
                    "places_change": place.change,
                    "places_error": place.error,
                }
            )
        most = pl.col("points_change").abs() + pl.col("places_change").abs() / 100
        return TWINS.check(pl.DataFrame(rows).sort(most, descending=True))


def what_if(
    race: Race,
    *changes: Change,
    from_lap: int = 0,
    runs: int = RUNS,
    seed: int,
    season: Season | None = None,
    history: Sequence[Season] = (),
    parameters: Parameters | None = None,
    workers: Workers = None,
) -> Twins:
    """A race twice from one lap: as it was then, and with changes.

    Parameters
    ----------
    changes
        `Stop`, `NoStop`, `Flag`, `Place`, `FirstLap`, `StaysIn` or `Out`.
    race, from_lap, runs, seed, season, history, parameters, workers
        As in `racecraft.simulate`.

    Raises
    ------
    ArgumentError
        A change that cannot be made from that lap.

    Notes
    -----
    Chance is drawn by run, lap and car, so that everything the change does not touch stays as it
    was: the difference is the change.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> twins = what_if(sample_race(20), Stop("HAM", 40, "soft"), from_lap=35, runs=200, seed=7)
    >>> twins.before.runs == twins.after.runs
    True
    """
    check_runs(runs, seed)
    ready = prepared(race, season=season, history=history, parameters=parameters)
    world = ready.world(check_lap(ready, from_lap))
    other = world
    for change in changes:
        other = change.apply(ready, other)
    with executor(workers, compiled=True) as pool:
        before, after = (
            run_world(ready, one, runs=runs, seed=seed, pool=pool) for one in (world, other)
        )
    return Twins(before=before, after=after)


def _plan(world: World) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    if len(world.plan):
        return world.plan.copy()
    return np.zeros((world.laps + 2, len(world.names)), np.int64)


CHANGES = (Stop, NoStop, Flag, Place, FirstLap, StaysIn, Out)
