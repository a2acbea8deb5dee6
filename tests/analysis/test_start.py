"""The start: places on lap 1 of any race, launches and braking of those with telemetry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from own_positions import on_a_circle
from own_telemetry import MARKERS, Lap, measured_race
from racecraft.analysis.fights.start import start
from racecraft.analysis.telemetry.from_grid import from_grid
from racecraft.analysis.telemetry.launch import abreast, first_corner, launches, lost_speed
from racecraft.errors import NotEnoughDataError
from racecraft.model.race import LAP_CHART, Race
from racecraft.sources.sample.sample import sample_race
from racecraft.sources.sample.toy import toy_race


@pytest.fixture(scope="module")
def mexico() -> Race:
    return sample_race(19)


def test_without_telemetry_it_is_grid_and_end_of_lap_one() -> None:
    told = start(toy_race())
    assert told.finest == "sectors"
    assert told.table["gained"].to_list() == [0, 0, 0]
    assert told.table["to_100_s"].null_count() == 3
    assert told.abreast.is_empty()
    assert not any("brake" in sentence for sentence in told.sentences)


def test_a_first_corner_at_which_nobody_was_seen_is_unknown_not_the_next(mexico: Race) -> None:
    assert first_corner(mexico) == 0
    seen = ~pl.col("time").is_between(pl.duration(seconds=9), pl.duration(seconds=20))
    unseen = mexico.with_tables(
        telemetry=mexico.telemetry.filter(seen), positions=mexico.positions.filter(seen)
    )
    assert first_corner(unseen) is None


def test_places_gained_are_grid_less_place_and_null_where_either_is_unknown() -> None:
    told = start(sample_race(20))
    known = told.table.drop_nulls("gained")
    assert (known["grid"] - known["place"] == known["gained"]).all()
    assert told.table.filter(car="LEC")["gained"].item() is None
    assert sorted(told.table["place"].drop_nulls()) == list(range(1, 18))
    assert any("Magnussen" in s for s in told.sentences if s.startswith("Not timed"))


def test_mexico_city_says_who_braked_last_and_how_sure_that_is(mexico: Race) -> None:
    told = start(mexico)
    braked = dict(told.table.drop_nulls("braked_m")["car", "braked_m"].rows())
    error = dict(told.table.drop_nulls("braked_m")["car", "braked_error_m"].rows())
    for car, published in (("VER", 179), ("PER", 171), ("LEC", 133)):
        assert braked[car] == pytest.approx(published, abs=2 * error[car])
    assert braked["VER"] > braked["PER"] > braked["LEC"]
    text = " ".join(told.sentences)
    assert "Leclerc probably braked last of them" in text
    assert "Verstappen led at the end of lap 1, from third" in text
    assert "who was on the inside, positions do not tell" in text.lower()


def test_mexico_city_shows_the_contact_and_no_other(mexico: Race) -> None:
    lost = lost_speed(mexico)
    assert lost["car"].to_list() == ["PER"]
    row = lost.row(0, named=True)
    assert 17.3 < row["time_s"] < 17.6
    assert (row["before_kmh"], row["after_kmh"]) == (126, 93)
    assert row["where"] == "into Turn 1"


def test_cars_are_placed_by_their_slots_where_positions_are_off_them(mexico: Race) -> None:
    """SAI's positions stand 8 m ahead of his slot beside LEC's, and jump back by 70 m at 14 s."""
    grid = from_grid(mexico)
    assert grid is not None
    assert grid.off_m["SAI"] - grid.off_m["LEC"] == pytest.approx(8.3, abs=0.5)
    stood = {launch.car: launch.stood_m for launch in launches(mexico)}
    assert stood["LEC"] - stood["SAI"] == pytest.approx(8.0)
    assert stood["SAI"] - stood["PER"] == pytest.approx(24.0)
    beside = {frozenset(pair) for pair in abreast(mexico)["car", "other"].rows()}
    assert frozenset({"VER", "LEC"}) in beside
    assert frozenset({"LEC", "SAI"}) not in beside
    error = dict(start(mexico).table.drop_nulls("behind_error_s")["car", "behind_error_s"].rows())
    assert max(error.values()) < 0.1
    assert "Sainz's" in " ".join(s for s in start(mexico).sentences if "slot" in s)


def test_without_a_grid_positions_tell_and_what_leaves_speed_is_doubted(mexico: Race) -> None:
    unknown = mexico.with_tables(
        entries=mexico.entries.with_columns(grid=pl.lit(None, pl.Int16)),
        telemetry=mexico.telemetry, positions=mexico.positions,
    )  # fmt: skip
    assert from_grid(unknown) is None
    error = dict(start(unknown).table.drop_nulls("behind_error_s")["car", "behind_error_s"].rows())
    assert error["SAI"] > 0.5


def test_a_made_launch_is_what_was_driven() -> None:
    laps = {car: [Lap() for _ in range(3)] for car in ("AAA", "BBB")}
    race = on_a_circle(measured_race(laps, wait_s={"AAA": 0.2, "BBB": 0.9}))
    found = {launch.car: launch for launch in launches(race)}
    assert set(found) == {"AAA", "BBB"}
    for speed in ("moved_s", "to_100_s", "to_200_s"):
        one, other = (getattr(found[car], speed) for car in ("AAA", "BBB"))
        assert other - one == pytest.approx(0.7, abs=0.2)
    assert first_corner(race) == 0
    assert found["AAA"].braked_m == pytest.approx(
        found["BBB"].braked_m, abs=2 * found["AAA"].braked_error_m
    )
    told = start(race)
    behind = told.table.filter(car="BBB")["behind_braking_s"].item()
    assert behind == pytest.approx(0.7, abs=0.15)
    assert next(iter(MARKERS)) in " ".join(told.sentences)


def test_one_car_alone_and_cars_without_a_grid() -> None:
    alone = measured_race({"AAA": [Lap(), Lap()]}, wait_s={"AAA": 0.0})
    told = start(alone)
    assert told.table["place"].to_list() == [1]
    assert told.sentences
    unknown = toy_race().with_tables(
        entries=toy_race().entries.with_columns(grid=pl.lit(None, pl.Int16))
    )
    assert start(unknown).table["gained"].null_count() == 3
    assert any("are not known" in sentence for sentence in start(unknown).sentences)


def test_no_timing_is_one_error() -> None:
    with pytest.raises(NotEnoughDataError, match="no crossings"):
        start(Race(season=2023, round=1, name="Nowhere"))


def test_telemetry_that_begins_late_tells_no_launch(mexico: Race) -> None:
    late = replace(
        mexico, telemetry=mexico.telemetry.filter(pl.col("time") > pl.duration(seconds=5))
    )
    assert launches(late) == []
    assert start(late).finest == "laps"


def test_numbers_are_finite_or_null(mexico: Race) -> None:
    for column in start(mexico).table.select(pl.col(pl.Float64)):
        assert np.isfinite(column.drop_nulls().to_numpy()).all()


def test_who_led_is_not_told_by_a_few_cars() -> None:
    race = toy_race()
    alone = race.with_tables(crossings=race.crossings.filter(car="HAM"))
    assert start(alone).table["place"].null_count() == race.entries.height
    chart = LAP_CHART.rows([{"car": "HAM", "lap": 1, "position": 3}])
    told = start(alone.with_tables(lap_chart=chart))
    assert told.table.filter(car="HAM")["place"].to_list() == [3]  # as the source has it
    assert "led" not in told.story
