"""What is true of the battles and trains in every race."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import racecraft as rc
from strategies import races

if TYPE_CHECKING:
    from racecraft.model.race import Race

PAIR = (
    pl.min_horizontal("first", "second").alias("a"),
    pl.max_horizontal("first", "second").alias("b"),
)


@given(races())
def test_battles_of_one_pair_never_overlap(race: Race) -> None:
    table = rc.battles(race).with_columns(PAIR).sort("a", "b", "start_lap")
    later = table.with_columns(ended=pl.col("end_lap").shift().over("a", "b"))
    assert later.filter(pl.col("start_lap") < pl.col("ended")).is_empty()


@given(races(), st.floats(0.2, 3.0), st.integers(1, 6))
def test_a_battle_is_what_the_limits_say(race: Race, within_s: float, min_laps: int) -> None:
    within = timedelta(seconds=within_s)
    table = rc.battles(race, within_s=within_s, over_s=within_s + 0.5, min_laps=min_laps)
    assert (table["median_interval"] <= within).all()
    assert (table["closest"] <= table["median_interval"]).all()
    assert (table["end_lap"] >= table["start_lap"]).all()
    assert (table["laps"] <= table["end_lap"] - table["start_lap"] + table["phases"]).all()
    short = table["lines"] < min_laps * race.lines.height
    assert (table.filter(short)["swaps"] > 0).all()


@given(races())
def test_a_row_says_what_it_promises(race: Race) -> None:
    table = rc.battles(race)
    assert table["share_within_1s"].is_between(0, 1).all()
    assert (table["intensity"] >= 0).all()
    assert set(table["ended_by"]) <= {"flag", "pit", "retirement", "neutralised", "gap", "pass"}
    one_phase = table.filter(phases=1)  # between two phases a stop may change the order
    swapped = one_phase["first"] != one_phase["ahead_at_end"]
    assert (one_phase["swaps"] % 2 == swapped.cast(pl.Int16)).all()
    ends = rc.gaps(race)
    for battle in table.iter_rows(named=True):
        cars = ends.filter(pl.col("car").is_in([battle["first"], battle["second"]]))
        laps = cars.filter(pl.col("lap").is_between(battle["start_lap"], battle["end_lap"]))
        assert battle["position"] in laps["position"].to_list()


@given(races())
def test_every_swap_of_a_battle_is_a_change_of_position(race: Race) -> None:
    changed = rc.overtakes(race).with_columns(
        a=pl.min_horizontal("passer", "passed"), b=pl.max_horizontal("passer", "passed")
    )
    for battle in rc.battles(race).with_columns(PAIR).iter_rows(named=True):
        seen = changed.filter(
            pl.col("lap").is_between(battle["start_lap"], battle["end_lap"]),
            a=battle["a"],
            b=battle["b"],
        )
        assert seen.height >= battle["swaps"]


@given(races(), st.floats(0.5, 5.0))
def test_a_train_has_three_cars_or_more(race: Race, within_s: float) -> None:
    for train in rc.trains(race, within_s=within_s).iter_rows(named=True):
        assert train["longest"] >= 3
        assert train["end_lap"] >= train["start_lap"]
        drivers = train["drivers"].split()
        assert len(set(drivers)) == len(drivers)
        if drivers:
            assert drivers[0] == train["head"]
