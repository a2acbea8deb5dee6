"""OpenF1: asked as it wants to be, its slips seen through, and checked against live timing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import polars as pl
import pytest

from racecraft.errors import NotFoundError, UnreachableError, UnreadableError
from racecraft.sources.livetiming import archive
from racecraft.sources.openf1 import api
from racecraft.sources.openf1.race import race_of
from stub_server import Answer, stub

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

NOTHING = Answer(b'{"detail":"No results found."}', status=404)
SECOND = timedelta(seconds=1)


def date(second: float) -> str:
    return f"2024-06-02T13:{int(second // 60):02d}:{second % 60:09.6f}+00:00"


def lap(number: int, lap_number: int, began: float | None, *times: float | None) -> dict[str, Any]:
    known = [time for time in times if time is not None]
    return {
        "driver_number": number, "lap_number": lap_number,
        "date_start": None if began is None else date(began),
        "lap_duration": sum(known) if len(known) == 3 else None,
        **{f"duration_sector_{n}": time for n, time in enumerate(times, 1)},
        "segments_sector_1": [2049, None], "is_pit_out_lap": False,
    }  # fmt: skip


def answers(**changes: Any) -> dict[str, bytes]:
    """Two cars over three laps; VER begins his laps 0.2 s late by the dates, the gaps say so."""
    ver = [lap(1, n, at + 0.2, 30.0, 30.0, 30.0) for n, at in ((1, 0.0), (2, 90.0), (3, 180.0))]
    ham = [lap(44, n, at, 30.0, 31.0, 30.0) for n, at in ((1, 0.0), (2, 91.0), (3, 182.0))]
    gaps = [
        {"driver_number": 44, "gap_to_leader": gap, "interval": gap, "date": date(at + 0.3)}
        for gap, at in ((1.0, 91.0), (2.0, 182.0), (3.0, 273.0))
    ]
    told: dict[str, Any] = {
        "meetings": [{"meeting_name": "Toy Grand Prix", "meeting_key": 1}],
        "sessions": [{"session_name": "Race", "session_key": 9, "year": 2024,
                      "date_start": "2024-06-02T13:00:00+00:00"}],
        "drivers": [
            {"driver_number": 1, "name_acronym": "VER", "team_name": "Red Bull Racing"},
            {"driver_number": 44, "name_acronym": "HAM", "first_name": "Lewis"},
        ],
        "laps": [*ver, *ham, lap(44, 4, 273.0, None, None, None)],
        "intervals": gaps,
        "position": [{"driver_number": 1, "position": 1, "date": date(0)}],
        "pit": [{"driver_number": 44, "lap_number": 3, "date": date(175), "lane_duration": 22.0}],
        "stints": [
            {"driver_number": 44, "stint_number": 1, "lap_start": 1, "lap_end": 1,
             "compound": "SOFT", "tyre_age_at_start": 2},
            {"driver_number": 44, "stint_number": 2, "lap_start": 2, "lap_end": 3,
             "compound": "HARD", "tyre_age_at_start": 0},
            {"driver_number": 1, "stint_number": 1, "lap_start": 1, "lap_end": 1,
             "compound": "SOFT", "tyre_age_at_start": 0},
            {"driver_number": 1, "stint_number": 2, "lap_start": 2, "lap_end": 3,
             "compound": "SOFT", "tyre_age_at_start": 1},
        ],
        "race_control": [
            {"date": date(0), "category": "SessionStatus", "message": "SESSION STARTED"},
            {"date": date(100), "category": "SafetyCar", "message": "SAFETY CAR DEPLOYED"},
            {"date": date(160), "category": "SafetyCar", "message": "SAFETY CAR IN THIS LAP"},
            {"date": date(170), "category": "Flag", "flag": "CLEAR", "scope": "Track",
             "message": "TRACK CLEAR"},
            {"date": date(270), "category": "Flag", "flag": "CHEQUERED", "scope": "Track",
             "message": "CHEQUERED FLAG"},
        ],
        **changes,
    }  # fmt: skip
    return {name: json.dumps(rows).encode() for name, rows in told.items() if rows is not None}


def at(race: Race, car: str, lap: int, line: str = "Line") -> float:
    found = race.crossings.filter(car=car, lap=lap, line=line)["time"].item()
    return float(found / SECOND)


# What the answers say


def test_gaps_at_the_line_tie_cars_whose_dates_are_off() -> None:
    race = race_of(answers())
    assert at(race, "HAM", 3) - at(race, "VER", 3) == pytest.approx(3.0)
    assert at(race, "HAM", 2, "S1") - at(race, "HAM", 1) == pytest.approx(30.0)


def test_a_lap_begun_after_the_flag_is_none() -> None:
    extra = [lap(1, 4, 270.2, 30.0, 30.0, 40.0)]
    told = json.loads(answers()["laps"]) + extra
    race = race_of(answers(laps=told))
    assert race.crossings["lap"].max() == 3


def test_a_set_begins_at_the_stop_and_without_one_there_is_none() -> None:
    race = race_of(answers())
    assert race.tyres["car", "lap", "compound", "age"].sort("car", "lap").rows() == [
        ("HAM", 1, "soft", 2), ("HAM", 3, "hard", 0), ("VER", 1, "soft", 0),
    ]  # fmt: skip
    reasons = race.doubts.filter(table="tyres")["reason"].to_list()
    assert any("from lap 3 on by the stops" in reason for reason in reasons)
    assert any("no stop was made" in reason for reason in reasons)


def test_a_stop_is_on_the_lap_under_way() -> None:
    race = race_of(answers())
    assert race.pit_visits["car", "lap"].rows() == [("HAM", 2)]
    assert race.doubts.filter(table="pit_visits")["reason"].item().startswith("lap 3 by the source")


def test_a_safety_car_is_out_until_the_track_is_clear() -> None:
    rows = race_of(answers()).control["from", "to", "state"].rows()
    assert rows == [(100 * SECOND, 170 * SECOND, "SC")]


def test_a_lap_without_a_time_breaks_the_chain_and_the_next_begins_by_its_date() -> None:
    untimed = lap(44, 2, 91.0, 30.0, None, 30.0)
    told = [
        untimed if (row["driver_number"], row["lap_number"]) == (44, 2) else row
        for row in json.loads(answers()["laps"])
    ]
    race = race_of(answers(laps=told))
    laps = race.crossings.filter(car="HAM", line="Line")["lap"].to_list()
    assert laps == [1, 3]
    assert race.doubts["reason"].str.contains("no time for this lap").any()


@pytest.mark.parametrize(
    "changes",
    [
        {"laps": None}, {"drivers": []}, {"laps": [{"driver_number": 1}]},
        {"sessions": [{"session_name": "Practice 1", "date_start": date(0)}]},
        {"sessions": [{"session_name": "Race", "date_start": "yesterday"}]},
        {"laps": {"detail": "x"}}, {"meetings": [{"meeting_name": "?!", "meeting_key": 1}]},
    ],
)  # fmt: skip
def test_what_is_no_session_is_one_error(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError, match="openf1"):
        race_of(answers(**changes))


def test_odd_values_are_unknown() -> None:
    odd = [
        {"driver_number": [], "lap_number": 1}, {"driver_number": 1, "lap_number": "two"},
        {"driver_number": 1, "lap_number": 3, "date_start": 5, "lap_duration": "fast"}, {},
    ]  # fmt: skip
    told = json.loads(answers()["laps"]) + odd
    race = race_of(answers(laps=told, pit=[{}], stints=[{}], position=[{}], intervals=[{}],
                           race_control=[{}, {"date": "9999-12-31T23:59:59+00:00"}]))  # fmt: skip
    assert len(race.crossings)


# How it is asked


def served(told: dict[str, bytes]) -> Any:
    sessions = [*json.loads(told["sessions"]), {"session_name": "Qualifying", "session_key": 8}]

    def answer(path: str, _: int) -> Answer:
        asked = urlsplit(path)
        name, query = asked.path.strip("/"), parse_qs(asked.query)
        if name == "sessions":
            return Answer(json.dumps(sessions).encode())
        if name == "starting_grid":
            assert query == {"session_key": ["8"]}
            return Answer(b'[{"driver_number": 44, "position": 2}]')
        return Answer(told[name]) if name in told else NOTHING

    return answer


def test_a_session_is_asked_for_once_and_nothing_found_is_empty(tmp_path: Path) -> None:
    told = answers()
    with stub(served(told)) as server:
        for _ in range(2):
            found = api.fetch(2024, "toy grand prix", "race", base_url=server.url,
                              cache_dir=tmp_path)  # fmt: skip
        assert len(server.asked) == len(set(server.asked)) == 11
    assert json.loads(found["session_result"]) == []
    assert race_of(found).entries.filter(car="HAM")["grid"].item() == 2


def test_what_is_not_there_says_what_is(tmp_path: Path) -> None:
    with stub(served(answers())) as server:
        with pytest.raises(NotFoundError, match="no 'Monza'") as caught:
            api.fetch(2024, "Monza", "race", base_url=server.url, cache_dir=tmp_path)
        assert "Toy Grand Prix" in caught.value.hint
        with pytest.raises(NotFoundError, match="no sprint"):
            api.fetch(2024, "Toy Grand Prix", "sprint", base_url=server.url, cache_dir=tmp_path)


def test_a_running_session_shuts_the_door_and_says_so(tmp_path: Path) -> None:
    locked = Answer(b'{"detail":"Session in progress, access is restricted"}', status=401)
    with (
        stub(lambda *_: locked) as server,
        pytest.raises(UnreachableError, match="while a session is running") as caught,
    ):
        api.fetch(2024, "Toy", "race", base_url=server.url, cache_dir=tmp_path)
    assert "half an hour" in caught.value.hint
    assert len(server.asked) == 1


def test_another_404_is_no_empty_answer(tmp_path: Path) -> None:
    with (
        stub(lambda *_: Answer(b'{"detail":"Not Found"}', status=404)) as server,
        pytest.raises(NotFoundError),
    ):
        api.fetch(2024, "Toy", "race", base_url=server.url, cache_dir=tmp_path)


def test_operators_stand_inside_the_keys() -> None:
    query = api.where(lap_number__ge=3, speed__gt=315, date__lt="2025-05-03T16:00:00+00:00")
    assert unquote(query) == "lap_number>=3&speed>315&date<2025-05-03T16:00:00+00:00"
    assert "+" not in query


# The answer sheet


@pytest.mark.parametrize("laps", ["laps.json", "variants/laps_lap1_null.json"])
def test_miami_2025_is_what_the_live_timing_says(shared: Path, laps: str) -> None:
    folder = shared / "data" / "openf1" / "2025_miami_sprint"
    told = {path.stem: path.read_bytes() for path in folder.glob("*.json")}
    race = race_of({**told, "laps": (folder / laps).read_bytes()})
    sheet = archive.parse(archive.fetch(next((shared / "data" / "livetiming").glob("2025*"))))
    both = sheet.crossings.join(race.crossings, on=["car", "lap", "line"], suffix="_here")
    late = both["time_here"] - both["time"]
    assert both.height == race.crossings.height > 900
    assert (late - late.median()).abs().max() <= timedelta(milliseconds=2)
    assert abs(late.median()) < SECOND
    assert race.crossings["lap"].max() == 18
    mine, theirs = (
        r.tyres.filter(pl.col("compound").is_not_null())["car", "lap", "compound"]
        for r in (race, sheet)
    )
    assert theirs.join(mine, on=["car", "lap", "compound"], how="anti").is_empty()
    assert mine.join(theirs, on=["car", "lap"], how="anti").height <= 1
    states = [r.control["state"].to_list() for r in (race, sheet)]
    assert states[0] == states[1]


def test_openf1_has_them_car_by_car() -> None:
    rows = [
        {"driver_number": 44, "date": date(10 + n / 4), "speed": 250 + n, "throttle": 100,
         "brake": 100 if n == 3 else 0, "n_gear": 7, "drs": 8}
        for n in range(8)
    ]  # fmt: skip
    places = [
        {"driver_number": 44, "date": date(10), "x": 0, "y": 0, "z": 0},
        {"driver_number": 44, "date": "2024-06-02T13:00:11+00:00", "x": 10, "y": -20, "z": 3},
    ]
    race = race_of(answers() | {
        "car_data_44": json.dumps(rows).encode(), "location_44": json.dumps(places).encode()
    })  # fmt: skip
    told = race.telemetry.collect()
    assert told["time"][0] == timedelta(seconds=10)
    assert told["brake"].to_list() == [False] * 3 + [True] + [False] * 4
    assert race.positions.collect().rows() == [
        ("HAM", timedelta(seconds=11), 1.0, -2.0, pytest.approx(0.3), True)
    ]
    wrong = json.dumps([rows[0] | {"speed": "fast"}]).encode()
    with pytest.raises(UnreadableError, match="car_data_44"):
        race_of(answers() | {"car_data_44": wrong})
