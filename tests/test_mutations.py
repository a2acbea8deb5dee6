"""Files gone wrong in every way we could think of: a lawful race, or one error that says where.

Each source reads excerpts of real files where the public data files are at hand, else files
written from the sample, changed at random. Whatever comes of it, a store holds it whole or not at
all.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import racecraft as rc
from conftest import examples, shared_folder
from mutations import mutated
from own_alkamel import laps_csv as laps_csv_of
from own_alkamel import results_csv
from own_dump import DUMP
from own_streams import own_session
from racecraft.errors import NotEnoughDataError, UnreadableError
from racecraft.model.clock import seconds
from racecraft.model.race import RACE_TABLES
from racecraft.model.season import SEASON_TABLES
from racecraft.sources.alkamel import source as alkamel
from racecraft.sources.alkamel.files import Published
from racecraft.sources.ergast import dump
from racecraft.sources.ergast.tables import COLUMNS
from racecraft.sources.fastf1 import laps_csv
from racecraft.sources.livetiming import archive
from racecraft.sources.sample.sample import sample_race
from racecraft.sources.sample.toy import toy_race
from racecraft.sources.timing import source as timing
from racecraft.sources.timing.table import text_of_file
from racecraft.store.importing import add, add_source
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.race import Race
    from racecraft.model.season import Season


LONGEST_MESSAGE = 500
KARTING = Path(__file__).parents[1] / "docs" / "examples" / "karting.csv"

LAPS = {"grand_prix_2019.csv": 2, "grand_prix_2021.csv": 1, "sprint_2023.csv": 1}  # events of each


@cache
def laps_excerpt(name: str) -> bytes:
    """A few laps of a few cars: both shapes of the table, and two events in one file."""
    folder = shared_folder()
    if folder is None:
        return _laps_of_the_sample()
    laps = pl.read_csv(folder / "data" / "laps" / name, infer_schema=False)
    few = pl.concat(
        event.filter(
            pl.col("Driver").is_in(event["Driver"].unique(maintain_order=True)[:4].to_list()),
            pl.col("LapNumber").cast(pl.Float64) <= 8,
        )
        for event in laps.partition_by("EventName", maintain_order=True)[: LAPS[name]]
    )
    return few.write_csv().encode()


def _laps_of_the_sample() -> bytes:
    race = sample_race()
    ends = race.crossings.filter(pl.col("line") == "Line", pl.col("lap") <= 8)
    return (
        ends.filter(pl.col("car").is_in(["VER", "NOR", "ALO", "PER"]))
        .sort("car", "lap")
        .select(
            Time=seconds("time") + 3600,
            Driver="car",
            LapNumber="lap",
            LapTime=seconds(pl.col("time").diff().over("car")),
            RoundNumber=pl.lit(20),
            EventName=pl.lit(race.name),
        )
        .write_csv()
        .encode()
    )


@settings(max_examples=examples(700))
@given(st.data())
def test_laps_csv(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(LAPS)))
    broken = data.draw(mutated(laps_excerpt(name), "csv"))
    lawful_or_unreadable(lambda: laps_csv.parse(broken, season=2021, file=name), name)


@settings(max_examples=examples(150))
@given(st.data())
def test_what_is_read_is_also_told(data: st.DataObject) -> None:
    """A race that came out of a damaged file is one that every analysis can take."""
    name = data.draw(st.sampled_from(sorted(LAPS)))
    broken = data.draw(mutated(laps_excerpt(name), "csv", most=1))
    try:
        races = laps_csv.parse(broken, season=2021, file=name)
    except UnreadableError:
        return
    for race in races:
        if race.crossings.is_empty():
            with pytest.raises(NotEnoughDataError):
                rc.race(race)
        else:
            assert rc.race(race).result.height <= race.entries.height
            assert rc.trains(race).height >= 0


@cache
def dump_excerpt(origin: str) -> dict[str, bytes]:
    """A folder of Ergast tables: one made up, with lap times; or two rounds of the real ones."""
    folder = shared_folder()
    if origin == "own" or folder is None:
        return {f"{table}.csv": text.encode() for table, text in DUMP.items()}
    tables = {
        path.name: pl.read_csv(path, infer_schema=False)
        for path in (folder / "data" / "ergast").glob("*.csv")
        if path.stem in COLUMNS
    }
    races = tables["races.csv"].filter(year="2022")[3:5]  # with a sprint, and without
    ids = races["raceId"].to_list()
    kept = {
        name: table.filter(pl.col("raceId").is_in(ids)) if "raceId" in table.columns else table
        for name, table in tables.items()
    }
    raced = kept["results.csv"]
    for name, key in (("drivers", "driverId"), ("constructors", "constructorId")):
        table = tables[f"{name}.csv"]
        kept[f"{name}.csv"] = table.filter(pl.col(key).is_in(raced[key].to_list()))
    return {name: table.write_csv().encode() for name, table in kept.items()}


@settings(max_examples=examples(500))
@given(st.data())
def test_ergast_dump(data: st.DataObject) -> None:
    files = dump_excerpt(data.draw(st.sampled_from(["own", "real"])))
    name = data.draw(st.sampled_from(sorted(files)))
    broken = files | {name: data.draw(mutated(files[name], "csv"))}
    lawful_or_unreadable(lambda: dump.parse(broken)[1], ".csv")


CARS = ("1", "11", "16")
UNTIL = "00:58:00"  # on lap 6


@cache
def session_excerpt() -> dict[str, bytes]:
    """A few laps of a few cars of a sprint, stream by stream; without it, the made-up session."""
    folder = shared_folder()
    if folder is None:
        return own_session().files()
    (sprint,) = (folder / "data" / "livetiming").glob("2023*")
    return {path.name: _of_a_few_cars(path) for path in sorted(sprint.glob("*.jsonStream"))}


def _of_a_few_cars(stream: Path) -> bytes:
    lines = []
    for line in stream.read_text(encoding="utf-8-sig").splitlines():
        clock, brace, rest = line.partition("{")
        said = json.loads(brace + rest)
        if "Lines" in said:
            said["Lines"] = {car: said["Lines"][car] for car in CARS if car in said["Lines"]}
        elif stream.stem == "DriverList":
            said = {car: said[car] for car in CARS if car in said}
        if clock < UNTIL and any(said.values()):
            lines.append(clock + json.dumps(said))
    return "\r\n".join(lines).encode()


def test_the_excerpt_of_a_session_is_a_race() -> None:
    race = archive.parse(session_excerpt())
    assert_lawful(race)
    assert race.crossings.height > 50


@settings(max_examples=examples(400))
@given(st.data())
def test_livetiming(data: st.DataObject) -> None:
    files = session_excerpt()
    name = data.draw(st.sampled_from(sorted(files)))
    broken = files | {name: data.draw(mutated(files[name], "stream"))}
    lawful_or_unreadable(lambda: [archive.parse(broken)], ".jsonStream")


@settings(max_examples=examples(200))
@given(st.data())
def test_anybodys_laps_are_read_or_refused(data: st.DataObject) -> None:
    broken = data.draw(mutated(KARTING.read_bytes(), "csv"))
    asked = {"series": "club", "season": 2024, "event": "Night", "columns": None}

    def read() -> list[Race]:
        fetched = timing.Fetched("laps.csv", text_of_file(broken, file="laps.csv"))
        return timing.parse(fetched, asked)

    lawful_or_unreadable(read, "laps.csv")


@settings(max_examples=examples(200))
@given(st.data())
def test_files_of_al_kamel_are_read_or_refused(data: st.DataObject) -> None:
    laps, results = laps_csv_of("imsa"), results_csv()
    if data.draw(st.booleans()):
        laps = data.draw(mutated(laps, "csv"))
    else:
        results = data.draw(mutated(results, "csv"))
    told = Published({"race-laps.csv": laps}, {"race-results.csv": results})
    asked = {"series": "imsa", "season": 2023, "event": "Long Beach"}
    lawful_or_unreadable(lambda: [alkamel.race_of(told, asked)], "race-")


@settings(max_examples=examples(150))
@given(st.data())
def test_a_file_enters_the_store_whole_or_not_at_all(data: st.DataObject) -> None:
    with TemporaryDirectory() as place:
        store = Store(Path(place) / "store", sample=False)
        file = Path(place) / "laps_2019.csv"
        file.write_bytes(data.draw(mutated(laps_excerpt("grand_prix_2019.csv"), "csv")))
        try:
            added = add_source(store, "laps", {"files": [file], "season": 2019})
        except UnreadableError:
            assert store.races().is_empty()
        else:
            assert store.races().height == added.height
            assert len(store.load_races()) == added.height
        assert store.verify().is_empty()


@cache
def stored_files() -> dict[str, bytes]:
    """Every file of a store that holds a race and a season."""
    with TemporaryDirectory() as place:
        add(Store(place), [*dump.parse(dump_excerpt("own"))[0], toy_race()])
        return {
            str(path.relative_to(place)): path.read_bytes()
            for path in sorted(Path(place).rglob("*"))
            if path.is_file()
        }


@settings(max_examples=examples(250))
@given(st.data())
def test_a_damaged_store_says_so(data: st.DataObject) -> None:
    """Either nothing that counts was touched, or reading it is one error and verify finds it."""
    files = stored_files()
    name = data.draw(st.sampled_from(sorted(files)))
    kind = "json" if name.endswith(".json") else "binary"
    broken = files | {name: data.draw(mutated(files[name], kind))}
    with TemporaryDirectory() as place:
        for path, content in broken.items():
            (Path(place) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(place) / path).write_bytes(content)
        store = Store(place, sample=False)
        faults = store.verify()
        try:
            races, seasons = store.load_races(), [store.load_season(y) for y in store.seasons()]
        except UnreadableError as error:
            message = error.message
        else:
            assert all(map(is_sound, [*races, *seasons]))
            return
        assert not faults.filter(~pl.col("harmless")).is_empty()
        assert place in message


def is_sound(account: Race | Season) -> bool:
    """Whether every table of a race or a season keeps its promise."""
    promised = RACE_TABLES | SEASON_TABLES
    return all(promised[name].check(frame).equals(frame) for name, frame in account.tables.items())


def lawful_or_unreadable(read: Callable[[], list[Race]], name: str) -> None:
    """Read something: every race obeys the laws, or one error names the file."""
    try:
        races = read()
    except UnreadableError as error:
        message = error.message
    else:
        for race in races:
            assert_lawful(race)
        return
    assert name in message
    assert len(message) < LONGEST_MESSAGE
    assert "\n" not in message


def assert_lawful(race: Race) -> None:
    """Time goes forward, cars are entered, laps and places count from 1, pits have a way out."""
    orders = race.lines.select("line", "order")
    crossings = race.crossings.join(orders, on="line", how="left").sort("car", "lap", "order")
    assert not crossings["order"].null_count()
    steps = crossings.select(pl.col("time").diff().over("car"))["time"].drop_nulls()
    assert (steps.dt.total_microseconds() >= 0).all()
    for table in (race.crossings, race.lap_chart, race.tyres, race.pit_visits):
        assert set(table["car"]) <= set(race.entries["car"])
        assert (table["lap"] >= 1).all()
    assert (race.lap_chart["position"].drop_nulls() >= 1).all()
    assert race.pit_visits.filter(pl.col("time_out") < pl.col("time_in")).is_empty()
    assert race.control.filter(pl.col("to") < pl.col("from")).is_empty()
