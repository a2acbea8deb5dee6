from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from racecraft.errors import NotFoundError
from racecraft.model.clock import clock, seconds
from racecraft.sources.sample.sample import RACES, sample_race, sample_season

if TYPE_CHECKING:
    from racecraft.model.race import Race

MEXICO, SAO_PAULO = RACES


@pytest.fixture(scope="module")
def mexico() -> Race:
    return sample_race(19)


@pytest.fixture(scope="module")
def sao_paulo() -> Race:
    return sample_race(20)


def at(race: Race, lap: int, line: str = "Line") -> pl.DataFrame:
    """Cars at a line in the order in which they reached it, with the interval to the car ahead."""
    return (
        race.crossings.filter(lap=lap, line=line)
        .sort("time")
        .with_columns(interval_s=seconds(pl.col("time").diff()))
    )


def winner_s(race: Race) -> float:
    return at(race, 71)["time"][0].total_seconds()


def test_winners_times(mexico: Race, sao_paulo: Race) -> None:
    assert winner_s(mexico) == 7350.814
    assert winner_s(sao_paulo) == 7008.894


@pytest.mark.parametrize(("event", "penalised_s"), [(MEXICO, {"BOT": 5.0}), (SAO_PAULO, {})])
def test_times_at_the_flag_are_those_of_the_result_but_for_penalties(
    event: str, penalised_s: dict[str, float]
) -> None:
    race = sample_race(event)
    flag = at(race, 71).join(race.classification, on="car", suffix="_result")
    assert flag.height == race.classification["time"].count()
    added = flag.with_columns(penalty_s=seconds(pl.col("time_result") - pl.col("time")))
    assert dict(added.filter(pl.col("penalty_s") != 0)["car", "penalty_s"].iter_rows()) == (
        penalised_s
    )


@pytest.mark.parametrize("event", RACES)
def test_the_laps_of_every_car_are_those_of_the_classification(event: str) -> None:
    race = sample_race(event)
    laps = race.crossings.filter(line="Line").group_by("car").agg(pl.col("lap").max())
    both = race.classification.join(laps, on="car", how="left").fill_null(0)
    assert both["lap"].to_list() == both["laps"].to_list()


def test_who_led_each_of_71_laps(mexico: Race, sao_paulo: Race) -> None:
    # VER stopped on lap 19 of Mexico City, LEC on lap 31; in São Paulo VER stopped on lap 56
    led = {"mexico": [at(mexico, lap)["car"][0] for lap in range(1, 72)]}
    led["sao_paulo"] = [at(sao_paulo, lap)["car"][0] for lap in range(1, 72)]
    assert led["mexico"] == ["VER"] * 19 + ["LEC"] * 12 + ["VER"] * 40
    assert led["sao_paulo"] == ["VER"] * 56 + ["NOR"] * 3 + ["VER"] * 12


def test_alonso_third_by_53_thousandths(sao_paulo: Race) -> None:
    flag = at(sao_paulo, 71)
    assert flag["car"][:4].to_list() == ["VER", "NOR", "ALO", "PER"]
    assert flag["interval_s"][3] == 0.053


def test_they_swapped_in_sector_1_of_the_last_two_laps(sao_paulo: Race) -> None:
    fight = pl.col("car").is_in(["PER", "ALO"])
    assert at(sao_paulo, 69).filter(fight)["car"].to_list() == ["ALO", "PER"]
    for lap, ahead, margin_s in ((70, "PER", 0.111), (71, "ALO", 0.069)):
        pair = at(sao_paulo, lap, "S1").filter(fight)
        assert pair["car"][0] == ahead
        assert (pair["time"][1] - pair["time"][0]).total_seconds() == margin_s


def test_perez_last_at_the_end_of_lap_1_and_into_the_pits(mexico: Race) -> None:
    assert at(mexico, 1)["car"].to_list()[-1] == "PER"
    assert mexico.crossings.filter(car="PER").height == 1
    visit = mexico.pit_visits.filter(car="PER").row(0, named=True)
    assert (visit["lap"], visit["duration"]) == (1, None)
    assert mexico.doubts.filter(table="pit_visits", car="PER").height == 1


