from __future__ import annotations

import polars as pl

from own_season import TEAM_OF, own_season
from racecraft.model.season import Season
from racecraft.sim.past_weekends import seats, weekends
from racecraft.sources.sample.sample import sample_season


def test_orders_hold_those_with_a_place() -> None:
    (weekend,) = weekends(own_season(["BBB AAA CCC"], retired={1: "DDD"}))
    assert [weekend.drivers[car] for car in weekend.race] == ["bbb", "aaa", "ccc"]
    assert [weekend.drivers[car] for car in weekend.retired] == ["ddd"]
    assert len(weekend.started) == 4
    assert weekend.teams[weekend.drivers.index("ddd")] == "blue"


def test_a_race_to_come_is_not_looked_at() -> None:
    season = own_season(["AAA BBB", "BBB AAA"])
    assert len(weekends(season, [("race-1", "race")])) == 1


def test_a_sprint_alone_is_a_weekend_without_qualifying() -> None:
    season = sample_season()
    weekend = weekends(season, [("azerbaijan-grand-prix", "sprint")])[0]
    assert weekend.drivers[weekend.sprint[0]] == "PER"
    assert not len(weekend.race)
    assert not len(weekend.qualifying)


def test_the_grid_stands_in_for_qualifying() -> None:
    season = own_season(["AAA BBB CCC"])
    grid = season.results.with_columns(grid=pl.Series([3, 1, 2], dtype=pl.Int16))
    (weekend,) = weekends(
        Season(season=2012, events=season.events, results=grid, drivers=season.drivers)
    )
    assert [weekend.drivers[car] for car in weekend.qualifying] == ["bbb", "ccc", "aaa"]


def test_who_did_not_start_is_left_out() -> None:
    season = own_season(["AAA BBB"], retired={1: "CCC"})
    text = pl.when(driver="CCC").then(pl.lit("W")).otherwise("position_text")
    absent = season.results.with_columns(position_text=text)
    (weekend,) = weekends(Season(season=2012, events=season.events, results=absent))
    assert "CCC" not in weekend.drivers


def test_a_stand_in_gives_his_car_back() -> None:
    season = own_season(
        ["AAA BBB CCC", "AAA BBB CCC", "AAA EEE CCC"], teams=TEAM_OF | {"EEE": "Red"}
    )
    drivers, teams = seats(weekends(season))
    assert sorted(zip(drivers, teams, strict=True)) == [
        ("aaa", "red"), ("bbb", "red"), ("ccc", "blue"),
    ]  # fmt: skip


def test_who_took_over_for_good_keeps_it() -> None:
    season = own_season(
        ["AAA BBB", "AAA BBB", "AAA EEE", "AAA EEE"], teams=TEAM_OF | {"EEE": "Red"}
    )
    assert sorted(seats(weekends(season))[0]) == ["aaa", "eee"]
