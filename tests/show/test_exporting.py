"""A store for other programs: a database with views, and a file for each table."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

import racecraft as rc
from racecraft.errors import ArgumentError
from racecraft.show.derived import DERIVED, worked_out
from racecraft.show.exporting import VIEWS, export_duckdb, export_parquet

if TYPE_CHECKING:
    from pathlib import Path

duckdb = pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    file = folder / "races.duckdb"
    counts = export_duckdb(rc.Store(folder / "store"), file, season=2023)
    assert counts["races"] == 2
    assert {*DERIVED, "results", "crossings"} <= counts.keys()
    assert [path.name for path in folder.iterdir()] == ["races.duckdb"]
    return file


def asked(database: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows: list[tuple[object, ...]] = connection.execute(query).fetchall()
    return rows


def test_tables_have_the_rows_of_python(database: Path) -> None:
    race = rc.load_race(2023, "brazil")
    where = "where event = 'sao-paulo-grand-prix'"
    for name, (_, make) in DERIVED.items():
        ((rows,),) = asked(database, f"select count(*) from {name} {where}")  # noqa: S608
        assert rows == make(race).height
    ((margin,),) = asked(
        database,
        "select margin_s from battles where at_flag and first in ('ALO', 'PER') "
        "and second in ('ALO', 'PER')",
    )
    assert margin == 0.053


def test_sql_has_what_is_worked_out(database: Path, tmp_path: Path) -> None:
    store, seen = rc.Store(tmp_path), []
    query = "select count(*) from battles where at_flag and season = 2023"

    def told(*what: object) -> None:
        seen.append(what)

    for _ in range(2):  # the second time as it was kept
        ((rows,),) = store.sql(query, derived=worked_out(store), progress=told).rows()
        assert asked(database, query) == [(rows,)]
    assert seen[:2] == [("battles", 1, 2), ("battles", 2, 2)]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers(database: Path, view: str) -> None:
    assert asked(database, f"select * from {view} limit 5")  # noqa: S608


def test_views_say_what_they_promise(database: Path) -> None:
    query = "select car, lap_time_s from fastest_laps where name ilike 's_o paulo%' order by 2"
    ((car, time), *_) = asked(database, query)
    laps = rc.laps(rc.load_race(2023, "brazil"))
    assert time == laps["lap_time"].min().total_seconds()  # type: ignore[union-attr]
    assert car == "NOR"
    query = "select moment::text from laps_in_time where car = 'VER' and lap = 71 "
    query += "and event = 'sao-paulo-grand-prix'"
    ((moment,),) = asked(database, query)
    assert str(moment).startswith("2023-11-05 01:56:48.894")
    query = "select family_name, count(*) from wins where season = 2023 group by 1 order by 2 desc"
    assert asked(database, query)[0] == ("Verstappen", 19)


def test_columns_are_explained_in_the_database(database: Path) -> None:
    query = "select comment from duckdb_columns() where column_name = 'margin_s' and table_name "
    rows = asked(database, query + "in ('battles', 'overtakes')")
    assert len(rows) == 2
    assert all("seconds" in str(comment) for (comment,) in rows)
    ((about,),) = asked(database, "select comment from duckdb_views() where view_name = 'wins'")
    assert about == VIEWS["wins"][0]


def test_nothing_but_a_database_is_written_over(database: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.duckdb"
    letter.write_text("Dear Fernando, what a race")
    with pytest.raises(ArgumentError, match="no database"):
        export_duckdb(rc.Store(tmp_path / "store"), letter, season=2023)
    assert letter.read_text().startswith("Dear")
    with pytest.raises(ArgumentError, match="no folder"):
        export_duckdb(rc.Store(tmp_path / "store"), tmp_path / "nowhere" / "races.duckdb")
    before = asked(database, "select count(*) from laps")
    export_duckdb(rc.Store(tmp_path / "store"), database, season=2023)
    assert asked(database, "select count(*) from laps") == before


def test_parquet(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    for _ in range(2):
        counts = export_parquet(rc.Store(tmp_path / "store"), folder, season=2023)
    laps = pl.read_parquet(folder / "laps.parquet")
    assert laps.height == counts["laps"]
    assert laps.columns[:5] == ["series", "season", "round", "event", "session"]
    assert laps["lap_time_s"].dtype == pl.Float64
    told = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
    assert {each["table"] for each in told} == counts.keys()
    assert {path.suffix for path in folder.iterdir()} == {".parquet", ".json"}


def test_the_command(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "racecraft", "data", "export"]
    said = subprocess.run(
        [*run, "--parquet", str(tmp_path / "tables"), "--season", "2023"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "tables" in said.stdout
    assert subprocess.run(run, capture_output=True, check=False).returncode == 2
