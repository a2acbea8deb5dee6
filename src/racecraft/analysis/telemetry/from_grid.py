"""Where were cars on the way to the first corner, by the slots of the grid and their speed?

On the grid cars stand still on known slots, eight metres apart. From there the speed says how far
each has come: to a metre at first, half a per cent of the way later. Positions are as good at speed
where the feed is steady; but they jump, and stand metres beside the slot, by more than the fight at
the first corner is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.telemetry.distance import Placed
from racecraft.analysis.telemetry.line import reference_line
from racecraft.analysis.telemetry.samples import samples_of
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.line import ReferenceLine
    from racecraft.analysis.telemetry.samples import Samples
    from racecraft.model.race import Race

SLOT_M = 8.0  # between two places on the grid: Formula One Sporting Regulations, "The grid"
STOOD_M = 1.0  # by which cars stand off their slots: positions of ten cars at Zandvoort 2025
BY_SPEED = 0.005  # of the way, by which speed is off: 19 cars at the first line there
FEWEST = 3  # cars whose slots and positions say where the grid lies
NO_GRID_M = 4.0  # median misfit, from which the slots are not eight metres apart
NEAR_M = 700.0  # from the Line, within which a grid lies
STILL_KMH = 1.0
AT_ONCE_S = 1.0  # after lights out, until when telemetry must have begun
FAR_S = 60.0  # after lights out, until when this is asked for


@dataclass(frozen=True, eq=False)
class FromGrid:
    """Cars laid from their slots.

    Attributes
    ----------
    cars
        By code; the errors are those against one another.
    off_m
        By how much a car's standing position is ahead of its slot, where it has one.
    error_m
        Standard error that all places share: of where the grid lies.
    """

    cars: dict[str, Placed]
    off_m: dict[str, float]
    error_m: float


@once_per
def from_grid(race: Race) -> FromGrid | None:
    """Cars whose telemetry begins on the grid, laid by slot and speed; None where that is unknown.

    The first slot lies where, in the median of all cars, the position of who stands on another one
    says. Slots must be known, and fit the positions of most.
    """
    line = reference_line(race)
    slots = {car: slot for car, slot in race.entries["car", "grid"].rows() if slot}
    if line is None or not slots:
        return None
    away = {car: own for car, own in samples_of(race).items() if car in slots and _stands(own)}
    stood = {car: place for car, own in away.items() if (place := _stood(line, own)) is not None}
    if len(stood) < FEWEST:
        return None
    first = {car: place + SLOT_M * (slots[car] - 1) for car, place in stood.items()}
    pole = float(np.median(list(first.values())))
    off = {car: place - pole for car, place in first.items()}
    misfit = float(np.median(np.abs(list(off.values()))))
    if misfit > NO_GRID_M + STOOD_M:
        return None
    error = max(1.4826 * misfit, STOOD_M) / np.sqrt(len(off))
    cars = {car: _laid(own, pole - SLOT_M * (slots[car] - 1)) for car, own in away.items()}
    return FromGrid(cars, off, float(error))


def _stands(own: Samples) -> bool:
    """Whether telemetry begins at lights out with a car that stands, and it gets away."""
    first = int(np.searchsorted(own.time, 0.0))
    speed = own.speed_kmh[first:]
    return (
        len(speed) > 1
        and own.time[first] < AT_ONCE_S * 1e6
        and speed[0] <= STILL_KMH
        and float(speed.max()) > 100.0
    )


def _stood(line: ReferenceLine, own: Samples) -> float | None:
    """Metres from the Line where a car stands by its positions; None where it sent none."""
    moving = np.flatnonzero((own.time >= 0) & (own.speed_kmh > STILL_KMH))
    until = own.time[moving[0]] if len(moving) else 0.0
    here = own.placed_in(-10e6, float(until))
    if here.stop <= here.start:
        return None
    x, y = np.median(own.x_m[here]), np.median(own.y_m[here])
    near = np.flatnonzero(np.abs(line.distance_m) < NEAR_M)
    if not len(near):
        return None
    nearest = near[((line.x_m[near] - x) ** 2 + (line.y_m[near] - y) ** 2).argmin()]
    found, _ = line.project(np.array([x]), np.array([y]), line.distance_m[[nearest]])
    return float(found[0])


def _laid(own: Samples, slot_m: float) -> Placed:
    """Samples of a car from its slot on."""
    here = slice(*np.searchsorted(own.time, [0.0, FAR_S * 1e6]))
    way: NDArray[np.float64] = own.metres[here] - float(own.metres_at(0.0))
    return Placed(
        time=own.time[here],
        place_m=slot_m + way,
        error_m=np.hypot(STOOD_M, BY_SPEED * way),
        speed_kmh=own.speed_kmh[here],
        throttle=own.throttle[here],
        brake=own.brake[here],
        drs=own.drs[here],
    )
