"""What did each car send, as arrays, and on which pieces of which laps?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.timing import timing
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from racecraft.model.race import Race

LONGEST_HOLE_S = 1.5  # between two samples of a lap; beyond it nobody knows where the car was
FEWEST = 20  # samples of a piece of a lap that say anything
MOST_KMH = 450.0  # faster than any car: between two positions that is a jump
SLACK_M = 30.0  # by which two positions may be further apart than that: they jitter
READ_SHARE = 0.2  # of positions that were read rather than filled in, above which only those count


@dataclass(frozen=True, eq=False)
class Samples:
    """What one car sent; arrays in order of time, times in microseconds since lights out.

    Attributes
    ----------
    time, speed_kmh, throttle, brake, drs
        Of its telemetry; NaN where unknown. The last two are 0 or 1.
    metres
        Travelled since the first sample, by speed and time.
    place_time, x_m, y_m, z_m
        Of its positions: those that were read, without jumps. Empty where there are none.
    """

    time: NDArray[np.float64]
    speed_kmh: NDArray[np.float64]
    throttle: NDArray[np.float64]
    brake: NDArray[np.float64]
    drs: NDArray[np.float64]
    metres: NDArray[np.float64]
    place_time: NDArray[np.float64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    z_m: NDArray[np.float64]

    def metres_at(self, time: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Metres travelled at these times."""
        return np.asarray(np.interp(time, self.time, self.metres))

    def placed_in(self, begin: float, end: float) -> slice:
        """Positions between two times."""
        first, last = np.searchsorted(self.place_time, [begin, end])
        return slice(int(first), int(last))


@dataclass(frozen=True)
class Piece:
    """Part of a lap on which a car sent samples without a hole.

    Attributes
    ----------
    car
        Whose.
    lap
        From 0.
    begin, end
        Times, microseconds since lights out.
    from_line, to_line
        Whether it begins, and ends, with a crossing of the Line.
    """

    car: str
    lap: int
    begin: float
    end: float
    from_line: bool
    to_line: bool

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole lap from the Line to the Line."""
        return self.from_line and self.to_line


@once_per
def samples_of(race: Race) -> dict[str, Samples]:
    """What each car sent, by its code; cars that sent next to nothing are left out."""
    if race.telemetry is None:
        return {}
    cars = timing(race).cars
    told = race.telemetry.filter(pl.col("car").is_in(cars)).collect().drop_nulls("speed_kmh")
    placed = (
        None
        if race.positions is None
        else race.positions.filter(pl.col("car").is_in(cars)).collect().drop_nulls(["x_m", "y_m"])
    )
    where = {} if placed is None else {str(c): rows for (c,), rows in placed.group_by("car")}
    return {
        str(car): _samples(rows.sort("time"), where.get(str(car)))
        for (car,), rows in told.group_by("car", maintain_order=True)
        if rows.height > 1
    }


def pieces(race: Race) -> Iterator[Piece]:
    """Every piece of every lap on which a car sent samples without a hole, in order."""
    at = timing(race)
    for car, sent in samples_of(race).items():
        crossed = at.at_line[:, at.cars.index(car)]
        begun = np.concatenate([[0.0], crossed[:-1]])
        breaks = np.flatnonzero(np.diff(sent.time) > LONGEST_HOLE_S * 1e6)
        starts = sent.time[np.concatenate([[0], breaks + 1])]
        ends = sent.time[np.concatenate([breaks, [len(sent.time) - 1]])]
        for lap, (begin, end) in enumerate(zip(begun, crossed, strict=True)):
            if np.isnan(begin):
                continue
            until = begin + _LONGEST_LAP_US if np.isnan(end) else end
            for start, stop in zip(starts, ends, strict=True):
                first, last = max(start, begin), min(stop, until)
                if np.searchsorted(sent.time, last) - np.searchsorted(sent.time, first) < FEWEST:
                    continue
                near = LONGEST_HOLE_S * 1e6
                yield Piece(
                    car, lap, float(first), float(last),
                    from_line=bool(lap > 0 and first - begin < near),
                    to_line=bool(not np.isnan(end) and end - last < near),
                )  # fmt: skip


_LONGEST_LAP_US = 300e6  # of a lap whose end nobody timed


def _samples(rows: pl.DataFrame, placed: pl.DataFrame | None) -> Samples:
    rows = _read(rows)
    time = rows["time"].to_physical().to_numpy().astype(float)
    speed = rows["speed_kmh"].to_numpy().astype(float)
    steps = np.diff(time) / 1e6 * (speed[1:] + speed[:-1]) / 7.2
    channels = {
        name: rows[name].cast(pl.Float64).to_numpy() for name in ("throttle", "brake", "drs")
    }
    return Samples(
        time=time,
        speed_kmh=speed,
        **channels,
        metres=np.concatenate([[0.0], np.cumsum(steps)]),
        **_positions(placed),
    )


def _read(rows: pl.DataFrame) -> pl.DataFrame:
    """Readings without what is known to be filled in between them; the ends of pieces stay."""
    near = pl.duration(seconds=LONGEST_HOLE_S / 2)
    end = (pl.col("time").diff() > near) | (pl.col("time").diff(-1) < -near)
    return rows.filter(pl.col("measured").fill_null(True) | end.fill_null(True))


def _positions(placed: pl.DataFrame | None) -> dict[str, NDArray[np.float64]]:
    """Positions that were read, as far as anybody says so, without jumps."""
    if placed is None or placed.is_empty():
        return {name: np.empty(0) for name in ("place_time", "x_m", "y_m", "z_m")}
    if (placed["measured"].sum() or 0) > READ_SHARE * placed.height:
        placed = placed.filter("measured")
    placed = placed.sort("time")
    time = placed["time"].to_physical().to_numpy().astype(float)
    x, y, z = (placed[name].cast(pl.Float64).to_numpy() for name in ("x_m", "y_m", "z_m"))
    kept = _without_jumps(time, x, y)
    return {"place_time": time[kept], "x_m": x[kept], "y_m": y[kept], "z_m": z[kept]}


def _without_jumps(
    time: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Positions that can be reached from the one before, and from which the next can be."""
    near = np.hypot(np.diff(x), np.diff(y)) <= SLACK_M + np.diff(time) / 1e6 * MOST_KMH / 3.6
    return np.asarray(np.concatenate([[True], near]) & np.concatenate([near, [True]]))
