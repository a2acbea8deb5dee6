"""What did a driver do at every corner, and what does he usually do there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.gaps import car_of
from racecraft.analysis.order.reference import TRAFFIC_S, green_laps, stint_numbers
from racecraft.analysis.order.timing import median, timing
from racecraft.analysis.telemetry.distance import placed
from racecraft.analysis.telemetry.line import STEP_M, reference_line
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.once import once_per
from racecraft.model.race import CAR, LAP
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.distance import Placed, Track
    from racecraft.analysis.telemetry.line import ReferenceLine
    from racecraft.model.race import Race

EXIT_M = 100.0  # past a corner, where its exit speed is read; halfway to the next if that is nearer
APEX_M = 75.0  # about the marker of a corner within which its slowest point is sought
CORNER_OFF_M = 50.0  # from the line, beyond which a corner is not one of it
THROTTLE_ON, THROTTLE_OPEN, THROTTLE_FULL = 10.0, 50.0, 98.0  # percent
FEWEST_LAPS = 5  # below it nobody knows what is usual, nor how much it varies

# What is measured at a corner. Metres are counted from its marker, forward; braking begins before.
MEASURES = (
    "top_kmh", "braking_m", "slowest_kmh", "exit_kmh", "throttle_m", "full_throttle_m",
)  # fmt: skip
EXTRAS = ("braking_error_m", "drs", "coasted_m", "faded_kmh")

CORNER_LAPS = Table(
    "corner_laps",
    key=("car", "lap", "corner"),
    columns=(
        CAR,
        LAP,
        Column("corner", pl.String, "number of the corner"),
        Column("interval_s", pl.Float64, "behind the next car on the road, of whatever lap, when "
               "passing it"),
        Column("top_kmh", pl.Float64, "highest speed between the corner before and this one"),
        Column("tow_kmh", pl.Float64, "top speed less the usual one, which was reached without a "
               "car ahead"),
        Column("drs", pl.Boolean, "the flap was open on the way there"),
        Column("coasted_m", pl.Float64, "metres before the brakes went on, on which the throttle "
               "was shut: lift and coast; null without brakes"),
        Column("faded_kmh", pl.Float64, "speed lost before that with the throttle fully open, from "
               "the highest on: energy that was held back, as far as speed shows it"),
        Column("braking_m", pl.Float64, "before the corner, where the brakes went on; null where "
               "they did not"),
        Column("braking_error_m", pl.Float64, "half the distance of the samples around it"),
        Column("slowest_kmh", pl.Float64, "lowest speed at the corner"),
        Column("exit_kmh", pl.Float64, "speed 100 m past the corner, or halfway to the next if "
               "that is nearer"),
        Column("throttle_m", pl.Float64, "past the corner, where the throttle was opened; negative "
               "before it; null where it was never closed"),
        Column("full_throttle_m", pl.Float64, "past the corner, where it was fully open"),
        *(
            Column(f"usual_{name}", pl.Float64, f"{name} of the driver's other laps: median of "
                   "green ones of the stint with no car within 1.0 s ahead")
            for name in MEASURES
        ),
    ),
)  # fmt: skip


def corners(race: Race, *, laps: Sequence[int], drivers: Sequence[str]) -> pl.DataFrame:
    """What drivers did at every corner of some laps, by their telemetry.

    Parameters
    ----------
    race
        Needs ``crossings``, ``telemetry`` and ``corners``.
    laps, drivers
        Which laps, of whom.

    Returns
    -------
    DataFrame
        ``CORNER_LAPS``, in order of lap, corner and driver; laps without telemetry are left out.

    Raises
    ------
    NotEnoughDataError
        The race has no telemetry, or does not say where the corners are.
    NotFoundError
        A driver took no part.
    ArgumentError
        The race has no such lap.

    Notes
    -----
    Cars send some four samples a second, so at 300 km/h a place is known to about ten metres:
    `braking_error_m` says how well, and speeds between samples are interpolated.
    """
    track = needed(race)
    at = timing(race)
    if wrong := [lap for lap in laps if not 1 <= lap <= at.laps]:
        raise ArgumentError(
            f"no lap {wrong[0]} in a race of {at.laps}", hint=f"its laps are 1 to {at.laps}"
        )
    names, _ = markers_of(race)
    rows: list[dict[str, object]] = []
    for driver in drivers:
        car = car_of(race, driver)
        if driver not in track.cars:
            continue
        told = told_of(race, driver)
        for lap in laps:
            usual, _ = usual_of(race, driver, lap)
            for corner, name in enumerate(names):
                row = dict(zip((*MEASURES, *EXTRAS), told[lap - 1, corner].tolist(), strict=True))
                if np.isnan(row["slowest_kmh"]):
                    continue
                own = dict(zip(MEASURES, usual[corner].tolist(), strict=True))
                rows.append(
                    {
                        "car": driver, "lap": lap, "corner": name, **row,
                        "drs": None if np.isnan(row["drs"]) else row["drs"] > 0,
                        "interval_s": intervals(race)[lap - 1, corner, car],
                        "tow_kmh": row["top_kmh"] - own["top_kmh"],
                        **{f"usual_{measure}": own[measure] for measure in MEASURES},
                        "_order": corner,
                    }
                )  # fmt: skip
    if not rows:
        return CORNER_LAPS.empty()
    table = pl.DataFrame(rows, infer_schema_length=None).sort("lap", "_order", "car")
    floats = [c.name for c in CORNER_LAPS.columns if c.dtype == pl.Float64]
    return CORNER_LAPS.check(table.with_columns(pl.col(floats).cast(pl.Float64).fill_nan(None)))


def usual_of(race: Race, driver: str, lap: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What a driver usually does at every corner, and how much that varies from lap to lap.

    Medians of his green laps of the stint with no car within 1.0 s ahead at the corner, that lap
    left out; of the whole race where those are fewer than five. Both of shape (corners, measures),
    the second a robust standard deviation; NaN where there are too few.
    """
    at, car = timing(race), car_of(race, driver)
    values = told_of(race, driver)[:, :, : len(MEASURES)]
    free = green_laps(race)[:, car, None] & ~(intervals(race)[:, :, car] < TRAFFIC_S)
    free = free & (np.arange(at.laps) != lap - 1)[:, None]
    stint = stint_numbers(race)[:, car]
    of_stint = free & (stint == stint[lap - 1])[:, None]
    found = []
    for chosen in (of_stint, free):
        kept = np.where(chosen[:, :, None], values, np.nan)
        middle = median(kept, axis=0)
        spread = 1.4826 * median(np.abs(kept - middle), axis=0)
        enough = (~np.isnan(kept)).sum(axis=0) >= FEWEST_LAPS
        found.append((enough, middle, spread))
    (in_stint, middle, spread), (in_race, middle_race, spread_race) = found
    return (
        np.where(in_stint, middle, np.where(in_race, middle_race, np.nan)),
        np.where(in_stint, spread, np.where(in_race, spread_race, np.nan)),
    )


