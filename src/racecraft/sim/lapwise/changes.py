"""What can be otherwise in a race to be simulated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from racecraft.errors import ArgumentError
from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.course import GREEN, RED, SC, VSC
from racecraft.sim.lapwise.simulate import check_stop, find_car, find_tyre

if TYPE_CHECKING:
    from racecraft.sim.lapwise.start_from import Simulated
    from racecraft.sim.lapwise.world import Ints, World

FLAGS = {"green": GREEN, "VSC": VSC, "SC": SC, "red": RED}


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


@dataclass(frozen=True)
class Earlier:
    """The next stop of a car comes so many laps earlier; later where negative."""

    car: str
    laps: int

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change; the stop must be planned, as by the strategy ``as_run``."""
        del ready
        car, lap = find_car(world.names, self.car), _next_stop(world, self.car)
        if lap - self.laps <= world.from_lap:
            raise ArgumentError(
                f"{self.car} stops on lap {lap}: {self.laps} laps earlier is too early",
                hint=f"at most {lap - world.from_lap - 1}, from lap {world.from_lap}",
            )
        plan = world.plan.copy()
        tyre, plan[lap, car] = plan[lap, car], -1
        plan[check_stop(world, lap - self.laps), car] = tyre
        return replace(world, plan=plan)


@dataclass(frozen=True)
class OtherTyres:
    """A car takes another compound at its next stop."""

    car: str
    compound: str

    def apply(self, ready: Simulated, world: World) -> World:
        """World with the change; the stop must be planned, as by the strategy ``as_run``."""
        del ready
        plan = world.plan.copy()
        plan[_next_stop(world, self.car), find_car(world.names, self.car)] = 1 + find_tyre(
            self.compound
        )
        return replace(world, plan=plan)


def _plan(world: World) -> Ints:
    if len(world.plan):
        return world.plan.copy()
    return np.zeros((world.laps + 2, len(world.names)), np.int64)


def _next_stop(world: World, name: str) -> int:
    """Lap of the next stop that is planned for a car."""
    car = find_car(world.names, name)
    planned = np.flatnonzero(world.plan[:, car] > 0) if len(world.plan) else np.zeros(0, int)
    to_come = planned[planned > world.from_lap]
    if not len(to_come):
        raise ArgumentError(
            f"{name} has no stop to come after lap {world.from_lap}",
            hint="strategy as_run has the stops that were made; Stop adds one",
        )
    return int(to_come[0])


CHANGES = (Stop, Earlier, OtherTyres, NoStop, Flag, Place, FirstLap, StaysIn, Out)
