"""Seasons simulated from known parameters, and what the fit makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from racecraft.model.race import CROSSINGS, ENTRIES, LINES, PIT_VISITS, TYRES, Race
from racecraft.model.terms import THE_LINE
from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.course import TYRES as COMPOUNDS
from racecraft.sim.lapwise.entry_list import planned
from racecraft.sim.lapwise.evidence import evidence
from racecraft.sim.lapwise.fit import fit_parameters
from racecraft.sim.lapwise.parameters import Figure, Parameters, shipped_parameters
from racecraft.sim.lapwise.world import Keep, run

if TYPE_CHECKING:
    from racecraft.sim.lapwise.world import World

RACES, CARS, LAPS = 10, 20, 60
# What is put in; what is allowed beyond three standard errors of the fit, as the laps of a race
# tell some of it only through what else happens on them.
TRUTH = {
    "tyre_medium": (0.35, 0.06), "tyre_hard": (0.60, 0.08),
    "wear_soft": (0.060, 0.010), "wear_medium": (0.045, 0.010), "wear_hard": (0.030, 0.010),
    "dirty_air": (0.40, 0.15), "noise": (0.25, 0.10), "form_spread": (0.45, 0.12),
    "form_kept": (0.80, 0.10), "pit_loss": (21.0, 1.5), "retires": (0.004, 0.001),
    "first_lap_out": (0.03, 0.012), "pass_by_gap": (-3.0, 3.0), "trouble": (0.003, 0.002),
}  # fmt: skip
ALIKE = ("wear_day", "wear_more_spread", "medium_day", "hard_day")  # days differ by no more


@pytest.fixture(scope="module")
def found() -> Parameters:
    """Parameters fitted on a season that was simulated from those known."""
    shipped = shipped_parameters()
    figures = dict(shipped.figures) | {name: Figure(v, 0, 0) for name, (v, _) in TRUTH.items()}
    figures |= {name: Figure(0.005, 0, 0) for name in ALIKE}
    known = replace(shipped, figures=figures, circuits={})
    chance = np.random.default_rng(5)
    said = [evidence(_driven(known, number, chance)) for number in range(RACES)]
    return fit_parameters([(one, None) for one in said if one is not None])


@pytest.mark.parametrize("name", TRUTH)
def test_what_was_put_in_is_found_again(found: Parameters, name: str) -> None:
    value, beyond = TRUTH[name]
    figure = found.figures[name]
    assert figure.value == pytest.approx(value, abs=3 * figure.error + beyond)


def test_a_faster_car_is_surer_of_a_pass(found: Parameters) -> None:
    assert found.of("pass_by_pace") > 3 * found.figures["pass_by_pace"].error


def _driven(known: Parameters, number: int, chance: np.random.Generator) -> Race:
    """One race as its timing would tell it."""
    names = [f"C{car:02}" for car in range(CARS)]
    entries = pl.DataFrame(
        {
            "car": names,
            "team": [f"T{car // 2}" for car in range(CARS)],
            "lap_time_s": 90 + np.sort(chance.normal(0, 0.6, CARS)),
            "compound": [COMPOUNDS[tyre] for tyre in chance.integers(0, 3, CARS)],
        }
    )
    world = planned(entries, laps=LAPS, parameters=known).world(0)
    world, stops = _with_plan(world, chance)
    world = world.with_race(SC_ONSET=0.0, SC_FIRST_LAP=0.0, SC_AFTER_OUT=0.0)
    times = run(world, runs=1, seed=number, keep=Keep(times=True)).times[0]
    lap, car = np.nonzero(~np.isnan(times))
    clock = [timedelta(microseconds=round(1e6 * float(s))) for s in times[lap, car]]
    crossings = pl.DataFrame(
        {
            "car": [names[c] for c in car],
            "lap": lap,
            "line": THE_LINE,
            "time": clock,
            "basis": "timed",
        }
    )
    fitted = [
        {"car": name, "lap": first, "compound": COMPOUNDS[tyre], "age": 0}
        for name, rows in zip(names, stops, strict=True)
        for first, tyre in rows
    ]
    last = dict(crossings.group_by("car").agg(pl.col("lap").max()).iter_rows())
    visits = [
        {"car": row["car"], "lap": row["lap"] - 1}
        for row in fitted
        if 1 < row["lap"] <= last.get(row["car"], 0)
    ]
    return _race(number, entries, crossings, pl.DataFrame(fitted), pl.DataFrame(visits))


def _with_plan(world: World, chance: np.random.Generator) -> tuple[World, list]:
    """Two stops a car on laps of its own; and the tyres of every stint."""
    plan = np.full((LAPS + 2, CARS), -1, np.int64)
    stops = []
    for car in range(CARS):
        first, second = chance.integers(8, 26), chance.integers(30, 50)
        tyres = chance.integers(0, 3, 2)
        plan[[first, second], car] = 1 + tyres
        start = int(world.states[car, k.TYRE])
        stops.append([(1, start), (first + 1, tyres[0]), (second + 1, tyres[1])])
    return replace(world, plan=plan), stops


def _race(
    number: int,
    entries: pl.DataFrame,
    crossings: pl.DataFrame,
    tyres: pl.DataFrame,
    visits: pl.DataFrame,
) -> Race:
    grid = pl.Series("grid", range(1, CARS + 1), dtype=pl.Int16)
    return Race(
        season=2023, round=number + 1, name=f"Race {number}", source="simulated",
        entries=ENTRIES.check(entries.select("car", "team", grid)),
        lines=LINES.check(pl.DataFrame({"line": [THE_LINE], "order": [1]})),
        crossings=CROSSINGS.check(crossings), tyres=TYRES.check(tyres),
        pit_visits=PIT_VISITS.check(visits),
    )  # fmt: skip
