from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from own_dump import DUMP, dump
from racecraft.errors import UnreadableError
from racecraft.sources.ergast.dump import fetch, parse
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.season import Season


def seasons_of(**changed: str | None) -> dict[int, Season]:
    return {season.season: season for season in parse(dump(**changed))[0]}


def refused(**changed: str | None) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        parse(dump(**changed))
    return caught.value


def edited(table: str, old: str, new: str) -> dict[str, str]:
    assert old in DUMP[table]
    return {table: DUMP[table].replace(old, new, 1)}


def test_seasons_in_order() -> None:
    seasons, races = parse(dump())
    assert [season.season for season in seasons] == [1955, 2023]
    assert [race.name for race in races] == ["São Norte Grand Prix"]


def test_events_with_the_laps_as_run() -> None:
    events = seasons_of()[2023].events
    assert events.row(0, named=True) == {
        "round": 1,
        "event": "sao-norte-grand-prix",
        "name": "São Norte Grand Prix",
        "circuit": "North Ring",
        "locality": "Nordstadt",
        "country": "Norland",
        "date": date(2023, 6, 4),
        "laps": 3,
        "sprint_laps": 2,
        "planned_laps": None,
        "course_km": None,
        "qualifying_format": None,
    }
    assert events["laps"].to_list() == [3, None]  # the second is still to come


def test_drivers_without_a_code_get_one_of_their_own() -> None:
    drivers = seasons_of()[1955].drivers
    assert dict(drivers["driver_id", "driver"].iter_rows()) == {
        "ghill": "HIL",
        "hill": "HIP",
        "trips": "VON",
    }


def test_a_shared_drive_keeps_both_rows_and_both_drivers() -> None:
    results = seasons_of()[1955].results
    assert results["driver", "position", "points"].rows() == [
        ("HIP", 1, 4.0),
        ("VON", 1, 4.0),
        ("HIL", None, 0.0),
        ("HIP", None, 0.0),
    ]


def test_a_place_claimed_by_two_cars_is_unknown_but_reported() -> None:
    results = seasons_of(**edited("results", ",2,2,2,2,18,3,", ",2,\\N,1,2,18,3,"))[2023].results
    twice = results.filter(session="race").head(2)
    assert twice["position"].to_list() == [None, None]
    assert twice["position_text"].to_list() == ["1", "1"]


def test_position_is_what_the_text_says_even_where_retirements_have_one() -> None:
    results = seasons_of(**edited("results", ",\\N,W,4", ",4,W,4"))[2023].results
    assert results.filter(session="race", driver="LEC")["position"].to_list() == [None]


def test_times_only_on_the_lead_lap() -> None:
    season = seasons_of(**edited("results", "2,\\N,\\N,1,1:35.000", "2,+9.0,279000,1,1:35.000"))
    results = season[2023].results.filter(session="race")
    assert results["time"].to_list() == [
        timedelta(seconds=270),
        timedelta(seconds=271.5),
        None,
        None,
    ]


def test_the_grid_and_who_started_from_the_pit_lane() -> None:
    _, (race,) = parse(dump())
    assert race.entries["car", "grid", "pit_lane_start"].rows() == [
        ("VER", 1, False),
        ("HAM", 2, False),
        ("PER", None, True),
        ("LEC", None, False),  # withdrew
    ]


def test_crossings_are_lap_times_added_up_never_across_a_hole() -> None:
    _, (race,) = parse(dump())
    assert race.crossings.filter(car="HAM")["time"].to_list() == [
        timedelta(seconds=91.5),
        timedelta(seconds=182),
        timedelta(seconds=271.5),
    ]
    assert race.crossings.filter(car="PER").is_empty()  # lap 1 is missing
    hole = race.doubts.filter(car="PER").row(0, named=True)
    assert (hole["table"], hole["lap"], hole["line"]) == ("crossings", 1, "Line")


def test_reported_positions_and_stops_come_along() -> None:
    _, (race,) = parse(dump())
    assert race.lap_chart.filter(car="PER")["lap", "position"].rows() == [(2, 3)]
    assert race.pit_visits["car", "lap", "duration"].rows() == [
        ("VER", 1, timedelta(seconds=22.427)),
        ("HAM", 2, timedelta(seconds=1209.136)),
    ]
    assert race.doubts.filter(table="pit_visits", car="HAM").height == 1
    assert race.clock == "lights_out"


