"""A store that version 0.1 wrote is read in place, with nothing lost, and goes on as it was.

``tests/data/store_0_1`` was written by that version: a race and a season of the toy cars, each with
a result that was changed four days later.
"""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from racecraft.model.race import RACE_TABLES, TELEMETRY, Race
from racecraft.model.season import SEASON_TABLES
from racecraft.store.store import Store

WRITTEN = Path(__file__).parents[1] / "data/store_0_1"
RENAMED = {
    "entries", "crossings", "lap_chart", "tyres", "messages", "pit_visits", "classification",
    "doubts", "telemetry",
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    shutil.copytree(WRITTEN, tmp_path / "store")
    return Store(tmp_path / "store", sample=False)


def as_written(name: str) -> pl.DataFrame:
    """Table of the race, straight from its file."""
    (file,) = WRITTEN.glob(f"**/session=race/*/{name}.????????????????.parquet")
    return pl.read_parquet(file)


def test_every_value_of_the_race_is_there(store: Store) -> None:
    account = next(WRITTEN.glob("**/session=race/*"))
    names = {file.name.partition(".")[0] for file in account.glob("*.parquet")}
    names -= {"classification-earlier", "telemetry"}
    assert len(names) == 10
    race = alone(store)
    assert race.series == "f1"
    for name in names:
        written, read = as_written(name), race.tables[name]
        for column in written.columns:
            today = "car" if column == "driver" else column
            same = written[column].cast(RACE_TABLES[name].schema[today])
            assert read[today].equals(same), (name, column)
    assert race.telemetry is not None
    assert race.telemetry.collect_schema() == TELEMETRY.schema
    written = as_written("telemetry").rename({"driver": "car"}, strict=False)
    assert race.telemetry.select(written.columns).collect().equals(written)


def alone(store: Store) -> Race:
    """The race without what its season adds to it."""
    shutil.rmtree(store.folder / "season=2023/source=toy")
    return store.load_race(2023, "Toy Grand Prix")


def test_the_columns_that_were_renamed_are_those_of_the_cars() -> None:
    for name in RENAMED:
        assert "driver" in as_written(name).columns, name
    for table in (*RACE_TABLES.values(), TELEMETRY):
        assert ("car" in table.schema) == (table.name in RENAMED | {"drivers_in_car"}), table.name


def test_results_that_were_replaced_are_still_known(store: Store) -> None:
    for day, first in ((date(2023, 3, 6), "VER"), (date(2023, 3, 10), "HAM")):
        season = store.load_season(2023, as_of=day)
        assert season.results.filter(order=1)["driver"].item() == first
        assert store.load_race(2023, 1, as_of=day).classification["car"][0] == first


def test_the_season_is_what_it_was(store: Store) -> None:
    season = store.load_season(2023)
    assert season.series == "f1"
    assert season.results.select("driver", "number", "points").rows() == [
        ("HAM", "44", 25.0), ("VER", "1", 18.0), ("SAI", "55", 15.0)
    ]  # fmt: skip
    for name in ("events", "drivers", "pit_stops"):
        (file,) = WRITTEN.glob(f"season=2023/source=toy/{name}.*.parquet")
        assert season.tables[name].equals(SEASON_TABLES[name].check(pl.read_parquet(file))), name


def test_adding_the_same_again_changes_nothing(store: Store) -> None:
    assert store.add_season(store.load_season(2023)) == "unchanged"
    assert store.add_race(alone(store)) == "unchanged"


def test_the_next_result_is_one_more(store: Store) -> None:
    race = alone(store)
    swapped = race.classification.with_columns(
        car=pl.Series(["SAI", "HAM", "VER"]), as_of=pl.lit(date(2023, 4, 1))
    )
    later = datetime(2023, 4, 1, tzinfo=UTC)
    assert store.add_race(race.with_tables(classification=swapped), fetched=later) == "updated"
    for day, first in ((date(2023, 3, 6), "VER"), (date(2023, 3, 10), "HAM"), (None, "SAI")):
        assert store.load_race(2023, 1, as_of=day).classification["car"][0] == first
    assert store.sql("select car from crossings").height == 45


def test_it_verifies(store: Store) -> None:
    assert store.verify().is_empty()
