"""Words that are said once and may be lost: that it started, was resumed, which session it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

import racecraft as rc
from own_law import batch, differing
from own_red_flag import stopped_race
from racecraft.errors import NotEnoughDataError
from racecraft.live.screen import Screen
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.fold import Fold
from racecraft.sources.livetiming.lights_out import Evidence
from racecraft.sources.livetiming.loops import STEP
from racecraft.sources.livetiming.messages import Message
from racecraft.sources.livetiming.stream import Update, read_stream

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from racecraft.model.race import Race

MARK = b"\xef\xbb\xbf"
INFERRED = "nobody said when the race was started"
WITHIN = timedelta(seconds=10)  # of lights out, which is inferred


@cache
def stopped(shared: Path) -> dict[str, bytes]:
    """The first laps of a race, stopped on the second of them for half an hour."""
    files = stopped_race(shared, "British")
    lines = files["LapCount.jsonStream"].removeprefix(MARK).splitlines()
    until = next(line for line in lines if b'"CurrentLap":7' in line)
    return {
        name: b"\n".join(line for line in raw.removeprefix(MARK).splitlines() if line < until)
        for name, raw in files.items()
    }


def is_start(message: Message) -> bool:
    return message.data.get("Status") == "Started"


def race_of(messages: Iterable[Message]) -> Race:
    fold = Fold(source="livetiming")
    for message in messages:
        fold.take(message)
    return fold.race()


def crossed(race: Race) -> pl.DataFrame:
    """Crossings since the first of them."""
    rows = race.crossings.select("car", "lap", "line", "time").sort("car", "lap", "line")
    return rows.with_columns(pl.col("time") - pl.col("time").min())


def gaps(rows: pl.DataFrame) -> pl.DataFrame:
    """The same since the first car at each line."""
    return rows.with_columns(pl.col("time") - pl.col("time").min().over("lap", "line"))


def evidence(*told: tuple[str, int, dict[str, object]]) -> Evidence:
    found = Evidence()
    for stream, clock, data in told:
        found.take(stream, Update(clock, data, "", 0))
    return found


GAP: dict[str, object] = {"Lines": {"44": {"GapToLeader": "+0.404"}}}
SECOND_LAP: dict[str, object] = {"CurrentLap": 2}
SAID: dict[str, object] = {"Status": "Started"}


@pytest.mark.parametrize(
    ("told", "clock", "basis"),
    [
        ([("SessionStatus", 60_000, SAID), ("TimingData", 67_000, GAP),
          ("LapCount", 160_000, SECOND_LAP)], 60_000, "said"),
        ([("TimingData", 67_500, GAP), ("LapCount", 160_000, SECOND_LAP)], 60_500, "gaps"),
        ([("TimingData", 67_500, GAP), ("LapCount", 160_000, SECOND_LAP),
          ("SessionStatus", 900_000, SAID)], 60_500, "gaps"),  # resumed after a red flag
        ([("TimingData", 900, GAP), ("LapCount", 20_000, SECOND_LAP)], 0, "joined"),
        ([("SessionStatus", 0, SAID), ("LapCount", 0, {"CurrentLap": 20}),
          ("TimingData", 900, GAP)], 0, "joined"),
        ([("SessionData", 60_004, {"StatusSeries": {"4": {"SessionStatus": "Started"}}}),
          ("TimingData", 67_500, GAP), ("LapCount", 160_000, SECOND_LAP)], 60_004, "said"),
    ],
    ids=["said", "lost", "restart alone", "joined", "joined and told", "noted elsewhere"],
)  # fmt: skip
def test_when_it_started(
    told: list[tuple[str, int, dict[str, object]]], clock: int, basis: str
) -> None:
    assert evidence(*told).start(0) == (clock, basis)
    assert evidence(*reversed(told)).start(0) == (clock, basis)


def test_laps_of_the_session_before_start_nothing() -> None:
    told = evidence(
        ("LapCount", 0, {"CurrentLap": 57}), ("SessionStatus", 10, {"Status": "Inactive"})
    )
    assert told.start(0) is None


def test_the_word_that_it_started_is_lost(shared: Path) -> None:
    files = stopped(shared)
    messages = archive.messages_of(files)
    first = next(number for number, message in enumerate(messages) if is_start(message))
    race, whole = race_of([*messages[:first], *messages[first + 1 :]]), archive.parse(files)
    one, other = crossed(race), crossed(whole)
    assert gaps(one).equals(gaps(other))
    off = (one["time"] - other["time"]).dt.total_milliseconds().abs()
    assert (off <= STEP).all()  # where a loop lies is known no better
    assert race.clock == "session"
    assert race.doubts["reason"].str.contains(INFERRED).any()
    red = (one.control.filter(state="red")["from"][0] for one in (race, whole))
    assert abs(next(red) - next(red)) < WITHIN
    lost = {
        name.removesuffix(archive.SUFFIX): read_stream(name, raw) for name, raw in files.items()
    }
    begun = next(u for u in lost["SessionStatus"] if u.data.get("Status") == "Started")
    lost["SessionStatus"].remove(begun)
    assert differing(race, batch(lost)) == []


def test_it_is_told_as_it_happens(shared: Path) -> None:
    fold, screen, told = Fold(source="livetiming"), Screen(), []
    kinds = []
    for message in archive.messages_of(stopped(shared)):
        if is_start(message) and not screen.started:
            continue
        fold.take(message)
        kinds += [event.kind for event in screen.take(message)]
        if message.stream == "LapCount":
            try:
                told.append(fold.race().crossings["lap"].max())
            except NotEnoughDataError:
                told.append(None)
        if message.data.get("CurrentLap") == 3:
            break
    assert told[0] is None
    assert told[-1] == 1  # as the leader begins his third lap, of which the word comes later
    assert kinds.count("start") == 1


def test_the_word_that_it_was_resumed_is_lost(shared: Path) -> None:
    messages = archive.messages_of(stopped(shared))
    second = [number for number, message in enumerate(messages) if is_start(message)][1]
    lost = [*messages[:second], *messages[second + 1 :]]
    red = race_of(lost).control.filter(state="red")
    assert red.height == 1
    resumed = messages[second].moment - next(m.moment for m in messages if is_start(m))
    assert timedelta(0) < red["to"][0] - resumed < timedelta(minutes=4)
    screen = Screen()
    flags = [one.facts.get("flag") for message in lost for one in screen.take(message)]
    assert flags.count("resumed") == 1


def test_a_recording_that_begins_late_makes_a_race_of_numbers(shared: Path) -> None:
    [folder] = (shared / "data" / "livetiming").glob("*Azerbaijan*Sprint")
    messages = archive.messages_of(archive.fetch(folder))
    late = next(n for n, m in enumerate(messages) if m.data.get("CurrentLap") == 10)
    race = race_of(messages[late + 5 :])
    assert race.name == "Unnamed Race 2023-04-29"
    assert rc.order(race)["car"].to_list()[:3] == ["11", "16", "1"]
    assert race.classification["car"].to_list()[:4] == ["11", "16", "1", "63"]
    assert race.crossings["lap"].min() == 10
    assert race.crossings.filter(lap=10)["car"].n_unique() == 18  # of all that were under way
    assert rc.moments(race, simulated=False).filter(pl.col("lap") <= 10).is_empty()
    heard = int(str(race.crossings["lap"].min()))
    assert rc.overtakes(race).filter(pl.col("lap") <= heard).is_empty()  # none since the grid
    reasons = race.doubts["reason"].to_list()
    assert "nobody said which session it is: taken for a race" in reasons
    assert any(reason.startswith("the recording begins during the race") for reason in reasons)


def test_the_screen_of_who_joins_late_is_in_the_order_of_the_gaps() -> None:
    screen = Screen()
    sent = {"4": "LAP 12", "16": "+12.841", "1": "+1:02.100", "44": "1 L", "63": "+3.100"}
    changes = {number: {"GapToLeader": gap} for number, gap in sent.items()}
    changes["16"]["Line"] = 3
    changes["22"] = {"Sectors": {}}
    screen.take(Message(datetime(2025, 5, 3, tzinfo=UTC), "TimingData", {"Lines": changes}))
    assert [(row.place, row.car) for row in screen.rows()] == [
        (1, "4"), (2, "63"), (3, "16"), (4, "1"), (5, "44"), (None, "22"),
    ]  # fmt: skip
