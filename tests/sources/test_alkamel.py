"""Al Kamel's files: every kind of them, what they leave out, and what makes no sense."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from own_alkamel import CARS, ROWS, folder_of, laps_csv, results_csv
from racecraft.errors import ArgumentError, UnreadableError
from racecraft.sources.alkamel import source as alkamel
from racecraft.sources.alkamel.laps import read_laps
from racecraft.sources.alkamel.results import read_results
from racecraft.sources.shared.race_of_rows import tables_of_rows
from racecraft.store.importing import add_source
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

FOLDERS = (
    "imsa_2021_lime_rock", "imsa_2022_watkins_glen", "imsa_2023_long_beach", "imsa_2024_detroit",
    "imsa_2025_laguna_seca", "wec_2019_spa_6h",
)  # fmt: skip


def read(folder: Path, **answers: Any) -> Race:
    asked = {"folder": folder, "series": "imsa", "season": None, "event": None} | answers
    (race,) = alkamel.parse(alkamel.fetch(asked), asked)
    return race


def at_the_flag(race: Race) -> list[tuple[str, int, float]]:
    line = race.crossings.filter(line="Line").group_by("car").agg(pl.col("lap", "time").max())
    rows = line.sort(["lap", "time"], descending=[True, False]).rows()
    return [(car, lap, time.total_seconds()) for car, lap, time in rows]


def reasons(race: Race, table: str) -> list[str]:
    return race.doubts.filter(table=table)["reason"].to_list()


# Real races


@pytest.fixture(scope="module", params=FOLDERS)
def real(request: pytest.FixtureRequest, shared: Path) -> tuple[Race, dict[str, Any]]:
    folder = shared / "data" / "endurance"
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))[request.param]
    return read(folder / request.param, series=request.param.split("_")[0]), facts


def test_every_lap_and_the_order_at_the_flag(real: tuple[Race, dict[str, Any]]) -> None:
    race, facts = real
    assert race.crossings.filter(line="Line").height == facts["laps"]
    assert [list(row) for row in at_the_flag(race)[:5]] == facts["crossing_order_top5"]
    winners = race.entries.join(
        pl.DataFrame(at_the_flag(race), schema=["car", "lap", "s"], orient="row"), on="car"
    ).sort(["lap", "s"], descending=[True, False])
    first = winners.unique("class", keep="first")
    assert dict(first.select("class", "car").rows()) == facts["class_winner_by_crossing"]


def test_laps_led_by_car_and_by_driver(real: tuple[Race, dict[str, Any]]) -> None:
    race, facts = real
    line = race.crossings.filter(line="Line").sort("lap", "time")
    led = line.unique("lap", keep="first").join(race.drivers_in_car, on=["car", "lap"])
    assert dict(led["car"].value_counts().rows()) == facts["laps_led"]
    assert dict(led["driver"].value_counts().rows()) == facts["laps_led_by_driver"]


def test_the_result_is_reproduced_but_for_named_penalties(
    real: tuple[Race, dict[str, Any]],
) -> None:
    race, facts = real
    if "results_file" not in facts:
        assert reasons(race, "classification") == [
            "no result in the files: penalties are not known"
        ]
        return
    told = race.classification.filter(pl.col("laps") > 0)
    driven = at_the_flag(race)
    assert {row[0]: row[1:] for row in driven} == {
        car: (laps, time.total_seconds())
        for car, laps, time in told.select("car", "laps", "time").rows()
    }
    punished = race.doubts.filter(table="classification")["car"].to_list()
    ours = [car for car, *_ in driven if car not in punished]
    assert ours == [car for car in told["car"] if car not in punished]
    assert len(punished) == (9 if race.name == "Watkins Glen" else 0)
    first = race.classification.join(race.entries.select("car", "class"), on="car")
    won = first.filter(pl.col("position").is_not_null()).unique("class", keep="first")
    assert dict(won.select("class", "car").rows()) == facts["results_file"]["class_winners"]


def test_states_of_the_race_lie_between_crossings(real: tuple[Race, dict[str, Any]]) -> None:
    race, facts = real
    begun = {row["from"].total_seconds() for row in race.control.iter_rows(named=True)}
    wanted = {
        seconds(last) for old, new, _, last in facts["flag_transitions"] if new not in ("GF", "FF")
    }
    assert wanted <= begun
    for row in race.control.iter_rows(named=True):
        assert row["from_earliest"] <= row["from"] <= row["to"]
        assert row["to_latest"] is None or row["to"] <= row["to_latest"]


def seconds(text: str) -> float:
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + float(part)
    return round(total, 3)


def test_second_place_changes_hands_seven_seconds_behind_the_leader(shared: Path) -> None:
    race = read(shared / "data" / "endurance" / "imsa_2023_long_beach")
    line = race.crossings.filter(line="Line")
    orders = [line.filter(lap=lap).sort("time")["car"].to_list()[:3] for lap in (69, 70)]
    assert orders == [["6", "7", "10"], ["6", "10", "25"]]
    leader, second = line.filter(lap=70).sort("time")["time"].to_list()[:2]
    assert second - leader == timedelta(seconds=7.067)
    assert second == timedelta(hours=1, minutes=31, seconds=14.330)


# Kinds of files


@pytest.mark.parametrize("kind", ["imsa", "wec_2019", "wec_2025"])
def test_every_kind_of_file_says_the_same(kind: str) -> None:
    laps = read_laps(laps_csv(kind), file="laps.csv")
    tables = tables_of_rows(laps)
    assert tables["crossings"].filter(line="Line").height == sum(len(car[-1]) for car in CARS)
    assert tables["crossings"].height == 3 * tables["crossings"].filter(line="Line").height
    assert tables["entries"].sort("car")["car"].to_list() == ["007", "01", "1", "24", "7"]
    visits = tables["pit_visits"].select("car", "lap", pl.col("duration").dt.total_milliseconds())
    assert visits.rows() == [("01", 2, 25_000), ("1", 1, 31_500)]
    told = tables["drivers_in_car"].filter(car="01").select("lap", "driver").rows()
    assert told == [(1, "Ann Archer"), (2, "Ann Archer"), (3, "Bea Baker"), (4, "Bea Baker")]
    assert tables["control"]["state"].to_list() == ([] if kind == "wec_2019" else ["FCY"])


def test_files_by_name_give_date_season_and_event(tmp_path: Path) -> None:
    race = read(folder_of(tmp_path, laps=laps_csv(), results=results_csv()))
    assert (race.series, race.season, race.name) == ("imsa", 2023, "Long Beach")
    assert race.date == date(2023, 4, 15)
    assert race.classification["car"].to_list() == ["7", "01", "24", "1", "007", "80"]
    assert race.classification["status"].to_list() == [
        "Finished", "Finished", "Retired", "Retired", "Retired", "Did not start",
    ]  # fmt: skip
    assert race.classification["position_text"].to_list() == ["1", "2", "3", "4", "5", "W"]
    assert reasons(race, "classification") == []
    (red,) = race.entries.filter(car="1").iter_rows(named=True)
    assert (red["vehicle"], red["class"], red["manufacturer"]) == ("Toy R", "GTD", "Toy")


def test_a_folder_of_a_season_holds_many_races(tmp_path: Path) -> None:
    tree = tmp_path / "Results" / "08_2018-2019"
    for place, stamp in (("07_SPA FRANCORCHAMPS", "201905041330"), ("08_LE MANS", "201906151500")):
        for hour in (5, 6):
            folder = tree / place / "267_FIA WEC" / f"{stamp}_Race" / f"Hour {hour}"
            folder.mkdir(parents=True)
            half = laps_csv("wec_2019").split(b"\r\n")[: 6 if hour == 5 else None]
            (folder / f"23_Analysis_Race_Hour {hour}.CSV").write_bytes(b"\r\n".join(half))
        practice = tree / place / "267_FIA WEC" / f"{stamp}_Free Practice 1"
        practice.mkdir()
        (practice / "23_Analysis_Free Practice 1.CSV").write_bytes(laps_csv("wec_2019"))
    asked = {"folder": tmp_path, "series": "wec", "season": None, "event": None}
    races = alkamel.parse(alkamel.fetch(asked), asked)
    assert [(r.name, r.season, r.round, r.crossings.height) for r in races] == [
        ("Spa Francorchamps", 2019, 7, 48),
        ("Le Mans", 2019, 8, 48),
    ]
    with pytest.raises(ArgumentError, match="2 races, but one --event"):
        alkamel.fetch(asked | {"event": "Spa"})


def test_two_races_of_one_event_are_two(tmp_path: Path) -> None:
    folder = tmp_path / "03_SONOMA"
    folder.mkdir()
    for race in (1, 2):
        (folder / f"23_Analysis_Race {race}.CSV").write_bytes(laps_csv("wec_2019"))
    asked = {"folder": tmp_path, "series": "gt4", "season": 2024, "event": None}
    races = alkamel.parse(alkamel.fetch(asked), asked)
    assert [race.name for race in races] == ["Sonoma Race 1", "Sonoma Race 2"]


def test_what_the_files_do_not_say_is_asked(tmp_path: Path) -> None:
    (tmp_path / "23_Analysis_Race.CSV").write_bytes(laps_csv("wec_2019"))
    with pytest.raises(ArgumentError, match="which season") as caught:
        read(tmp_path / "23_Analysis_Race.CSV")
    assert "--season" in caught.value.hint
    race = read(tmp_path, season=2019, event="Spa", series="wec")
    assert (race.season, race.name, race.date) == (2019, "Spa", None)


def test_adding_twice_changes_nothing_and_says_what_was_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, laps=laps_csv(), results=results_csv())
    store, told = Store(tmp_path / "store"), []
    for outcome in ("added", "unchanged"):
        added = add_source(store, "alkamel", {"folder": folder, "series": "imsa"}, note=told.append)
        assert added["outcome"].to_list() == [outcome]
    assert told[0].endswith("race-results.csv as imsa 2023 Long Beach")


WEC_RESULT = (
    "\ufeffPOSITION;NUMBER;TEAM;DRIVER_1;DRIVER_2;VEHICLE;TYRES;CLASS;GROUP;DIVISION;STATUS;LAPS;"
    "TOTAL_TIME;GAP_FIRST;GAP_PREVIOUS;FL_LAPNUM;FL_TIME;FL_KPH;\r\n"
    "1;8;Blue;Ann ARCHER;Bea BAKER;Toy;M;LMP1;H;;Classified;133;5:44'41.101;;;12;1'58.056;;\r\n"
    "2;3;Red;Cy COLE;;Toy;M;LMP1;;;Classified;132;5:44'58.794;1 Lap;1 Lap;9;1'59.100;;\r\n"
    "NC;5;Grey;Dan DENT;;Toy;M;LMP1;;;Not classified;80;5:40'00.000;;;3;2'00.000;;\r\n"
    "DSQ;6;Gold;Ed EDGE;;Toy;M;LMP1;;;Disqualified;130;;;;;;;\r\n"
)


def test_a_classification_of_the_wec() -> None:
    told = read_results(WEC_RESULT.encode(), file="03_Classification_Race.CSV")
    assert told["position"].to_list() == [1, 2, None, None]
    assert told["position_text"].to_list() == ["1", "2", "N", "D"]
    assert told["time"][0] == timedelta(hours=5, minutes=44, seconds=41.101)
    assert told["fastest_lap_time"][0] == timedelta(seconds=118.056)
    assert told["drivers"][0].to_list() == ["Ann ARCHER", "Bea BAKER"]


# Penalties


def changed(place: Path, *rows: str) -> list[tuple[str, str]]:
    race = read(folder_of(place, laps=laps_csv(), results=results_csv(*rows)))
    return race.doubts.filter(table="classification").select("car", "reason").rows()


def test_time_added_after_the_flag_is_named(tmp_path: Path) -> None:
    rows = [row.replace("6:01.050", "6:41.050") for row in (ROWS[1], ROWS[0], *ROWS[2:])]
    assert changed(tmp_path, *rows) == [("7", "40 s added after the flag: a penalty")]


def test_a_car_put_to_the_back_of_its_class_is_named(tmp_path: Path) -> None:
    ((car, reason),) = changed(tmp_path, *ROWS[:2], *ROWS[3:5], ROWS[2])
    assert car == "24"
    assert reason.startswith("put to the back of its class after the flag")
    assert reason.endswith("it would be 1 of them")


def test_laps_taken_away_are_named(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1].replace(",4,6:31.600", ",3,4:20.000"), *ROWS[2:]]
    assert ("01", "3 laps in the result, 4 in the file of laps") in changed(tmp_path, *rows)


# Bad input


def test_results_without_laps_and_laps_without_results(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    result = read(folder_of(tmp_path / "one", results=results_csv()))
    assert result.classification.height == 6
    assert reasons(result, "crossings") == ["no laps in the files: the result alone is known"]
    laps = read(folder_of(tmp_path / "two", laps=laps_csv()))
    assert laps.classification.is_empty()
    assert [row[0] for row in at_the_flag(laps)] == ["7", "01", "24", "1", "007"]


def test_a_car_in_one_file_only_is_doubted(tmp_path: Path) -> None:
    race = read(folder_of(tmp_path, laps=laps_csv(), results=results_csv(*ROWS[1:])))
    told = race.doubts.filter(table="entries").select("car", "reason").rows()
    assert told == [("7", "drove, but is not in the result")]
    assert "7" in race.entries["car"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"ELAPSED": "10.000"}, "expected laps in order"),
        ({"LAP_NUMBER": "2"}, "two different rows for lap 2 of car 7"),
        ({"LAP_NUMBER": "x"}, "LAP_NUMBER: 'x'; expected a whole number"),
        ({"NUMBER": ""}, "NUMBER: nothing; expected text"),
        ({"LAP_TIME": "soon"}, "LAP_TIME: 'soon'; expected a time"),
    ],
)
def test_one_error_names_the_line(cells: dict[str, str], said: str) -> None:
    with pytest.raises(UnreadableError, match=said) as caught:
        read_laps(laps_csv(edit={("7", 3): cells}), file="laps.csv")
    assert "laps.csv, line" in caught.value.message


def test_two_cars_with_one_number_are_both_named() -> None:
    edit = {("24", lap): {"NUMBER": "7"} for lap in (1, 2, 3)}
    with pytest.raises(UnreadableError, match=r"car 7 \(Green Racing and Grey Racing\)"):
        read_laps(laps_csv(edit=edit), file="laps.csv")


@pytest.mark.parametrize(
    ("cells", "table", "said"),
    [
        ({"CLASS": "GTX"}, "entries", "class is 'GTX' on 1 of its laps, elsewhere 'GTP'"),
        ({"LAP_TIME": "1:31.000"}, "lap_chart", "lap time 1:31.000, but 1:30.250 between"),
        ({"S1": ""}, "crossings", "sector"),
        ({"S1": "2:00.000"}, "crossings", "do not fit into the lap"),
        ({"FLAG_AT_FL": "ZZ"}, "control", "flag 'ZZ' is not known"),
    ],
)
def test_what_is_odd_is_doubted_and_the_order_stands(
    cells: dict[str, str], table: str, said: str
) -> None:
    plain = tables_of_rows(read_laps(laps_csv(), file="laps.csv"))
    odd = tables_of_rows(read_laps(laps_csv(edit={("7", 3): cells}), file="laps.csv"))
    told = odd["doubts"].filter(table=table)["reason"].to_list()
    if cells != {"S1": ""}:  # the other two sectors tell
        assert any(said in reason for reason in told), told
    line = [tables["crossings"].filter(line="Line") for tables in (plain, odd)]
    assert line[0].equals(line[1])


def test_elapsed_that_is_missing_goes_on_from_the_lap_before() -> None:
    edit = {("7", 2): {"ELAPSED": ""}}
    tables = tables_of_rows(read_laps(laps_csv(edit=edit), file="laps.csv"))
    plain = tables_of_rows(read_laps(laps_csv(), file="laps.csv"))
    assert tables["crossings"].equals(plain["crossings"])


def test_without_elapsed_the_time_of_day_tells_across_midnight() -> None:
    data = laps_csv().replace(b"ELAPSED", b"NOTHING")
    laps = read_laps(data, file="laps.csv")
    plain = read_laps(laps_csv(), file="laps.csv")
    assert laps.rows["end"].equals(plain.rows["end"])


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("laps.csv", b"", "none of 2 CSV files"),
        ("laps.csv", b"CAR,LAP\n1,1\n", "none of 2 CSV files"),
        ("23_Analysis_Race.CSV", b"NUMBER;LAP_NUMBER;LAP_TIME;\n", "a heading and no laps"),
        ("23_Analysis_Race.CSV", b"NUMBER;LAP_NUMBER;KPH;\n1;1;100;\n", "no times"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    folder = folder_of(tmp_path)
    (folder / name).write_bytes(data)
    with pytest.raises(UnreadableError, match=said):
        read(folder)


def test_a_result_that_lists_a_car_twice(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, results=results_csv(*ROWS, ROWS[0]))
    with pytest.raises(UnreadableError, match="a second row for NUMBER 7"):
        read(folder)
