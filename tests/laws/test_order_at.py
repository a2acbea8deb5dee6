"""The order at an instant: what it must be, whatever the race."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from racecraft.analysis.order.gaps import order
from racecraft.analysis.order.instant import order_at
from racecraft.analysis.order.timing import timing
from racecraft.model.terms import THE_LINE
from strategies import races

if TYPE_CHECKING:
    from racecraft.model.race import Race

JUST_BEFORE_US = 1


@settings(max_examples=20)
@given(races(), st.floats(0, 1))
def test_two_cars_stand_as_they_will_at_the_next_line_of_both(race: Race, share: float) -> None:
    at = timing(race)
    now = share * float(np.nanmax(at.time))
    table = order_at(race, now / 1e6)
    running = table.filter("running")
    seen = running.drop_nulls("time")
    step = {
        car: at.step_of(lap, line) for car, lap, line in seen.select("car", "lap", "line").rows()
    }
    cars = seen["car"].to_list()
    for i, ahead in enumerate(cars):
        for behind in cars[i + 1 :]:
            both = max(step[ahead], step[behind])
            one, other = (at.time[both, at.cars.index(car)] for car in (ahead, behind))
            assert np.isnan(one) or np.isnan(other) or one <= other
    assert running["position"].to_list() == list(range(1, len(running) + 1))
    assert table.filter(~pl.col("running"))["position"].is_null().all()
    assert sorted(table["car"]) == sorted(at.cars)


@settings(max_examples=20)
@given(races(whole=True))
def test_with_one_line_it_is_the_order_of_the_lap_until_the_next_one_ends(race: Race) -> None:
    alone = replace(
        race,
        lines=race.lines.filter(line=THE_LINE),
        crossings=race.crossings.filter(line=THE_LINE),
    )
    assume(len(alone.crossings))
    at = timing(alone)
    for lap in range(1, at.laps):
        begins = np.fmin.reduce(at.at_line[lap])
        if np.isnan(begins):
            continue
        found = order_at(alone, (begins - JUST_BEFORE_US) / 1e6).filter("running")
        found = found.drop_nulls("time")  # a car that nobody has seen yet stands as on the grid
        assert found["car"].to_list() == order(alone, lap=lap)["car"].to_list()


@settings(max_examples=20)
@given(races())
def test_after_the_flag_it_is_the_order_at_the_flag(race: Race) -> None:
    at = timing(race)
    found = order_at(race, float(np.nanmax(at.time)) / 1e6 + 1).filter("running")
    listed = order(race)["car"].to_list()
    assert [car for car in found["car"] if car in listed] == listed
