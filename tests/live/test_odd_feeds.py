"""Feeds that come oddly: late lists, strange streams, clocks that leap, sessions begun again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from own_law import differing
from own_streams import own_session
from racecraft.errors import NotEnoughDataError
from racecraft.live.follower import Follower
from racecraft.live.inputs import growing
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.fold import Fold
from racecraft.sources.livetiming.messages import Message
from racecraft.sources.livetiming.standing import Standing

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

HALF = 90  # messages, by which the second lap is under way


def told() -> list[Message]:
    return archive.messages_of(own_session().files())


def race_of(messages: list[Message]) -> Race:
    fold = Fold(source="livetiming")
    for message in messages:
        fold.take(message)
    return fold.race()


def snapshot(messages: list[Message], at: Message) -> list[Message]:
    """How things stand after some messages, as whoever joins is told."""
    standing = Standing()
    for message in messages:
        standing.take(message.stream, message.data)
    streams = standing.snapshot(list(standing.streams))
    return [Message(at.moment, name, {**data, "_kf": True}) for name, data in streams.items()]


def test_a_list_of_drivers_that_comes_late_names_them_all_the_same() -> None:
    messages = told()
    listed = [one for one in messages if one.stream == "DriverList"]
    others = [one for one in messages if one.stream != "DriverList"]
    late = [one._replace(moment=others[HALF].moment) for one in listed]
    follower = Follower()
    for message in others[:HALF]:
        follower.take(message)
    assert {row.car for row in follower.screen.rows()} == {"1", "44", "55"}
    with pytest.raises(NotEnoughDataError, match="nothing was said of DriverList"):
        follower.race()
    for message in [*late, *others[HALF:]]:
        follower.take(message)
    assert differing(follower.race(), race_of(messages)) == []
    assert {row.car for row in follower.screen.rows()} == {"VER", "HAM", "SAI"}


@pytest.mark.parametrize("stream", ["WeatherData", "Heartbeat", "NoSuchThing", "", "TimingData2"])
def test_streams_that_nobody_knows_change_nothing(stream: str) -> None:
    messages = told()
    strange = [one._replace(stream=stream) for one in messages]
    mixed = [each for pair in zip(messages, strange, strict=True) for each in pair]
    assert differing(race_of(mixed), race_of(messages)) == []


def test_a_snapshot_twice_or_of_before_changes_nothing() -> None:
    messages = told()
    before, after = messages[:HALF], messages[HALF:]
    once = snapshot(before, before[-1])
    usual = race_of([*before, *once, *after])
    again = race_of([*before, *once, *once, *after])
    late = race_of([*before, *after[:20], *once, *after[20:]])
    assert differing(again, usual) == differing(late, usual) == []
    assert usual.crossings["car"].len() == race_of(messages).crossings["car"].len()


def test_what_was_packed_and_is_cut_short_is_no_trouble(tmp_path: Path) -> None:
    messages = told()
    file = tmp_path / "recording.txt"
    with file.open("w", encoding="utf-8") as lines:
        for number, message in enumerate(messages):
            print(message.line(), file=lines)
            moment = message.line().rsplit('"', 2)[1]
            print(f"['CarData.z', '7ZrLbhs3FIZ{'A' * (number % 7)}', '{moment}']", file=lines)
            print(f"['TimingData', {{'Lines': {{'1', '{moment}']", file=lines)
    follower = Follower()
    for heard in growing(file, follower.broken, stops=lambda: True):
        if heard is not None:
            follower.take(heard)
    assert differing(follower.race(), race_of(messages)) == []
    assert f"{len(messages)} messages could not be read" in follower.doubts()
    (race,) = [archive.parse({file.name: file.read_bytes()}, telemetry=True)]
    assert race.crossings.equals(race_of(messages).crossings)
    assert any("are broken" in reason for reason in race.doubts["reason"])


@pytest.mark.parametrize(
    "leap", [timedelta(seconds=s) for s in (-7200, 40 * 86_400, -420, 45, -45, 90)]
)
def test_a_clock_that_leaps_is_set_right(leap: timedelta) -> None:
    messages = told()
    follower = Follower()
    for number, message in enumerate(messages):
        arrived = (message.moment - messages[0].moment).total_seconds()
        moved = message.moment + (leap if number >= HALF else timedelta())
        follower.take(message._replace(moment=moved), arrived=arrived)
    one, other = follower.race().crossings, race_of(messages).crossings
    off = one.join(other, on=["car", "lap", "line"], suffix="_of_all")
    assert off.height == one.height == other.height
    late = (off["time"] - off["time_of_all"]).dt.total_milliseconds().abs()
    assert (late <= 2).all(), "no message came between the leap and the one before"
    assert "the clock of the feed jumped; it is set right" in follower.doubts()


def test_a_feed_that_was_held_up_did_not_jump() -> None:
    messages = told()
    began = messages[0].moment
    follower = Follower()
    for message in messages:
        sent = (message.moment - began).total_seconds()
        follower.take(message, arrived=max(sent, 150.0) if 100 < sent < 150 else sent)
    assert differing(follower.race(), race_of(messages)) == []
    assert follower.doubts() == []


def test_what_is_late_waits_no_longer_than_for_the_next_one() -> None:
    messages = told()
    late = messages[HALF]
    follower = Follower()
    began = messages[0].moment
    others = [one for one in messages if one is not late]
    for number, message in enumerate(others):
        if number == HALF + 12:
            follower.take(late, arrived=(message.moment - began).total_seconds())
        follower.take(message, arrived=(message.moment - began).total_seconds())
    assert differing(follower.race(), race_of(messages)) == []


def test_hours_of_silence_are_hours_of_silence() -> None:
    messages = told()
    gap = timedelta(hours=3)
    later = [*messages[:HALF], *(one._replace(moment=one.moment + gap) for one in messages[HALF:])]
    follower = Follower()
    for message in later:
        arrived = (message.moment - messages[0].moment).total_seconds()
        follower.take(message, arrived=arrived)
    assert differing(follower.race(), race_of(later)) == []
    assert follower.screen.ended


def test_a_session_that_is_said_to_start_again_goes_on() -> None:
    messages = told()
    begun = next(one for one in messages if one.data.get("Status") == "Started")
    info = next(one for one in messages if one.stream == "SessionInfo")
    follower, events = Follower(), []
    for number, message in enumerate(messages):
        events += follower.take(message)
        if number in (HALF, HALF + 30):
            for again in (info, begun._replace(data={"Status": "Inactive"}), begun):
                events += follower.take(again._replace(moment=message.moment))
    assert [event.kind for event in events].count("start") == 1
    race = follower.race()
    assert race.crossings.select("car", "lap", "line").equals(
        race_of(messages).crossings.select("car", "lap", "line")
    )
    follower.look()
    assert follower.watch.lap == 4
