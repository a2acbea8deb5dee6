"""Standings by the rulebook of their year, small enough to add up by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from own_seasons import all_seasons
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError, RuleError
from racecraft.model.race import event_id
from racecraft.model.rulebook.book import rulebook
from racecraft.model.season import Season
from racecraft.sources.ergast import dump
from racecraft.sources.record.record import record_season
from racecraft.sources.sample.sample import sample_season
from racecraft.title.standings.points import points
from racecraft.title.standings.shortened import recognised
from racecraft.title.standings.standings import standings

if TYPE_CHECKING:
    from pathlib import Path


def season_of(year: int, events: list[str], results: list[tuple[object, ...]]) -> Season:
    """Season of results: event, session, driver, team, place or letter, number, lap time."""
    rows = []
    order: dict[tuple[object, object], int] = {}
    for event, session, driver, team, place, number, *lap in results:
        order[event, session] = order.get((event, session), 0) + 1
        rows.append(
            {
                "event": event_id(str(event)),
                "session": session,
                "order": order[event, session],
                "position": place if isinstance(place, int) else None,
                "position_text": str(place),
                "driver": driver,
                "team": team,
                "number": number,
                "fastest_lap_time": lap[0] if lap else None,
            }
        )
    drivers = sorted({str(row["driver"]) for row in rows})
    return Season(
        season=year,
        events=pl.DataFrame(
            {
                "round": range(1, len(events) + 1),
                "event": [event_id(event) for event in events],
                "name": events,
            }
        ),
        drivers=pl.DataFrame({"driver": drivers, "driver_id": [d.lower() for d in drivers]}),
        teams=pl.DataFrame({"team": sorted({str(row["team"]) for row in rows})}),
        results=pl.DataFrame(rows, schema_overrides={"fastest_lap_time": pl.Duration("us")}),
    )


def race(event: str, *places: str, year_team: str = "T") -> list[tuple[object, ...]]:
    return [(event, "race", who, f"{year_team}{who}", i + 1, i + 1) for i, who in enumerate(places)]


def rows(table: pl.DataFrame) -> list[tuple[object, ...]]:
    return table.select(pl.col("position"), pl.nth(1), pl.col("points")).rows()


def test_equal_points_go_by_wins_then_by_second_places() -> None:
    season = season_of(
        2015,
        ["One GP", "Two GP", "Three GP"],
        [*race("One GP", "AAA", "BBB", "CCC"), *race("Two GP", "BBB", "AAA", "CCC"),
         *race("Three GP", "CCC", "DDD", "AAA", "BBB")],
    )  # fmt: skip
    assert rows(standings(season, after=2)) == [
        (1, "AAA", 43.0), (1, "BBB", 43.0), (3, "CCC", 30.0),
    ]  # fmt: skip
    assert standings(season, after=2)["doubt"].to_list()[0] is not None
    assert rows(standings(season))[1:3] == [(2, "BBB", 55.0), (3, "CCC", 55.0)]


def test_until_1994_only_places_that_scored_broke_a_tie() -> None:
    results = [
        *race("One GP", "AAA", "BBB"),
        *race("Two GP", "BBB", "AAA"),
        *race("Three GP", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH", "AAA"),
    ]
    assert rows(standings(season_of(1988, ["One GP", "Two GP", "Three GP"], results)))[:2] == [
        (1, "AAA", 15.0), (1, "BBB", 15.0),
    ]  # fmt: skip
    assert rows(standings(season_of(1996, ["One GP", "Two GP", "Three GP"], results)))[1] == (
        2, "BBB", 16.0,
    )  # fmt: skip


def test_the_season_is_split_by_its_real_number_of_rounds() -> None:
    events = [f"Round{n} GP" for n in range(1, 12)]
    season = season_of(1967, events, [row for event in events for row in race(event, "AAA")])
    table = standings(season)
    assert table["points"].item() == 9 * (5 + 4)
    assert table["scored"].item() == 99


@pytest.mark.parametrize(("year", "counted"), [(1950, 4), (1979, 8), (1980, 10), (1990, 11)])
def test_only_the_best_results_count(year: int, counted: int) -> None:
    events = [f"Round{n} GP" for n in range(1, 15)]
    season = season_of(year, events, [row for event in events for row in race(event, "AAA")])
    assert standings(season)["points"].item() == counted * rulebook(year).points[0]


def test_a_sprint_scores_and_breaks_no_tie() -> None:
    season = season_of(
        2022,
        ["Imola GP", "Other GP"],
        [("Imola GP", "sprint", "AAA", "T", 1, 1),
         *race("Imola GP", *"CDEFG", "BBB", *"HIJK", "AAA")],
    )  # fmt: skip
    assert rows(standings(season, after="1:sprint")) == [(1, "AAA", 8.0)]
    assert rows(standings(season, after=1))[5:7] == [(6, "BBB", 8.0), (7, "AAA", 8.0)]


def test_shared_cars() -> None:
    shared = [
        ("One GP", "race", "AAA", "T", 1, 7),
        ("One GP", "race", "BBB", "T", 1, 7),
        ("One GP", "race", "CCC", "U", 2, 8),
    ]
    assert points(season_of(1956, ["One GP"], shared))["points"].to_list() == [4.0, 4.0, 6.0]
    assert points(season_of(1960, ["One GP"], shared))["points"].to_list() == [0.0, 0.0, 6.0]


def test_the_fastest_lap_counts_within_the_first_ten() -> None:
    from datetime import timedelta

    def lap(seconds: int) -> timedelta:
        return timedelta(seconds=seconds)

    results = [
        ("One GP", "race", "AAA", "T", 1, 1, lap(90)),
        ("One GP", "race", "BBB", "U", 11, 2, lap(89)),
    ]
    assert points(season_of(2023, ["One GP"], results))["points"].to_list() == [25.0, 0.0]
    results[0] = ("One GP", "race", "AAA", "T", 1, 1, lap(88))
    assert points(season_of(2023, ["One GP"], results))["points"].to_list() == [26.0, 0.0]
    assert points(season_of(2025, ["One GP"], results))["points"].to_list() == [25.0, 0.0]


def test_the_best_car_alone_scored_for_its_constructor_until_1978() -> None:
    results = [
        ("One GP", "race", "AAA", "T", 1, 1),
        ("One GP", "race", "BBB", "T", 2, 2),
        ("One GP", "race", "CCC", "U", 3, 3),
    ]
    for year, total in ((1966, 9.0), (1979, 15.0), (1961, 8.0)):
        table = standings(season_of(year, ["One GP"], results), kind="constructors")
        assert table["points"].to_list()[0] == total


@pytest.mark.parametrize(
    ("event", "year", "first"),
    [("belgian-grand-prix", 2021, 12.5), ("abu-dhabi-grand-prix", 2014, 50.0),
     ("monaco-grand-prix", 1984, 4.5), ("spanish-grand-prix", 1975, 4.5)],
)  # fmt: skip
def test_half_and_double_points(event: str, year: int, first: float) -> None:
    assert rulebook(year).scale(event)[0] == first


def test_the_sample_after_a_round_and_after_a_sprint() -> None:
    season = sample_season()
    assert standings(season, after=20)["points"].to_list()[:3] == [524, 258, 226]
    assert standings(season, after="17:sprint")["points"].to_list()[0] == 407
    assert standings(season, after="Qatar Grand Prix:sprint").equals(
        standings(season, after="17:sprint")
    )


def test_bad_questions_get_one_error_with_a_hint() -> None:
    season = sample_season()
    for after, kind in (
        (23, NotFoundError),
        ("5:sprint", NotFoundError),
        ("imola", NotFoundError),
        (":sprint", ArgumentError),
        ("4:practice", ArgumentError),
        (-1, NotFoundError),
    ):
        with pytest.raises(kind) as error:
            standings(season, after=after)
        assert error.value.hint
    with pytest.raises(ArgumentError):
        standings(season, kind="teams")  # type: ignore[arg-type]
    begun = Season(season=2023, events=season.events)
    with pytest.raises(NotEnoughDataError, match="has not begun"):
        standings(begun)
    hole = Season(
        season=2023,
        events=season.events,
        drivers=season.drivers,
        results=season.results.filter(pl.col("event") != "monaco-grand-prix"),
    )
    with pytest.raises(NotEnoughDataError, match="round 6"):
        standings(hole)
    standings(hole, after=5)
    early = Season(season=1949, events=season.events, results=season.results)
    with pytest.raises(RuleError, match="1949"):
        standings(early)
    with pytest.raises(RuleError, match="constructors"):
        standings(season_of(1955, ["One GP"], race("One GP", "AAA")), kind="constructors")


@pytest.fixture(scope="module")
def seasons(shared: Path) -> dict[int, Season]:
    return all_seasons(shared)


@pytest.mark.parametrize(
    ("year", "champion", "total"),
    [(1956, "FAN", 30.0), (1964, "SUR", 40.0), (1967, "HUL", 51.0), (1976, "HUN", 69.0),
     (1984, "LAU", 72.0), (1988, "SEN", 90.0), (2021, "VER", 395.5)],
)  # fmt: skip
def test_champions(seasons: dict[int, Season], year: int, champion: str, total: float) -> None:
    assert rows(standings(seasons[year]))[0] == (1, champion, total)


def test_sanctions(seasons: dict[int, Season]) -> None:
    excluded = standings(seasons[1997]).filter(driver="MSC")
    assert excluded["position", "points"].rows() == [(None, 78.0)]
    assert standings(seasons[1997], after=16).filter(driver="MSC")["position"].item() == 1
    teams = standings(seasons[2020], kind="constructors").filter(team="Racing Point")
    assert teams["points", "scored"].rows() == [(195.0, 210.0)]
    reset = standings(seasons[2018], after=13, kind="constructors").filter(team="Force India")
    assert reset["points"].item() == 18.0


@pytest.mark.parametrize("year", [1954, 1967, 1975, 1988, 1999, 2014, 2021, 2024])
def test_points_and_wins_of_every_round_are_those_published(
    seasons: dict[int, Season], year: int
) -> None:
    season = seasons[year]
    known = {"MOS", "ASC", "BEH"} if year == 1954 else set()  # whose sevenths the table lacks
    for event in season.events.filter(pl.col("laps").is_not_null())["event"]:
        published = season.driver_standings.filter(event=event)
        both = published.join(standings(season, after=event), on="driver", suffix="_ours")
        assert both.height == published.height
        off = (pl.col("points") - pl.col("points_ours")).abs() > 0.006
        wrong = both.filter(off | (pl.col("wins") != pl.col("wins_ours")))
        assert set(wrong["driver"]) <= known


def test_a_result_with_a_hole_is_an_error() -> None:
    whole = race("One GP", "AAA", "BBB", "CCC", "DDD")
    with pytest.raises(NotEnoughDataError, match="nobody is in place 3") as error:
        standings(season_of(2015, ["One GP"], [row for row in whole if row[4] != 3]))
    assert error.value.hint
    disqualified = [(*row[:4], "D" if row[4] == 3 else row[4], *row[5:]) for row in whole]
    assert standings(season_of(2015, ["One GP"], disqualified)).height == 4


def of_the_odd(shared: Path, name: str) -> Season:
    (season,), _ = dump.parse(dump.fetch(shared / "data" / "odd" / "results" / name))
    return season


def test_one_number_on_two_cars_is_two_cars_and_a_doubt(shared: Path) -> None:
    season = of_the_odd(shared, "car_number_typo")
    assert standings(season)["driver", "points"].rows() == [
        ("ANN", 50.0), ("BEN", 36.0), ("CID", 30.0), ("DAN", 24.0),
    ]  # fmt: skip
    doubts = points(season).filter(pl.col("doubt").is_not_null())
    assert doubts["driver"].to_list() == ["ANN", "CID"]
    assert "number 11 stands in this result twice" in doubts["doubt"][0]


def test_a_driver_twice_in_a_result_scores_once(shared: Path) -> None:
    season = of_the_odd(shared, "driver_twice")
    table = dict(standings(season)["driver", "points"].rows())
    assert table["BEN"] == 36.0
    assert standings(season, kind="constructors")["team", "points"].rows() == [
        ("Ex", 86.0), ("Why", 54.0),
    ]  # fmt: skip
    assert "twice" in points(season).filter("twice")["doubt"].item()


def test_a_race_is_taken_as_shortened_if_its_points_are_those_of_one(shared: Path) -> None:
    season = of_the_odd(shared, "shortened_race")
    assert standings(season)["driver", "points"].rows() == [
        ("ANN", 38.0), ("BEN", 28.0), ("CID", 23.0), ("DAN", 18.0),
    ]  # fmt: skip


def test_no_race_of_the_record_is_taken_as_shortened_that_was_not() -> None:
    for year in range(1950, 2026):
        assert recognised(record_season(year)) == {}, year
