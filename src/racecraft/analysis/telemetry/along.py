"""Where timing lines and cars lie along the outline of a circuit, to the scale of time.

Nobody measured it: a line that is reached after a third of the time of a lap is drawn after a third
of its length, which is some hundred metres off where cars are quick or slow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.timing import durations, median, timing
from racecraft.model.terms import THE_LINE

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

    Floats = NDArray[np.float64]

STEP_M = 5.0  # between two points of a track


@dataclass(frozen=True, eq=False)
class Run:
    """Laps that a car has done by each line, to the scale of time, and when it was there."""

    done: Floats
    time_s: Floats


def run_of(at: Timing, car: int) -> Run:
    """How far a car was when, by the lines at which it was timed.

    Parameters
    ----------
    car
        Index of ``at.cars``.
    """
    share = lap_shares(at)
    lap = at.lap - 1 + np.array([share[name] for name in at.line_names])
    time = at.time[:, car] / 1e6
    there = ~np.isnan(time)
    return Run(np.append(0.0, lap[there]), np.append(0.0, time[there]))


def lap_shares(at: Timing) -> dict[str, float]:
    """How much of the time of a lap is gone at each line, in the median of all laps; 1 at the Line.

    NaN for a line that nobody reached.
    """
    lines = list(at.lines)
    begun = at.begun
    shares = {}
    for i, name in enumerate(lines):
        rows = at.time[i :: len(lines)][: len(begun)]
        shares[name] = float(median((rows - begun) / (at.at_line - begun)))
    shares[lines[-1]] = 1.0
    return shares


def along(points: Floats, share: Floats) -> Floats:
    """Points so far along a closed outline, shape (shares, 2).

    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> along(square, np.array([0.25, 0.875])).tolist()
    [[1.0, 0.0], [0.0, 0.5]]
    """
    closed, length = _closed(points)
    return np.stack([np.interp(share * length[-1], length, v) for v in closed.T], axis=-1)


def outlined(race: Race, points: Floats) -> pl.DataFrame:
    """The track of a race without positions: an outline, on it the timing lines by time.

    Parameters
    ----------
    race
        Needs ``crossings``.
    points
        Outline in metres from the Line on, in the order in which it is driven, shape (points, 2).

    Returns
    -------
    DataFrame
        ``TRACK``, without corners and heights.
    """
    length = float(_closed(points)[1][-1])
    distance = np.arange(0.0, length, STEP_M)
    where = along(points, distance / length)
    names: list[str | None] = [None] * len(distance)
    for name, share in lap_shares(timing(race)).items():
        if not np.isnan(share):
            at_line = 0.0 if name == THE_LINE else share * length
            names[int(np.abs(distance - at_line).argmin())] = name
    return pl.DataFrame(
        {"distance_m": distance, "x_m": where[:, 0], "y_m": where[:, 1], "line": names}
    ).with_columns(pl.lit(None, pl.Float64).alias("z_m"), pl.lit(None, pl.String).alias("corner"))[
        "distance_m", "x_m", "y_m", "z_m", "line", "corner"
    ]


def outlined_at(race: Race, points: Floats, time: timedelta) -> pl.DataFrame:
    """Where cars were on an outline at a moment: as far along it as they were through their lap.

    Returns
    -------
    DataFrame
        ``POSITIONS_AT``, cars that were not under way left out.
    """
    at, second = timing(race), time.total_seconds()
    rows = []
    for index, car in enumerate(at.cars):
        run = run_of(at, index)
        if run.time_s[0] <= second <= run.time_s[-1]:
            x, y = along(points, np.interp([second], run.time_s, run.done) % 1.0)[0]
            rows.append((car, x, y))
    schema = {"car": pl.String, "x_m": pl.Float64, "y_m": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    when = durations(np.full(len(rows), second * 1e6))
    return frame.with_columns(
        pl.Series("time", when),
        pl.lit(None, pl.Float64).alias("z_m"),
        pl.lit("outline").alias("basis"),
    )["time", "car", "x_m", "y_m", "z_m", "basis"]


def _closed(points: Floats) -> tuple[Floats, Floats]:
    """The same points with the first once more at the end, and metres along them."""
    closed = np.concatenate([points, points[:1]])
    return closed, np.concatenate([[0.0], np.hypot(*np.diff(closed, axis=0).T).cumsum()])
