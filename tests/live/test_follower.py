"""Following: bad messages, sessions with little in them, files that grow, and the verb."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import racecraft as rc
from conftest import examples
from own_streams import TIMES, own_session
from racecraft.cli.main import app
from racecraft.errors import ArgumentError, NotEnoughDataError, RacecraftError, UnreadableError
from racecraft.live.follower import Follower
from racecraft.live.inputs import growing, paced, replay
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.messages import Message

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2023, 6, 4, 13, 3, tzinfo=UTC)
STREAMS = (
    "SessionInfo", "SessionStatus", "DriverList", "TimingData", "TimingAppData", "TrackStatus",
    "LapCount", "RaceControlMessages", "PitLaneTimeCollection",
)  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99999) | st.text(max_size=8)
    | st.sampled_from(["Started", "+1.2", "LAP 3", "1:20.300", "44", "1"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["Lines", "1", "44", "Line", "Sectors", "Segments", "0", "Value", "GapToLeader",
             "Stints", "Messages", "Message", "Utc", "Status", "InPit", "NumberOfLaps", "Retired",
             "LastLapTime", "IntervalToPositionAhead", "Meeting", "Name", "Tla", "CurrentLap"]
        ),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
changes = st.dictionaries(
    st.sampled_from(["Lines", "Status", "Messages", "1", "44", "Meeting", "Name", "CurrentLap"]),
    anything,
    max_size=3,
)


def own_messages(**given: Any) -> list[Message]:
    return archive.messages_of(own_session(**given).files())


def follow(messages: list[Message]) -> Follower:
    follower = Follower()
    for message in messages:
        follower.take(message)
    return follower


def test_a_race_under_way_is_a_race_like_any_other() -> None:
    messages = own_messages()
    follower = Follower()
    with pytest.raises(NotEnoughDataError, match="no race so far"):
        follower.race()
    for message in messages[:70]:
        follower.take(message)
    race = follower.race()
    assert rc.order(race)["car"].len() == 3
    assert rc.overtakes(race).height >= 1
    assert follower.look() != []


@settings(max_examples=examples(40))  # each is followed and analysed whole
@given(st.lists(st.tuples(st.sampled_from(STREAMS), changes), min_size=1, max_size=6))
def test_no_message_breaks_it(said: list[tuple[str, dict[str, object]]]) -> None:
    whole = own_messages()
    follower = follow(whole[:60])
    for number, (stream, data) in enumerate(said):
        follower.take(Message(whole[60].moment, stream, {**data, "_n": number}))
    for message in whole[60:90]:
        follower.take(message)
    try:
        follower.race()
    except RacecraftError as error:
        assert error.message  # noqa: PT017
    follower._timed_look()
    follower.screen.rows()


def test_a_session_with_one_car_is_followed() -> None:
    messages = own_messages(times={"1": TIMES["1"]})
    follower = follow(messages)
    follower._timed_look()
    assert follower.race().crossings["car"].unique().to_list() == ["VER"]
    assert [row.car for row in follower.screen.rows() if row.laps] == ["VER"]


def test_practice_is_one_error() -> None:
    messages = [
        message._replace(data={**message.data, "Type": "Practice", "Name": "Practice 1"})
        if message.stream == "SessionInfo"
        else message
        for message in own_messages()
    ]
    follower = Follower()
    follower.start(iter(messages))
    list(follower.events())
    time.sleep(0.1)
    follower.stop()
    assert isinstance(follower.failed, UnreadableError)
    assert "practice" in follower.failed.hint
    with pytest.raises(UnreadableError, match="Practice 1"):
        Follower().take(next(one for one in messages if one.stream == "SessionInfo"))


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf")])
def test_a_speed_that_is_none_is_one_error(tmp_path: Path, speed: float) -> None:
    with pytest.raises(ArgumentError, match="--speed"):
        replay(tmp_path, speed=speed)


def test_a_file_is_followed_while_it_is_written(tmp_path: Path) -> None:
    lines = [f"{message.line()}\n" for message in own_messages()]
    file = tmp_path / "growing.txt"
    text = "".join(lines).encode()
    file.write_bytes(text[:1000])
    follower = Follower()

    def write() -> None:
        for start in range(1000, len(text), 3001):
            time.sleep(0.01)
            with file.open("ab") as out:
                out.write(text[start : start + 3001])

    writer = threading.Thread(target=write)
    writer.start()
    ended = lambda: not writer.is_alive() and follower._fold.taken >= len(lines)  # noqa: E731
    for message in growing(file, follower.broken, stops=ended):
        if message is not None:
            follower.take(message)
    writer.join()
    assert follower.race().crossings.equals(archive.parse(own_session().files()).crossings)
    assert follower.doubts() == []


def test_a_file_that_is_cut_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    lines = [f"{message.line()}\n" for message in own_messages()]
    file = tmp_path / "cut.txt"
    file.write_text("".join(lines[:80]))
    follower, cuts = Follower(), []
    for message in growing(file, follower.broken, stops=lambda: len(cuts) > 2):
        if message is not None:
            follower.take(message)
        else:
            cuts.append(file.write_text("".join(lines[:40]) + lines[40][:20]))
    assert follower.race().crossings.height > 0
    assert any("came twice" in doubt for doubt in follower.doubts())


@pytest.mark.parametrize("text", ["lap,driver\n1,VER\n2,VER\n3,VER\n", "<html>\n" * 300])
def test_text_that_is_no_feed_is_one_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.txt"
    file.write_text(text)
    with pytest.raises(UnreadableError, match="no message of the live timing"):
        list(growing(file, lambda: None, stops=lambda: True))


def test_a_file_that_is_not_there_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such file"):
        list(growing(tmp_path / "none.txt", lambda: None))


def test_replays_keep_their_pace() -> None:
    messages = [Message(AT.replace(second=n), "LapCount", {"CurrentLap": n}) for n in range(3)]
    began = time.monotonic()
    assert [message for message in paced(messages, 100) if message is not None] == messages
    assert time.monotonic() - began >= 0.3  # thirty seconds of lead-in


def stored(tmp_path: Path) -> Path:
    folder = tmp_path / "session"
    folder.mkdir()
    for name, raw in own_session().files().items():
        (folder / name).write_bytes(raw)
    return folder


def test_the_verb_tells_events_and_keeps_what_came(tmp_path: Path) -> None:
    folder, store = stored(tmp_path), tmp_path / "kept"
    asked = ["live", "--replay", str(folder), "--speed", "400", "--format", "jsonl"]
    done = CliRunner().invoke(app, [*asked, "--store", str(store)])
    assert done.exit_code == 0, done.output
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert {"start", "pass", "lead change", "flag", "stop", "end"} <= {one["event"] for one in told}
    assert all({"at", "lap", "cars", "basis", "text"} <= one.keys() for one in told)
    [kept] = (store / "recordings").glob("*.jsonl")
    again = archive.parse({kept.name: kept.read_bytes()})
    assert again.crossings.equals(archive.parse(own_session().files()).crossings)
    assert list(store.rglob("source=livetiming"))


def test_the_verb_tells_people_in_a_pipe(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["live", "--replay", str(stored(tmp_path)), "--speed", "400"])
    assert done.exit_code == 0, done.output
    assert "HAM is past VER" in done.stdout


@pytest.mark.parametrize(
    "asked",
    [
        [],
        ["--from", "a", "--replay", "b"],
        ["--replay", "b", "--faults", "loss=0.1"],
        ["--replay", "b", "--speed", "0"],
    ],
)
def test_the_verb_refuses_what_it_cannot_do(asked: list[str]) -> None:
    done = CliRunner().invoke(app, ["live", *asked])
    assert isinstance(done.exception, RacecraftError)
    assert done.exception.hint
