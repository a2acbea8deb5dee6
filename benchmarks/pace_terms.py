"""Pace of made races: how often a term is within two of its standard errors of the truth."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import polars as pl
from harness import Mark, show

from racecraft.analysis.pace.pace import Pace, pace

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from own_pace import LOAD_KG, Truth, made_race

SEEDS = range(1000, 1060)
SURE = 2.0  # standard errors; honest ones hold the truth nineteen times in twenty
LEAST = 0.93
MADE = {
    "no cliff": Truth(),
    "a cliff": Truth(cliff={"soft": (14, 0.15)}),
    "two cliffs": Truth(cliff={"soft": (8, 0.10), "medium": (20, 0.20)}),
}


def main() -> list[Mark]:
    marks = []
    for name, truth in MADE.items():
        off = defaultdict(list)
        for seed in SEEDS:
            for term, errors in _off(pace(made_race(truth, seed)), truth, seed).items():
                off[term] += errors
        for term, errors in off.items():
            rate = float((np.abs(errors) <= SURE).mean())
            marks.append(
                Mark(f"{term} within two errors, {name}", (rate,), unit="", least=LEAST,
                     note=f"{len(errors)} values of {len(SEEDS)} races; off by "
                     f"{np.mean(errors):+.2f} of its errors on average")
            )  # fmt: skip
    return marks


def _off(found: Pace, truth: Truth, seed: int) -> dict[str, list[float]]:
    """How far every term is off the truth, in its own standard errors."""
    known = {
        "fuel": truth.fuel_s_per_kg,
        "drift": truth.drift_s / truth.laps,
        "fuel_and_drift": (truth.drift_s - truth.fuel_s_per_kg * LOAD_KG) / truth.laps,
        "warm_up": truth.warm_up_s,
    }
    off = {
        term: [(value - known[term]) / error]
        for term, value, error in found.terms["term", "value", "error"].rows()
        if term in known
    }
    drivers = found.drivers.sort("car")
    pace_s = (drivers["pace_s"] - drivers["pace_s"].mean()).to_numpy()
    off["driver"] = list((pace_s - truth.drivers(seed)) / drivers["error_s"].to_numpy())
    near = found.traffic[:-1]
    off["traffic"] = list((near["loss_s"] - pl.Series(truth.traffic_s[:-1])) / near["error_s"])
    worn = found.tyres.filter(pl.col("laps") >= 3, pl.col("tyre_age") > 1)
    off["wear"] = [
        (wear - _wear(truth, compound, age - 1)) / error
        for compound, age, wear, error in worn[
            "compound", "tyre_age", "wear_s", "wear_error_s"
        ].rows()
    ]
    return off


def _wear(truth: Truth, compound: str, age: int) -> float:
    begin, steep = truth.cliff.get(compound, (0, 0.0))
    return truth.wear_s[compound] * age + steep * max(age - begin, 0)


if __name__ == "__main__":
    sys.exit(show(main()))
