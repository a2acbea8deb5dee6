"""What a season says about a race, and the timing does not."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from own_race import laps_of, race_of
from racecraft.store.merge.fill import with_flag

CARS = {car: laps_of(*[90] * 5, start=i) for i, car in enumerate(("VER", "HAM", "ALO", "SAI"))}
OFFICIAL = [(car, i + 1, 5, 450.25 + i) for i, car in enumerate(CARS)]


def test_a_finisher_who_was_not_timed_at_the_flag_is_put_there_and_doubted() -> None:
    race = race_of(CARS | {"VER": CARS["VER"][:-1]}, classified=OFFICIAL)
    filled = with_flag(race.tables)
    at_flag = filled["crossings"].filter(car="VER", lap=5)
    assert at_flag["time"].to_list() == [timedelta(seconds=450)], (
        "official, less what clocks differ"
    )
    assert filled["doubts"].select("car", "lap").rows() == [("VER", 5)]


def test_clocks_that_do_not_agree_put_nobody_anywhere() -> None:
    apart = [(car, place, laps, time + 3 * place) for car, place, laps, time in OFFICIAL]
    race = race_of(CARS | {"VER": CARS["VER"][:-1]}, classified=apart)
    assert with_flag(race.tables) == {}


def test_a_race_that_lacks_nothing_stays_as_it_is() -> None:
    race = race_of(CARS, classified=OFFICIAL)
    assert with_flag(race.tables) == {}
    assert isinstance(race.crossings, pl.DataFrame)
