"""A race told by its result alone."""

from __future__ import annotations

import pytest

from racecraft.analysis.outcome import outcome
from racecraft.analysis.search import search
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.sources.record.record import record_season


def test_places_gained_count_from_the_grid_and_from_behind_it() -> None:
    told = outcome(record_season(2023), "azerbaijan-grand-prix").result
    gained = dict(told.select("driver", "gained").iter_rows())
    assert gained["PER"] == 2
    assert gained["OCO"] == 4, "from the pit lane: behind the eighteen on the grid"
    assert gained["ZHO"] is None, "retired"
    assert told.filter("pit_lane_start")["driver"].to_list() == ["OCO", "HUL"]


def test_retirements_and_penalties_say_why() -> None:
    told = outcome(record_season(2019), "italian-grand-prix").result
    assert told.filter(driver="MAG")["status", "laps", "position_text"].row(0) == (
        "Hydraulics", 43, "R",
    )  # fmt: skip
    assert told.filter(driver="VER")["grid_penalty", "grid", "gained"].row(0) == ("back", 19, 11)
    assert told.filter(driver="RAI")["grid_penalty", "grid"].row(0) == ("5", None)


def test_a_shared_car_is_in_one_place_and_has_one_race_time() -> None:
    told = outcome(record_season(1956), "argentine-grand-prix")
    winners = told.result.filter(position=1)
    assert winners["driver"].to_list() == ["MUS", "FAN"]
    assert winners["shared_car"].all()
    assert winners["laps"].to_list() == [98, 98]
    assert winners["gap"].null_count() == 2
    assert told.pole is not None
    assert told.pole[0] == "FAN"


def test_qualifying_of_every_format_has_a_pole() -> None:
    for season, event in (
        (1957, "indianapolis-500"), (1988, "brazilian-grand-prix"), (1999, "french-grand-prix"),
        (2004, "monaco-grand-prix"), (2005, "australian-grand-prix"),
        (2016, "australian-grand-prix"), (2021, "british-grand-prix"),
        (2022, "sao-paulo-grand-prix"), (2023, "qatar-grand-prix"),
    ):  # fmt: skip
        told = outcome(record_season(season), event)
        assert told.pole is not None, (season, event)
        assert told.pole[1] is not None or season in (2021, 2022), (season, event)


def test_a_race_that_was_not_run_has_no_outcome() -> None:
    with pytest.raises(NotFoundError, match="no result of the sprint"):
        outcome(record_season(2023), "mexico-city-grand-prix", "sprint")


def test_results_are_searched_by_what_no_battle_has() -> None:
    seasons = [record_season(year) for year in (1982, 1983)]
    found = search([], "position = 1 and grid > 15", seasons=seasons)
    assert found["season", "name", "driver_name", "grid", "gained"].rows() == [
        (1982, "Detroit Grand Prix", "John Watson", 17, 16),
        (1983, "United States Grand Prix West", "John Watson", 22, 21),
    ]
    slow = search([], "gap_s > 0 and gap_s < 0.2", seasons=seasons)
    assert "Elio de Angelis" not in slow["driver_name"].to_list(), "he won by less than that"
    assert "Keke Rosberg" in slow["driver_name"].to_list()


def test_a_search_may_name_what_it_is_over() -> None:
    seasons = [record_season(1957)]
    assert search([], "position = 1", seasons=seasons).columns[0] == "name", "battles come first"
    assert search([], "position = 1", seasons=seasons, over="results").height == 9
    with pytest.raises(ArgumentError, match="no column 'swaps'"):
        search([], "swaps > 1", seasons=seasons, over="results")
    with pytest.raises(ArgumentError, match="nothing to search in 'laps'"):
        search([], "lap > 1", over="laps")