def test_durations_with_minutes_where_there_are_no_milliseconds() -> None:
    table = "raceId,driverId,stop,lap,duration\n21,4,1,1,20:09.136\n21,6,1,2,22.5\n"
    stops = seasons_of(pit_stops=table)[2023].pit_stops
    assert stops["duration"].to_list() == [timedelta(seconds=1209.136), timedelta(seconds=22.5)]


def test_standings_bear_the_names_of_the_season() -> None:
    season = seasons_of()[2023]
    assert season.driver_standings.rows() == [
        ("sao-norte-grand-prix", "HAM", 2, 26.0, 0),
        ("sao-norte-grand-prix", "VER", 1, 32.0, 1),
    ]
    assert set(season.constructor_standings["team"]) == {"Red Bull", "Mercedes"}


def test_only_the_required_tables_are_required() -> None:
    optional = dict.fromkeys(
        ("sprint_results", "status", "qualifying", "pit_stops", "driver_standings",
         "constructor_standings", "lap_times"),
    )  # fmt: skip
    seasons, races = parse(dump(**optional))
    assert [season.results.height for season in seasons] == [4, 4]
    assert races == []


def test_one_season_of_many() -> None:
    seasons, races = parse(dump(), seasons=[1955])
    assert [season.season for season in seasons] == [1955]
    assert races == []