def told_of(race: Race, driver: str) -> NDArray[np.float64]:
    """What a driver did on every lap, shape (laps, corners, measures and extras)."""
    track = placed(race)
    _, markers = markers_of(race)
    if track is None or driver not in track.cars:
        shape = (timing(race).laps, len(markers), len(MEASURES) + len(EXTRAS))
        return np.full(shape, np.nan)
    if driver not in track.told:
        track.told[driver] = np.array(
            [
                [_at_corner(track, track.cars[driver], markers, lap, corner)
                 for corner in range(len(markers))]
                for lap in range(timing(race).laps)
            ]
        )  # fmt: skip
    return track.told[driver]


def told_at(race: Race, driver: str, corner: int) -> NDArray[np.float64]:
    """What a driver did at one corner on every lap, shape (laps, measures and extras)."""
    return np.asarray(_part(race, driver, range(timing(race).laps), [corner])[:, 0])


def told_once(race: Race, driver: str, lap: int, corner: int) -> NDArray[np.float64]:
    """What a driver did at one corner of one lap, shape (measures and extras,)."""
    return np.asarray(_part(race, driver, [lap - 1], [corner])[0, 0])


def told_on(race: Race, driver: str, lap: int) -> NDArray[np.float64]:
    """What a driver did at every corner of one lap, shape (corners, measures and extras)."""
    return np.asarray(_part(race, driver, [lap - 1], range(len(markers_of(race)[0])))[0])


