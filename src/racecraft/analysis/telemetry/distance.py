"""Where on the track was each sample of the telemetry taken?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.timing import once_per_race, timing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

LONGEST_HOLE_S = 1.5  # between two samples of a lap; beyond it nobody knows where the car was
OFF_LENGTH = 0.05  # of the length of a lap, by which speed and time may disagree with it


@dataclass(frozen=True, eq=False)
class Placed:
    """Samples of one car whose place is known, arrays of the same length in order of time.

    Attributes
    ----------
    time
        Microseconds since lights out.
    place_m
        Metres from the Line on lap 1, all laps before counted: it grows through the race.
    speed_kmh, throttle, brake, drs
        As measured; NaN where unknown. The last two are 0 or 1.
    """

    time: NDArray[np.float64]
    place_m: NDArray[np.float64]
    speed_kmh: NDArray[np.float64]
    throttle: NDArray[np.float64]
    brake: NDArray[np.float64]
    drs: NDArray[np.float64]

    def between(self, first_m: float, last_m: float) -> slice:
        """Samples between two places."""
        begin, end = np.searchsorted(self.place_m, [first_m, last_m])
        return slice(int(begin), int(end))

    def at(self, place_m: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at these places, of `time` or another; NaN where the samples have a hole."""
        if len(self.time) < 2:
            return np.full(np.shape(place_m), np.nan)
        after = np.clip(np.searchsorted(self.place_m, place_m), 1, len(self.time) - 1)
        hole = (self.time[after] - self.time[after - 1]) > LONGEST_HOLE_S * 1e6
        outside = (place_m < self.place_m[0]) | (place_m > self.place_m[-1])
        value = np.interp(place_m, self.place_m, values)
        return np.where(hole | outside, np.nan, value)


@dataclass(frozen=True, eq=False)
class Track:
    """A lap in metres, and every car that sent telemetry, by code.

    `told` holds what was measured at the corners, of the cars that somebody has asked for.
    """

    length_m: float
    cars: dict[str, Placed]
    told: dict[str, NDArray[np.float64]] = field(default_factory=dict)


@once_per_race
def placed(race: Race) -> Track | None:
    r"""Telemetry of a race, laid on the track; None where it has none, or no corners to name.

    Notes
    -----
    Within a lap the distance is :math:`\int v\,dt`, stretched so that it is one lap from one
    crossing of the Line to the next: errors of the speed do not add up over laps. A metre is one of
    the fastest lap that was measured, along which the corners are given too. Lap 1, which begins on
    the grid, is measured back from its end. Laps with holes, or whose length disagrees by more
    than 5 %, are left out.
    """
    if race.telemetry is None or race.corners.is_empty():
        return None
    at = timing(race)
    samples = race.telemetry.filter(pl.col("car").is_in(at.cars)).collect()
    driven = {
        str(driver): (*_travelled(rows.sort("time")), at.cars.index(str(driver)))
        for (driver,), rows in samples.drop_nulls("speed_kmh").group_by("car")
        if rows.height > 1
    }
    length = _length_of_fastest_lap(at, driven)
    if length is None:
        return None
    cars = {
        driver: _placed(rows, metres, at.at_line[:, car], length)
        for driver, (rows, metres, car) in driven.items()
    }
    return Track(length, cars)


def _travelled(rows: pl.DataFrame) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    """Samples of a car, and metres since the first of them by speed and time."""
    time = rows["time"].to_physical().to_numpy() / 1e6
    speed = rows["speed_kmh"].to_numpy().astype(float) / 3.6
    steps = np.diff(time) * (speed[1:] + speed[:-1]) / 2
    return rows, np.concatenate([[0.0], np.cumsum(steps)])


def _length_of_fastest_lap(
    at: Timing, driven: dict[str, tuple[pl.DataFrame, NDArray[np.float64], int]]
) -> float | None:
    lap_time = (at.at_line - at.begun)[1:]  # lap 1 begins on the grid
    for flat in np.argsort(lap_time, axis=None):  # NaN comes last
        lap, car = np.unravel_index(flat, lap_time.shape)
        if np.isnan(lap_time[lap, car]):
            break
        if at.cars[car] in driven:
            rows, metres, _ = driven[at.cars[car]]
            time = rows["time"].to_physical().to_numpy()
            if _is_whole(time, *at.at_line[lap : lap + 2, car]):
                begin, end = np.interp(at.at_line[lap : lap + 2, car], time, metres)
                return float(end - begin)
    return None


def _placed(
    rows: pl.DataFrame, metres: NDArray[np.float64], at_line: NDArray[np.float64], length: float
) -> Placed:
    time = rows["time"].to_physical().to_numpy().astype(float)
    place = np.full(len(time), np.nan)
    begun = np.concatenate([[0.0], at_line[:-1]])
    for lap, (begin, end) in enumerate(zip(begun, at_line, strict=True)):
        if not _is_whole(time, begin, end):
            continue
        here = slice(*np.searchsorted(time, [begin, end]))
        first, last = np.interp([begin, end], time, metres)
        stretch = length / (last - first) if lap and last > first else 1.0
        if abs(stretch - 1) <= OFF_LENGTH:
            place[here] = (lap + 1) * length - (last - metres[here]) * stretch
    known = ~np.isnan(place)
    known[known] = np.diff(place[known], prepend=-np.inf) > 0  # a car that stands is nowhere new
    kept = {
        name: rows[name].cast(pl.Float64).to_numpy()[known]
        for name in ("speed_kmh", "throttle", "brake", "drs")
    }
    return Placed(time=time[known], place_m=place[known], **kept)


def _is_whole(time: NDArray[np.float64], begin: float, end: float) -> bool:
    """Whether the samples cover the time from one crossing to another without a hole."""
    if np.isnan(begin) or np.isnan(end):
        return False
    first, last = np.searchsorted(time, [begin, end])
    if first == 0 or last == len(time):
        return False
    return bool(np.diff(time[first - 1 : last + 1]).max() <= LONGEST_HOLE_S * 1e6)
