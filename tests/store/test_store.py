"""The store as a whole: what goes in comes out, once, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings

from conftest import examples
from racecraft.errors import ArgumentError, NotFoundError, UnreadableError
from racecraft.model.race import RACE_FACTS, Race
from racecraft.sources.sample.sample import sample_race, sample_season
from racecraft.sources.sample.toy import toy_race
from racecraft.store.accounts.disk import one_writer
from racecraft.store.store import Store
from strategies import races, seasons

if TYPE_CHECKING:
    from racecraft.model.season import Season

WHEN = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", sample=False)


def contents(store: Store) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in store.folder.rglob("*") if p.is_file()}


def assert_same(one: Race | Season, other: Race | Season) -> None:
    for name, table in one.tables.items():
        assert table.equals(other.tables[name]), name


def test_a_race_comes_back_as_it_was_added(store: Store) -> None:
    race = toy_race()
    assert store.add_race(race) == "added"
    back = store.load_race(2023, 1)
    assert_same(race, back)
    assert all(getattr(back, name) == getattr(race, name) for name in RACE_FACTS)


@given(race=races())
@settings(max_examples=examples(50))
def test_so_does_every_lawful_race(race: Race) -> None:
    with TemporaryDirectory() as folder:
        store = Store(folder, sample=False)
        store.add_race(race)
        assert_same(race, store.load_race(race.season, race.event))
        assert store.add_race(race) == "unchanged"


@given(season=seasons())
@settings(max_examples=examples(30))
def test_and_every_lawful_season(season: Season) -> None:
    with TemporaryDirectory() as folder:
        store = Store(folder, sample=False)
        store.add_season(season)
        assert_same(season, store.load_season(season.season))
        assert store.add_season(season) == "unchanged"


def test_adding_twice_changes_nothing(store: Store) -> None:
    store.add_race(toy_race(), fetched=WHEN)
    store.add_season(sample_season(), fetched=WHEN)
    before = contents(store)
    assert store.add_race(toy_race()) == "unchanged"
    assert store.add_season(sample_season()) == "unchanged"
    assert contents(store) == before


def test_a_fetch_that_says_something_else_replaces_what_was_said(store: Store) -> None:
    race = toy_race()
    store.add_race(race)
    assert store.add_race(race.with_tables(crossings=race.crossings.head(9))) == "updated"
    assert store.load_race(2023, 1).crossings.height == 9
    assert store.verify().is_empty()


def test_a_corrected_fact_is_a_change_too(store: Store) -> None:
    store.add_race(toy_race())
    assert store.add_race(replace(toy_race(), round=2)) == "updated"
    assert store.load_race(2023, "toy").round == 2


def test_accounts_of_two_sources_become_one_race(store: Store) -> None:
    race = toy_race()
    coarse = race.with_tables(
        crossings=race.crossings.filter(line="Line"),
        lines=race.lines.filter(line="Line"),
        tyres=pl.DataFrame({"car": ["VER"], "lap": [1], "compound": ["soft"]}),
    )
    store.add_race(race)
    store.add_race(replace(coarse, source="other"))
    both = store.load_race(2023, 1)
    assert both.source == "toy+other"
    assert both.crossings.height == race.crossings.height
    assert both.tyres["compound"].to_list() == ["soft"]
    (row,) = store.races().to_dicts()
    assert (row["source"], row["resolution"]) == ("other+toy", "sectors")


def test_the_season_fills_what_a_race_leaves_out(store: Store) -> None:
    bare = sample_race(20).with_tables(
        entries=sample_race(20).entries.select("car"),
        classification=sample_race(20).classification.clear(),
    )
    store.add_race(replace(bare, source="bare", round=None, date=None))
    store.add_season(sample_season())
    race = store.load_race(2023, "brazil")
    assert race.round == 20
    assert str(race.date) == "2023-11-05"
    assert race.classification["car"].to_list()[:3] == ["VER", "NOR", "ALO"]
    perez = race.entries.row(by_predicate=pl.col("car") == "PER", named=True)
    assert (perez["family_name"], perez["number"], perez["grid"]) == ("Pérez", "11", 9)


def test_the_sample_lies_under_every_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "nothing")
    assert store.races()["name"].to_list() == ["Mexico City Grand Prix", "São Paulo Grand Prix"]
    assert store.load_race(2023, "Interlagos").crossings.height == 3250
    assert store.load_season(2023).events.height == 22
    assert not store.folder.exists(), "reading leaves no trace"


def test_a_stored_sample_takes_its_own_place(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add_season(sample_season())
    store.add_race(sample_race(20))
    assert store.load_race(2023, 20).source == "sample"
    assert store.load_season(2023).source == "f1db+sample"
    assert_same(store.load_race(2023, 20), sample_race(20))


def test_a_moved_round_is_the_same_event(store: Store) -> None:
    store.add_race(toy_race())
    store.add_race(replace(toy_race(), round=7))
    assert store.races().height == 1


def test_races_are_listed_in_order_a_sprint_before_its_race(store: Store) -> None:
    for number, name, session in ((2, "B", "race"), (1, "A", "race"), (1, "A", "sprint")):
        race = toy_race()
        store.add_race(replace(race, round=number, name=name, event="", session=session))
    listed = store.races().select("round", "session").rows()
    assert listed == [(1, "sprint"), (1, "race"), (2, "race")]
    assert [race.session for race in store.load_races(2023)] == ["sprint", "race", "race"]
    assert len(store.load_races(2023, session="sprint")) == 1
    assert store.load_races(2022) == []


def test_what_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(NotFoundError, match="nothing of 2023 is stored"):
        store.load_race(2023, 1)
    store.add_race(toy_race())
    with pytest.raises(NotFoundError, match="no event 'monza' in 2023"):
        store.load_race(2023, "monza")
    with pytest.raises(NotFoundError, match="no timing of the sprint"):
        store.load_race(2023, 1, session="sprint")


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "a b", ".hidden", "a\0b", "ü"])
def test_a_name_that_could_lead_astray_is_refused(store: Store, name: str) -> None:
    with pytest.raises(ArgumentError):
        store.add_race(replace(toy_race(), source=name))
    if name:
        with pytest.raises(ArgumentError):
            store.add_race(replace(toy_race(), event=name))


def test_a_file_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(ArgumentError, match="is a file; expected a folder"):
        Store(path)


def test_a_folder_that_cannot_be_written_to_is_one_error(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ArgumentError, match="cannot be written to: Permission denied") as error:
        store.add_race(toy_race())
    assert "--store DIR" in error.value.hint


def test_a_damaged_account_is_one_error_and_is_mended_by_its_source(store: Store) -> None:
    store.add_race(toy_race())
    (path,) = store.folder.rglob("crossings.*.parquet")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(UnreadableError, match="100 bytes that are not those stored"):
        store.load_race(2023, 1)
    (fault,) = store.verify().to_dicts()
    assert fault["path"].endswith(path.name)
    assert not fault["harmless"]
    store.add_race(toy_race())
    assert store.verify().is_empty()
    assert_same(store.load_race(2023, 1), toy_race())


def test_verify_names_every_kind_of_fault(store: Store) -> None:
    assert store.verify().is_empty(), "nothing stored, nothing wrong"
    for source in ("gone", "manifest", "left", "fine"):
        store.add_race(replace(toy_race(), source=source))
    of = {path.name.removeprefix("source="): path for path in store.folder.rglob("source=*")}
    next(of["gone"].glob("lines.*")).unlink()
    (of["manifest"] / "manifest.json").write_text("{")
    (of["left"] / ".lines.parquet.0123.part").touch()
    (of["left"].parent / "source=killed").mkdir()
    found = {
        (Path(row["path"]).name.split(".")[0], row["harmless"]) for row in store.verify().to_dicts()
    }
    assert found == {("lines", False), ("manifest", False), ("", True), ("source=killed", True)}


def test_a_folder_left_by_a_killed_writer_is_no_account(store: Store) -> None:
    store.add_race(toy_race())
    (session,) = store.folder.rglob("session=race")
    (session / "source=killed").mkdir()
    assert store.load_race(2023, 1).source == "toy"
    assert store.races()["source"].to_list() == ["toy"]
    (store.folder / "season=2024" / "source=killed").mkdir(parents=True)
    with pytest.raises(NotFoundError):
        store.load_season(2024)
    assert list(store.seasons()) == [2023]


def test_one_writer_at_a_time(store: Store) -> None:
    import threading

    done = threading.Event()

    def write() -> None:
        store.add_race(toy_race())
        done.set()

    with one_writer(store.folder):
        writer = threading.Thread(target=write)
        writer.start()
        assert not done.wait(0.2)
        assert store.races().is_empty(), "a reader does not wait"
    writer.join()
    assert done.is_set()


def test_a_season_is_made_once_until_its_files_change(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add_season(replace(sample_season(), source="mine"))
    made = store.load_season(2023)
    assert Store(tmp_path).load_season(2023) is made
    changed = sample_season().results.with_columns(points=pl.col("points") + 1)
    store.add_season(replace(sample_season(), source="mine", results=changed))
    assert store.load_season(2023) is not made
