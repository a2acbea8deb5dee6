"""Anybody's lap times: columns by any name, times in any notation, and what makes no sense."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.sources.timing.source import columns_of, load_laps
from racecraft.store.importing import add_source
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

# Ben passes Ann on lap 3, Cas pits on lap 2. Thousandths of a second.
KARTS = {
    "7": (41_200, 40_900, 41_400),
    "9": (41_500, 41_000, 40_300),
    "12": (42_000, 75_500, 41_900),
}
NAMES = {"7": "Ann Archer", "9": "Ben Baker", "12": "Cas Cole"}
FLAG = [("9", 3, 122.8), ("7", 3, 123.5), ("12", 3, 159.4)]


def rows() -> list[dict[str, Any]]:
    told = []
    for kart, times in KARTS.items():
        for lap, milliseconds in enumerate(times, 1):
            elapsed = sum(times[:lap])
            told.append(
                {"kart": kart, "name": NAMES[kart], "lap": lap, "ms": milliseconds, "sum": elapsed}
            )
    return told


def clock(milliseconds: int, *, hours: bool = False, mark: str = ".") -> str:
    minutes, rest = divmod(milliseconds, 60_000)
    text = f"{rest / 1000:06.3f}".replace(".", mark)
    return f"{minutes // 60}:{minutes % 60:02d}:{text}" if hours else f"{minutes}:{text}"


def read(place: Path, text: str | bytes, *, name: str = "laps.csv", **answers: Any) -> Race:
    file = place / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_laps(file, event="Club night", season=2024, series="club", **answers)


def at_the_flag(race: Race) -> list[tuple[str, int, float]]:
    line = race.crossings.filter(line="Line").group_by("car").agg(pl.col("lap", "time").max())
    laid = line.sort(["lap", "time"], descending=[True, False]).rows()
    return [(car, lap, round(end.total_seconds(), 3)) for car, lap, end in laid]


def table(head: str, row: str) -> str:
    """A CSV whose rows are made by a format of the facts of a lap."""
    lines = [
        row.format(
            **told,
            s=told["ms"] / 1000,
            m=clock(told["ms"]),
            comma=clock(told["ms"], mark=","),
            h=clock(told["ms"], hours=True),
            day=clock(86_340_000 + told["sum"], hours=True).replace("24:", "00:", 1),
            total=told["sum"] / 1000,
            date=f"{datetime(2024, 5, 1, 23, 59) + timedelta(milliseconds=told['sum'])}Z",  # noqa: DTZ001
            session=(told["sum"] + 1_800_000) / 1000,
        )
        for told in rows()
    ]
    return "\n".join([head, *lines]) + "\n"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("car,lap,lap_time", "{kart},{lap},{s}"),
        ("Kart Nr.;Fahrer;Runde;Rundenzeit", "{kart};{name};{lap};{comma}"),
        ("Numéro\tPilote\tTour\tTemps au tour", "{kart}\t{name}\t{lap}\t{m}"),
        ("Dorsal,Piloto,Vuelta,Tiempo de vuelta", "{kart},{name},{lap},{h}"),
        ("Startnummer;Naam;Ronde;Rondetijd", "{kart};{name};{lap};{comma}"),
        ("NUMBER, LAP NUMBER, LAP TIME,", "{kart}, {lap}, {m},"),
        ("#|LapNo|LapTime (ms)", "{kart}|{lap}|{ms}"),
        ("no,lap,milliseconds", "{kart},{lap},{ms}"),
        ("raceNumber,lapNumber,lapTime", "{kart},Lap {lap},{ms}"),
        ("Car No,Lap,Elapsed", "{kart},{lap},{total}"),
        ("Car,Lap,Time", "{kart},{lap},{m}"),
        ("Car,Lap,Time", "{kart},{lap},{total}"),
        ("Car,Lap,Lap Time,Time of Day", "{kart},{lap},{s},{day}"),
        ("Car,Lap,LapTime,Time", "{kart},{lap},{s},{session}"),
        ("Car,Lap,LapTime,Timestamp", "{kart},{lap},{s},{date}"),
        ("Car,Lap,Lap Time", "{kart},{lap},0 days 00:0{m}"),
    ],
)
def test_columns_by_any_name_and_times_in_any_notation(tmp_path: Path, head: str, row: str) -> None:
    race = read(tmp_path, table(head, row))
    assert at_the_flag(race) == FLAG
    assert race.lap_chart.height == 9 or "Elapsed" in head or row.endswith("{total}")


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_code_page(tmp_path: Path, code: str) -> None:
    text = table("Kart;Fahrer;Runde;Rundenzeit", "{kart};{name};{lap};{m}")
    race = read(tmp_path, text.replace("Ann", "Änn").replace("\n", "\r\n").encode(code))
    assert race.drivers_in_car["driver"].unique().sort().to_list()[-1] == "Änn Archer"


def test_without_a_car_the_driver_is_who_crosses_the_line(tmp_path: Path) -> None:
    race = read(tmp_path, table("Name,Lap,Lap time", "{name},{lap},{s}"))
    assert [row[0] for row in at_the_flag(race)] == ["Ben Baker", "Ann Archer", "Cas Cole"]
    assert race.drivers_in_car.is_empty()


def test_time_of_day_goes_on_behind_midnight(tmp_path: Path) -> None:
    race = read(tmp_path, table("Car,Lap,Time of day", "{kart},{lap},{day}"))
    assert race.clock == "session"
    ends = dict(race.crossings.filter(lap=3).select("car", "time").rows())
    assert ends["7"] - ends["9"] == timedelta(seconds=0.7)


def test_everything_that_may_be_there(tmp_path: Path) -> None:
    head = "Car,Driver,Lap,Lap Time,S1,S2,S3,Pit,Class,Team,Tyre,Position"
    rows = [
        "7,Ann,1,60.0,20,20,20,,Pro,Blue,S,1", "7,Ann,2,60.0,20,20,20,x,Pro,Blue,S,1",
        "7,Amy,3,95.0,50,22,23,,Pro,Blue,M,2", "8,Bob,1,61.0,20,20,21,0,Am,Red,H,2",
        "8,Bob,2,61.0,20,20,21,no,Am,Red,H,2", "8,Bob,3,61.0,20,20,21,,Am,Red,H,1",
    ]  # fmt: skip
    race = read(tmp_path, "\n".join([head, *rows]))
    assert race.lines["line"].to_list() == ["S1", "S2", "Line"]
    assert race.crossings.height == 18
    assert race.pit_visits.select("car", "lap").rows() == [("7", 2)]
    assert race.entries.select("car", "class", "team").rows() == [
        ("7", "Pro", "Blue"),
        ("8", "Am", "Red"),
    ]
    assert race.tyres.rows()[0][:3] == ("7", 1, "soft")
    assert race.tyres.select("car", "lap").rows() == [("7", 1), ("7", 3), ("8", 1)]
    assert race.drivers_in_car.filter(car="7")["driver"].to_list() == ["Ann", "Ann", "Amy"]
    assert race.lap_chart["position"].to_list() == [1, 1, 2, 2, 2, 1]


@pytest.mark.parametrize(
    ("cells", "visits"),
    [
        (("", "25.4", ""), [(2, 25.4)]),
        (("", "0:25,4", "-"), [(2, 25.4)]),
        (("", "PIT IN", "out"), [(2, None)]),
        (("False", "True", "False"), [(2, None)]),
        (("0", "0", "1"), [(3, None)]),
        (("no", "ja", "nein"), [(2, None)]),
    ],
)
def test_stops_in_any_words(
    tmp_path: Path, cells: tuple[str, ...], visits: list[tuple[int, float | None]]
) -> None:
    lines = [f"7;{lap};60;{cell}" for lap, cell in enumerate(cells, 1)]
    race = read(tmp_path, "\n".join(["car;lap;lap time;pit", *lines]))
    told = race.pit_visits.select("lap", "duration").rows()
    assert [(lap, spent and spent.total_seconds()) for lap, spent in told] == visits


# Frames


def test_a_polars_frame_with_durations() -> None:
    frame = pl.DataFrame(rows()).select(
        Car="kart", Lap="lap", LapTime=pl.duration(milliseconds="ms")
    )
    assert at_the_flag(load_laps(frame, event="Night", season=2024)) == FLAG


class PandasLike:
    """What `load_laps` may use of a pandas frame: names of columns, and columns as lists."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.cells = columns
        self.columns = list(columns)

    def __getitem__(self, name: str) -> Any:
        return SimpleNamespace(to_list=lambda: self.cells[name])


