"""The data of all seasons, asked about one race or all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from own_season import own_season
from racecraft.history.results import History
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from racecraft.model.season import Season


@pytest.fixture(scope="module")
def record() -> History:
    return History([sample_season()])


def test_events_and_the_days_they_were_on(record: History) -> None:
    event = record.event(2023, 20)
    assert event is not None
    assert (event.id, event.full_name) == ("2023-20", "2023 São Paulo Grand Prix")
    assert record.latest(date(2023, 11, 12)) == event
    assert record.latest(date(2023, 11, 5)) == event
    assert record.latest(date(2022, 1, 1)) is None
    following = record.step(2023, 20)
    assert following is not None
    assert following.round == 21
    assert record.step(2023, 22) is None
    assert record.event(2022, 1) is None
    assert len(record.calendar(2023)) == 22
    assert record.calendar(1999) == ()


def test_results_by_driver_place_and_team(record: History) -> None:
    third = record.at(2023, 20, 3)
    assert third is not None
    assert third == record.result(2023, 20, "alonso")
    assert (third.grid, third.laps, third.points, third.time_s) == (4, 71, 15.0, 7043.049)
    assert record.result(2023, 20, "raikkonen") is None
    assert record.results(2023, 99) == ()
    assert record.teammates(2023, 20, "alonso") == ("stroll",)
    assert record.has_results(2023, 20, "sprint")
    assert not record.has_results(2023, 21, "sprint")


def test_who_did_not_start_did_not_retire(record: History) -> None:
    leclerc = record.result(2023, 20, "leclerc")
    perez = record.result(2023, 19, "perez")
    assert leclerc is not None
    assert perez is not None
    assert (leclerc.started, leclerc.retired, leclerc.finished) == (False, False, False)
    assert (perez.started, perez.retired, perez.finished) == (True, True, False)


def test_pole_and_fastest_lap(record: History) -> None:
    pole = record.pole(2023, 20)
    fastest = record.fastest(2023, 20)
    assert pole is not None
    assert fastest is not None
    assert (pole.driver, fastest.driver) == ("VER", "NOR")
    assert record.qualifying(2023, 20)[1].driver == "LEC"


def test_stops_are_unknown_or_none(record: History) -> None:
    stops = record.pit_stops(2023, 20, "alonso")
    assert stops is not None
    assert [stop.lap for stop in stops] == [1, 2, 25, 47]
    assert record.pit_stops(2023, 20, "leclerc") == ()
    assert record.pit_stops(2023, 1, "alonso") is None


@pytest.mark.parametrize(
    ("round_", "when", "points"),
    [(20, "after", 258.0), (20, "before", 240.0), (20, "sprint", 246.0), (1, "before", None)],
)
def test_standings_at_any_moment(
    record: History, round_: int, when: str, points: float | None
) -> None:
    row = record.standing(2023, round_, "perez", when=when)  # type: ignore[arg-type]
    assert (row.points if row else None) == points


def test_standings_that_cannot_be_known_are_empty(record: History) -> None:
    assert record.standings(2022, 1) == ()
    assert record.standings(2023, 99) == ()
    assert record.standings(2023, 20, kind="constructors")[0].id == "red_bull"


def test_champions_of_seasons_that_are_over(record: History) -> None:
    assert record.champions == {2023: "verstappen"}
    assert record.champion(2023, "constructors") == "red_bull"
    half = own_season(["AAA BBB", "AAA CCC"], to_come=1)
    assert History([half]).champions == {}


def test_timing_is_asked_for_once(record: History) -> None:
    asked: list[tuple[int, int, str]] = []

    def race(season: int, round_: int, session: str) -> None:
        asked.append((season, round_, session))

    timed = History([sample_season()], race=race)
    assert timed.race(2023, 20) is None
    assert timed.race(2023, 20) is None
    assert asked == [(2023, 20, "race")]
    assert record.race(2023, 20) is None


def test_no_seasons_are_an_empty_record() -> None:
    record = History([])
    assert (record.events, record.drivers, record.champions) == ((), {}, {})
    assert (record.first_season, record.complete_since) == (0, 0)


def test_the_unbroken_run_of_seasons() -> None:
    seasons = [own_season(["AAA BBB"], year=year) for year in (2015, 2014, 2012)]
    record = History(seasons)
    assert (record.first_season, record.complete_since) == (2012, 2014)


def _named(season: Season, *, ids: bool) -> Season:
    names = {"AAA": ("Ann", "Able"), "BBB": ("Bea", "Best")}
    codes = season.drivers["driver"].to_list()
    return replace(
        season,
        drivers=pl.DataFrame(
            {
                "driver": codes,
                "driver_id": [f"{names[code][1].lower()}_1" if ids else None for code in codes],
                "given_name": [names[code][0] for code in codes],
                "family_name": [names[code][1] for code in codes],
            },
            schema_overrides={"driver_id": pl.String},
        ),
    )


def test_a_driver_without_an_id_is_whoever_bears_his_name() -> None:
    old = _named(own_season(["AAA BBB"], year=2014), ids=True)
    new = _named(own_season(["AAA BBB"], year=2015), ids=False)
    assert len(History([old, new]).of_driver["able_1"]) == 2
    assert len(History([new]).of_driver["able"]) == 1
