"""Whatever a message says, the next one is listened to: no view dies of nonsense."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from copy import deepcopy
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from own_streams import own_session
from racecraft.errors import RacecraftError
from racecraft.live.follower import Follower
from racecraft.live.screen import Screen
from racecraft.show.live import screen
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.messages import read_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.sources.livetiming.messages import Message

NONSENSE = (
    None, "", " ", "x", "\ud83d", "💥" * 20, "²", -1, 1e308, 10**30, 99_999, True, [], {}, [None],
    "nan", "+1e999", "+1:2:3:4.555", "LAP 99999", "99 L", "-3.2", "99:99:99.999", "1" * 6000,
    {"0": None}, {"_kf": True}, [[[[]]]], "Aborted", "Started", "Finished", "Retired", "5",
    "2018-99-99T00:00:00", {"_deleted": ["0"]},
)  # fmt: skip
NAMES = ("x", "-1", "99", "1000", "²", "", "44 ", "_kf")
LOOKS = 4  # of the analyses, at every session


def places(said: Any) -> Iterator[tuple[Any, Any]]:
    """Every object or list of a message, with each of its keys."""
    keys = list(said) if isinstance(said, dict) else range(len(said))
    for key in keys:
        yield said, key
        if isinstance(said[key], dict | list):
            yield from places(said[key])


def mutated(message: Message, chance: random.Random) -> Message:
    """A message with a value of another kind, without one, or with one under another name."""
    data = deepcopy(message.data)
    holder, key = chance.choice(list(places(data)) or [(data, "")])
    how = chance.random()
    if how < 0.6 or not isinstance(holder, dict):
        holder[key] = deepcopy(chance.choice(NONSENSE))
    elif how < 0.8:
        holder.pop(key, None)
    else:
        holder[chance.choice(NAMES)] = holder.pop(key, None)
    return message._replace(data=data)


def as_heard(message: Message) -> Message | None:
    """The message as a client writes it down and racecraft reads it again."""
    stamp = message.line().rsplit('"', 2)[1]
    return read_message(json.dumps([message.stream, message.data, stamp]))


@pytest.mark.parametrize("seed", range(6))
def test_a_session_full_of_nonsense(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    told = archive.messages_of(own_session().files())
    said = [mutated(one, chance) if chance.random() < 0.1 else one for one in told]
    follower, console = Follower(), Console(file=StringIO(), width=80, height=30)
    for number, message in enumerate(map(as_heard, said)):
        if message is None:
            continue
        follower.take(message)
        if number % (len(said) // LOOKS) == 0:
            with suppress(RacecraftError):
                follower.look()
            console.print(screen(follower, 80, 30))
            assert follower.doubts() is not None


def test_a_car_that_is_on_the_screen_no_more() -> None:
    """Its line turned into text while another one was passing it."""
    told = archive.messages_of(own_session().files())
    shown = Screen()
    for message in told[: len(told) // 2]:
        shown.take(message)
    for value in ("gone", None, []):
        shown.take(told[-1]._replace(stream="TimingData", data={"Lines": {"1": value}}))
        for message in told[len(told) // 2 :]:
            shown.take(message)
    assert shown.rows()
