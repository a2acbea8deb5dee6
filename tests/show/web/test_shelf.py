"""Races and seasons at hand, and no longer than they are true."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

import racecraft as rc
from racecraft.errors import NotFoundError
from racecraft.show.web import shelf as shelves
from racecraft.show.web.beforehand import Beforehand
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


def test_what_a_season_is_remembered_for_is_known_before_anybody_asks(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf._asked -= 60  # nobody has asked for a minute
    working = Beforehand(shelf)
    working.start()
    working.join(60)
    assert not working.is_alive()
    race = shelf.race(2023, "brazil")
    battles, moments = shelf.of_race("best", race, lambda _: pytest.fail("not known"))
    assert battles[0]["path"] == "/f1/2023/sao-paulo-grand-prix/battle/ALO/PER"
    assert moments[0]["race_name"] == "São Paulo Grand Prix"
    stopped = Beforehand(shelf)
    stopped.stop()
    stopped.start()
    stopped.join(5)
    assert not stopped.is_alive()
