"""Six races as Al Kamel published them, against figures worked out from the same files apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from racecraft.analysis.fights.battle import battle
from racecraft.analysis.fights.battles import battles
from racecraft.analysis.order.control import control
from racecraft.analysis.order.gaps import gaps
from racecraft.analysis.order.leading import laps_led
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.stops import stops
from racecraft.analysis.race import race as story_of
from racecraft.sources import registry

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

RACES = {
    "imsa_2021_lime_rock": "imsa", "imsa_2022_watkins_glen": "imsa",
    "imsa_2023_long_beach": "imsa", "imsa_2024_detroit": "imsa",
    "imsa_2025_laguna_seca": "imsa", "wec_2019_spa_6h": "wec",
}  # fmt: skip
# Class winners that a penalty of the results file put in the place of the first at the line.
AFTER_PENALTIES = {"imsa_2022_watkins_glen": {"GTD": "27", "GTDPRO": "23"}}


def read(shared: Path, name: str) -> Race:
    source = registry.source("alkamel")
    asked = {q.name: q.default for q in source.questions}
    asked |= {"folder": shared / "data/endurance" / name, "series": RACES[name]}
    accounts = source.parse(source.fetch(asked, None), asked)
    return next(account for account in accounts if hasattr(account, "crossings"))


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((shared / "data/endurance/facts.json").read_bytes())
    return told


@pytest.mark.parametrize("name", RACES)
def test_laps_led_class_winners_and_driver_changes(
    name: str, shared: Path, facts: dict[str, Any]
) -> None:
    race, told = read(shared, name), facts[name]
    led = laps_led(race)
    by_car = led.group_by("car").agg(pl.col("laps").sum()).filter(pl.col("laps") > 0)
    assert dict(by_car.iter_rows()) == told["laps_led"]
    by_driver = led.group_by("driver").agg(pl.col("laps").sum()).filter(pl.col("laps") > 0)
    assert sorted(by_driver["laps"]) == sorted(told["laps_led_by_driver"].values())
    first = story_of(race).result.filter(class_position=1)
    winners = told["class_winner_by_crossing"] | AFTER_PENALTIES.get(name, {})
    assert dict(first.select("class", "car").iter_rows()) == winners
    changes = stops(race)["driver_in"].count()
    assert told["driver_changes"] - 2 <= changes <= told["driver_changes"], "two without a visit"


def test_long_beach_2023_second_changes_hands_on_lap_70(shared: Path) -> None:
    race = read(shared, "imsa_2023_long_beach")
    second = gaps(race).filter(lap=70, line="Line", position=2).row(0, named=True)
    assert second["gap"].total_seconds() == 7.067
    row = overtakes(race).filter(passer=second["car"], lap=70, position=2).row(0, named=True)
    assert row["kind"] == "on_track"


def test_no_sector_that_may_have_been_under_caution_decides_a_battle(shared: Path) -> None:
    race = read(shared, "imsa_2023_long_beach")
    fought = battle(race, ("6", "25"))
    assert (fought.row["start_lap"], len(fought.turning_points)) == (5, 1)
    assert fought.turning_points["lap"].min() > 5, "the third sector of lap 5 cost both ten seconds"


def test_watkins_glen_2022_the_red_flag_is_found(shared: Path) -> None:
    race = read(shared, "imsa_2022_watkins_glen")
    assert "red" not in set(race.control["state"])
    found = control(race).filter(state="red").row(0, named=True)
    assert found["basis"] == "inferred"
    assert 51 * 60 < (found["to"] - found["from"]).total_seconds() < 65 * 60, "51:10 as published"
    last = battles(race).filter(first="8", second="52", at_flag=True).row(0, named=True)
    assert (last["class"], last["ahead_at_end"]) == ("LMP2", "52")
    assert last["margin"].total_seconds() == 0.107


@pytest.mark.parametrize("name", [*RACES][:5])
def test_battles_and_passes_are_of_one_class(name: str, shared: Path) -> None:
    race = read(shared, name)
    of = dict(race.entries.select("car", "class").iter_rows())
    fought = battles(race)
    assert len(fought) > 5
    for first, second, group in fought.select("first", "second", "class").iter_rows():
        assert of[first] == of[second] == group
    for passer, passed in overtakes(race).select("passer", "passed").iter_rows():
        assert of[passer] == of[passed]