@pytest.mark.parametrize("table", ["races", "circuits", "drivers", "constructors", "results"])
def test_a_missing_table(table: str) -> None:
    assert f"no {table}.csv" in refused(**{table: None}).message


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("results", ",laps,", ",rounds,", "results.csv: no column laps; expected"),
        ("results", ",25,3,", ",many,3,", "results.csv, line 6, points: 'many'; expected a number"),
        ("results", ",25,3,", ",NaN,3,", "line 6, points: 'NaN'; expected a number"),
        ("results", ",25,3,", ",inf,3,", "line 6, points: 'inf'; expected a number"),
        ("results", ",25,3,", ",25,-3,", "line 6, laps: '-3'; expected a whole number"),
        ("results", ",25,3,", ",25,,", "line 6, laps: nothing; expected a whole number"),
        ("results", "270000", "-270000", "line 6, milliseconds: '-270000'"),
        ("results", "1:29.000", "1.29.000", "line 6, fastestLapTime: '1.29.000'; expected a time"),
        ("results", "6,21,6,", "6,21,4,", ""),
        ("results", "5,21,4,", "5,99,4,", "line 6, raceId: '99'; expected one of those in races"),
        ("results", "5,21,4,", "5,21,99,", "line 6, driverId: '99'; expected one of those in dri"),
        ("lap_times", "21,4,2,1,", "21,4,1,1,", "lap_times.csv, line 3: a second row for raceId"),
        ("lap_times", "91000", "nan", "line 2, milliseconds: 'nan'; expected a whole number"),
        ("lap_times", "21,4,2,1,", "21,4,0,1,", "line 3, lap: '0'; expected a whole number from 1"),
        ("lap_times", "21,4,2,1,", "21,4,99999,1,", "line 3, lap: '99999'; expected"),
        ("races", "1955-06-05", "5 June", "races.csv, line 2, date: '5 June'; expected a date"),
        ("races", "Northern Grand Prix,2023", "São Norte Grand Prix,2023", "two rows for event"),
        ("drivers", "33,VER", "33,V1", "drivers.csv, line 5, code: 'V1'; expected a code of three"),
        ("drivers", "4,ver", "3,ver", "drivers.csv, line 5: a second row for driverId 3"),
        ("constructors", "2,lotus,Lotus", "2,lotus,Ferrari", "two rows for team Ferrari"),
        ("qualifying", "1:10.000", "quick", "qualifying.csv, line 2, q1: 'quick'"),
        ("pit_stops", "22.427", "22:x", "pit_stops.csv, line 2, duration: '22:x'"),
    ],
)
def test_bad_cells_are_named(table: str, old: str, new: str, said: str) -> None:
    change = edited(table, old, new)
    if not said:  # the same driver in two cars, as in the fifties: allowed
        parse(dump(**change))
        return
    error = refused(**change)
    assert said in error.message
    assert "\n" not in error.message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "results.csv: empty"),
        (b"\n \n", "results.csv: empty"),
        ("raceId,name\n1,Pérez\n".encode("latin-1"), "results.csv, line 2: byte 0xe9 is not UTF-8"),
        (b"x" * 200_000, "a line of over 100000 bytes"),
        (b"\x00\x01\x02\x03", "results.csv"),
        (b"raceId,driverId\n1,2,3,4\n", "results.csv"),
        (b"<!DOCTYPE html><html></html>", "results.csv: no column"),
    ],
)
def test_files_that_are_no_tables(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse({**dump(), "results.csv": data})
    assert said in caught.value.message


def written(folder: Path) -> Path:
    folder.mkdir()
    for name, data in dump().items():
        (folder / name).write_bytes(data)
    return folder


def test_fetch_reads_the_tables_of_a_folder(tmp_path: Path) -> None:
    folder = written(tmp_path / "dump")
    (folder / "notes.txt").write_text("not a table")
    (folder / "lap_times.csv").unlink()
    files = fetch(folder)
    assert set(files) == set(dump(lap_times=None))
    assert len(parse(files)[0]) == 2


def test_fetch_names_what_is_wrong_with_the_folder(tmp_path: Path) -> None:
    folder = written(tmp_path / "dump")
    with pytest.raises(UnreadableError, match="not there; expected a folder"):
        fetch(tmp_path / "nowhere")
    with pytest.raises(UnreadableError, match="a file; expected a folder"):
        fetch(folder / "races.csv")
    (folder / "results.csv").unlink()
    with pytest.raises(UnreadableError, match=r"results\.csv: No such file"):
        fetch(folder)
    (folder / "results.csv").mkdir()
    with pytest.raises(UnreadableError, match=r"results\.csv: Is a directory"):
        fetch(folder)


@pytest.fixture(scope="session")
def everything(shared: Path) -> dict[int, Season]:
    files = fetch(shared / "data" / "ergast")
    begin = time.perf_counter()
    seasons, _ = parse(files)
    assert time.perf_counter() - begin < 5
    return {season.season: season for season in seasons}


def test_all_seasons_since_1950(everything: dict[int, Season]) -> None:
    assert list(everything) == list(range(1950, 2026))
    assert sum(season.results.height for season in everything.values()) == 27118 + 420
    for season in everything.values():
        assert season.results["driver"].null_count() == 0
        assert set(season.results["team"]) <= set(season.teams["team"])
        assert season.drivers["driver"].str.contains(r"^[A-Z]{3}$").all()


def test_the_sample_agrees_with_the_dump(everything: dict[int, Season]) -> None:
    dumped, sample = everything[2023], sample_season()
    columns = [
        "event", "session", "order", "driver", "position", "position_text", "number", "team",
        "grid", "laps", "time", "status", "points", "fastest_lap", "fastest_lap_time",
    ]  # fmt: skip
    order = ["event", "session", "order"]
    assert (
        dumped.results.select(columns)
        .sort(order)
        .equals(sample.results.select(columns).sort(order))
    )
    assert dumped.events.drop("date").equals(sample.events.drop("date"))
    assert dumped.qualifying.equals(sample.qualifying)


def test_known_results_of_all_times(everything: dict[int, Season]) -> None:
    musso_and_fangio = everything[1956].results.filter(
        event="argentine-grand-prix", position_text="1"
    )
    assert musso_and_fangio["points"].sort().to_list() == [4.0, 5.0]
    silverstone = everything[1954].results.filter(event="british-grand-prix")
    assert silverstone["points"].round(2).is_in([3.14, 4.14, 6.14, 8.14]).sum() == 4
    assert everything[2006].teams["team"].is_in(["Spyker MF1", "MF1"]).sum() == 2
    spa = everything[2021].results.filter(event="belgian-grand-prix", session="race")
    assert spa["points"].max() == 12.5
    champion = everything[2023].driver_standings.filter(event="abu-dhabi-grand-prix", position=1)
    assert champion["driver", "points", "wins"].row(0) == ("VER", 575.0, 19)


def test_retirements_of_2025_have_no_position(everything: dict[int, Season]) -> None:
    results = everything[2025].results
    retired = results.filter(~pl.col("position_text").str.contains(r"^\d+$"))
    assert retired.height > 0
    assert retired["position"].null_count() == retired.height
