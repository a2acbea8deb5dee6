"""What is true of laps, gaps and the order in every race."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import racecraft as rc
from racecraft.model.terms import THE_LINE
from strategies import races

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.race import Race

TABLES = (
    rc.laps, rc.stints, rc.stops, rc.control, rc.gaps, rc.order, rc.overtakes, rc.battles,
    rc.trains,
)  # fmt: skip


@pytest.mark.parametrize("function", TABLES)
@given(race=races())
def test_nothing_passed_in_is_changed_and_asking_twice_gives_one_answer(
    function: Callable[[Race], pl.DataFrame], race: Race
) -> None:
    before = {name: table.clone() for name, table in race.tables.items()}
    answer = function(race)
    assert function(race).equals(answer)
    assert all(race.tables[name].equals(table) for name, table in before.items())


@pytest.mark.parametrize("function", TABLES)
@given(race=races(), seed=st.integers(0, 99))
def test_the_order_of_the_rows_of_a_race_says_nothing(
    function: Callable[[Race], pl.DataFrame], race: Race, seed: int
) -> None:
    shuffled = race.with_tables(
        **{
            name: table.sample(fraction=1, shuffle=True, seed=seed)
            for name, table in race.tables.items()
            if name not in ("entries", "lines")
        }
    )
    assert sorted(function(shuffled).rows(), key=repr) == sorted(function(race).rows(), key=repr)


@given(races())
def test_intervals_add_up_to_the_gap(race: Race) -> None:
    table = rc.gaps(race).with_columns(total=pl.col("interval").cum_sum().over("lap", "line"))
    assert table["total"].equals(table["gap"])


@given(races())
def test_gaps_leave_no_crossing_out(race: Race) -> None:
    where = ["car", "lap", "line"]
    assert rc.gaps(race).select(where).sort(where).equals(race.crossings.select(where).sort(where))


@given(races())
def test_each_position_is_held_once(race: Race) -> None:
    for (_, _), cars in rc.gaps(race).group_by("lap", "line"):
        assert sorted(cars["position"]) == list(range(1, cars.height + 1))
        assert cars.sort("position")["gap"].is_sorted()


@given(races())
def test_the_interval_of_a_pair_is_the_difference_of_their_gaps(race: Race) -> None:
    gaps = rc.gaps(race)
    drivers = gaps["car"].unique(maintain_order=True).to_list()
    a, b = drivers[0], drivers[-1]
    assume(a != b)
    by_line = gaps.filter(car=a).join(gaps.filter(car=b), on=["lap", "line"], suffix="_b")
    pair = rc.gaps(race, drivers=(a, b)).join(by_line, on=["lap", "line"])
    assert pair.height == by_line.height
    assert (pair["interval"] == pair["gap_b"] - pair["gap"]).all()


@given(races(whole=True))
def test_laps_add_up_to_the_race(race: Race) -> None:
    driven = rc.laps(race).group_by("car").agg(pl.col("lap_time").sum(), pl.col("time").max())
    assert driven["lap_time"].equals(driven["time"])


@given(races())
def test_a_lap_time_is_known_where_both_its_ends_are(race: Race) -> None:
    ends = race.crossings.filter(line=THE_LINE)
    begun = ends.select("car", pl.col("lap") + 1)
    timed = ends.filter(pl.col("lap") > 1).join(begun, on=["car", "lap"], how="semi").height
    timed += ends.filter(lap=1).height
    table = rc.laps(race)
    assert table.height == ends.height
    assert table["lap_time"].count() == timed


@given(races(whole=True))
def test_the_order_at_the_flag_is_the_classification_but_for_penalties(race: Race) -> None:
    finished = race.classification.filter(pl.col("position").is_not_null()).sort("order")
    table = rc.order(race)
    assert set(table["car"]) == set(finished["car"])
    joined = finished.join(table.filter(laps_down=0), on="car", suffix="_road")
    unmoved = joined.filter(pl.col("time") == pl.col("time_road"))
    assert unmoved["position_road"].is_sorted()


@given(races())
def test_stints_cover_the_laps_and_never_overlap(race: Race) -> None:
    stints = rc.stints(race).sort("car", "start_lap")
    assert (stints["start_lap"] <= stints["end_lap"]).all()
    later = stints.with_columns(ended=pl.col("end_lap").shift().over("car"))
    assert later.filter(pl.col("start_lap") <= pl.col("ended")).is_empty()
