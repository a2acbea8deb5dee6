"""A history as one file: what was packed comes out again, and nothing else does."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import zlib
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from own_season import own_season
from racecraft.errors import UnreadableError
from racecraft.history.book import LAYOUT
from racecraft.history.results import History
from racecraft.history.seasons_book import every_row_of
from racecraft.history.stored import history_of, rows_of_record
from racecraft.model.packed import DAY, REAL, TEXT, WHOLE, Packed, pack
from racecraft.sources.record.record import pack_record
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from racecraft.model.season import Season

KINDS = {"things": {"number": WHOLE, "share": REAL, "time": REAL, "name": TEXT, "day": DAY}}
ROWS = {
    2001: [(1, 1 / 3, 91.203, "é\n", date(2001, 2, 3)), (None, None, None, None, None)],
    2003: [(-7, -0.0, 0.1, "", date(1950, 1, 1))],
}
MARKS = {2001: "a", 2002: "b", 2003: "c"}


def test_rows_come_out_as_they_went_in_season_by_season() -> None:
    packed = Packed(pack({"things": ROWS}, KINDS, MARKS))
    assert (packed.years, packed.marks) == ((2001, 2002, 2003), MARKS)
    assert [packed.of_season("things", year) for year in (2001, 2002, 2003)] == [
        ROWS[2001], [], ROWS[2003],
    ]  # fmt: skip
    assert packed.of_season("things", 2003, ("day", "number")) == [(date(1950, 1, 1), -7)]
    assert packed.of_season("things", 1999) == []


@pytest.mark.parametrize("spoilt", ["cut", "empty", "of another kind", "turned"])
def test_a_spoilt_file_is_not_read(spoilt: str) -> None:
    content = pack({"things": ROWS}, KINDS, MARKS)
    wrong = {
        "cut": content[:-1],
        "empty": b"",
        "of another kind": content.replace(b"racecraft", b"raceframe", 1),
        "turned": content[:-1] + bytes([content[-1] ^ 1]),
    }
    with pytest.raises(UnreadableError):
        Packed(wrong[spoilt])


class Shelf:
    """Seasons in memory, and how often each was loaded."""

    def __init__(self, *seasons: Season) -> None:
        self.seasons = {season.season: season for season in seasons}
        self.loaded: list[int] = []
        self.kept: list[bytes] = []
        self.reported: Packed | None = None

    def season_marks(self) -> dict[int, str]:
        return {
            year: f"{season.results.hash_rows().sum()}" for year, season in self.seasons.items()
        }

    def load_season(self, season: int) -> Season:
        self.loaded.append(season)
        return self.seasons[season]

    def record(self) -> Packed | None:
        return self.reported

    def kept_histories(self) -> Iterator[bytes]:
        yield from reversed(self.kept)

    def keep_history(self, content: bytes) -> None:
        self.kept.append(content)


def test_only_a_season_that_has_changed_is_gathered_again() -> None:
    shelf = Shelf(*(own_season(["AAA BBB", "BBB AAA"], year=year) for year in (2013, 2014, 2015)))
    told: list[tuple[int, int]] = []
    history_of(shelf, progress=lambda _, done, total: told.append((done, total)))
    assert shelf.loaded == [2013, 2014, 2015]
    assert told[-1] == (3, 3)
    history = history_of(shelf)
    assert shelf.loaded == [2013, 2014, 2015]
    assert [row.driver for row in history.results(2014, 2)] == ["BBB", "AAA"]

    shelf.seasons[2014] = own_season(["BBB AAA"], year=2014)
    history = history_of(shelf)
    assert shelf.loaded[3:] == [2014]
    assert [row.driver for row in history.results(2014, 1)] == ["BBB", "AAA"]
    assert history.results(2014, 2) == ()
    assert history.champion(2014) == history.driver_id(2014, "BBB")
    assert list(history.seasons) == [2013, 2014, 2015]
    assert history.seasons[2015] is shelf.seasons[2015]


def test_a_file_that_cannot_be_read_is_made_again() -> None:
    shelf = Shelf(own_season(["AAA BBB"], year=2023))
    shelf.kept.append(b"nothing of the kind")
    assert history_of(shelf).results(2023, 1)[0].driver == "AAA"
    assert len(shelf.kept) == 2


def test_a_history_out_of_a_file_answers_as_one_of_seasons() -> None:
    seasons = [
        own_season(["AAA BBB CCC", "BBB AAA CCC"], year=2014),
        own_season(["CCC AAA BBB", "BBB CCC AAA"], year=2015, to_come=1),
    ]
    ours, theirs = history_of(Shelf(*seasons)), History(seasons)
    for name in ("events", "drivers", "teams", "of_all", "champions", "team_champions"):
        assert getattr(ours, name) == getattr(theirs, name), name
    for name in ("of_driver", "of_team"):
        assert list(getattr(ours, name).items()) == list(getattr(theirs, name).items()), name
    for event in theirs.events:
        for kind in ("drivers", "constructors"):
            assert ours.standings(*event.key, kind=kind) == theirs.standings(*event.key, kind=kind)
        assert ours.qualifying(*event.key) == theirs.qualifying(*event.key)
        assert ours.entries(*event.key) == theirs.entries(*event.key)


def test_what_the_record_says_is_not_kept_twice() -> None:
    seasons = [own_season(["AAA BBB", "BBB AAA"], year=year) for year in (2014, 2015)]
    shelf = Shelf(*seasons)
    history_of(shelf)
    shelf.reported = Packed(pack_record(seasons[:1], zlib.compress))
    shelf.kept.clear()
    history_of(shelf)
    (content,) = shelf.kept
    with pytest.raises(UnreadableError):
        Packed(content)
    lacking = Packed(content, lambda *_: [])
    assert lacking.of_season("results", 2014) == []
    assert len(lacking.of_season("results", 2015)) == 4
    assert lacking.of_season("standings", 2014) != []
    ours, theirs = history_of(shelf), History(seasons)
    assert shelf.kept == [content]
    assert (ours.events, ours.of_all) == (theirs.events, theirs.of_all)


def test_the_history_in_the_package_is_what_its_seasons_say(tmp_path: Path) -> None:
    """After a change of the record or of the rules: python tools/build_history.py."""
    store = Store(tmp_path)
    (content,) = store.kept_histories()
    packed = Packed(content, rows_of_record(store))
    assert packed.marks == store.season_marks(), "python tools/build_history.py"
    for year in (*range(1950, 2020, 13), 2023, packed.years[-1]):
        season = store.load_season(year)
        for table in LAYOUT:
            rows = [tuple(row) for row in every_row_of(season, table)]
            assert packed.of_season(table, year) == rows, f"python tools/build_history.py: {table}"


def test_the_history_of_the_package_is_read_without_a_library_of_tables() -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from racecraft.history.stored import history_of\nfrom racecraft.store.shelf import Shelf\n"
        "history = history_of(Shelf(Path('/nonexistent')))\n"
        "print(history.at(1988, 1, 1).driver_id, 'polars' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["prost", "False"]


def test_marks_of_a_store_follow_its_accounts(tmp_path: Path) -> None:
    bare, store = Store(tmp_path, sample=False), Store(tmp_path)
    packaged = store.season_marks()
    assert bare.season_marks() == {}
    season = dataclasses.replace(own_season(["AAA BBB"], year=2015), source="own")
    store.add_season(season)
    first = store.season_marks()
    assert [year for year in packaged if packaged[year] != first[year]] == [2015]
    assert list(bare.season_marks()) == [2015]
    assert bare.season_marks()[2015] != first[2015]
    changed = season.results.with_columns(points=pl.lit(1.0))
    store.add_season(dataclasses.replace(season, results=changed))
    second = store.season_marks()
    assert [year for year in packaged if first[year] != second[year]] == [2015]
    history_of(store)
    assert len(list(store.kept_histories())) == 2
