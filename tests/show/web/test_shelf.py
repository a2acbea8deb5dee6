"""Races and seasons at hand, and no longer than they are true."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

import racecraft as rc
from racecraft.errors import NotFoundError
from racecraft.show.web import shelf as shelves
from racecraft.show.web.app import create_app
from racecraft.show.web.beforehand import Beforehand
from racecraft.show.web.ready import Ready
from racecraft.show.web.shelf import Kept, Shelf

if TYPE_CHECKING:
    from pathlib import Path


def test_what_many_ask_for_at_once_is_made_once() -> None:
    made: list[int] = []

    def slow() -> int:
        made.append(1)
        time.sleep(0.05)
        return 7

    kept, found = Kept(4), []
    asking = [threading.Thread(target=lambda: found.append(kept.get("a", slow))) for _ in range(9)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert found == [7] * 9
    assert made == [1]


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda key=key: key)
    assert len(kept) == 2
    assert kept.get("a", lambda: "made again") == "a"
    assert kept.get("b", lambda: "made again") == "made again"


def test_a_failure_is_not_kept() -> None:
    kept = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 1) == 1


def test_a_race_is_read_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    race = shelf.race(2023, "brazil")
    assert race.name == "São Paulo Grand Prix"
    assert shelf.race(2023, "Brazil") is race
    assert shelf.season(2023) is shelf.season(2023)
    with pytest.raises(NotFoundError):
        shelf.race(2023, "monza")


def test_what_is_added_to_the_store_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "LOOKED_S", 0.0)
    shelf, before = Shelf(tmp_path), len(Shelf(tmp_path).races(2023))
    race = rc.load_race(2023, "brazil")
    shelf.races(2023)
    renamed = {
        "series": race.series, "season": 2022, "name": "Imola Grand Prix", "round": 4,
        "source": "mine", **race.tables,
    }  # fmt: skip
    rc.Store(tmp_path).add_race(rc.Race(**renamed))
    assert len(shelf.races(2023)) == before
    assert shelf.races(2022)["name"].to_list() == ["Imola Grand Prix"]


def test_pages_are_known_before_anybody_asks_and_to_the_next_server(tmp_path: Path) -> None:
    app = create_app(tmp_path)
    app.state.shelf._asked -= 60  # nobody has asked for a minute
    working = Beforehand(app)
    working.start()
    working.join(60)
    assert not working.is_alive()
    other = Shelf(tmp_path)
    at = "/f1/2023/sao-paulo-grand-prix"
    story = other.remembered((f"{at}/parts/story", "session=race"))
    assert story is not None
    assert "Verstappen" in story.body.decode()
    assert (b"content-type", b"text/html; charset=utf-8") in story.headers
    for path, query in ((at, ""), (f"{at}/parts/replay.json", "session=race"), ("/f1/2023", "")):
        assert other.remembered((path, query)) is not None
    assert other.remembered((f"{at}/parts/story", "session=sprint")) is None


def test_pages_of_another_store_or_other_moments_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "LOOKED_S", 0.0)
    shelf = Shelf(tmp_path)
    assert shelf.remembered("/") is None
    shelf.keep("/", Ready(b"told", ((b"etag", b"1"),), "1"))
    assert shelf.remembered("/") == Ready(b"told", ((b"etag", b"1"),), "1")
    (tmp_path / "answers" / "moments-1.parquet").touch()
    assert shelf.remembered("/") is None


def test_a_page_that_cannot_be_read_is_made_again() -> None:
    whole = Ready(b"told", (), "1").packed()
    assert Ready.unpacked(whole) == Ready(b"told", (), "1")
    assert [Ready.unpacked(broken) for broken in (b"", whole[:-3], b"{}\n", b"1\n")] == [None] * 4


def test_whoever_works_beforehand_stops_when_told_to(tmp_path: Path) -> None:
    stopped = Beforehand(create_app(tmp_path))
    stopped.stop()
    stopped.start()
    stopped.join(5)
    assert not stopped.is_alive()
