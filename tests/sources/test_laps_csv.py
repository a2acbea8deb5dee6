from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from racecraft.analysis.order.gaps import order
from racecraft.analysis.order.overtakes import overtakes
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


def test_a_lap_that_lasts_no_time_is_none() -> None:
    unseen = GOOD.replace("0 days 01:02:58,VER,1,2,88.0", "0 days 01:04:46,VER,1,2,196.0")
    race = parsed(unseen)
    assert race.crossings.filter(car="VER")["lap"].to_list() == [1, 3]
    assert race.lap_chart.filter(car="VER", lap=2)["lap_time"].to_list() == [None]
    (doubt,) = race.doubts.filter(table="crossings").to_dicts()
    assert (doubt["car"], doubt["lap"]) == ("VER", 2)
    twice = GOOD.replace("0 days 01:04:46,VER", "0 days 01:03:10,VER")
    assert parsed(twice).crossings.filter(car="VER")["lap"].to_list() == [1, 2]


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
    ("before", "after", "told"),
    [
        ("88.0", "ninety", "LapTime is 'ninety' on line 3: taken as unknown"),
        ("0 days 01:02:58", "-1 days +23:59:59", "Time is '-1 days +23:59:59' on line 3"),
        ("0 days 01:02:58", "0 days 00:59:00", "the clock runs backwards"),
        ("VER,1,2,", "VER,1,1,", "the row says lap 1, which is there already"),
        ("VER,1,2,", "VER,1,,", "line 3: no lap number, left out"),
        ("VER,1,2,", "VER,1,0,", "line 3: lap 0, left out"),
        ("VER,1,2,", "VER,1,2.5,", "line 3: lap 2.5, left out"),
        ("VER,1,2,", "VER,1,9999,", "left out"),
        ("VER,1,2,", ",1,2,", "line 3: no driver, left out"),
        (",1,7,", ",0,7,", "position 0 is none"),
        ("HAM,44,3", "HAM,44,7", "no row for this lap"),
        ("Toy Grand Prix\n0 days 01:03:00", "\n0 days 01:03:00", "names no event"),
        ("Toy Grand Prix\n0 days 01:03:00", "??\n0 days 01:03:00", "names no event"),
    ],
)
def test_one_odd_row_is_a_doubt_and_no_reason_to_lose_the_race(
    before: str, after: str, told: str
) -> None:
    assert before in GOOD
    race = parsed(GOOD.replace(before, after, 1))
    assert any(told in reason for reason in race.doubts["reason"]), race.doubts["reason"].to_list()
    assert len(race.crossings)


@pytest.mark.parametrize("null", ["NaT", "nan", "NA", "<NA>", "None", "#N/A"])
def test_unknown_is_written_in_many_ways(null: str) -> None:
    race = parsed(GOOD.replace("88.0", null, 1))
    other = parsed(GOOD.replace("88.0", "", 1))
    assert race.lap_chart.equals(other.lap_chart)
    assert race.doubts.equals(other.doubts)


def odd(shared: Path, name: str) -> Race:
    (race,) = laps_csv.parse(
        laps_csv.fetch(shared / "data" / "odd" / "laps" / f"{name}.csv"), season=2023, file=name
    )
    return race


@pytest.mark.parametrize(
    "name", ["nat", "nan", "semicolon", "index", "seconds", "spreadsheet", "r_package", "row_twice"]
)
def test_however_it_is_written_it_says_the_same(shared: Path, name: str) -> None:
    assert odd(shared, name).crossings.equals(odd(shared, "ok").crossings)


def test_a_row_that_is_missing_ends_where_the_next_begins(shared: Path) -> None:
    line = pl.col("line") == "Line"
    whole, race = odd(shared, "ok"), odd(shared, "row_missing")
    assert race.crossings.filter(line).equals(whole.crossings.filter(line))
    assert race.doubts.filter(car="MMC", lap=5).height >= 1


def test_a_lap_that_bears_the_number_of_another_gets_its_own(shared: Path) -> None:
    race = odd(shared, "lap_number_repeated")
    assert race.crossings.equals(odd(shared, "ok").crossings)
    assert race.doubts.filter(car="BBD", lap=2).height == 1


def test_laps_hidden_by_a_counter_come_to_light(shared: Path) -> None:
    race = odd(shared, "hole_hidden_by_counter")
    laps = race.crossings.group_by("car").agg(pl.col("lap").max()).sort("car")
    assert laps["lap"].n_unique() == 1
    assert race.crossings.filter(pl.col("lap").is_between(5, 7), car="AAB").is_empty()
    assert race.doubts["reason"].str.contains("missing by the clock").sum() == 2


