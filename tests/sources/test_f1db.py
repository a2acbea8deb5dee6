"""Releases and checkouts of f1db become seasons, and bad ones one error."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import racecraft.sources
from own_f1db import write_checkout, write_release
from racecraft.errors import UnreadableError
from racecraft.sources.f1db.files import fetch
from racecraft.sources.f1db.source import SOURCE
from racecraft.sources.record.record import record_season
from racecraft.store.importing import add_source
from racecraft.store.store import Store
from racecraft.title.standings.standings import standings

if TYPE_CHECKING:
    from racecraft.model.season import Season


def read(where: Path, season: int | None = None) -> Season:
    asked = {"where": where, "season": season}
    (found,) = SOURCE.parse(SOURCE.fetch(asked, None), asked)
    return found  # type: ignore[return-value]


def test_a_release_is_a_season(tmp_path: Path) -> None:
    season = read(write_release(tmp_path))
    assert (season.season, season.source) == (2026, "f1db")
    assert season.events["event"].to_list() == ["australian-grand-prix", "las-vegas-grand-prix"]
    assert season.events["date"].to_list()[1] == date(2026, 11, 21), "in Las Vegas it is Saturday"
    assert season.events["planned_laps"].to_list() == [None, 50]
    first = season.results.filter(event="australian-grand-prix")
    assert first["driver"].to_list() == ["HUL", "VER", "COM"]
    assert first["team"].to_list() == ["Audi", "Red Bull", "Audi"]
    assert first["status"].to_list() == ["Finished", "Finished", "Battery"]
    assert first["grid"].to_list() == [3, 1, None]
    assert first["pit_lane_start"].to_list() == [False, False, True]
    assert first["grid_penalty"].to_list() == ["3", None, None]
    assert first["time_penalty"].to_list() == [None, timedelta(seconds=5), None]
    assert first["fastest_lap"].to_list() == [40, None, None]
    assert season.drivers.filter(driver="VER")["driver_id"].item() == "max_verstappen"
    assert season.drivers.filter(driver="COM")["driver_id", "number", "nationality"].row(0) == (
        "new_comer", 99, "Elsewherean",
    )  # fmt: skip
    assert season.driver_standings["wins"].to_list() == [1, 0]


def test_a_checkout_says_what_the_release_says(tmp_path: Path) -> None:
    release = read(write_release(tmp_path / "release"))
    checkout = read(write_checkout(tmp_path / "checkout"))
    for name, table in release.tables.items():
        assert table.equals(checkout.tables[name]), name


@pytest.mark.parametrize("write", [write_release, write_checkout])
def test_an_archive_is_read_like_its_folder(tmp_path: Path, write: object) -> None:
    folder = write(tmp_path / "f1db")  # type: ignore[operator]
    archive = tmp_path / "f1db.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in folder.rglob("*.*"):
            packed.write(path, f"f1db-main/{path.relative_to(folder)}")
    for name, table in read(folder).tables.items():
        assert table.equals(read(archive, 2026).tables[name]), name


def test_a_newer_season_joins_the_record(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    release = write_release(tmp_path / "release")
    assert add_source(store, "f1db", {"where": release})["outcome"].to_list() == ["added"]
    assert add_source(store, "f1db", {"where": release})["outcome"].to_list() == ["unchanged"]
    assert list(store.seasons())[-1] == 2026
    assert store.load_season(2025).events.height == 24
    table = standings(store.load_season(2026))
    assert table["driver", "points"].rows()[:2] == [("HUL", 35.0), ("VER", 31.0)], (
        "the second race was stopped after 40 %"
    )


def test_a_season_of_the_record_is_left_out(shared: Path, tmp_path: Path) -> None:
    told: list[str] = []
    store = Store(tmp_path)
    where = shared / "facts" / "record"
    added = add_source(store, "f1db", {"where": where, "season": 1957}, note=told.append)
    assert added.is_empty()
    assert told == ["1 of 1957 left out as they are in the package already"]


def test_the_record_in_the_package_is_that_of_the_facts(shared: Path) -> None:
    asked = {"where": shared / "facts" / "record", "season": None}
    assert SOURCE.parse(SOURCE.fetch(asked, None), asked) == []


def test_what_is_no_f1db_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    for where in (tmp_path, tmp_path / "notes.txt", tmp_path / "nowhere"):
        with pytest.raises(UnreadableError, match="expected a release of f1db"):
            fetch(where)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("f1db-races-race-results.csv", "1:30:00.000", "yesterday", "time: 'yesterday'; expected"),
        ("f1db-races-race-results.csv", "new-comer", "nobody", "driver_id: 'nobody'; expected"),
        ("f1db-races.csv", "2026-03-08", "8 March", "date: '8 March'; expected a date"),
        ("f1db-races-pit-stops.csv", "2026,1", "2026,9", "round: '9'; expected a race of 2026"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    path = write_release(tmp_path) / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(UnreadableError) as error:
        read(tmp_path)
    assert message in error.value.message


def test_yaml_that_is_none_is_named(tmp_path: Path) -> None:
    folder = write_checkout(tmp_path)
    path = folder / "src/data/drivers/new-comer.yml"
    path.write_text("id: [", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"new-comer\.yml"):
        read(folder)
    path.write_text("- only\n- words\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="expected a row"):
        read(folder)


def test_the_record_keeps_what_it_promises() -> None:
    for year in (1950, 1958, 1977, 1999, 2025):
        season = record_season(year)
        for name, table in season.tables.items():
            from racecraft.model.season import SEASON_TABLES

            assert SEASON_TABLES[name].check(table).equals(table), (year, name)
        assert season.results.filter(position=1, session="race")["event"].n_unique() == len(
            season.events
        )


def test_the_record_is_small() -> None:
    packed = [
        path
        for part in ("record/data", "f1db/names")
        for path in (Path(racecraft.sources.__file__).parent / part).iterdir()
        if path.suffix in (".parquet", ".bin")
    ]
    assert len(packed) > 2
    assert sum(path.stat().st_size for path in packed) < 700_000
