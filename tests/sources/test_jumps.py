"""A clock that jumps is told by the lap times, put right where nothing came, and doubted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from own_streams import own_session
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.fold import Fold

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.sources.livetiming.messages import Message


def race_of(messages: list[Message]) -> Race:
    fold = Fold(source="livetiming")
    for message in messages:
        fold.take(message)
    return fold.race()


def leaping(messages: list[Message], seconds: float, since: int) -> list[Message]:
    """The same by a clock that jumps at a message."""
    by = timedelta(seconds=seconds)
    return [*messages[:since], *(one._replace(moment=one.moment + by) for one in messages[since:])]


def of_the_clock(race: Race) -> list[str]:
    return [
        reason for reason in race.doubts["reason"] if reason.startswith("the clock of the feed")
    ]


def test_no_jump_where_there_is_none() -> None:
    assert of_the_clock(race_of(archive.messages_of(own_session().files()))) == []


@pytest.mark.parametrize("session", ["*Azerbaijan*Sprint", "*Miami*"])
@pytest.mark.parametrize("seconds", [7.0, 45.0, 200.0])
def test_a_clock_put_forward_is_put_back(shared: Path, session: str, seconds: float) -> None:
    [folder] = (shared / "data" / "livetiming").glob(session)
    messages = archive.messages_of(archive.fetch(folder))
    whole, leapt = race_of(messages), race_of(leaping(messages, seconds, len(messages) // 2))
    assert of_the_clock(whole) == []
    assert of_the_clock(leapt) == [
        f"the clock of the feed jumped forward by {seconds:.0f} s, by the lap times: set right"
    ]
    both = whole.crossings.join(leapt.crossings, on=["car", "lap", "line"], suffix="_leapt")
    off = (both["time_leapt"] - both["time"]).abs()
    assert both.height == whole.crossings.height == leapt.crossings.height
    assert off.max() < timedelta(seconds=0.1)


def test_a_clock_set_back_is_doubted(shared: Path) -> None:
    [folder] = (shared / "data" / "livetiming").glob("*Azerbaijan*Sprint")
    messages = archive.messages_of(archive.fetch(folder))
    [doubt] = of_the_clock(race_of(leaping(messages, -45, len(messages) // 2)))
    assert "jumped back by 45 s" in doubt


def test_silence_is_no_jump(shared: Path) -> None:
    [folder] = (shared / "data" / "livetiming").glob("*Azerbaijan*Sprint")
    messages = archive.messages_of(archive.fetch(folder))
    begun = messages[len(messages) // 2].moment
    lost = timedelta(seconds=45)
    assert of_the_clock(race_of([m for m in messages if not begun < m.moment < begun + lost])) == []


def test_one_car_whose_word_is_late_is_no_jump() -> None:
    messages = archive.messages_of(own_session().files())
    late = [
        later(one, 20) if "NumberOfLaps" in str(one.data.get("Lines", {}).get("44")) else one
        for one in messages
    ]
    assert of_the_clock(race_of(late)) == []


def later(message: Message, seconds: float) -> Message:
    return message._replace(moment=message.moment + timedelta(seconds=seconds))
