"""The track by positions, where a pass was, and where on a lap the time went."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from own_positions import circle, gap_errors, on_a_circle
from own_telemetry import Lap, measured_race
from racecraft.analysis.fights.battle import battle
from racecraft.analysis.fights.explain import explain
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.telemetry.corners import corners, markers_of
from racecraft.analysis.telemetry.distance import placed
from racecraft.analysis.telemetry.line import reference_line
from racecraft.analysis.telemetry.passes import interval_s, pass_place
from racecraft.analysis.telemetry.phases import lap_phases
from racecraft.analysis.telemetry.track import positions_at, track
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.sources.registry import source
from racecraft.sources.sample.sample import sample_race
from racecraft.sources.sample.toy import toy_race

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

LAPS, WRONG = 8, 5


@cache
def fight() -> Race:
    """BBB follows AAA by 0.6 s until AAA comes out of Turn 3 slowly on one lap."""
    laps = {driver: [Lap() for _ in range(LAPS)] for driver in ("AAA", "BBB")}
    laps["AAA"][WRONG - 1] = Lap(opens_later_m={"3": 40.0}, slower_kmh={"3": 5.0})
    return measured_race(laps, wait_s={"AAA": 0.0, "BBB": 0.6})


@cache
def seen() -> Race:
    """The same, with positions that jitter by four metres."""
    return on_a_circle(fight(), jitter_m=4.0)


def test_the_line_is_where_the_cars_drive() -> None:
    table = track(seen())
    x, y = circle(table["distance_m"].to_numpy(), placed(fight()).length_m)
    off = np.hypot(table["x_m"].to_numpy() - x, table["y_m"].to_numpy() - y)
    assert np.median(off) < 2
    assert off.max() < 6
    assert table.drop_nulls("line")["line"].to_list() == ["Line"]
    assert table.drop_nulls("corner")["corner"].to_list() == markers_of(fight())[0]


def test_places_by_positions_are_those_by_speed_and_better_than_one_position() -> None:
    by_speed, by_place = placed(fight()), placed(seen())
    for car, own in by_place.cars.items():
        truth = by_speed.cars[car]
        inside = (own.time >= truth.time[0]) & (own.time <= truth.time[-1])
        off = own.place_m[inside] - np.interp(own.time[inside], truth.time, truth.place_m)
        assert np.percentile(np.abs(off), 95) < 4
        assert np.all(np.diff(own.place_m) > 0)


def test_positions_that_jump_are_not_used() -> None:
    wrong = seen().positions.with_columns(
        x_m=pl.when(pl.int_range(pl.len()) % 50 == 7).then(pl.col("x_m") + 900).otherwise("x_m")
    )
    table = track(replace(seen(), positions=wrong))
    assert np.hypot(table["x_m"] - 500, table["y_m"] + 200).max() < 830


def test_a_corner_in_another_frame_stays_where_its_distance_says() -> None:
    moved = seen().corners.with_columns(
        x_m=pl.lit(90_000.0, pl.Float64), y_m=pl.lit(90_000.0, pl.Float64)
    )
    elsewhere = markers_of(seen().with_tables(corners=moved))
    assert np.allclose(elsewhere[1], markers_of(seen())[1])


@pytest.mark.parametrize("race", [fight, seen])
def test_a_pass_is_between_the_corner_that_was_lost_and_the_next(race: object) -> None:
    found = pass_place(race(), "BBB", "AAA", WRONG, "Line")
    assert found is not None
    assert found.begin_m < found.at_m < found.end_m
    assert found.words in {"out of Turn 3", "on the straight from Turn 3 to Turn 4"}


def test_the_battle_and_the_explanation_name_the_place() -> None:
    fought = battle(seen(), ("AAA", "BBB"))
    assert fought.passes["lap"].to_list() == [WRONG]
    assert "Turn 3" in fought.passes["where"].item()
    assert f"of lap {WRONG}" in fought.story
    assert "BBB got ahead of AAA" in explain(seen(), lap=WRONG, drivers=("BBB", "AAA"))


def test_phases_of_a_lap_add_up_and_the_loss_is_where_it_was_made() -> None:
    table = lap_phases(seen(), lap=WRONG, drivers=("BBB", "AAA"))
    assert (table["to_m"][:-1] - table["from_m"][1:]).abs().max() < 1e-6
    line = seen().crossings.filter(line="Line")
    took = {
        car: (line.filter(car=car, lap=WRONG)["time"] - line.filter(car=car, lap=WRONG - 1)["time"])
        .item().total_seconds()
        for car in ("AAA", "BBB")
    }  # fmt: skip
    assert table["gained_s"].sum() == pytest.approx(took["AAA"] - took["BBB"], abs=0.1)
    sure = table.filter(pl.col("gained_s") > 2 * pl.col("error_s"))
    assert sure.height
    assert set(sure["from_m"].is_between(1300, 2650)) == {True}


def test_where_cars_are_at_a_moment() -> None:
    when = timedelta(seconds=60)
    table = positions_at(seen(), when)
    assert table["car"].to_list() == ["AAA", "BBB"]
    assert set(table["basis"]) == {"position"}
    later = positions_at(replace(seen(), positions=seen().positions.filter(car="AAA")), when)
    assert dict(later["car", "basis"].rows()) == {"AAA": "position", "BBB": "timing"}
    by_timing = later.filter(car="BBB").join(table, on="car", suffix="_seen")
    apart = np.hypot(by_timing["x_m"] - by_timing["x_m_seen"],
                     by_timing["y_m"] - by_timing["y_m_seen"])  # fmt: skip
    assert apart.item() < 600  # evenly along a lap of one timing line


def test_what_is_not_there_is_one_error_with_a_hint() -> None:
    with pytest.raises(NotEnoughDataError, match="no positions"):
        track(fight())
    with pytest.raises(NotEnoughDataError, match="no positions"):
        positions_at(toy_race(), timedelta(0))
    with pytest.raises(NotEnoughDataError, match="where the corners"):
        corners(seen().with_tables(corners=seen().corners.clear()), laps=[2], drivers=["AAA"])
    with pytest.raises(NotEnoughDataError, match="no telemetry of ALO on lap 40") as error:
        lap_phases(sample_race(20), lap=40, drivers=("ALO", "PER"))
    assert error.value.hint == "there is some of laps 70, 71"
    with pytest.raises(ArgumentError, match="two cars"):
        lap_phases(seen(), lap=2, drivers=("AAA", "AAA"))
    alone = replace(seen(), telemetry=seen().telemetry.filter(car="AAA"))
    with pytest.raises(NotEnoughDataError, match="no telemetry of BBB"):
        lap_phases(alone, lap=2, drivers=("AAA", "BBB"))
    assert pass_place(alone, "BBB", "AAA", WRONG, "Line") is None


def test_sao_paulo_says_what_was_published_of_its_last_two_laps() -> None:
    race = sample_race(20)
    lost, won = (
        pass_place(race, *pair, lap, "S1")
        for pair, lap in ((("PER", "ALO"), 70), (("ALO", "PER"), 71))
    )
    assert lost.words == "into Turn 1"
    assert 200 <= lost.at_m <= 430
    assert won.words == "on the straight from Turn 3 to Turn 4"
    assert won.at_m == pytest.approx(1120, abs=50)
    course = placed(race)
    for metre, published in ((-634, 0.676), (0, 0.438), (340, 0.25), (649, 0.19)):
        behind, error = interval_s(course, np.array([70 * course.length_m + metre]), "ALO", "PER")
        assert behind[0] == pytest.approx(published, abs=max(error[0], 0.02))
    said = explain(race, lap=71, drivers=("ALO", "PER"))
    assert "Pérez lifted to 29 % at Turn 2" in said
    assert "through Turn 3" in said


def test_mexico_city_is_a_piece_of_track_laid_by_its_corners() -> None:
    race = sample_race(19)
    line = reference_line(race)
    assert not line.closed
    names, markers = markers_of(race)
    assert markers[names.index("1")] == pytest.approx(1190, abs=5)


def test_zandvoort_2025_is_told_by_corner(shared: Path) -> None:
    """Passes whose published place is known; see also ``facts.json`` beside the data."""
    folder = shared / "data" / "telemetry" / "2025 Dutch Grand Prix"
    asked = {"where": str(folder), "event": None, "season": None, "session": None,
             "telemetry": True}  # fmt: skip
    told = source("tracinginsights")
    (race,) = told.parse(told.fetch(asked, None), asked)
    for passer, passed, lap, line, corner, first, last in (
        ("NOR", "VER", 9, "S1", "Turn 1", 290, 390),
        ("LEC", "RUS", 32, "Line", "between Turns 11 and 12", 3040, 3200),
        ("VER", "NOR", 1, "S1", "between Turns 2 and 3", 580, 840),
    ):
        found = pass_place(race, passer, passed, lap, line)
        assert corner in found.words
        assert first <= found.begin_m <= found.end_m <= last
    late = overtakes(race).filter(lap=32, passer="LEC", passed="RUS")
    assert late["kind"].to_list() == ["on_track"]  # the virtual safety car had gone by then
    alone = np.concatenate([gap_errors(race, line, alone=True) for line in ("S1", "S2", "Line")])
    held = np.concatenate([gap_errors(race, line, alone=False) for line in ("S1", "S2")])
    for errors, middle, most in ((alone, 0.05, 0.11), (held, 0.04, 0.10)):
        assert len(errors) > 80
        assert np.median(np.abs(errors)) < middle
        assert np.percentile(np.abs(errors), 95) < most