def _part(
    race: Race, driver: str, laps: Sequence[int], corners: Sequence[int]
) -> NDArray[np.float64]:
    """Part of `told_of`; where that is not known yet, only the part is worked out."""
    track = placed(race)
    if track is None or driver not in track.cars or driver in track.told:
        return np.asarray(told_of(race, driver)[np.ix_(laps, corners)])
    _, markers = markers_of(race)
    car = track.cars[driver]
    return np.array(
        [[_at_corner(track, car, markers, lap, corner) for corner in corners] for lap in laps]
    )


@once_per
def markers_of(race: Race) -> tuple[list[str], NDArray[np.float64]]:
    """Names of the corners and their distances from the Line, in order.

    By where they are on the reference line, or by the distance that the source gives.
    """
    line = reference_line(race)
    found = []
    for name, distance, x, y in race.corners["corner", "distance_m", "x_m", "y_m"].rows():
        at = None
        if line is not None and x is not None and y is not None:
            at = _on_line(line, np.array([x]), np.array([y]), distance)
        if (at if at is not None else distance) is not None:
            found.append((at if at is not None else distance, name))
    found.sort()
    return [name for _, name in found], np.array([at for at, _ in found], float)


def has_corners(race: Race) -> bool:
    """Whether telemetry of a race can be told corner by corner."""
    return placed(race) is not None and bool(markers_of(race)[0])


def needed(race: Race) -> Track:
    """Telemetry of a race on its track, or why there is none.

    Raises
    ------
    NotEnoughDataError
        The race has no telemetry, too little of it, or does not say where the corners are.
    """
    if race.telemetry is None:
        raise NotEnoughDataError(
            f"{race.season} {race.name} has no telemetry",
            hint="'racecraft data add fastf1 SEASON EVENT --telemetry' fetches it",
            race=race.name,
        )
    track = placed(race)
    if track is None:
        raise NotEnoughDataError(
            f"{race.season} {race.name} has next to no telemetry: no lap of it is whole",
            hint="'racecraft data add fastf1 SEASON EVENT --telemetry' fetches it",
            race=race.name,
        )
    if not len(markers_of(race)[0]):
        raise NotEnoughDataError(
            f"nobody says where the corners of {race.season} {race.name} are",
            hint="FastF1 and TracingInsights do: 'racecraft data add fastf1 SEASON EVENT'",
            race=race.name,
        )
    return track


@once_per
def passed(race: Race) -> NDArray[np.float64]:
    """Times at which cars passed the corners, microseconds, shape (laps, corners, cars)."""
    at, track = timing(race), placed(race)
    _, markers = markers_of(race)
    when = np.full((at.laps, len(markers), len(at.cars)), np.nan)
    if track is not None:
        places = np.arange(at.laps)[:, None] * track.length_m + markers
        for driver, car in track.cars.items():
            when[:, :, at.cars.index(driver)] = car.at(places, car.time)
    return when


@once_per
def intervals(race: Race) -> NDArray[np.float64]:
    """Seconds behind the car that passed the same corner before, (laps, corners, cars)."""
    all_times = passed(race)
    behind = np.full(all_times.shape, np.nan)
    for corner in range(all_times.shape[1]):
        when = all_times[:, corner]
        order = np.argsort(when, axis=None)  # NaN comes last
        after = np.full(when.size, np.nan)
        after[order[1:]] = np.diff(when.ravel()[order]) / 1e6
        behind[:, corner] = after.reshape(when.shape)
    return behind


def _on_line(
    line: ReferenceLine, x: NDArray[np.float64], y: NDArray[np.float64], distance: float | None
) -> float | None:
    """Distance of a corner by its position; None where that is in another frame."""
    if distance is None:
        at, off = line.nearest(x, y)
    else:
        at, off = line.project(x, y, np.array([distance]))
    ends = 2 * STEP_M
    inside = line.distance_m[0] + ends < at[0] < line.distance_m[-1] - ends
    return float(at[0]) if inside and abs(off[0]) <= CORNER_OFF_M else None


