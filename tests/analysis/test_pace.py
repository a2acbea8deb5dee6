"""Pace on races whose parts are known, and on those that say too little."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given

from own_pace import KNOTS_S, LOAD_KG, Truth, made_race
from racecraft.analysis.pace.pace import Pace, pace
from racecraft.errors import NotEnoughDataError
from racecraft.model.clock import duration
from racecraft.sources.sample.sample import sample_race
from strategies import races

if TYPE_CHECKING:
    from racecraft.model.race import Race

SEEDS = range(100, 106)
MORE_SEEDS = range(100, 116)
SURE = 2.0  # standard errors


@cache
def fitted(seed: int, truth: Truth) -> Pace:
    return pace(made_race(truth, seed))


class Hashed(Truth):
    __hash__ = object.__hash__


PLAIN = Hashed()
WITH_CLIFF = Hashed(cliff={"soft": (14, 0.15)})


def terms(found: Pace) -> dict[str, tuple[float, float]]:
    return {
        name: (value, error) for name, value, error in found.terms["term", "value", "error"].rows()
    }


@pytest.mark.parametrize("truth", [PLAIN, WITH_CLIFF], ids=["plain", "cliff"])
@pytest.mark.parametrize(
    ("term", "true"),
    [
        ("fuel", PLAIN.fuel_s_per_kg),
        ("drift", PLAIN.drift_s / PLAIN.laps),
        ("fuel_and_drift", (PLAIN.drift_s - PLAIN.fuel_s_per_kg * LOAD_KG) / PLAIN.laps),
        ("warm_up", PLAIN.warm_up_s),
    ],
)
def test_a_known_term_is_recovered(term: str, true: float, truth: Truth) -> None:
    """As often as two standard errors promise: nineteen times in twenty, and without a lean."""
    found = [terms(fitted(seed, truth))[term] for seed in MORE_SEEDS]
    off = np.array([(value - true) / error for value, error in found])
    assert (np.abs(off) <= SURE).sum() >= len(off) - 2
    assert np.abs(off).max() < 3.5
    assert abs(off.mean()) < 0.75


@pytest.mark.parametrize("seed", SEEDS)
def test_known_drivers_are_recovered(seed: int) -> None:
    table = fitted(seed, PLAIN).drivers.sort("car")
    found = (table["pace_s"] - table["pace_s"].mean()).to_numpy()
    off = (found - PLAIN.drivers(seed)) / table["error_s"].to_numpy()
    assert (np.abs(off) <= SURE).mean() >= 0.95
    assert np.abs(off).max() < 3.5


@pytest.mark.parametrize("seed", SEEDS)
def test_known_traffic_is_recovered(seed: int) -> None:
    table = fitted(seed, PLAIN).traffic
    assert table["interval_s"].to_list() == list(KNOTS_S)
    off = (table["loss_s"].to_numpy() - PLAIN.traffic_s)[:-1] / table["error_s"].to_numpy()[:-1]
    assert np.abs(off).max() < 3
    assert (np.abs(off) <= SURE).mean() >= 0.8


@pytest.mark.parametrize("truth", [PLAIN, WITH_CLIFF], ids=["plain", "cliff"])
@pytest.mark.parametrize("seed", SEEDS)
def test_known_wear_is_recovered(seed: int, truth: Truth) -> None:
    table = fitted(seed, truth).tyres.filter(pl.col("laps") >= 3, pl.col("tyre_age") > 3)
    true = []
    for compound, tyre_age in table["compound", "tyre_age"].rows():
        begin, steep = truth.cliff.get(compound, (0, 0.0))
        age = tyre_age - 1
        true.append(truth.wear_s[compound] * age + steep * max(age - begin, 0))
    off = (table["wear_s"].to_numpy() - true) / table["wear_error_s"].to_numpy()
    assert (np.abs(off) <= SURE).mean() >= 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cliff_is_found_where_there_is_one_and_only_there(seed: int) -> None:
    begins = (
        fitted(seed, WITH_CLIFF).tyres.filter("cliff").group_by("compound").agg(pl.min("tyre_age"))
    )
    assert begins["compound"].to_list() == ["soft"]
    assert abs(begins["tyre_age"][0] - 16) <= 2
    assert not fitted(seed, PLAIN).tyres["cliff"].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_known_track_is_recovered(seed: int) -> None:
    table = fitted(seed, PLAIN).track
    lap = table["lap"].to_numpy()
    true = PLAIN.weather(seed)[lap] + PLAIN.drift_s * ((lap - 0.5) / PLAIN.laps - 0.5)
    off = (table["track_s"].to_numpy() - (true - true.mean())) / table["error_s"].to_numpy()
    assert (np.abs(off) <= SURE).mean() >= 0.95


def test_curves_never_fall() -> None:
    for _, curve in fitted(100, PLAIN).tyres.group_by("compound"):
        assert (curve.sort("tyre_age")["wear_s"].diff().drop_nulls() >= -1e-9).all()


def test_parts_add_up_to_what_is_expected() -> None:
    laps = pace(sample_race()).laps.drop_nulls("expected_s")
    parts = laps.select(pl.sum_horizontal("driver_s", "fuel_s", "tyre_s", "traffic_s", "track_s"))
    assert (parts.to_series() - laps["expected_s"]).abs().max() < 1e-9


def test_laps_left_out_are_predicted_and_not_fitted() -> None:
    race = sample_race()
    some = pace(race).laps.filter("clean").gather_every(7).select("car", "lap")
    laps = pace(race, without=some).laps
    held = laps.join(some, on=["car", "lap"])
    assert not held["fitted"].any()
    within = held.select(pl.col("lap_time_s").is_between(pl.col("low_s"), pl.col("high_s")).mean())
    assert within.item() > 0.8


def test_an_outlier_changes_next_to_nothing() -> None:
    race = made_race(PLAIN, 200)
    slow = race.crossings["car"] == "AAX"
    late = race.crossings.with_columns(
        time=pl.col("time")
        + duration(pl.when(slow & (pl.col("lap") >= 15)).then(4.0).otherwise(0.0))
    )
    before, after = (
        pace(each).drivers.filter(car="AAX")["pace_s"][0]
        for each in (race, race.with_tables(crossings=late))
    )
    assert abs(after - before) < 0.05


def test_unknown_compounds_and_the_shared_prior_are_doubts() -> None:
    found = pace(sample_race())
    reasons = " ".join(found.doubts["reason"])
    assert "fuel and an even change of the track" in reasons
    assert "compound of" in reasons
    assert found.doubts.filter(car="LEC")["reason"].item().startswith("too few clean laps")


def test_a_season_whose_fuel_is_unknown_has_a_wider_prior() -> None:
    race = made_race(PLAIN, 200)
    old = pace(replace(race, season=1998))
    assert terms(old)["fuel"][1] > terms(pace(race))["fuel"][1]
    assert "not known" in " ".join(old.doubts["reason"])


def test_three_laps_are_too_few() -> None:
    race = made_race(Truth(laps=3), 1)
    with pytest.raises(NotEnoughDataError, match="clean laps"):
        pace(race)


def test_one_driver_has_no_field() -> None:
    race = made_race(Truth(cars=1), 1)
    with pytest.raises(NotEnoughDataError, match="of 1 drivers"):
        pace(race)


def test_a_race_in_the_wet_is_declined() -> None:
    race = made_race(PLAIN, 200)
    wet = race.tyres.with_columns(compound=pl.lit("intermediate"))
    with pytest.raises(NotEnoughDataError, match="in the wet"):
        pace(race.with_tables(tyres=wet))


def test_the_wet_phase_of_a_mixed_race_is_left_out() -> None:
    race = made_race(PLAIN, 200)
    wet = race.tyres.with_columns(
        compound=pl.when(pl.col("lap") == 1).then(pl.lit("wet")).otherwise("compound")
    )
    found = pace(race.with_tables(tyres=wet))
    assert "in the wet" in " ".join(found.doubts["reason"])
    assert found.laps.filter("fitted")["lap"].min() > 10
    assert found.laps.filter(lap=5)["expected_s"].null_count() == 20


def test_a_red_flag_on_the_first_lap_does_no_harm() -> None:
    race = made_race(PLAIN, 200)
    red = pl.DataFrame({"from": [0.0], "to": [60.0], "state": ["red"]}).with_columns(
        duration("from"), duration("to")
    )
    assert pace(race.with_tables(control=red)).drivers.height == 20


def test_a_race_all_in_traffic_is_less_sure_and_says_so() -> None:
    procession = Hashed(driver_s=0.0, noise_s=0.02, weather_s=0.0, stint_s=0.0, grid_s=0.3,
                        traffic_s=(0.0,) * 6, laps=25, stopping=False)  # fmt: skip
    found = pace(made_race(procession, 3))
    reasons = " ".join(found.doubts["reason"])
    assert "what traffic costs is hardly told" in reasons
    assert "nobody changed tyres" in reasons
    told = dict(zip(found.traffic["interval_s"], found.traffic["error_s"], strict=True))
    sure = dict(zip(*fitted(100, PLAIN).traffic["interval_s", "error_s"], strict=True))
    noise = {f: terms(f)["noise"][0] for f in (found, fitted(100, PLAIN))}
    assert told[3.0] / noise[found] > 2 * sure[3.0] / noise[fitted(100, PLAIN)]
    assert (found.drivers["error_s"] > 0.05).all()


@given(races())
def test_any_race_has_a_pace_or_too_little_data(race: Race) -> None:
    try:
        found = pace(race)
    except NotEnoughDataError:
        return
    for table in (found.drivers, found.tyres, found.traffic, found.track):
        for column in table.select(pl.col(pl.Float64)):
            assert column.is_finite().all(), column.name
    assert (found.drivers["error_s"] > 0).all()
