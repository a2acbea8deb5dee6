"""Which laps show what a car can do, and under what conditions was each of them driven?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.classes import classes, has_classes
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.reference import green_laps
from racecraft.analysis.order.stops import lane_laps
from racecraft.analysis.order.timing import median, timing
from racecraft.model.clock import seconds
from racecraft.model.once import once_per
from racecraft.model.terms import WET_COMPOUNDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

# The 107 % of F1 Sporting Regulations, Article 39 (qualifying): here against the driver's own
# median, it tells a lap at racing speed from one with a spin, an off or a car in trouble.
RACING_SPEED = 1.07
WET_FIELD = 0.1  # share of the field on wet tyres from which a track is not dry
UNKNOWN = "unknown"  # compound where the source does not say


@dataclass(frozen=True, eq=False)
class DrivenLaps:
    """Every timed lap of a race as arrays of the same length, by driver and lap.

    Attributes
    ----------
    cars
        Keys of the cars; `car` is an index into it.
    compounds
        Dry compounds of the race; `compound` is an index into it, -1 for wet tyres.
    seconds
        Lap time.
    stint
        Number of the stint of that car, from 1.
    age
        Laps that the set had done before this lap.
    first_flying
        First whole lap on a set of tyres.
    interval_s
        Behind the next car on the road, of whatever lap, when the lap began; inf where none.
    passed, let_by
        Cars of other classes that it passed on this lap, and that passed it; None where all cars
        race in one class.
    leader_lap
        Lap of the leader when the lap began: laps of the same number were driven at one time.
    phase
        Number of the dry phase of the race, from 0; -1 in the wet.
    clean
        Green, dry, at racing speed, no in- or out-lap, no start.
    """

    cars: list[str]
    compounds: list[str]
    car: NDArray[np.int64]
    lap: NDArray[np.int64]
    seconds: NDArray[np.float64]
    stint: NDArray[np.int64]
    compound: NDArray[np.int64]
    age: NDArray[np.int64]
    first_flying: NDArray[np.bool_]
    interval_s: NDArray[np.float64]
    passed: NDArray[np.int64] | None
    let_by: NDArray[np.int64] | None
    leader_lap: NDArray[np.int64]
    phase: NDArray[np.int64]
    green: NDArray[np.bool_]
    clean: NDArray[np.bool_]


@once_per
def driven_laps(race: Race) -> DrivenLaps:
    """Every timed lap, and the conditions under which it was driven.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.
    """
    at = timing(race)
    table = laps(race).filter(pl.col("lap_time").is_not_null())
    car = np.array([at.cars.index(driver) for driver in table["car"]], np.int64)
    lap = table["lap"].to_numpy().astype(np.int64)
    lap_seconds = table.select(seconds("lap_time")).to_series().to_numpy()
    names = table["compound"].fill_null(UNKNOWN).to_numpy()
    dry_names = sorted(set(names) - set(WET_COMPOUNDS))
    compound = np.array([dry_names.index(n) if n in dry_names else -1 for n in names], np.int64)
    stint = table["stint"].to_numpy().astype(np.int64)
    since_fitted = _since_fitted(car, lap, stint)
    age = table["tyre_age"].cast(pl.Float64).to_numpy() - 1
    age = np.where(np.isnan(age), since_fitted, age).astype(np.int64)
    leader_lap = _leader_lap(at, lap, car)
    among = traffic_between_classes(race)
    phase = _phase(leader_lap, compound, at.laps)
    green = green_laps(race)[lap - 1, car] & (lap > 1)
    clean = green & (phase >= 0) & (compound >= 0)
    clean &= _at_racing_speed(lap_seconds, car, clean)
    return DrivenLaps(
        cars=at.cars,
        compounds=dry_names,
        car=car,
        lap=lap,
        seconds=lap_seconds,
        stint=stint,
        compound=compound,
        age=age,
        first_flying=(since_fitted == 1) & (stint > 1),
        interval_s=interval_ahead(race)[lap - 1, car],
        passed=None if among is None else among[0][lap - 1, car],
        let_by=None if among is None else among[1][lap - 1, car],
        leader_lap=leader_lap,
        phase=phase,
        green=green,
        clean=clean,
    )


@once_per
def interval_ahead(race: Race) -> NDArray[np.float64]:
    """Seconds behind the next car on the road when each lap began, shape (laps, cars).

    Of whatever lap that car is; one that begins its lap in the pit lane is not on the road.
    Infinity where there is none, or nobody knows.
    """
    at = timing(race)
    begun = at.begun.copy()
    begun[0] = np.nan
    out_laps = np.zeros_like(lane_laps(race))
    out_laps[1:] = lane_laps(race)[1:] & lane_laps(race)[:-1]
    on_road = np.sort(begun[~np.isnan(begun) & ~out_laps])
    place = np.searchsorted(on_road, begun, side="left") - 1
    ahead = (
        np.where(place >= 0, on_road[np.maximum(place, 0)], -np.inf) if len(on_road) else -np.inf
    )
    return np.asarray(np.where(np.isnan(begun), np.inf, (begun - ahead) / 1e6))


@once_per
def traffic_between_classes(
    race: Race,
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Cars of other classes passed on each lap, and those let by, each of shape (laps, cars).

    While a car does one lap, another that is as fast crosses the Line once: one that does not was
    passed, one that does twice has passed. None where all cars race in one class.
    """
    if not has_classes(race):
        return None
    at, of = timing(race), np.array(classes(race), object)
    passed = np.zeros(at.at_line.shape, np.int64)
    let_by = np.zeros(at.at_line.shape, np.int64)
    for other in range(len(at.cars)):
        times = np.sort(at.at_line[:, other][~np.isnan(at.at_line[:, other])])
        if not len(times):
            continue
        seen = np.searchsorted(times, at.at_line) - np.searchsorted(times, at.begun)
        running = (at.begun >= 0) & (at.at_line <= times[-1]) & (of != of[other])[None]
        passed += running & (seen == 0)
        let_by += running & (seen >= 2)
    known = ~np.isnan(at.at_line - at.begun) & ~lane_laps(race)
    known[0] = False  # all begin it at once
    return passed * known, let_by * known


