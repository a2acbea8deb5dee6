"""What does the data of a race not say about its pace?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.pace.clean_laps import UNKNOWN
from racecraft.analysis.pace.terms import CLEAR, DRIFT_S, fuel_prior
from racecraft.model.race import DOUBTS

if TYPE_CHECKING:
    import polars as pl

    from racecraft.analysis.pace.fit import PaceFit
    from racecraft.model.race import Race

FEW_CLEAR = 0.1  # share of laps in clear air below which traffic has nothing to be compared with
FEW_LAPS = 15  # of a driver


def pace_doubts(race: Race, model: PaceFit) -> pl.DataFrame:
    """What could not be told apart, or was not seen: ``DOUBTS`` of the table ``pace``."""
    reasons = [*_of_fuel(race, model), *_of_the_track(model), *_of_tyres(model),
               *_of_traffic(model)]  # fmt: skip
    rows: list[dict[str, object]] = [{"table": "pace", "reason": reason} for reason in reasons]
    return DOUBTS.rows([*rows, *_of_drivers(model)])


def _of_fuel(race: Race, model: PaceFit) -> list[str]:
    fuel, drift = model.column_of("fuel"), model.column_of("drift")
    covariance = model.fit.covariance
    error = np.sqrt(covariance[fuel, fuel])
    together = covariance[fuel, drift] / (error * np.sqrt(covariance[drift, drift]))
    prior = fuel_prior(race)
    said = [
        "fuel and an even change of the track act on the same laps; a prior shares them: "
        f"{prior.s_per_kg:.4f} ± {prior.deviation:.4f} s/kg of fuel, 0 ± {DRIFT_S} s of track from "
        f"start to flag; the race makes it {model.fit.coefficients[fuel]:.4f} ± {error:.4f} s/kg, "
        f"and the two errors have a correlation of {together:.2f}"
    ]
    if not prior.known:
        said.append(
            f"what a car of {race.season} burns in a race is not known here; {prior.load_kg:.0f} "
            "kg is taken"
        )
    return said


def _of_the_track(model: PaceFit) -> list[str]:
    wet = model.laps.leader_lap[model.laps.phase < 0]
    if not len(wet):
        return []
    return [
        f"{len(wet)} laps between lap {wet.min()} and lap {wet.max()} of the leader were driven in "
        "the wet, or next to it, and are left out"
    ]


def _of_tyres(model: PaceFit) -> list[str]:
    laps = model.laps
    said = []
    if UNKNOWN in laps.compounds:
        unknown = laps.compound[model.fitted] == laps.compounds.index(UNKNOWN)
        if unknown.any():
            said.append(f"the compound of {unknown.sum()} clean laps is not known")
    if len(np.unique(laps.car[model.fitted] * 1000 + laps.stint[model.fitted])) == len(
        np.unique(laps.car[model.fitted])
    ):
        said.append(
            "nobody changed tyres between clean laps: wear, fuel and track act on the same laps, "
            "and priors share them"
        )
    return said


def _of_traffic(model: PaceFit) -> list[str]:
    clear = (model.laps.interval_s[model.fitted] >= CLEAR).mean()
    if clear >= FEW_CLEAR:
        return []
    return [
        f"{clear:.0%} of the clean laps had no car within {CLEAR:g} s ahead: what traffic costs is "
        "hardly told from what the drivers can do"
    ]


def _of_drivers(model: PaceFit) -> list[dict[str, object]]:
    count = np.bincount(model.laps.car[model.fitted], minlength=len(model.laps.cars))
    return [
        {"table": "pace", "car": driver, "reason":
            f"{laps} clean laps: pace is uncertain" if laps else "too few clean laps: no pace"}
        for driver, laps in zip(model.laps.cars, count, strict=True)
        if laps < FEW_LAPS
    ]  # fmt: skip