def test_lines_of_a_lap_are_reached_in_order(sao_paulo: Race) -> None:
    whole = sao_paulo.crossings.pivot("line", index=["car", "lap"], values="time").drop_nulls()
    assert whole.height == 1072
    assert (whole["S1"] < whole["S2"]).all()
    assert (whole["S2"] < whole["Line"]).all()


@pytest.mark.parametrize("event", RACES)
def test_laps_add_up_to_the_time_at_the_line(event: str) -> None:
    race = sample_race(event)
    total = race.lap_chart.group_by("car").agg(pl.col("lap_time").sum())
    last = race.crossings.filter(line="Line").group_by("car").agg(pl.col("time").max())
    both = total.join(last, on="car")
    assert both["lap_time"].to_list() == both["time"].to_list()


def test_what_was_not_timed_is_a_doubt_and_no_crossing(mexico: Race, sao_paulo: Race) -> None:
    assert mexico.crossings.filter(car="MAG")["lap"].max() == 31
    assert mexico.crossings.filter(car="SAR")["lap"].max() == 70
    assert mexico.lines["line"].to_list() == ["Line"]
    first = sao_paulo.crossings.filter(pl.col("line") != "Line", pl.col("lap").is_in([1, 3]))
    assert first["car"].unique().sort().to_list() == ["PIA", "RIC"]  # their lap 3 is lap 4's
    untimed = sao_paulo.doubts.filter(pl.col("line") == "S1")
    timed = sao_paulo.crossings.filter(pl.col("line") == "S1")
    assert untimed.height + timed.height == sao_paulo.crossings.filter(line="Line").height


def test_the_source_says_what_it_does_not_know(mexico: Race, sao_paulo: Race) -> None:
    for race in (mexico, sao_paulo):
        assert race.control.is_empty()
        assert race.lap_chart["position"].null_count() == race.lap_chart.height
        assert {"control", "lap_chart", "tyres", "pit_visits"} <= set(race.doubts["table"])


def test_red_flag_visits_keep_their_duration_as_given(sao_paulo: Race) -> None:
    visit = sao_paulo.pit_visits.filter(car="ALO", lap=2).row(0, named=True)
    assert clock(visit["duration"]) == "23:28.154"
    assert visit["time_in"] is None
    assert visit["time_out"] is None
    assert sao_paulo.doubts.filter(table="pit_visits", car="ALO", lap=2).height == 1


def test_the_grid_has_no_place_for_who_started_elsewhere() -> None:
    season = sample_season()
    assert season.results["grid"].min() == 1
    entries = sample_race(SAO_PAULO).entries.filter(car="LEC").row(0, named=True)
    assert (entries["grid"], entries["pit_lane_start"]) == (None, False)  # he never started


def test_season_counts() -> None:
    season = sample_season()
    assert season.events.height == 22
    assert season.events["sprint_laps"].count() == 6
    assert season.drivers.height == 22
    assert season.teams.height == 10
    assert season.results.group_by("session").len().sort("session").rows() == [
        ("race", 440),
        ("sprint", 120),
    ]
    assert season.qualifying.height == 440
    assert set(season.pit_stops["event"]) == set(RACES)
    best = season.qualifying.filter(event=SAO_PAULO, position=1)["q3"][0]
    assert best == timedelta(minutes=1, seconds=10, milliseconds=727)


def test_points_after_round_20() -> None:
    season = sample_season()
    points = (
        season.results.join(season.events.select("event", "round"), on="event")
        .filter(pl.col("round") <= 20)
        .group_by("driver")
        .agg(pl.col("points").sum())
    )
    total = dict(points.iter_rows())
    assert (total["VER"], total["PER"], total["HAM"]) == (524, 258, 226)


def test_a_race_outside_the_sample_is_not_found() -> None:
    for event in (1, "Bahrain Grand Prix", "nowhere"):
        with pytest.raises(NotFoundError, match="no laps of") as caught:
            sample_race(event)
        assert "São Paulo (20)" in caught.value.hint


def test_name_and_round_give_the_same_race(sao_paulo: Race) -> None:
    assert sample_race("Sao Paulo Grand Prix").crossings.equals(sao_paulo.crossings)
    assert sao_paulo.name == "São Paulo Grand Prix"


def test_the_sample_is_read_fast() -> None:
    sample_race()
    begin = time.perf_counter()
    sample_race()
    sample_season()
    assert time.perf_counter() - begin < 0.2
