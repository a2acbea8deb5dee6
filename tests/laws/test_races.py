"""What is true of every race as reported: the random ones obey it, so must a source."""

from __future__ import annotations

import polars as pl
from hypothesis import given

from racecraft.model.race import RACE_TABLES, Race
from racecraft.model.terms import THE_LINE
from strategies import races


def in_order(race: Race) -> pl.DataFrame:
    """Crossings of each car one after the other."""
    orders = race.lines.select("line", "order")
    return race.crossings.join(orders, on="line", validate="m:1").sort("car", "lap", "order")


@given(races())
def test_time_goes_forward_for_every_car(race: Race) -> None:
    steps = in_order(race).select(pl.col("time").diff().over("car"))["time"].drop_nulls()
    assert (steps.dt.total_microseconds() > 0).all()


@given(races())
def test_every_crossing_is_at_a_known_line_by_an_entered_car(race: Race) -> None:
    assert in_order(race).height == race.crossings.height
    assert set(race.crossings["car"]) <= set(race.entries["car"])
    assert race.lines.sort("order")["line"][-1] == THE_LINE


@given(races(whole=True))
def test_laps_driven_are_laps_classified(race: Race) -> None:
    driven = race.crossings.filter(line=THE_LINE).group_by("car").agg(seen=pl.len())
    counted = race.classification.join(driven, on="car", how="left")
    assert counted.filter(pl.col("seen").fill_null(0) != pl.col("laps")).is_empty()


@given(races())
def test_checking_a_table_twice_changes_nothing(race: Race) -> None:
    for name, table in RACE_TABLES.items():
        frame = race.tables[name]
        assert table.check(frame).equals(frame)