def test_a_hidden_hole_that_cannot_be_counted_ends_the_record_of_the_car(shared: Path) -> None:
    text = (shared / "data" / "odd" / "laps" / "ok.csv").read_text()
    table = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    later = (pl.col("Driver") == "AAB") & (pl.col("LapNumber").cast(pl.Float64) > 4)
    clock = pl.col("Time").str.replace("0 days 01:", "0 days 02:")
    unknown = pl.lit(None, pl.String)
    table = table.with_columns(
        Time=pl.when(later).then(clock).otherwise("Time"), TyreLife=unknown,
        Sector1SessionTime=unknown, Sector2SessionTime=unknown, LapStartTime=unknown,
    )  # fmt: skip
    (race,) = laps_csv.parse(table.write_csv().encode(), season=2023)
    assert race.crossings.filter(car="AAB")["lap"].max() == 4
    assert race.doubts["reason"].str.contains("laps may be missing before it").any()


def test_a_red_flag_on_lap_one_came_after_lights_out(shared: Path) -> None:
    race = odd(shared, "red_on_lap_one")
    assert (race.control["from"] > timedelta(0)).all()
    early = overtakes(race).filter(pl.col("lap") == 1)
    assert set(early["kind"]) <= {"start"}


def test_whoever_stops_on_the_last_lap_does_not_win(shared: Path) -> None:
    assert order(odd(shared, "leader_stops_on_last_lap"))["car"][0] == "AAB"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty; expected the laps table of FastF1"),
        (b"\n  \n", "empty; expected the laps table of FastF1"),
        (HEAD.encode(), "a heading and no laps"),
        (GOOD.encode("utf-16"), "not UTF-8"),
        (GOOD.replace("Toy", "São Paulo").encode("latin-1"), "line 2: byte 0xe3 is not UTF-8"),
        (GOOD.encode() + b"x" * 200_000, "a line of over 100000 bytes"),
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


def test_the_last_lap_of_a_car_is_never_dropped_in_silence() -> None:
    head = "Time,Driver,LapNumber,LapTime,EventName,Sector2SessionTime"
    rows = [
        "100,VER,1,90,Toy,70", "190,VER,2,,Toy,160",
        "101,HAM,1,91,Toy,71", "150,HAM,2,,Toy,",
    ]  # fmt: skip
    (race,) = laps_csv.parse("\n".join([head, *rows]).encode(), season=2023)
    ends = race.crossings.filter(line="Line").select("car", "lap").rows()
    assert sorted(ends) == [("HAM", 1), ("VER", 1), ("VER", 2)]
    told = race.doubts.filter(car="HAM", lap=2)["reason"].to_list()
    assert any("not counted" in reason for reason in told)


def with_row(shared: Path, name: str, row: str) -> Race:
    text = (shared / "data" / "odd" / "laps" / f"{name}.csv").read_text()
    (race,) = laps_csv.parse(f"{text.rstrip()}\n{row}\n".encode(), season=2023, file=name)
    return race


@pytest.mark.parametrize("closed", [timedelta(seconds=5), None])
def test_a_car_that_never_started_does_not_lead(shared: Path, closed: timedelta | None) -> None:
    """Its record is closed before anybody comes round, or with the time of the first who does."""
    leader = with_row(shared, "ok", "").crossings.filter(lap=1)["time"].min()
    assert isinstance(leader, timedelta)
    row = (
        f"0 days {timedelta(hours=1) + (closed or leader)},"
        "NVR,9,,1.0,1.0,,,,,HARD,1.0,True,Team NVR,"
        "0 days 01:00:00.000000,1,1.0,False,1,Example Grand Prix"
    )
    race = with_row(shared, "ok", row)
    assert order(race, lap=1)["car"][0] == "ZZA"
    assert race.crossings.filter(car="NVR").is_empty()
    assert "NVR" in race.entries["car"].to_list()
    assert race.doubts.filter(car="NVR", table="crossings").height >= 1


def test_a_car_that_is_out_under_the_red_flag_does_not_lead_after_it(shared: Path) -> None:
    first = (
        "0 days 01:01:33.000000,OUT,9,0 days 00:01:33.000000,1.0,1.0,,,,,HARD,1.0,True,Team OUT,"
        "0 days 01:00:00.000000,5,2.0,False,1,Example Grand Prix"
    )
    second = (
        "0 days 01:20:00.000000,OUT,9,,2.0,1.0,,,,,HARD,2.0,True,Team OUT,"
        "0 days 01:01:33.000000,5,1.0,False,1,Example Grand Prix"
    )
    race = with_row(shared, "red_on_lap_one", f"{first}\n{second}")
    assert order(race, lap=2)["car"][0] == "ZZA"
    assert race.crossings.filter(car="OUT", line="Line")["lap"].to_list() == [1]
