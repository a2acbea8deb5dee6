"""Faults on the way: two laps after them the race is as if there had been none."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

import racecraft as rc
from racecraft.live.hub.faults import Faults, sent
from racecraft.live.inputs import read_session
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.fold import Fold
from racecraft.sources.livetiming.messages import Message
from racecraft.sources.livetiming.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from racecraft.model.race import Race

BEGIN, END, AGAIN = 5, 7, 9  # laps of the leader: faults from, until, and whole again from
FAULTS = {
    "loss": Faults(loss=0.05),
    "delay": Faults(delay=30),
    "reorder": Faults(reorder=0.3),
    "duplicate": Faults(duplicate=0.5),
    "disconnect": Faults(disconnect=1, away=30),
    "all of it": Faults(loss=0.02, delay=5, reorder=0.1, duplicate=0.1, disconnect=1, away=20),
}


@cache
def session(shared: Path) -> tuple[list[Message], Race]:
    """Messages of the sprint, and the race that they make."""
    [folder] = (shared / "data" / "livetiming").glob("*Azerbaijan*Sprint")
    return read_session(folder), archive.parse(archive.fetch(folder))


def through(messages: Sequence[Message], faults: Faults) -> list[Message]:
    """Messages as they arrive where the line is bad for two laps."""
    lap = 1
    parts: tuple[list[Message], ...] = ([], [], [])
    for message in messages:
        if message.stream == "LapCount":
            lap = message.data.get("CurrentLap", lap)
        parts[(lap >= BEGIN) + (lap >= END)].append(message)
    before, bad, after = parts
    heard = [one.message for one in sent(bad, faults)]
    if faults.disconnect:
        cut = bad[len(bad) // 3].moment
        back = cut + timedelta(seconds=faults.away)
        standing = Standing()
        for message in [*before, *(one for one in bad if one.moment <= back)]:
            standing.take(message.stream, message.data)
        joined = [
            Message(back, name, {**data, "_kf": True})
            for name, data in standing.snapshot(list(standing.streams)).items()
        ]
        later = [one for one in heard if one.moment >= back]
        heard = [*(one for one in heard if one.moment <= cut), *joined, *later]
    return [*before, *heard, *after]


def late_laps(race: Race) -> pl.DataFrame:
    """Crossings from the lap on from which all must be well, since the first of them."""
    rows = race.crossings.filter(pl.col("lap") >= AGAIN).sort("car", "lap", "line")
    return rows.with_columns(pl.col("time") - pl.col("time").min())


@pytest.mark.parametrize("kind", FAULTS)
def test_two_laps_later_all_is_well(shared: Path, kind: str) -> None:
    messages, whole = session(shared)
    fold = Fold(source="livetiming")
    for message in through(messages, FAULTS[kind]):
        fold.take(message)
    race = fold.race()
    one, other = late_laps(race), late_laps(whole)
    assert one.select("car", "lap", "line").equals(other.select("car", "lap", "line"))
    off = (one["time"] - other["time"]).abs().dt.total_milliseconds()
    assert (off.filter(one["basis"] == "timed") <= 1).all()
    assert rc.order(race)["car"].to_list() == rc.order(whole)["car"].to_list()
    assert race.classification["car"].equals(whole.classification["car"])


@pytest.mark.parametrize("faults", [Faults(), Faults(reorder=0.3)], ids=["whole", "out of order"])
def test_who_joins_before_the_start_hears_it_to_the_millisecond(
    shared: Path, faults: Faults
) -> None:
    """Times are the same wherever the clock of whoever listens has its zero."""
    messages, whole = session(shared)
    begins = next(n for n, one in enumerate(messages) if one.data.get("Status") == "Started") - 40
    standing = Standing()
    for message in messages[:begins]:
        standing.take(message.stream, message.data)
    at = messages[begins - 1].moment
    fold = Fold(source="livetiming")
    for name, data in standing.snapshot(list(standing.streams)).items():
        fold.take(Message(at, name, {**data, "_kf": True}))
    for one in sent(messages[begins:], faults):
        fold.take(one.message)
    race = fold.race()
    assert race.crossings.equals(whole.crossings)
    assert race.classification.equals(whole.classification)
