"""Passes told at once are told because they are true: hardly one is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import racecraft as rc
from racecraft.live.inputs import read_session
from racecraft.live.places import Places
from racecraft.live.screen import Screen
from racecraft.sources.livetiming import archive

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.live.places import Change

NOW = datetime(2025, 5, 4, 16, tzinfo=UTC)
STAND = 0.98  # of the passes on the screen of 2018 the timing has at least so many


def told(*steps: tuple[float, str, dict[str, object], dict[str, int] | None]) -> list[Change]:
    """Changes told of: seconds, car, what it sent, and the order where that changed."""
    places = Places()
    places.move(NOW, {"1": 1, "2": 2})
    found: list[Change] = []
    for seconds, car, sent, order in steps:
        moment = NOW + timedelta(seconds=seconds)
        if order is not None:
            places.move(moment, order)
        found += places.at_loop(moment, car, sent)
    return found


def gap(text: str) -> dict[str, object]:
    return {"GapToLeader": text}


AHEAD = {"2": 1, "1": 2}


def test_told_when_the_car_that_lost_it_sends_its_gap() -> None:
    [change] = told((0, "1", gap("+1.0"), None), (5, "2", gap("LAP 3"), AHEAD),
                    (6, "1", gap("+0.8"), None))  # fmt: skip
    assert change[:3] == ("2", "1", 1)
    assert not change.trouble


def test_nobody_passes_a_car_that_never_drove() -> None:
    places = Places()
    places.move(NOW, {"1": 1, "2": 2})
    places.move(NOW, AHEAD)
    assert list(places.lost(NOW, "1")) == []


def test_a_car_that_stands_passes_nobody(shared: Path) -> None:
    """LEC crashed on his way to the grid of the sprint at Miami; one loop lit up for him."""
    [folder] = (shared / "data" / "livetiming").glob("*Miami*")
    race = archive.parse(archive.fetch(folder))
    assert race.crossings.filter(car="LEC").is_empty()
    passes = rc.overtakes(race).filter(lap=1)
    assert "LEC" not in set(passes["passer"])
    assert set(passes.filter(passed="LEC")["kind"]) == {"retirement"}


def test_an_interval_that_is_cleared_proves_nothing() -> None:
    assert (
        told((5, "1", {"GapToLeader": "", "IntervalToPositionAhead": {"Value": ""}}, AHEAD)) == []
    )


def test_a_car_that_one_loop_missed_lost_nothing() -> None:
    found = told(
        (0, "1", gap("+1.0"), None),
        (5, "1", gap("1 L"), AHEAD),
        (30, "1", gap("1 L"), None),
        (40, "1", gap("+1.1"), {"1": 1, "2": 2}),
    )
    assert found == []


def test_who_lost_much_is_in_trouble() -> None:
    [change] = told(
        (0, "1", gap("+1.0"), None),
        (1, "2", gap("+2.0"), None),
        (30, "2", gap("+2.1"), AHEAD),
        (31, "1", gap("+14.0"), None),
    )
    assert change.trouble


@pytest.mark.parametrize("text", ["", "+", "LAP", "+1:", "+nan", "+1e999", "1 L", "x" * 999])
def test_no_gap_breaks_it(text: str) -> None:
    told((0, "1", gap("+1.0"), None), (1, "1", gap(text), AHEAD), (2, "2", gap(text), None))


def test_what_is_told_stands(shared: Path) -> None:
    [folder] = (shared / "data" / "livetiming").glob("2018*")
    screen = Screen()
    passes = [
        event
        for message in read_session(folder)
        for event in screen.take(message)
        if event.kind == "pass"
    ]
    rows = rc.overtakes(archive.parse(archive.fetch(folder)))
    known = set(rows.select("passer", "passed", "lap").iter_rows())
    stand = [
        any((*event.cars, (event.lap or 1) + off) in known for off in (-1, 0, 1))
        for event in passes
    ]
    assert len(stand) > 200
    assert sum(stand) >= STAND * len(stand)
