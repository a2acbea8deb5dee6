"""Races of several classes and shared cars: places, battles and passes in class, who drove."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from own_classes import two_classes
from racecraft.analysis.fights.battles import battles
from racecraft.analysis.fights.trains import trains
from racecraft.analysis.order.control import control, neutralised, slowed
from racecraft.analysis.order.gaps import gaps, order
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.leading import laps_led
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.stints import stints
from racecraft.analysis.order.stops import stops
from racecraft.analysis.pace.clean_laps import traffic_between_classes
from racecraft.analysis.race import race as story_of
from racecraft.model.race import CONTROL
from racecraft.sources.sample.sample import sample_race


def test_a_place_overall_and_in_class_at_every_line() -> None:
    race = two_classes()
    end = order(race, lap=5).select("car", "position", "class", "class_position").rows()
    assert end == [("01", 1, "P", 1), ("1", 2, "P", 2), ("7", 3, "GT", 1), ("5", 4, "GT", 2)]
    table = gaps(race).filter(lap=4).select("car", "position", "class_position").rows()
    assert table == [("01", 1, 1), ("1", 2, 2), ("7", 3, 1), ("5", 4, 2)]
    third = laps(race).filter(car="5", lap=3)["class_position"].item()
    assert third == 1


def test_cars_1_and_01_are_two_cars() -> None:
    assert set(laps(two_classes())["car"]) == {"1", "01", "5", "7"}


def test_a_pass_is_in_class_unless_all_are_asked_for() -> None:
    race = two_classes()
    passes = overtakes(race).filter(kind="on_track").select("lap", "passer", "passed", "class")
    assert passes.rows() == [(3, "01", "1", "P"), (4, "7", "5", "GT")]
    places = overtakes(race).filter(kind="on_track")["class_position"].to_list()
    assert places == [1, 1]
    assert overtakes(race, overall=True).height >= overtakes(race).height


def test_a_pass_between_classes_is_no_overtake_but_traffic() -> None:
    slow_start = two_classes()
    later = pl.when((pl.col("car") == "1") & (pl.col("lap") == 1)).then(
        pl.lit(timedelta(seconds=101), pl.Duration("us"))
    )
    race = slow_start.with_tables(
        crossings=slow_start.crossings.with_columns(time=pl.coalesce(later, "time"))
    )
    mixed = overtakes(race, overall=True).filter(lap=2, passer="1")
    between = mixed.filter(pl.col("class_position").is_null())
    assert set(between["passed"]) == {"5", "7"}
    assert set(overtakes(race).filter(lap=2, passer="1")["passed"]) == {"01"}


def test_battles_and_trains_are_of_a_class() -> None:
    race = two_classes()
    fought = battles(race).select("first", "second", "class", "class_position", "swaps").rows()
    assert ("5", "7", "GT", 1, 1) in fought
    assert ("1", "01", "P", 1, 1) in fought
    assert all(classes is not None for *_, classes, _, _ in fought)
    assert trains(race, within_s=200, min_laps=1).is_empty()
    assert trains(race, within_s=200, min_laps=1, overall=True).height > 0


def test_one_class_is_as_it_was() -> None:
    race = sample_race()
    assert battles(race).drop("series").equals(battles(race, overall=True).drop("series"))
    assert overtakes(race).equals(overtakes(race, overall=True))
    assert order(race)["class_position"].equals(order(race)["position"])


def test_who_drove_which_lap() -> None:
    race = two_classes()
    drove = laps(race).filter(car="1")["driver"].to_list()
    assert drove == ["Ann Able"] * 4 + ["Bob Best"] * 2
    assert stints(race).filter(car="1").select("driver", "start_lap", "end_lap").rows() == [
        ("Ann Able", 1, 4), ("Bob Best", 5, 6)
    ]  # fmt: skip
    change = stops(race).row(0, named=True)
    assert (change["driver_out"], change["driver_in"]) == ("Ann Able", "Bob Best")
    led = laps_led(race).select("car", "driver", "laps", "class_laps").rows()
    assert led[:2] == [("01", "Cid Cole", 4, 4), ("1", "Ann Able", 2, 2)]
    assert sum(laps_led(race)["laps"]) == 6


def test_the_result_without_a_classification_is_the_order_at_the_flag_and_drops_nobody() -> None:
    race = two_classes()
    gone = (pl.col("car") == "5") & (pl.col("lap") > 2)
    result = story_of(race.with_tables(crossings=race.crossings.filter(~gone))).result
    assert result["car"].to_list() == ["01", "1", "7", "5"]
    assert result["class_position"].to_list() == [1, 2, 1, None]
    assert result["status"].to_list()[-1] == "Not running at the flag"
    assert result["name"].to_list()[1] == "Ann Able / Bob Best"
    lapped = race.crossings.filter(~((pl.col("car") == "7") & (pl.col("lap") > 5)))
    assert "+1 Lap" in story_of(race.with_tables(crossings=lapped)).result["status"].to_list()


def test_cars_of_other_classes_that_were_passed_on_a_lap_are_counted() -> None:
    found = traffic_between_classes(two_classes())
    assert found is not None
    passed, let_by = found
    assert passed[:, 1].tolist() == [0, 0, 0, 0, 2, 0], "01 laps both GT cars on lap 5"
    assert let_by[:, 2].tolist() == [0, 0, 0, 1, 0, 0], "and 5 lets it by on its lap 4"
    assert traffic_between_classes(sample_race()) is None


def test_a_halt_that_no_flag_shows_is_found() -> None:
    race = two_classes()
    late = pl.col("lap") > 3
    halted = race.with_tables(
        crossings=race.crossings.with_columns(
            time=pl.when(late).then(pl.col("time") + timedelta(hours=1)).otherwise("time")
        ),
        control=CONTROL.rows([{"from": timedelta(seconds=0), "to": timedelta(seconds=9),
                               "state": "FCY"}]),
    )  # fmt: skip
    found = control(halted).filter(state="red").row(0, named=True)
    assert found["basis"] == "inferred"
    assert found["from"] == timedelta(seconds=300.6)
    assert found["to"] == timedelta(hours=1, seconds=320)


def test_a_state_known_at_crossings_keeps_its_bracket() -> None:
    s = timedelta(seconds=1)
    told = {"from": 100 * s, "to": 200 * s, "state": "FCY", "from_earliest": 80 * s,
            "to_latest": 240 * s}  # fmt: skip
    race = two_classes(control=CONTROL.rows([told]))
    assert [neutralised(race).begin[0], neutralised(race).end[0]] == pytest.approx([100e6, 200e6])
    assert [slowed(race).begin[0], slowed(race).end[0]] == pytest.approx([80e6, 240e6])
