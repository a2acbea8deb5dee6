"""How did each car get away from the grid, and what came of it at the first corner?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.telemetry.corners import (
    EXTRAS,
    MEASURES,
    has_corners,
    markers_of,
    told_once,
)
from racecraft.analysis.telemetry.distance import placed
from racecraft.analysis.telemetry.from_grid import from_grid
from racecraft.analysis.telemetry.passes import stretch
from racecraft.analysis.telemetry.samples import samples_of
from racecraft.model.once import once_per
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.distance import Placed
    from racecraft.model.race import Race

CAR_M = 5.6  # length of a car: FIA Formula One Technical Regulations, wheelbase and overhangs
ABREAST_S = 0.5  # for which two cars overlap at least to be told side by side
PAST_M = 150.0  # past the first corner, as far as the start is looked at closely
LONGEST_S = 60.0  # after lights out, likewise
AWAY_S = 4.0  # after lights out, when cars have left their boxes
SAME_TIME_S = 0.1  # grid on which two cars are compared

# What tyres alone can do at low speed, and what downforce adds to it: 5.2 g at 300 km/h.
GRIP, DOWNFORCE = 20.0, 0.0046  # m/s², and m/s² for each (m/s)²
BEYOND = 1.1  # of that, from which a loss of speed is no braking
SLOW_KMH = 150.0  # above it the samples jitter too much to tell
LEAST_S, MOST_S = 0.2, 0.5  # that a contact lasts

ABREAST = Table(
    "abreast",
    key=("car", "other", "from_s"),
    columns=(
        Column("car", pl.String, "car that was ahead after it"),
        Column("other", pl.String, "car beside it"),
        Column("from_s", pl.Float64, "seconds after lights out, from when they overlapped"),
        Column("to_s", pl.Float64, "until when"),
        Column("from_m", pl.Float64, "metres from the Line where it began"),
        Column("to_m", pl.Float64, "where it ended"),
    ),
)

LOST_SPEED = Table(
    "lost_speed",
    key=("car", "time_s"),
    columns=(
        Column("car", pl.String, "which car"),
        Column("time_s", pl.Float64, "seconds after lights out"),
        Column("took_s", pl.Float64, "how long it took"),
        Column("before_kmh", pl.Float64, "speed before"),
        Column("after_kmh", pl.Float64, "speed after"),
        Column("place_m", pl.Float64, "metres from the Line; null where unknown"),
        Column("where", pl.String, "at which corner; null where unknown"),
    ),
)


@dataclass(frozen=True)
class Launch:
    """How one car got away; seconds after lights out, NaN where its samples do not tell.

    Attributes
    ----------
    car
        Which.
    moved_s, to_100_s, to_200_s
        When it first moved, and reached 100 and 200 km/h.
    error_s
        Half the time between two readings: how well those are known.
    stood_m
        Where it stood, metres from the Line; NaN where nobody knows.
    braked_m, braked_error_m, braked_s, braked_kmh
        How far before the first corner it braked, how well that is known, when, and at what speed.
    """

    car: str
    moved_s: float
    to_100_s: float
    to_200_s: float
    error_s: float
    stood_m: float
    braked_m: float
    braked_error_m: float
    braked_s: float
    braked_kmh: float


@once_per
def launches(race: Race) -> list[Launch]:
    """How every car whose telemetry begins at lights out got away; empty where there is none."""
    way = on_the_way(race)
    corner = first_corner(race)
    found = []
    for car, own in samples_of(race).items():
        first = int(np.searchsorted(own.time, 0.0))
        seconds, speed = own.time[first:] / 1e6, own.speed_kmh[first:]
        if len(seconds) < 2 or seconds[0] > 1.0 or speed[0] > 1.0 or speed.max() < 100:
            continue
        until = int(np.searchsorted(seconds, LONGEST_S))
        seconds, speed = seconds[:until], speed[:until]
        where = way.get(car)
        stood = float(where.place_m[0]) if where is not None and where.time[0] < 1e6 else np.nan
        moved, to_100, to_200 = (_reached(seconds, speed, kmh) for kmh in (1.0, 100.0, 200.0))
        error = float(np.median(np.diff(seconds))) / 2
        braked = _braked(race, car, corner, where)
        found.append(Launch(car, moved, to_100, to_200, error, stood, *braked))
    return found


def on_the_way(race: Race) -> dict[str, Placed]:
    """Cars on the way to the first corner: from the grid where it is known, else by positions."""
    track, grid = placed(race), from_grid(race)
    return ({} if track is None else track.cars) | ({} if grid is None else grid.cars)


@once_per
def first_corner(race: Race) -> int | None:
    """The first corner that most cars brake for on lap 1, counted from 0; None where unknown.

    It is unknown where the telemetry of most has a hole at it, or at a corner before it.
    """
    track = placed(race)
    if track is None or not has_corners(race):
        return None
    names, markers = markers_of(race)
    columns = [MEASURES.index(name) for name in ("braking_m", "slowest_kmh")]
    for corner in range(len(names)):
        told = np.array(
            [
                told_once(race, car, 1, corner)[columns]
                for car, own in track.cars.items()
                if own.place_m[0] < markers[corner]
            ]
        ).reshape(-1, 2)
        braked, seen = (~np.isnan(told)).sum(axis=0)
        if seen * 2 <= len(told):
            return None
        if braked * 2 > len(told):
            return corner
    return None


def at_first_braking(race: Race) -> list[tuple[str, float, float]]:
    """Cars in the order in which they came to where half of them had braked for the first corner.

    Each with the seconds that it was behind the first of them, and the standard error of that.
    """
    way, corner = on_the_way(race), first_corner(race)
    if corner is None:
        return []
    found_all = {launch.car: launch for launch in launches(race)}
    braked = [launch.braked_m for launch in found_all.values()]
    if np.isnan(braked).all():
        return []
    place = np.array([markers_of(race)[1][corner] - np.nanmedian(braked)])
    found = [
        (car, float(own.at(place, own.time)[0]) / 1e6, float(own.error_s(place)[0]))
        for car, own in way.items()
        if car in found_all  # who starts from the pit lane is not
    ]
    found = sorted((row for row in found if not np.isnan(row[1])), key=lambda row: row[1])
    return [
        (car, when - found[0][1], float(np.hypot(error, found[0][2]))) for car, when, error in found
    ]


def abreast(race: Race) -> pl.DataFrame:
    """Cars that overlapped on the way to the first corner and through it; returns ``ABREAST``.

    Two cars overlap while their places are less than a car's length apart, by more than the error
    of both: so long they did at least.
    """
    way, corner = on_the_way(race), first_corner(race)
    if corner is None:
        return ABREAST.empty()
    end_m = float(markers_of(race)[1][corner]) + PAST_M
    when = np.arange(AWAY_S, LONGEST_S, SAME_TIME_S)
    place, error = (
        {car: _place_at(own, when, end_m)[k] for car, own in way.items()} for k in (0, 1)
    )
    rows = []
    for one, other in combinations(place, 2):
        apart = place[one] - place[other]
        sure = np.abs(apart) + np.hypot(error[one], error[other]) < CAR_M
        for begin, end in _runs(sure):
            if (end - begin) * SAME_TIME_S < ABREAST_S:
                continue
            after = apart[end] if not np.isnan(apart[end]) else apart[end - 1]
            ahead, behind = (one, other) if after > 0 else (other, one)
            rows.append(
                {
                    "car": ahead, "other": behind, "from_s": when[begin], "to_s": when[end - 1],
                    "from_m": place[ahead][begin], "to_m": place[ahead][end - 1],
                }
            )  # fmt: skip
    return ABREAST.rows(rows).sort("from_s", "car")


def lost_speed(race: Race) -> pl.DataFrame:
    r"""Losses of speed that no brakes explain, up to a minute after the start: ``LOST_SPEED``.

    Below 150 km/h, where :math:`-a > 1.1 (20 + 0.0046 v^2)` in m/s² over two to five tenths of a
    second: what tyres and downforce can do. It is a contact, a wall or a gravel trap; a contact
    that costs less speed than braking would is not seen.
    """
    track = placed(race)
    rows = []
    for car, own in samples_of(race).items():
        found = _first_loss(own.time / 1e6, own.speed_kmh)
        if found is None:
            continue
        begin, end = found
        where = track.cars.get(car) if track is not None else None
        place = np.nan
        if where is not None and len(where.time) > 1:
            place = float(np.interp(own.time[begin], where.time, where.place_m))
        rows.append(
            {
                "car": car, "time_s": own.time[begin] / 1e6,
                "took_s": (own.time[end] - own.time[begin]) / 1e6,
                "before_kmh": own.speed_kmh[begin], "after_kmh": own.speed_kmh[end],
                "place_m": None if np.isnan(place) else place,
                "where": stretch(race, (car,), place, place, place).words
                if not np.isnan(place) and has_corners(race)
                else None,
            }
        )  # fmt: skip
    return LOST_SPEED.rows(rows).sort("time_s")


def _reached(seconds: NDArray[np.float64], speed: NDArray[np.float64], kmh: float) -> float:
    """When a speed was first reached, between two readings; NaN where it never was."""
    above = np.flatnonzero(speed >= kmh)
    if not len(above) or not above[0]:
        return np.nan
    k = int(above[0])
    share = (kmh - speed[k - 1]) / (speed[k] - speed[k - 1])
    return float(seconds[k - 1] + share * (seconds[k] - seconds[k - 1]))


def _braked(
    race: Race, car: str, corner: int | None, where: Placed | None
) -> tuple[float, float, float, float]:
    """Where before the first corner a car braked, the error of that, when, and at what speed."""
    if corner is None or where is None:
        return (np.nan,) * 4
    told = told_once(race, car, 1, corner)
    before = float(told[MEASURES.index("braking_m")])
    track = placed(race)
    if np.isnan(before) or track is None:
        return (np.nan,) * 4
    marker = markers_of(race)[1][corner]
    own = track.cars[car]
    when, speed = (
        float(own.at(np.array([marker - before]), v)[0]) for v in (own.time, own.speed_kmh)
    )
    place, off = (float(np.interp(when, where.time, v)) for v in (where.place_m, where.error_m))
    between = float(told[len(MEASURES) + EXTRAS.index("braking_error_m")])
    return marker - place, float(np.hypot(between, off)), when / 1e6, speed


def _place_at(
    own: Placed, when: NDArray[np.float64], end_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places at these seconds, NaN before the first sample and past a place; and their errors."""
    place, error = (
        np.interp(when * 1e6, own.time, values, left=np.nan, right=np.nan)
        for values in (own.place_m, own.error_m)
    )
    return np.where(place > end_m, np.nan, place), error


def _runs(wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Begin and end of each run of values that are wanted; the end lies within the values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(int)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        yield int(begin), min(int(end), len(wanted) - 1)


def _first_loss(seconds: NDArray[np.float64], speed: NDArray[np.float64]) -> tuple[int, int] | None:
    """First and last sample of the first loss of speed beyond what brakes can do."""
    here = np.flatnonzero((seconds > 0) & (seconds < LONGEST_S))
    for begin in here:
        last = np.searchsorted(seconds, seconds[begin] + MOST_S, side="right") - 1
        for end in range(begin + 1, int(last) + 1):
            took = seconds[end] - seconds[begin]
            middle = (speed[begin] + speed[end]) / 2
            lost = (speed[begin] - speed[end]) / 3.6 / took
            limit = BEYOND * (GRIP + DOWNFORCE * (middle / 3.6) ** 2)
            if took >= LEAST_S and middle < SLOW_KMH and lost > limit:
                return int(begin), int(end)
    return None
