"""What somebody may put before the store, by mistake or on purpose, and what comes of it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from racecraft.errors import ArgumentError, NotFoundError, RacecraftError, UnreadableError
from racecraft.sources.sample.sample import sample_season
from racecraft.sources.sample.toy import toy_race
from racecraft.store.accounts import manifest as shape
from racecraft.store.accounts.folders import MANIFEST
from racecraft.store.accounts.manifest import decode
from racecraft.store.accounts.parquet import read_account
from racecraft.store.importing import add
from racecraft.store.sql import ask, within
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

WHEN = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store", sample=False)
    store.add_race(toy_race(), fetched=WHEN)
    return store


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("season", 99999), ("season", 1949), ("season", -1), ("round", 0), ("round", 30_000),
        ("name", "?!"), ("name", "x" * 300), ("date", date(9999, 12, 31)), ("event", "../../etc"),
        ("event", "a" * 200), ("source", "../x"), ("source", ""), ("source", "a\x00b"),
    ],
)  # fmt: skip
def test_what_no_race_can_be_is_refused_before_anything_is_written(
    tmp_path: Path, fact: str, value: object
) -> None:
    store = Store(tmp_path / "store", sample=False)
    with pytest.raises(RacecraftError):
        store.add_race(replace(toy_race(), **{fact: value}))
    assert not (tmp_path / "store").exists()


def test_a_calendar_of_another_year_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", sample=False)
    season = sample_season()
    events = season.events.with_columns(date=pl.lit(date(9999, 12, 31)))
    with pytest.raises(ArgumentError, match="no day of that season"):
        store.add_season(replace(season, events=events))
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("facts", "season"), 99999), (("facts", "season"), "2023"), (("facts", "season"), True),
        (("facts", "session"), "practice"), (("facts", "date"), "9999-12-31"),
        (("facts", "round"), 2.5), (("facts", "name"), None), (("facts", "spy"), 1),
        (("facts", "event"), "monza"), (("fetched",), "yesterday"), (("tables",), []),
        (("tables", "crossings", "file"), "../../../secret.0123456789abcdef.parquet"),
        (("tables", "crossings", "file"), "/etc/passwd"), (("tables", "crossings", "rows"), -1),
        (("tables", "crossings", "checksum"), "x"), (("tables", "crossings"), {"file": "x"}),
    ],
)  # fmt: skip
def test_a_manifest_with_a_right_checksum_is_not_believed_for_that(
    store: Store, path: tuple[str, ...], value: object
) -> None:
    file = next(store.folder.rglob(MANIFEST))
    body = json.loads(file.read_bytes())
    del body["checksum"]
    part = body
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    body["checksum"] = shape._seal(body)
    file.write_text(json.dumps(body))
    with pytest.raises(UnreadableError):
        read_account(file.parent)
    assert store.races().is_empty(), "what cannot be read spoils no list"
    assert store.unreadable() == 1
    assert not store.verify()["harmless"].all()
    assert store.remove(2023).height == 1
    assert store.verify().is_empty()


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["facts", "tables", "earlier", "fetched", "schema", "season", "source"]),
        inner, max_size=4),
    max_leaves=12).map(lambda body: json.dumps(body).encode()))  # fmt: skip
def test_no_bytes_break_the_reader_of_manifests(tmp_path_factory: object, content: bytes) -> None:
    from pathlib import Path

    with pytest.raises(UnreadableError):
        decode(content, Path("source=toy") / MANIFEST)


def test_a_table_that_is_a_link_out_of_the_store_is_not_followed(
    store: Store, tmp_path: Path
) -> None:
    table = next(store.folder.rglob("crossings.*"))
    outside = tmp_path / "outside.parquet"
    table.rename(outside)
    table.symlink_to(outside)
    with pytest.raises(UnreadableError, match="link out of the store"):
        store.load_race(2023, "toy")
    assert store.verify()["fault"].str.contains("link").any()


def test_verify_finds_what_only_a_reader_would_meet(store: Store) -> None:
    (store.folder / "season=banana").mkdir()
    (store.folder / "season=99999" / "source=x").mkdir(parents=True)
    faults = store.verify()
    assert faults.filter(~pl.col("harmless"))["path"].to_list() == [
        "season=99999",
        "season=banana",
    ]
    assert store.seasons() == {2023: []}


def test_what_was_added_can_be_taken_out(store: Store) -> None:
    store.add_race(replace(toy_race(), source="other"))
    store.add_race(replace(toy_race(), name="Other Grand Prix", event=""))
    assert store.remove(2023, "toy", source="other")["source"].to_list() == ["other"]
    assert store.load_race(2023, "toy").source == "toy"
    assert store.remove(2023, "toy")["event"].to_list() == ["toy-grand-prix"]
    assert store.races()["name"].to_list() == ["Other Grand Prix"]
    with pytest.raises(NotFoundError, match="nothing of 2023 toy"):
        store.remove(2023, "toy")
    store.remove(2023)
    assert [path.name for path in store.folder.iterdir()] == [".lock"]


@pytest.mark.parametrize("folder", ["a" * 5000, "a\x00b"])
def test_a_store_that_cannot_be_is_one_error(folder: str) -> None:
    with pytest.raises(ArgumentError, match="cannot be"):
        Store(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_the_right_to_it_is_one_error(store: Store) -> None:
    store.folder.chmod(0)
    try:
        with pytest.raises(UnreadableError, match="Permission denied"):
            store.races()
    finally:
        store.folder.chmod(0o755)


def test_a_question_that_takes_too_long_is_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("racecraft.store.sql.PATIENCE_S", 0.2)
    with pytest.raises(ArgumentError, match="no answer within"):
        ask(store, "select count(*) from range(10000000000) a, range(1000000) b")


def test_whoever_stops_waiting_stops_the_answer() -> None:
    stopped = []

    def never() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        within(never, lambda: stopped.append(True))


@pytest.mark.parametrize(
    "query",
    [
        "select range from range(3000000)", "select list(range) from range(1000000000)",
        "select " + "(" * 2000 + "1" + ")" * 2000, "select " + "9" * 400 + " as n",
        "select 'x' " + "--" * 20_000, "select date '9999-12-31' + interval 1000000 year",
    ],
)  # fmt: skip
def test_an_answer_beyond_all_bounds_is_one_error_or_none(store: Store, query: str) -> None:
    with suppress(ArgumentError):
        ask(store, query)


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [
        ("Bahrain Grand Prix", 1, "was round 2 of 2019, not round 1"),
        ("Styrian Grand Prix", 8, "there was no Styrian Grand Prix in 2019"),
    ],
)
def test_laps_of_another_year_are_refused_by_the_calendar(
    tmp_path: Path, name: str, number: int, said: str
) -> None:
    store = Store(tmp_path / "store")
    race = replace(toy_race(), season=2019, name=name, event="", round=number, date=None)
    with pytest.raises(ArgumentError, match=said):
        add(store, [race])
    assert not (tmp_path / "store").exists()


def test_an_event_that_no_season_knows_is_taken_as_it_is(tmp_path: Path) -> None:
    race = replace(toy_race(), season=2019, round=1, date=None)
    assert add(Store(tmp_path / "store"), [race])["outcome"].to_list() == ["added"]