def _since_fitted(
    car: NDArray[np.int64], lap: NDArray[np.int64], stint: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Laps since the first lap of the same stint."""
    first = np.full((car.max(initial=0) + 1, stint.max(initial=0) + 1), np.iinfo(np.int64).max)
    np.minimum.at(first, (car, stint), lap)
    return np.asarray(lap - first[car, stint])


def _leader_lap(at: Timing, lap: NDArray[np.int64], car: NDArray[np.int64]) -> NDArray[np.int64]:
    begun = at.begun[lap - 1, car]
    leader = at.ended
    return np.asarray(np.searchsorted(leader, begun, side="right") + 1)


def _phase(
    leader_lap: NDArray[np.int64], compound: NDArray[np.int64], laps: int
) -> NDArray[np.int64]:
    """Number of the dry phase of each lap; -1 where a tenth of the field is on wet tyres."""
    count = np.bincount(leader_lap, minlength=laps + 2).astype(float)
    wet = np.bincount(leader_lap, weights=compound < 0, minlength=laps + 2)
    is_wet = wet > WET_FIELD * np.maximum(count, 1)
    # the laps beside a wet phase are driven on slicks on a wet track
    beside = is_wet.copy()
    beside[1:] |= is_wet[:-1]
    beside[:-1] |= is_wet[1:]
    number = np.cumsum(np.diff(beside.astype(int), prepend=0) == -1)
    return np.asarray(np.where(beside, -1, number)[leader_lap])


def _at_racing_speed(
    lap_seconds: NDArray[np.float64], car: NDArray[np.int64], candidates: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    typical = np.full(car.max(initial=0) + 1, np.nan)
    for number in np.unique(car[candidates]):
        typical[number] = median(lap_seconds[candidates & (car == number)])
    with np.errstate(invalid="ignore"):
        return np.asarray(lap_seconds < RACING_SPEED * typical[car])
