"""Races that were not driven, from a list of cars; and lists that no race could have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import racecraft as rc
from racecraft.errors import ArgumentError, NotEnoughDataError, TableError
from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.entry_list import planned
from racecraft.sim.lapwise.simulate import with_strategy
from racecraft.sim.lapwise.world import Keep, run
from racecraft.sources.sample.sample import sample_race

CARS = pl.DataFrame(
    {"car": ["A", "B", "C", "D"], "team": ["x", "x", "y", "y"], "lap_time_s": [90.0, 90.2, 91, 93]}
)


def simulated(entries: pl.DataFrame = CARS, **asked: object) -> rc.simulate:
    return rc.simulate(entries, **{"laps": 40, "runs": 1000, "seed": 1} | asked)


def test_a_faster_car_wins_more_often() -> None:
    runs = simulated()
    chances = [runs.chance(car) for car in "ABCD"]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1)
    assert runs.laps == 40


def test_without_lap_times_the_grid_tells_the_cars_apart() -> None:
    runs = simulated(CARS.select("car", grid=pl.Series([4, 3, 2, 1])))
    assert runs.order == ("D", "C", "B", "A")
    assert runs.chance("D") > runs.chance("A")
    assert any("grid alone" in note for note in runs.notes)


def test_at_a_circuit_where_one_cannot_pass_the_grid_counts_more() -> None:
    slow_first = CARS.with_columns(grid=pl.Series([4, 3, 2, 1]))
    at = {name: simulated(slow_first, circuit=name).chance("A")
          for name in ("Circuit de Monaco", "Autodromo Nazionale di Monza")}  # fmt: skip
    assert at["Circuit de Monaco"] < at["Autodromo Nazionale di Monza"]


def test_stops_can_be_given() -> None:
    plan = {car: [(20, "hard")] for car in "ABCD"}
    runs = simulated(CARS.with_columns(compound=pl.lit("soft")), strategy=plan)
    assert runs.runs == 1000


def test_a_car_five_seconds_behind_one_that_stops_loses_nothing_by_it() -> None:
    cars = pl.DataFrame({"car": ["A", "B"], "team": ["x", "y"], "lap_time_s": [90.0, 90.0]})
    ready = planned(cars, laps=20)
    start = ready.world(0)
    table = start.cars.copy()
    table[:, k.GAP] = [0.0, 5.0]  # after lap 4, as far apart as that
    world = replace(start, from_lap=4, cars=table, forced=np.full_like(start.forced, 1))
    end = []
    for stops in ({"A": [(6, "hard")], "B": []}, {"A": [], "B": []}):
        one = with_strategy(ready, world, stops)
        end.append(run(one, runs=400, seed=1, keep=Keep(times=True)).times[:, 10, 1])
    lost = end[0] - end[1]
    assert np.nanmean(lost) < 0.1
    assert np.nanmax(lost) < 3.0  # where he was to be held up, and is not: nothing is lost either


@pytest.mark.parametrize(
    ("entries", "asked", "message"),
    [
        (CARS, {"laps": 0}, "laps=0"),
        (CARS, {"laps": 1}, "laps=1"),
        (CARS, {"laps": 2.5}, "whole number as laps, not 2.5"),
        (CARS, {"from_lap": 3}, "has no laps"),
        (CARS, {"strategy": "as_run"}, "has no laps"),
        (CARS, {"strategy": {"A": [(0, "soft")]}}, "no stop on lap 0"),
        (CARS, {"strategy": {"A": [(40, "soft")]}}, "no stop on lap 40"),
        (CARS.with_columns(lap_time_s=pl.lit(-90.0)), {}, "lap_time_s=-90 for A"),
        (CARS.with_columns(lap_time_s=pl.lit(float("nan"))), {}, "lap_time_s=nan"),
        (CARS.with_columns(compound=pl.lit("slick")), {}, "no compound 'slick'"),
        (CARS.with_columns(grid=pl.lit(1)), {}, "each is held by one car"),
        (CARS.with_columns(grid=pl.Series([0, 1, 2, 3])), {}, "places on the grid are from 1"),
        (CARS.with_columns(lap_time_s=pl.Series([90.0, None, 91, 92])), {}, "some cars only"),
    ],
)
def test_lists_that_no_race_has(
    entries: pl.DataFrame, asked: dict[str, object], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        simulated(entries, **asked)


def test_a_field_of_one_or_of_two_with_one_name() -> None:
    with pytest.raises(NotEnoughDataError, match="a race needs two cars"):
        simulated(CARS.head(1))
    with pytest.raises(TableError):
        simulated(pl.concat([CARS, CARS]))
    with pytest.raises(ArgumentError, match="its own laps"):
        rc.simulate(sample_race(20), laps=10, runs=10, seed=1)