def test_a_pandas_frame() -> None:
    told = rows()
    frame = PandasLike(
        {
            "Kart": [int(row["kart"]) for row in told],
            "Lap": [float(row["lap"]) for row in told],
            "LapTime": [timedelta(milliseconds=row["ms"]) for row in told],
            "Team": [float("nan")] * len(told),
        }
    )
    assert at_the_flag(load_laps(frame, event="Night", season=2024)) == FLAG


def test_real_pandas() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame(rows())
    frame["lap time"] = pandas.to_timedelta(frame["ms"], unit="ms")
    frame = frame.rename(columns={"kart": "Kart"})[["Kart", "lap", "lap time"]]
    assert at_the_flag(load_laps(frame, event="Night", season=2024)) == FLAG


def test_what_is_no_table() -> None:
    with pytest.raises(ArgumentError, match="int is no table"):
        load_laps(7, event="Night", season=2024)


def test_a_workbook(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel", reason="the extra xlsx is not installed")
    writer = pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed")
    file = tmp_path / "laps.xlsx"
    with writer.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Kart", "Runde", "Rundenzeit"])
        kind = book.add_format({"num_format": "mm:ss.000"})
        for number, row in enumerate(rows(), 1):
            sheet.write_row(number, 0, [int(row["kart"]), row["lap"]])
            sheet.write_number(number, 2, row["ms"] / 86_400_000, kind)
    assert at_the_flag(load_laps(file, event="Night", season=2024)) == FLAG


def test_times_of_a_workbook_come_in_three_types() -> None:
    told = [
        timedelta(seconds=41.2),
        time(0, 0, 41, 200_000),
        datetime(1899, 12, 31, 0, 0, 41, 200_000),  # noqa: DTZ001
    ]
    for cell in told:
        frame = PandasLike({"car": ["7"], "lap": [1], "lap time": [cell]})
        assert at_the_flag(load_laps(frame, event="Night", season=2024)) == [("7", 1, 41.2)]


# What it says


def test_it_says_what_it_took_each_column_for_and_what_it_did_without(tmp_path: Path) -> None:
    file = tmp_path / "night.csv"
    file.write_text(table("Kart Nr;Fahrer;Runde;Zeit;Wetter", "{kart};{name};{lap};{m};dry"))
    told: list[str] = []
    asked = {"file": file, "series": "club", "season": 2024, "event": "Night"}
    store = Store(tmp_path / "store", sample=False)
    add_source(store, "timing", asked, note=told.append)
    assert told[0] == (
        "night.csv: took 'Kart Nr' as car, 'Fahrer' as driver, 'Runde' as lap, 'Zeit' as lap time"
    )
    assert told[1:] == [
        "not used: 'Wetter'",
        "did without: sectors, stops, class, team, tyres, position, flags",
    ]
    assert len(store.races()) == 1


def test_a_lap_without_a_time_at_the_end_is_doubted(tmp_path: Path) -> None:
    text = table("car,lap,lap time", "{kart},{lap},{s}").replace("9,3,40.3", "9,3,")
    race = read(tmp_path, text)
    assert at_the_flag(race)[-1] == ("9", 2, 82.5)
    (doubt,) = race.doubts.filter(car="9")["reason"].to_list()
    assert "the last of this car" in doubt


# Bad input


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("car,lap,lap time\n", "a heading and no laps"),
        ("lap,lap time\n1,60\n", "no column for the car"),
        ("car,lap time\n1,60\n", "no column for the lap"),
        ("car,lap,colour\n1,1,red\n", "no column for the lap time"),
        ("car,kart,lap,lap time\n1,5,1,60\n1,6,1,61\n2,5,2,61\n1,6,2,61\n2,6,1,60\n", "could each"),
        ("car,lap,lap time\n1,one,60\n", "line 2, lap: 'one'"),
        ("car,lap,lap time\n1,1,fast\n", "line 2, lap time: 'fast'"),
        ("car,lap,lap time\n,1,60\n", "line 2: no car"),
        ("car,team,lap,lap time\n1,X,1,60\n1,Y,1,61\n", "car 1 .X and Y."),
        ("car,lap,elapsed\n1,1,60\n1,2,50\n", "expected laps in order"),
        ("car,lap,lap time\n1,1,60\n1,2,\n1,3,60\n", "no lap time of one before it"),
        ("car,lap,lap time\n1,1,\n1,2,\n", "no times"),
        ("car,lap,lap time,elapsed\n1,1,60,60\n1,2,60,150\n1,3,60,240\n", "do not add up"),
        ("car,car,lap,lap time\n1,1,1,60\n", "two columns 'car'"),
    ],
)
def test_one_error_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("car,lap,lap time\n1,2,60\n1,1,61\n", "not in order of laps"),
        ("car,lap,lap time\n1,1,61\n1,1,61\n1,2,60\n", "stands twice"),
        ("car,lap,lap time\n1,0,300\n1,1,61\n1,2,60\n", "lap 0 is before the start"),
        ("car,no,lap,lap time\n1,5,1,61\n1,5,2,60\n", "'car' could be the car too"),
        ("car,lap,lap time,class\n1,1,61,A\n1,2,60,A\n1,3,60,B\n", "class is 'B' on 1"),
        (
            "car,lap,lap time,elapsed\n1,1,61,61\n1,2,60,131\n1,3,60,191\n1,4,60,251\n",
            "lap time 1:00.000, but 1:10.000",
        ),
    ],
)
def test_what_is_odd_is_doubted(tmp_path: Path, text: str, said: str) -> None:
    race = read(tmp_path, text)
    assert any(said in reason for reason in race.doubts["reason"]), race.doubts["reason"].to_list()


def test_two_that_could_be_the_car_can_be_told_apart(tmp_path: Path) -> None:
    text = "car,kart,lap,lap time\n1,5,1,60\n1,6,1,61\n2,5,2,61\n1,6,2,61\n2,6,1,60\n"
    with pytest.raises(UnreadableError, match="two different rows"):
        read(tmp_path, text, columns={"car": "kart"})


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"car": "Wagon"}, "no column 'Wagon'"), ({"colour": "car"}, "cannot be taken for 'colour'")],
)
def test_columns_that_are_told_must_be_there(
    tmp_path: Path, columns: dict[str, str], said: str
) -> None:
    with pytest.raises(ArgumentError, match=said):
        read(tmp_path, "car,lap,lap time\n1,1,60\n", columns=columns)


def test_columns_as_somebody_types_them() -> None:
    assert columns_of(None) == {}
    with pytest.raises(ArgumentError, match="names no columns"):
        columns_of("car")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="No such file"):
        load_laps(tmp_path / "none.csv", event="Night", season=2024)