def _at_corner(
    track: Track, car: Placed, markers: NDArray[np.float64], lap: int, corner: int
) -> tuple[float, ...]:
    """Measures and extras of one car at one corner of a lap that is counted from 0."""
    unknown = (np.nan,) * (len(MEASURES) + len(EXTRAS))
    here, before, after = _neighbours(track, markers, lap, corner)
    way = car.between(before, after)
    apex = car.between(
        max((before + here) / 2, here - APEX_M), min((here + after) / 2, here + APEX_M)
    )
    exit_at = min(here + EXIT_M, (here + after) / 2)
    exit_speed = float(car.at(np.array(exit_at), car.speed_kmh))
    approach = car.between(before, here)
    if apex.stop <= apex.start or approach.stop <= approach.start or np.isnan(exit_speed):
        return unknown
    slowest = apex.start + int(np.argmin(car.speed_kmh[apex]))
    fastest = approach.start + int(np.argmax(car.speed_kmh[approach]))
    braked = _first(_braking(car, fastest, slowest), fastest)
    braking, error = (np.nan, np.nan) if braked is None else _switched(car, braked)
    opened, full = _throttle(car, slowest if braked is None else braked, slowest, way.stop)
    drs = car.drs[approach]
    coasted, faded = (np.nan, np.nan) if braked is None else _saved(car, fastest, braked)
    return (
        float(car.speed_kmh[fastest]), here - braking, float(car.speed_kmh[slowest]), exit_speed,
        opened - here, full - here,
        error, np.nan if np.isnan(drs).all() else float(np.nanmax(drs)), coasted, faded,
    )  # fmt: skip


def _saved(car: Placed, fastest: int, braked: int) -> tuple[float, float]:
    """Metres coasted before the brakes, and speed lost before that with the throttle fully open."""
    open_still = np.flatnonzero(~(car.throttle[fastest:braked] < THROTTLE_ON))
    lifted = fastest + int(open_still[-1]) + 1 if len(open_still) else fastest
    not_full = np.flatnonzero(~(car.throttle[fastest:braked] >= THROTTLE_FULL))
    full = fastest + (int(not_full[0]) - 1 if len(not_full) else braked - 1 - fastest)
    faded = car.speed_kmh[fastest] - car.speed_kmh[max(full, fastest)]
    return float(car.place_m[braked] - car.place_m[lifted]), float(faded)


def _braking(car: Placed, begin: int, end: int) -> NDArray[np.bool_]:
    """Whether the brakes are on; a pedal that is on while the throttle stays open is a bad one."""
    on = car.brake[begin : end + 1] > 0
    following = np.minimum(np.arange(begin, end + 1) + 1, end)
    return np.asarray(on & ~(car.throttle[following] > THROTTLE_OPEN))


def _neighbours(
    track: Track, markers: NDArray[np.float64], lap: int, corner: int
) -> tuple[float, float, float]:
    """Places of a corner, of the one before and of the one after."""
    start = lap * track.length_m
    around = np.concatenate(
        [[markers[-1] - track.length_m], markers, [markers[0] + track.length_m]]
    )
    before, here, after = start + around[corner : corner + 3]
    return float(here), float(before), float(after)


def _throttle(car: Placed, begin: int, slowest: int, end: int) -> tuple[float, float]:
    """Places where the throttle was opened and fully open; NaN where it was never closed."""
    shut = car.throttle[begin : slowest + 1] < THROTTLE_FULL
    full = _first(car.throttle[slowest:end] >= THROTTLE_FULL, slowest)
    if not shut.any() or full is None:
        return np.nan, np.nan
    closed = np.flatnonzero(car.throttle[begin:full] < THROTTLE_ON)
    opened = _switched(car, begin + int(closed[-1]) + 1)[0] if len(closed) else np.nan
    return opened, _switched(car, full)[0]


def _first(wanted: NDArray[np.bool_], offset: int) -> int | None:
    """Index of the first sample that is wanted; None if none is."""
    return offset + int(wanted.argmax()) if wanted.any() else None


def _switched(car: Placed, sample: int) -> tuple[float, float]:
    """Place between a sample and the one before it, and half their distance."""
    first, last = car.place_m[max(sample - 1, 0)], car.place_m[sample]
    return float(first + last) / 2, float(last - first) / 2
