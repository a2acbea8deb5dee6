"""Hubs that flood, refuse, talk nonsense, close or say nothing: a live view never dies of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from own_hub import served
from own_streams import own_session
from racecraft.errors import UnreachableError
from racecraft.live.follower import Follower
from racecraft.live.hub import client, signalr
from racecraft.live.hub.client import listen
from racecraft.live.hub.server import PATH
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.messages import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from racecraft.live.events import Event

Frame = str | bytes
CLOSE = signalr.frame({"type": signalr.CLOSE})
SHAKEN = signalr.frame({})
STATE: dict[str, Any] = {"type": signalr.COMPLETION, "invocationId": "0", "result": {}}
JOINED = SHAKEN + signalr.frame(STATE)


class BadHub:
    """A hub that says what it is told to; on later connections it closes well."""

    def __init__(self, first: Sequence[Frame], later: Sequence[Frame] = (JOINED, CLOSE)) -> None:
        self.first, self.later, self.connected = first, later, 0

    def app(self) -> Starlette:
        routes = [
            Route(f"{PATH}/negotiate", self._negotiate, methods=["POST"]),
            WebSocketRoute(PATH, self._say),
        ]
        return Starlette(routes=routes)

    async def _negotiate(self, _: Request) -> JSONResponse:
        return JSONResponse({"connectionToken": "one"})

    async def _say(self, line: WebSocket) -> None:
        self.connected += 1
        await line.accept()
        try:
            await line.receive_text()
            for number, said in enumerate(self.first if self.connected == 1 else self.later):
                if isinstance(said, bytes):
                    await line.send_bytes(said)
                else:
                    await line.send_text(said)
                if number == 0 and said.startswith(SHAKEN if isinstance(said, str) else b"{}"):
                    await line.receive_text()  # what it wants to hear
            await line.close()
        except (WebSocketDisconnect, RuntimeError):
            pass


def said(message: archive.Message, **changed: Any) -> str:
    data = {**message.data, **changed}
    return signalr.frame(signalr.feed(message.stream, data, stamp(message.moment)))


def race() -> list[archive.Message]:
    return archive.messages_of(own_session().files())


def followed(hub: BadHub) -> tuple[Follower, list[Event]]:
    """Follow a hub until it closes; who followed, and what happened."""
    with served(hub) as url:
        follower = Follower()
        events = follower.events()
        follower.start(listen(url, follower.broken, again_s=(0.05,)), timed=False)
        told = list(events)
        follower.stop()
    return follower, told


def sane(follower: Follower) -> bool:
    """Whether the race is what an undisturbed reading of it gives."""
    whole = archive.parse(own_session().files())
    return follower.failed is None and follower.race().crossings.equals(whole.crossings)


def test_a_flood_is_taken_in() -> None:
    follower, _ = followed(BadHub([JOINED, "".join(map(said, race())) * 40, CLOSE]))
    assert sane(follower)
    assert any("came twice" in doubt for doubt in follower.doubts())


def test_an_unending_stream_of_one_message_costs_nothing() -> None:
    *messages, last = race()
    again = said(next(m for m in messages if m.stream == "TimingData"))
    frames = [JOINED, "".join(map(said, messages)), *[again * 100] * 200, said(last), CLOSE]
    follower, _ = followed(BadHub(frames))
    assert sane(follower)
    assert len(follower._fold._recent) < len(messages)


NONSENSE: dict[str, Sequence[Frame]] = {
    "another encoding": ["Pérez".encode("latin-1") + b"\x1e", "\u20ac".encode("utf-16") + b"\x1e"],
    "binary": [bytes(range(256)) * 40],
    "deep": ["[" * 100_000 + signalr.END],
    "half JSON": ['{"type":1,"target":"feed","argum' + signalr.END],
    "half a character": ['{"type":1,"target":"feed","arguments":["RaceControlMessages",{"Messages":'
                         '{"7":{"Utc":"2023-06-04T15:00:30","Message":"CAR 4 \\ud83d"}}},'
                         '"2023-06-04T15:00:30Z"]}' + signalr.END],
    "long numbers": ['{"type":1,"target":"feed","arguments":["LapCount",{"CurrentLap":'
                     + "9" * 6000 + '},"2023-06-04T15:00:30Z"]}' + signalr.END],
    "many laps to go": [signalr.frame(signalr.feed("LapCount", {"TotalLaps": 99_999},
                                                   "2023-06-04T15:00:30Z"))],
    "no JSON": ["<html>503</html>" + signalr.END, "\x00\x01" + signalr.END],
    "of other kinds": [json.dumps(one) + signalr.END for one in
                       ([], 3, None, {"type": 2}, {"type": 1, "target": "feed", "arguments": {}},
                        {"type": 1, "target": "feed", "arguments": ["TimingData", [], 3]},
                        {"type": 3, "result": [1]}, {"type": "x"})],
    "without an end": ["x" * 70_000] * 150,
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(NONSENSE))
def test_nonsense_between_messages_changes_nothing(kind: str) -> None:
    messages = race()
    half = len(messages) // 2
    before, after = ("".join(map(said, part)) for part in (messages[:half], messages[half:]))
    end = [signalr.END] if kind in ("binary", "without an end") else []
    follower, told = followed(BadHub([JOINED, before, *NONSENSE[kind], *end, after, CLOSE]))
    assert sane(follower)
    for event in told:
        event.line().encode()


def test_a_frame_that_is_too_long_breaks_the_line_and_it_is_mended() -> None:
    messages = race()
    half = len(messages) // 2
    before, after = ("".join(map(said, part)) for part in (messages[:half], messages[half:]))
    hub = BadHub([JOINED, before, "x" * (signalr.LONGEST + 1)], [JOINED, after, CLOSE])
    follower, _ = followed(hub)
    assert hub.connected == 2
    assert sane(follower)


@pytest.mark.parametrize(
    "later",
    [
        [signalr.frame({"error": "go away"})],
        [SHAKEN + signalr.frame({"type": 3, "error": "Unknown method"})],
        [],
    ],
    ids=["handshake", "subscription", "closes"],
)
def test_who_refuses_later_is_asked_again(later: list[Frame]) -> None:
    messages = race()
    half = len(messages) // 2
    before, after = ("".join(map(said, part)) for part in (messages[:half], messages[half:]))

    class Moody(BadHub):
        async def _say(self, line: WebSocket) -> None:
            if self.connected >= 3:
                self.later = [JOINED, after, CLOSE]
            await super()._say(line)

    hub = Moody([JOINED, before], later)
    follower, _ = followed(hub)
    assert hub.connected == 4
    assert sane(follower)


@pytest.mark.parametrize(
    "first",
    [
        [],
        ["x" * 100 + signalr.END],
        [b"\xff\xfe\x1e"],
        [signalr.frame({"error": "no"})],
        [SHAKEN + signalr.frame({"type": 3, "error": "Unknown method"})],
        [SHAKEN],
    ],
    ids=["closes at once", "no JSON", "binary", "refuses", "knows no streams", "closes then"],
)
def test_who_refuses_at_first_is_one_error(first: list[Frame]) -> None:
    with served(BadHub(first, first)) as url, pytest.raises(UnreachableError) as told:
        list(listen(url, lambda: None))
    assert told.value.hint


def test_a_hub_that_says_nothing_is_left_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "QUIET_S", 0.6)

    class Silent(BadHub):
        async def _say(self, line: WebSocket) -> None:
            if self.connected:
                await super()._say(line)
                return
            self.connected += 1
            await line.accept()
            await line.send_text(JOINED + said(race()[0]))
            while True:
                await line.receive_text()

    hub = Silent([], [JOINED, "".join(map(said, race()[1:])), CLOSE])
    follower, _ = followed(hub)
    assert hub.connected == 2
    assert sane(follower)
