"""Corners, on cars whose braking, exits and top speeds are known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from own_telemetry import (
    LENGTH_M,
    MARKERS,
    OPENED_M,
    RAMP_M,
    SLOWEST_KMH,
    Lap,
    measured_race,
    profile,
)
from racecraft.analysis.fights.battle import battle
from racecraft.analysis.fights.explain import explain
from racecraft.analysis.race import race as story_of
from racecraft.analysis.telemetry.corners import (
    CORNER_LAPS,
    corners,
    told_at,
    told_of,
    told_on,
)
from racecraft.analysis.telemetry.distance import placed
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError, TableError
from racecraft.model.race import TELEMETRY
from racecraft.sources.sample.toy import toy_race

if TYPE_CHECKING:
    from racecraft.model.race import Race

LAPS = 12
WRONG = 7  # lap on which AAA does not come out of Turn 3 properly
TOWED = 9  # lap on which BBB is faster on the straights


@cache
def apart() -> Race:
    """Two cars five seconds apart; AAA opens the throttle 40 m late on one lap."""
    laps = {driver: [Lap() for _ in range(LAPS)] for driver in ("AAA", "BBB")}
    laps["AAA"][WRONG - 1] = Lap(opens_later_m={"3": 40.0})
    laps["BBB"][TOWED - 1] = Lap(top_kmh=332.0)
    return measured_race(laps, wait_s={"AAA": 0.0, "BBB": 5.0})


@cache
def fight() -> Race:
    """BBB follows AAA by 0.6 s and is ahead from the lap on which AAA comes out of Turn 3 late."""
    laps = {driver: [Lap() for _ in range(LAPS)] for driver in ("AAA", "BBB")}
    laps["AAA"][WRONG - 1] = Lap(opens_later_m={"3": 40.0}, slower_kmh={"3": 5.0})
    return measured_race(laps, wait_s={"AAA": 0.0, "BBB": 0.6})


def usual(driver: str = "AAA", lap: int = 4) -> pl.DataFrame:
    return corners(apart(), laps=[lap], drivers=[driver])


def truth() -> dict[str, dict[str, float]]:
    place, speed, _, brake = profile(Lap())
    found = {}
    for name, marker in MARKERS.items():
        before = max((m for m in MARKERS.values() if m < marker), default=0.0)
        way = (place > before) & (place <= marker)
        found[name] = {
            "braking_m": marker - place[way & brake][0],
            "slowest_kmh": SLOWEST_KMH[name],
            "exit_kmh": 3.6 * speed[int(marker + 100)],
            "throttle_m": OPENED_M,
            "full_throttle_m": OPENED_M + RAMP_M,
        }
    return found


def test_a_lap_is_as_long_as_it_is() -> None:
    assert placed(apart()).length_m == pytest.approx(LENGTH_M, rel=1e-3)


@pytest.mark.parametrize("driver", ["AAA", "BBB"])
@pytest.mark.parametrize("lap", [2, 5])
def test_what_a_driver_does_at_every_corner_is_recovered(driver: str, lap: int) -> None:
    table = usual(driver, lap)
    assert table["corner"].to_list() == list(MARKERS)
    for row in table.iter_rows(named=True):
        true = truth()[row["corner"]]
        assert row["slowest_kmh"] == pytest.approx(true["slowest_kmh"], abs=3)
        assert row["exit_kmh"] == pytest.approx(true["exit_kmh"], abs=3)
        assert row["braking_m"] == pytest.approx(true["braking_m"], abs=row["braking_error_m"] + 5)
        assert row["throttle_m"] == pytest.approx(true["throttle_m"], abs=10)
        assert row["full_throttle_m"] == pytest.approx(true["full_throttle_m"], abs=10)


def test_medians_of_many_laps_are_closer_than_one() -> None:
    for row in usual().iter_rows(named=True):
        true = truth()[row["corner"]]
        assert row["usual_braking_m"] == pytest.approx(true["braking_m"], abs=7)
        assert row["usual_exit_kmh"] == pytest.approx(true["exit_kmh"], abs=0.5)


def test_a_poor_exit_shows_at_its_corner_and_nowhere_else() -> None:
    table = usual(lap=WRONG).with_columns(
        later=pl.col("full_throttle_m") - pl.col("usual_full_throttle_m"),
        slower=pl.col("exit_kmh") - pl.col("usual_exit_kmh"),
    )
    third, others = table.filter(corner="3"), table.filter(pl.col("corner") != "3")
    assert third["later"].item() == pytest.approx(40, abs=10)
    assert third["slower"].item() < -20
    assert others["slower"].abs().max() < 2


def test_the_tow_is_top_speed_beyond_the_usual() -> None:
    table = usual("BBB", TOWED)
    long = table.filter(pl.col("corner") != "3")  # too near to the corner before to reach it
    assert long["tow_kmh"].to_list() == pytest.approx([12.0] * 5, abs=1.0)
    assert usual("BBB", 4).filter(pl.col("corner") != "3")["tow_kmh"].abs().max() <= 1.0


def test_the_interval_at_a_corner_is_that_of_the_cars() -> None:
    assert usual("BBB", 3)["interval_s"].to_list() == pytest.approx([5.0] * 6, abs=0.1)


def test_the_turning_point_names_the_corner() -> None:
    fought = battle(fight(), ("AAA", "BBB"))
    sentence = fought.turning_points["sentence"].item()
    assert "AAA lost" in sentence
    assert "AAA was" in sentence
    assert "km/h slower out of Turn 3 than usual" in sentence
    assert "on full throttle" in sentence
    assert set(fought.corners["lap"]) == {WRONG}
    assert "out of Turn 3" in explain(fight(), lap=WRONG, drivers=("AAA", "BBB"))


def test_a_lap_like_the_others_names_no_corner() -> None:
    assert "Turn" not in explain(apart(), lap=4, drivers=("AAA", "BBB"))


def test_without_telemetry_there_is_none_and_the_battle_is_told_all_the_same() -> None:
    bare = replace(fight(), telemetry=None)
    with pytest.raises(NotEnoughDataError, match="no telemetry"):
        corners(bare, laps=[1], drivers=["AAA"])
    fought = battle(bare, ("AAA", "BBB"))
    assert fought.corners.equals(CORNER_LAPS.empty())
    assert "Turn" not in fought.turning_points["sentence"].item()
    with pytest.raises(NotEnoughDataError, match="no telemetry"):
        corners(toy_race(), laps=[1], drivers=["VER"])


def test_the_story_of_a_race_does_not_read_telemetry() -> None:
    def refuse() -> pl.DataFrame:
        raise AssertionError("read")

    schema = fight().telemetry.collect_schema()
    unread = replace(fight(), telemetry=pl.defer(refuse, schema=schema))
    assert story_of(unread).decisive


def test_telemetry_keeps_its_promise_without_being_read() -> None:
    telemetry = fight().telemetry
    assert telemetry.collect_schema() == TELEMETRY.schema
    with pytest.raises(TableError, match="telemetry lacks its column 'gear'"):
        replace(fight(), telemetry=telemetry.drop("gear"))


def test_laps_and_drivers_that_are_none() -> None:
    with pytest.raises(ArgumentError, match="no lap 99"):
        corners(apart(), laps=[99], drivers=["AAA"])
    with pytest.raises(NotFoundError):
        corners(apart(), laps=[1], drivers=["ZZZ"])


@pytest.mark.parametrize("speed", [1.3, 0.6])
def test_a_lap_whose_speeds_disagree_with_its_length_is_left_out(speed: float) -> None:
    begin, end = (apart().crossings.filter(car="AAA", lap=lap)["time"].item() for lap in (3, 4))
    wrong = pl.col("time").is_between(begin, end) & (pl.col("car") == "AAA")
    factor = pl.when(wrong).then(speed).otherwise(1.0)
    spoilt = apart().telemetry.with_columns(pl.col("speed_kmh") * factor)
    table = corners(replace(apart(), telemetry=spoilt), laps=[3, 4, 5], drivers=["AAA"])
    assert 4 not in table["lap"].unique().to_list()
    assert 3 in table["lap"].unique().to_list()


def test_a_hole_in_the_samples_is_no_guess() -> None:
    begin = apart().crossings.filter(car="AAA", lap=3)["time"].item()
    hole = pl.col("time").is_between(begin, begin + pl.duration(seconds=3))
    spoilt = apart().telemetry.filter(~(hole & (pl.col("car") == "AAA")))
    table = corners(replace(apart(), telemetry=spoilt), laps=[4], drivers=["AAA", "BBB"])
    assert table["car"].unique().to_list() == ["BBB"]


@pytest.mark.parametrize("rows", [0, 1])
def test_next_to_no_samples_are_no_telemetry(rows: int) -> None:
    with pytest.raises(NotEnoughDataError):
        corners(replace(apart(), telemetry=apart().telemetry.head(rows)), laps=[2], drivers=["AAA"])


def test_numbers_are_finite_or_null() -> None:
    table = corners(apart(), laps=range(1, LAPS + 1), drivers=["AAA", "BBB"])
    for column in table.select(pl.col(pl.Float64)):
        assert column.drop_nulls().is_finite().all(), column.name


def test_a_part_of_what_a_driver_did_is_that_of_the_whole() -> None:
    race = replace(apart())  # of which nothing was asked yet
    corner, lap = told_at(race, "AAA", 1), told_on(race, "AAA", 4)
    whole = told_of(race, "AAA")
    np.testing.assert_array_equal(corner, whole[:, 1])
    np.testing.assert_array_equal(lap, whole[3])
    np.testing.assert_array_equal(told_at(race, "AAA", 1), corner)
