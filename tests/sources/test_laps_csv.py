from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from racecraft.errors import UnreadableError
from racecraft.sources.fastf1 import laps_csv

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

HEAD = (
    "Time,Driver,DriverNumber,LapNumber,LapTime,PitInTime,PitOutTime,Position,RoundNumber,EventName"
)
GOOD = f"""{HEAD}
0 days 01:01:30,VER,1,1,90.0,,,1,7,Toy Grand Prix
0 days 01:02:58,VER,1,2,88.0,0 days 01:02:57.5,,1,7,Toy Grand Prix
0 days 01:04:46,VER,1,3,108.0,,0 days 01:03:20.5,2,7,Toy Grand Prix
0 days 01:01:31,HAM,44,1,91.0,,,2,7,Toy Grand Prix
0 days 01:03:00,HAM,44,2,89.0,,,2,7,Toy Grand Prix
0 days 01:04:30,HAM,44,3,90.0,,,1,7,Toy Grand Prix
"""


def parsed(text: str) -> Race:
    (race,) = laps_csv.parse(text.encode(), season=2023, file="toy.csv")
    return race


def seconds(*values: float) -> list[timedelta]:
    return [timedelta(seconds=value) for value in values]


def test_times_count_from_lights_out() -> None:
    race = parsed(GOOD)
    assert (race.season, race.round, race.name, race.session) == (2023, 7, "Toy Grand Prix", "race")
    assert race.crossings.filter(car="VER")["time"].to_list() == seconds(90, 178, 286)
    assert race.lap_chart.filter(car="HAM")["position"].to_list() == [2, 2, 1]
    assert race.clock == "lights_out"


def test_a_visit_to_the_pits_is_on_the_lap_that_entered_them() -> None:
    (visit,) = parsed(GOOD).pit_visits.to_dicts()
    assert (visit["car"], visit["lap"]) == ("VER", 2)
    assert [visit["time_in"], visit["time_out"], visit["duration"]] == seconds(177.5, 200.5, 23)


def test_a_lap_without_a_clock_is_a_hole_and_a_doubt() -> None:
    race = parsed(GOOD.replace("0 days 01:02:58", ""))
    assert race.crossings.filter(car="VER")["lap"].to_list() == [1, 3]
    (doubt,) = race.doubts.filter(table="crossings").to_dicts()
    assert (doubt["car"], doubt["lap"]) == ("VER", 2)
    assert doubt["reason"] == "the source has no clock at the end of this lap"


def test_a_table_without_any_clock_is_none() -> None:
    text = "\n".join(re.sub(r"^0 days [0-9:]+", "", line) for line in GOOD.splitlines())
    with pytest.raises(UnreadableError, match="no Time on any lap"):
        parsed(text)


def test_sprint_in_the_name_of_the_file_means_a_sprint() -> None:
    (race,) = laps_csv.parse(GOOD.encode(), season=2023, file="sprint_2023.csv")
    assert race.session == "sprint"


def test_the_event_can_be_named_where_the_table_does_not() -> None:
    lines = [line.rsplit(",", 2)[0] for line in GOOD.splitlines()]
    table = "\n".join(lines).encode()
    (race,) = laps_csv.parse(table, season=2023, event="Toy Grand Prix")
    assert (race.name, race.round) == ("Toy Grand Prix", None)
    with pytest.raises(UnreadableError, match="no column EventName") as error:
        laps_csv.parse(table, season=2023)
    assert error.value.hint


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "Time,Driver",
            "Clock,Driver",
            "no column Time; expected the laps table of FastF1",
        ),
        (",LapNumber,", ",Number,", "no column LapNumber"),
        ("88.0", "ninety", "toy.csv, line 3, LapTime: 'ninety'; expected a time"),
        ("88.0", "NaN", "toy.csv, line 3, LapTime: 'NaN'; expected a time"),
        ("0 days 01:02:58", "-1 days +23:59:59", "line 3, Time: '-1 days +23:59:59'; expected"),
        ("0 days 01:02:58", "-5", "line 3, Time: '-5'; expected a time"),
        ("0 days 01:02:58", "0 days 00:59:00", "the clock runs backwards on lap 2"),
        ("VER,1,2,", "VER,1,1,", "two rows for lap 1; expected one row a car and lap"),
        ("VER,1,2,", "VER,1,,", "no lap number; expected a whole number from 1"),
        ("VER,1,2,", "VER,1,0,", "lap 0; expected a whole number from 1 to 250"),
        ("VER,1,2,", "VER,1,2.5,", "lap 2.5; expected a whole number"),
        ("VER,1,2,", "VER,1,9999,", "lap 9999; expected a whole number"),
        ("VER,1,2,", ",1,2,", "line 3, None: no driver; expected a three-letter code"),
        (",1,7,", ",0,7,", "position 0 on lap 1; expected a whole number from 1"),
        ("HAM,44,3", "HAM,44,7", "a lap is missing before lap 7; expected every lap"),
        ("Toy Grand Prix\n0 days 01:03:00", "\n0 days 01:03:00", "no event; expected the name"),
        ("Toy Grand Prix\n0 days 01:03:00", "??\n0 days 01:03:00", "event '??'; expected the name"),
    ],
)
def test_what_cannot_be_is_one_error_that_names_the_place(
    before: str, after: str, told: str
) -> None:
    assert before in GOOD
    with pytest.raises(UnreadableError) as error:
        parsed(GOOD.replace(before, after, 1))
    assert told in error.value.message
    assert "toy.csv" in error.value.message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty; expected the laps table of FastF1"),
        (b"\n  \n", "empty; expected the laps table of FastF1"),
        (HEAD.encode(), "a heading and no laps"),
        (GOOD.encode("utf-16"), "not UTF-8"),
        (GOOD.replace("Toy", "São Paulo").encode("latin-1"), "line 2: byte 0xe3 is not UTF-8"),
        (GOOD.encode() + b"x" * 200_000, "a line of over 100000 bytes"),
        (GOOD.encode()[:-40] + b'"', "toy.csv"),
    ],
)
def test_bytes_that_are_no_table(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableError) as error:
        laps_csv.parse(content, season=2023, file="toy.csv")
    assert told in error.value.message


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableError, match="expected a CSV file of laps"):
        laps_csv.fetch(tmp_path)
    with pytest.raises(UnreadableError, match="expected a CSV file of laps"):
        laps_csv.fetch(tmp_path / "absent.csv")
    large = tmp_path / "large.csv"
    large.write_text(GOOD, encoding="utf-8")
    assert laps_csv.fetch(large) == GOOD.encode()
    monkeypatch.setattr(laps_csv, "LARGEST_FILE", 100)
    with pytest.raises(UnreadableError, match="but a season of laps is a few"):
        laps_csv.fetch(large)
