"""Where on a lap did one car gain on another: into a corner, at its apex, out of it, or after?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.telemetry.corners import (
    APEX_M,
    EXIT_M,
    MEASURES,
    markers_of,
    needed,
    told_on,
)
from racecraft.analysis.telemetry.passes import interval_s
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.race import LAP
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.distance import Placed, Track
    from racecraft.model.race import Race

PHASES = ("straight", "entry", "apex", "exit")
ROUND_M = 25.0  # before and after the slowest point, what is called the apex
IN_M = 75.0  # before the apex of a corner that nobody brakes for, where its entry begins
FORGETS_S = 5.0  # time after which the error of a place says nothing of the one before

LAP_PHASES = Table(
    "lap_phases",
    key=("lap", "from_m"),
    columns=(
        LAP,
        Column("corner", pl.String, "number of the corner; of a straight, the one it leads to; "
               "null after the last"),
        Column("phase", pl.String, "straight, entry (from where the first of the two brakes), apex "
               "(25 m around the slowest points) or exit (100 m, or halfway to the next)"),
        Column("from_m", pl.Float64, "from the Line, where it begins"),
        Column("to_m", pl.Float64, "where it ends"),
        Column("first", pl.String, "one of the two cars"),
        Column("second", pl.String, "the other"),
        Column("first_s", pl.Float64, "time of the first for it, in seconds"),
        Column("second_s", pl.Float64, "time of the second"),
        Column("gained_s", pl.Float64, "what the first gained on the second; negative for a loss"),
        Column("error_s", pl.Float64, "standard error of that"),
        Column("first_kmh", pl.Float64, "speed of the first at the end of it"),
        Column("second_kmh", pl.Float64, "speed of the second there"),
        Column("behind_s", pl.Float64, "how far the first is behind the second at the end of it; "
               "negative when ahead"),
    ),
)  # fmt: skip


def lap_phases(race: Race, *, lap: int, drivers: tuple[str, str]) -> pl.DataFrame:
    r"""Where on a lap one car gained on another, phase by phase.

    Parameters
    ----------
    race
        Needs ``crossings``, ``telemetry`` and ``corners``.
    lap
        The lap.
    drivers
        The two cars: what the first gained on the second is counted.

    Returns
    -------
    DataFrame
        ``LAP_PHASES``: one row for each phase of the lap that both have samples of, in order.

    Raises
    ------
    NotEnoughDataError
        The race has no telemetry, no corners, or none of this lap of these two.
    ArgumentError
        The two are one.

    Notes
    -----
    The error of a duration :math:`\Delta t` of a car whose times are known to :math:`\sigma` is
    :math:`\sigma\sqrt{2(1 - e^{-\Delta t/5 s})}`: two places close to each other share most of
    their error. Errors of the two cars are added in squares.
    """
    first, second = drivers
    if first == second:
        raise ArgumentError("two cars are needed to compare; both are " + first)
    track = needed(race)
    lacking = [car for car in drivers if not has_lap(track, car, lap)]
    if lacking:
        raise NotEnoughDataError(
            f"no telemetry of {lacking[0]} on lap {lap}",
            hint=_laps_hint(track, lacking[0]),
            race=race.name,
            lap=lap,
        )
    rows = []
    start = (lap - 1) * track.length_m
    cars = [track.cars[car] for car in drivers]
    for corner, phase, begin, end in _bounds(race, track, lap, drivers):
        ends = np.array([start + begin, start + end])
        times = [car.at(ends, car.time) / 1e6 for car in cars]
        took = [float(t[1] - t[0]) for t in times]
        if np.isnan(took).any():
            continue
        errors = [
            float(np.mean(car.error_s(ends))) * np.sqrt(2 * (1 - np.exp(-t / FORGETS_S)))
            for car, t in zip(cars, took, strict=True)
        ]
        speeds = [float(car.at(ends[1:], car.speed_kmh)[0]) for car in cars]
        rows.append(
            {
                "lap": lap, "corner": corner, "phase": phase, "from_m": begin, "to_m": end,
                "first": first, "second": second, "first_s": took[0], "second_s": took[1],
                "gained_s": took[1] - took[0], "error_s": float(np.hypot(*errors)),
                "first_kmh": speeds[0], "second_kmh": speeds[1],
                "behind_s": float(times[0][1] - times[1][1]),
            }
        )  # fmt: skip
    return LAP_PHASES.rows(rows)


def has_lap(track: Track, car: str, lap: int) -> bool:
    """Whether samples of a car cover a part of a lap."""
    if car not in track.cars:
        return False
    own = track.cars[car].between((lap - 1) * track.length_m, lap * track.length_m)
    return bool(own.stop - own.start > 1)


def gained(
    track: Track, lap: int, drivers: tuple[str, str], begin_m: float, end_m: float
) -> tuple[float, float]:
    """Seconds that the first of two cars gained on the second between two places of a lap.

    And the standard error of that, as in `lap_phases`; NaN where one has no samples.
    """
    ends = (lap - 1) * track.length_m + np.array([begin_m, end_m])
    behind, _ = interval_s(track, ends, *drivers)
    errors = []
    for car in (track.cars[name] for name in drivers):
        when = car.at(ends, car.time) / 1e6
        usual = float(np.mean(car.error_s(ends)))
        errors.append(usual * np.sqrt(2 * (1 - np.exp(-(when[1] - when[0]) / FORGETS_S))))
    return float(behind[0] - behind[1]), float(np.hypot(*errors))


def _bounds(
    race: Race, track: Track, lap: int, drivers: tuple[str, str]
) -> list[tuple[str | None, str, float, float]]:
    """Corner, phase, begin and end of every phase of a lap, one after the other."""
    names, markers = markers_of(race)
    told = np.stack([told_on(race, car, lap) for car in drivers])
    after = np.append(markers[1:], markers[0] + track.length_m)
    found: list[tuple[str | None, str, float, float]] = []
    ended = 0.0
    for corner, (name, marker) in enumerate(zip(names, markers, strict=True)):
        slow = [_slowest(track.cars[car], track, lap, markers, corner) for car in drivers]
        apex = [min(slow) - ROUND_M, max(slow) + ROUND_M]
        brakes = marker - told[:, corner, MEASURES.index("braking_m")]
        brake = float(np.nanmin(brakes)) if not np.isnan(brakes).all() else apex[0] - IN_M
        out = min(max(marker + EXIT_M, apex[1]), (marker + after[corner]) / 2)
        marks = np.maximum.accumulate([ended, brake, apex[0], apex[1], out])
        for phase, begin, end in zip(PHASES, marks[:-1], marks[1:], strict=True):
            if end > begin:
                found.append((name, phase, float(begin), float(end)))
        ended = float(marks[-1])
    if track.length_m > ended:
        found.append((None, "straight", ended, track.length_m))
    return found


def _slowest(
    car: Placed, track: Track, lap: int, markers: NDArray[np.float64], corner: int
) -> float:
    """Place of the lowest speed about a corner, metres from the Line; the corner where unknown."""
    marker = markers[corner]
    before = (markers[corner - 1] + marker) / 2 if corner else marker - APEX_M
    after = (marker + markers[corner + 1]) / 2 if corner + 1 < len(markers) else marker + APEX_M
    start = (lap - 1) * track.length_m
    near = car.between(start + max(before, marker - APEX_M), start + min(after, marker + APEX_M))
    if near.stop <= near.start:
        return float(marker)
    return float(car.place_m[near][np.argmin(car.speed_kmh[near])] - start)


def _laps_hint(track: Track, car: str) -> str:
    if car not in track.cars:
        return f"it has that of {', '.join(sorted(track.cars))}"
    own = track.cars[car]
    laps = sorted({int(place // track.length_m) + 1 for place in own.place_m[::20]})
    some = ", ".join(map(str, laps[:12])) + (", ..." if len(laps) > 12 else "")
    return f"there is some of laps {some}"
