"""What is a lap time made of, and what is known of each part before the race?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.timing import timing
from racecraft.analysis.pace.robust_fit import Effect
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.pace.clean_laps import DrivenLaps
    from racecraft.model.race import Race

# Fuel: a published hierarchical tyre model of 2022 to 2024 has 0.0309 s per lap and kilogram, 90 %
# within 0.0226 and 0.0390. What a race may burn is in F1 Sporting Regulations, Article 30.5.
FUEL_S_PER_KG = 0.0309
FUEL_DEVIATION = 0.0050
RACE_FUEL_KG = {2014: 100.0, 2017: 105.0, 2019: 110.0}
LAST_KNOWN = 2025  # from then on other engines
SPRINT_SHARE = 100 / 305  # kilometres of a sprint and of a race
UNSURE = 3.0  # times the deviation where the fuel of a season is not known

# Track: what it gains or loses evenly from start to flag, apart from fuel; one standard deviation.
DRIFT_S = 0.5

# First guesses of what is learnt in every race; ours, of the size that dry races then tell.
STINT_S = 0.2
STINT_SLOPE_S = 0.01  # a lap
WEATHER_S = 0.05  # a lap
BEND_S = 0.02  # a lap
TRAFFIC_S = 0.3

PASS_S = 1.0  # a car of another class passed, or let by

COMPOUND_S = 0.7  # between compounds
WEAR_S = 0.1  # a lap, of even wear; wide, since what is held near zero comes out too small
WARM_UP_S = 0.5
DRIVER_S = 3.0
PHASE_S = 2.0

BENDS = (3, 6, 10, 15, 20, 27, 35)  # laps of age at which a curve of wear may bend
INTERVALS = (0.5, 1.0, 1.5, 2.0, 3.0)  # seconds; from CLEAR on there is no traffic
CLEAR = 5.0


def effects(race: Race, laps: DrivenLaps, fitted: NDArray[np.bool_]) -> list[Effect]:
    """Effects on the seconds of every lap; the fitted ones say what there is to learn."""
    stints = _stints(laps, fitted)
    fuel = fuel_prior(race)
    between = [
        Effect(name, count[:, None].astype(float), deviation=PASS_S)
        for name, count in (("passed", laps.passed), ("let_by", laps.let_by))
        if count is not None
    ]
    return [
        Effect("driver", _one_of(laps.car, len(laps.cars)), deviation=DRIVER_S),
        Effect("stint", stints, deviation=STINT_S, learnt=True, grouped=True),
        Effect("stint_slope", _slopes(laps, stints, fitted), deviation=STINT_SLOPE_S, learnt=True,
               grouped=True),
        Effect("fuel", fuel_kg(race, laps.lap)[:, None], fuel.s_per_kg, fuel.deviation),
        Effect("drift", share_of_race(laps)[:, None], deviation=DRIFT_S),
        Effect("weather", _steps(laps, fitted), deviation=WEATHER_S, learnt=True),
        Effect("phase", _one_of(laps.phase, int(laps.phase.max(initial=0)) + 1)[:, 1:],
               deviation=PHASE_S),
        Effect("compound", _one_of(laps.compound, len(laps.compounds)), deviation=COMPOUND_S),
        Effect("warm_up", laps.first_flying[:, None].astype(float), deviation=WARM_UP_S),
        Effect("wear", _by_compound(laps, laps.age[:, None].astype(float)), deviation=WEAR_S,
               rising=True),
        Effect("wear_bends", _by_compound(laps, bend_columns(laps.age)), deviation=BEND_S,
               learnt=True, rising=True),
        Effect("traffic", traffic_columns(laps.interval_s), deviation=TRAFFIC_S, learnt=True),
        *between,
    ]  # fmt: skip


@dataclass(frozen=True)
class FuelPrior:
    """What is known of fuel before the race: burnt in all, and what a kilogram costs."""

    load_kg: float
    s_per_kg: float
    deviation: float
    known: bool


def fuel_prior(race: Race) -> FuelPrior:
    """What is known of a race's fuel beforehand."""
    if race.series != FORMULA_ONE:  # cars refuel: their fuel is as old as their tyres
        return FuelPrior(0.0, FUEL_S_PER_KG, FUEL_DEVIATION * UNSURE, known=False)
    known = min(RACE_FUEL_KG) <= race.season <= LAST_KNOWN
    seasons = [season for season in RACE_FUEL_KG if season <= race.season] or [min(RACE_FUEL_KG)]
    load = RACE_FUEL_KG[seasons[-1]] * (SPRINT_SHARE if race.session == "sprint" else 1.0)
    return FuelPrior(load, FUEL_S_PER_KG, FUEL_DEVIATION * (1 if known else UNSURE), known)


def fuel_kg(race: Race, lap: NDArray[np.int64]) -> NDArray[np.float64]:
    """Fuel on board in the middle of a lap, less that in the middle of the race."""
    return np.asarray(fuel_prior(race).load_kg * (0.5 - (lap - 0.5) / timing(race).laps))


def share_of_race(laps: DrivenLaps) -> NDArray[np.float64]:
    """How much of the race the leader had done when a lap began, from -0.5 to 0.5."""
    return np.asarray((laps.leader_lap - 0.5) / max(laps.leader_lap.max(), 1) - 0.5)


def bend_columns(age: NDArray[np.int64]) -> NDArray[np.float64]:
    """Curves that never fall with age: bending up, and levelling off; shape (laps, curves).

    Sums of these and of age itself, with coefficients that are not negative, are monotone.
    """
    old = age.astype(float)[:, None]
    bends = np.array(BENDS, float)
    return np.concatenate([np.maximum(old - bends, 0), np.minimum(old, bends)], axis=1)


def traffic_columns(interval_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each of `INTERVALS` in an interval, linear between them; shape (laps, intervals)."""
    knots = np.array([*INTERVALS, CLEAR])
    columns = [
        np.interp(interval_s, knots, np.arange(len(knots)) == i) for i in range(len(INTERVALS))
    ]
    return np.stack(columns, axis=1)


def _one_of(index: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    return np.asarray(index[:, None] == np.arange(count), float)


def _stints(laps: DrivenLaps, fitted: NDArray[np.bool_]) -> NDArray[np.float64]:
    key = laps.car * 1000 + laps.stint
    return np.asarray(key[:, None] == np.unique(key[fitted]), float)


def _slopes(
    laps: DrivenLaps, stints: NDArray[np.float64], fitted: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Laps after the middle of the stint, a column a stint."""
    counted = stints[fitted].sum(axis=0)
    middle = (stints[fitted] * laps.lap[fitted][:, None]).sum(axis=0) / np.maximum(counted, 1)
    return np.asarray(stints * (laps.lap[:, None] - middle))


def _steps(laps: DrivenLaps, fitted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Whether a lap was driven after each lap of the leader but the first that is fitted."""
    seen = np.unique(laps.leader_lap[fitted])
    return np.asarray(laps.leader_lap[:, None] >= seen[1:], float)


def _by_compound(laps: DrivenLaps, columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same columns for each compound, side by side."""
    which = _one_of(laps.compound, len(laps.compounds))
    return (which[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
