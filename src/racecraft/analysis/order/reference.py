"""How fast is each driver by his own measure?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.control import slowed, standing_starts
from racecraft.analysis.order.stops import fitted_sets, lane_laps
from racecraft.analysis.order.timing import timing
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

TRAFFIC_S = 1.0  # a car this close ahead, of whatever lap, costs time
FEWEST_LAPS = 3  # below this many clean laps a median says little
FREE_SHARE = 1 / 3  # of the stint's green laps; below it the free ones are not typical of the stint


@once_per
def reference(race: Race) -> NDArray[np.float64]:
    """Each driver's own pace on every segment, microseconds, shape (steps, cars).

    The median of his clean laps in the same stint: no car within 1.0 s ahead, no yellow, no in- or
    out-lap. Where fewer than three laps, or fewer than a third of the stint's green laps, were free
    of traffic, all its green laps count; where those too are fewer than three, the driver's green
    laps of the whole race. NaN where he has none.
    """
    at = timing(race)
    segment, green, free, stint = _clean(race, at)
    whole_race = _quantile(segment, green)
    pace = np.full(segment.shape, np.nan)
    for number in range(1, int(stint.max()) + 1):
        laps = (stint == number).any(axis=1)
        here = (stint[laps] == number)[:, None, :]
        own, all_green = free[laps] & here, green[laps] & here
        typical = own.sum(axis=0) >= FREE_SHARE * all_green.sum(axis=0)
        level = np.where(typical, _quantile(segment[laps], own), np.nan)
        for fallback in (_quantile(segment[laps], all_green), whole_race):
            level = np.where(np.isnan(level), fallback, level)
        pace[laps] = np.where(here, level, pace[laps])
    return pace.reshape(at.time.shape)


@once_per
def sound_pace(race: Race) -> NDArray[np.float64]:
    """Each driver's pace with a sound car on every segment, microseconds, shape (steps, cars).

    The lower quartile of his green laps in the stint: a car that fails slowly spoils the median.
    """
    at = timing(race)
    segment, green, _, stint = _clean(race, at)
    pace = np.broadcast_to(_quantile(segment, green, 0.25), segment.shape).copy()
    for number in range(1, int(stint.max()) + 1):
        laps = (stint == number).any(axis=1)
        here = (stint[laps] == number)[:, None, :]
        level = _quantile(segment[laps], green[laps] & here, 0.25)
        pace[laps] = np.where(here & ~np.isnan(level), level, pace[laps])
    return pace.reshape(at.time.shape)


@once_per
def losses(race: Race) -> NDArray[np.float64]:
    """Time lost on every segment against the driver's own reference, shape (steps, cars).

    Microseconds; negative for a gain.
    """
    return np.asarray(timing(race).segment - reference(race))


@once_per
def stint_numbers(race: Race) -> NDArray[np.int64]:
    """Number of the stint of each lap, from 1, shape (laps, cars).

    A stint begins with the set of tyres; where tyres are unknown, on the lap after a stop.
    """
    at = timing(race)
    begins = np.zeros((at.laps + 1, len(at.cars)), np.int64)
    known = set(race.tyres["car"])
    new_set = [(driver, lap) for driver, lap in fitted_sets(race)["car", "lap"].rows() if lap > 1]
    after_stop = [
        (driver, lap + 1)
        for driver, lap in race.pit_visits["car", "lap"].rows()
        if driver not in known
    ]
    handed_over = (
        race.drivers_in_car.sort("car", "lap")
        .filter(pl.col("driver") != pl.col("driver").shift().over("car"))
        .filter(~pl.col("car").is_in(list(known)))
    )
    after_stop += handed_over.select("car", "lap").rows()
    for driver, lap in (*new_set, *after_stop):
        if lap <= at.laps and driver in at.cars:
            begins[lap - 1, at.cars.index(driver)] = 1
    return np.asarray(begins[: at.laps].cumsum(axis=0) + 1)


@once_per
def green_laps(race: Race) -> NDArray[np.bool_]:
    """Laps driven at racing speed, shape (laps, cars): no flag, no start, no visit to the pits."""
    at = timing(race)
    green = ~(slowed(race).share(at.begun, at.at_line) > 0) & ~lane_laps(race)
    green &= ~np.isnan(at.at_line - at.begun)
    green[[lap - 1 for lap in standing_starts(race)]] = False
    return np.asarray(green)


def _in_traffic(at: Timing) -> NDArray[np.bool_]:
    """Whether another car, of whatever lap, crossed the same line just before; (steps, cars)."""
    close = np.zeros(at.time.shape, np.bool_)
    for line in range(len(at.lines)):
        times = at.time[line :: len(at.lines)]
        order = np.argsort(times, axis=None)  # NaN comes last
        ahead = np.diff(times.ravel()[order], prepend=-np.inf)
        followed = np.zeros(times.size, np.bool_)
        followed[order] = ahead < TRAFFIC_S * 1e6
        close[line :: len(at.lines)] = followed.reshape(times.shape)
    return close


def _clean(
    race: Race, at: Timing
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Segments, whether green, whether also free, (laps, lines, cars); stints, (laps, cars)."""
    shape = (at.laps, len(at.lines), len(at.cars))
    green = np.repeat(green_laps(race)[:, None, :], len(at.lines), axis=1)
    free = green & ~_in_traffic(at).reshape(shape)
    return at.segment.reshape(shape), green, free, stint_numbers(race)


def _quantile(
    segments: NDArray[np.float64], chosen: NDArray[np.bool_], share: float = 0.5
) -> NDArray[np.float64]:
    """Quantile over the chosen laps, (laps, lines, cars) -> (lines, cars); NaN where too few."""
    kept = np.sort(np.where(chosen, segments, np.nan), axis=0)  # NaN comes last
    count = (~np.isnan(kept)).sum(axis=0)
    at = np.maximum(count - 1, 0) * share
    pair = (
        np.take_along_axis(kept, r(at).astype(int)[None], axis=0)[0] for r in (np.floor, np.ceil)
    )
    return np.where(count >= FEWEST_LAPS, sum(pair) / 2, np.nan)
