"""Races that were stopped: red until they are resumed, no place gained meanwhile, and they heal."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import racecraft as rc
from own_law import check_law
from own_red_flag import stopped_race
from racecraft.live.hub.faults import Faults, sent
from racecraft.live.screen import Screen
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.control import control
from racecraft.sources.livetiming.fold import Fold
from racecraft.sources.livetiming.lights_out import lights_out
from racecraft.sources.livetiming.stream import read_stream

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.live.events import Event
    from racecraft.model.race import Race

# Minutes after lights out from which until which each race was stopped, by the session status, and
# the lap of the leader on which it was resumed.
STOPPED = {
    "British": [(3.27, 38.63, 3)],
    "Saudi Arabian": [(23.25, 41.26, 14), (46.75, 66.26, 16)],
}


@cache
def files(shared: Path, event: str) -> dict[str, bytes]:
    return stopped_race(shared, event)


@cache
def whole(shared: Path) -> Race:
    return archive.parse(files(shared, "Saudi Arabian"))


def seen(messages: list[archive.Message]) -> tuple[Screen, list[Event]]:
    screen = Screen()
    return screen, [event for message in messages for event in screen.take(message)]


@pytest.mark.parametrize("event", STOPPED)
def test_red_until_it_is_resumed(shared: Path, event: str) -> None:
    names = ("TrackStatus", "SessionStatus", "LapCount")
    said = {n: read_stream(n, files(shared, event)[f"{n}.jsonStream"]) for n in names}
    started = lights_out({"SessionStatus": said["SessionStatus"]}).clock
    table = control(*said.values(), started=started).filter(pl.col("state") == "red")
    found = [
        tuple(round(at.total_seconds() / 60, 2) for at in row)
        for row in table.select("from", "to").iter_rows()
    ]
    assert found == [stop[:2] for stop in STOPPED[event]]


def test_nothing_is_passed_until_the_restart(shared: Path) -> None:
    race, laps = whole(shared), [lap for *_, lap in STOPPED["Saudi Arabian"]]
    rows = rc.overtakes(race).filter(pl.col("lap").is_in(laps))
    assert set(rows["kind"]) <= {"neutralised", "pit", "retirement"}
    restarts = rc.overtakes(race).filter(pl.col("lap").is_in([lap + 1 for lap in laps]))
    assert "start" in set(restarts["kind"])


@pytest.mark.parametrize("event", STOPPED)
def test_the_screen_says_so_once_and_claims_no_pass(shared: Path, event: str) -> None:
    _, told = seen(archive.messages_of(files(shared, event)))
    flags = [one.facts["flag"] for one in told if one.kind == "flag"]
    assert [flag for flag in flags if flag in ("red", "resumed")] == [
        *["red", "resumed"] * len(STOPPED[event])
    ]
    state, lap = "", None
    for one in told:
        if one.kind == "flag" and one.facts["flag"] in ("red", "resumed"):
            state, lap = one.facts["flag"], one.lap
        elif state == "red":
            assert one.kind in ("race control", "retirement")
        elif state == "resumed" and one.lap == lap and one.kind == "pass":
            assert one.facts["pass_kind"] in ("neutralised", "retirement")
    assert [one.kind for one in told].count("end") == 1


def test_the_law_holds_across_two_stoppages(shared: Path) -> None:
    assert check_law(files(shared, "Saudi Arabian"), 14_000) == 2


def test_faults_around_a_stoppage_heal(shared: Path) -> None:
    lap = 1
    parts: tuple[list[archive.Message], ...] = ([], [], [])
    for message in archive.messages_of(files(shared, "Saudi Arabian")):
        if message.stream == "LapCount":
            lap = message.data.get("CurrentLap", lap)
        of_the_session = message.stream == "SessionStatus"
        parts[2 if lap >= 18 else int(lap >= 12 and not of_the_session)].append(message)
    faults = Faults(loss=0.03, delay=20, reorder=0.2, duplicate=0.3)
    fold = Fold(source="livetiming")
    for message in [*parts[0], *(one.message for one in sent(parts[1], faults)), *parts[2]]:
        fold.take(message)
    columns = ["car", "lap", "line"]
    one, other = (
        race.crossings.filter(pl.col("lap") >= 20).sort(columns).select(columns)
        for race in (fold.race(), whole(shared))
    )
    assert one.equals(other)


def test_a_race_that_is_not_resumed_stays_red(shared: Path) -> None:
    before = [
        message
        for message in archive.messages_of(files(shared, "British"))
        if not (message.stream == "LapCount" and message.data.get("CurrentLap", 0) > 3)
    ]
    second = [n for n, m in enumerate(before) if m.data.get("Status") == "Started"][1]
    screen, told = seen(before[:second])
    assert screen.flag == "red"
    assert not screen.ended
    finished = before[second]._replace(data={"Status": "Finished"})
    assert [event.kind for event in screen.take(finished)] == ["end"]
    assert not [one for one in told if one.facts.get("flag") == "resumed"]
