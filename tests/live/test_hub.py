"""A hub on this machine: joining, faults, refusals, and a follower that outlives them."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from own_hub import served
from own_streams import own_session
from racecraft.errors import ArgumentError, UnreachableError
from racecraft.live.follower import Follower
from racecraft.live.hub import signalr
from racecraft.live.hub.client import listen
from racecraft.live.hub.faults import Faults, read_faults
from racecraft.live.hub.server import Hub
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.messages import stamp

if TYPE_CHECKING:
    from racecraft.live.events import Event

SPEED = 400
SOON = (0.05,)


def followed(hub: Hub, **given: Any) -> tuple[Follower, list[Event]]:
    """Follow a hub to its end; who followed, and what happened."""
    with served(hub) as url:
        follower = Follower(**given)
        events = follower.events()
        follower.start(listen(url, follower.broken, again_s=SOON))
        told = list(events)
        follower.stop()
    return follower, told


def own_messages() -> list[archive.Message]:
    return archive.messages_of(own_session().files())


def test_a_hub_tells_what_the_archive_holds() -> None:
    follower, told = followed(Hub(own_messages(), speed=SPEED))
    whole = archive.parse(own_session().files())
    assert follower.race().crossings.equals(whole.crossings)
    assert follower.race().classification.equals(whole.classification)
    kinds = Counter(event.kind for event in told)
    assert kinds["start"] == kinds["end"] == 1
    assert kinds["lead change"] == 1
    assert {event.cars for event in told if event.kind == "pass"} >= {("HAM", "VER")}


class NotingHub(Hub):
    """A hub that notes what it sends while anybody listens."""

    def __init__(self, messages: list[archive.Message], **given: Any) -> None:
        super().__init__(messages, **given)
        self.told: list[tuple[str, str]] = []

    def _tell(self, text: str | None) -> None:
        for one in signalr.frames(text or "")[0] if self._clients else []:
            if one is not None and one["type"] == signalr.INVOCATION:
                stream, _, moment = one["arguments"]
                self.told.append((stream, moment))
        super()._tell(text)


def test_a_hub_with_faults_is_followed_to_the_end() -> None:
    faults = Faults(
        loss=0.05, duplicate=0.2, reorder=0.1, delay=3, broken=0.05, disconnect=100, away=20
    )
    hub = NotingHub(own_messages(), speed=60, faults=faults)
    heard: list[archive.Message] = []
    follower, told = followed(hub, keep=heard.append)
    assert hub.cuts >= 2
    assert follower.failed is None
    assert any("could not be read" in doubt for doubt in follower.doubts())
    assert told[-1].moment <= own_messages()[-1].moment
    assert not follower.race().crossings.is_empty()
    news = [(one.stream, stamp(one.moment)) for one in heard if "_kf" not in one.data]
    assert news == hub.told != []


def test_who_joins_late_is_told_how_things_stand() -> None:
    hub = Hub(own_messages(), speed=SPEED)
    half = Hub(own_messages()[60:], speed=SPEED, lead_in_s=None)
    for message in own_messages()[:60]:
        half.standing.take(message.stream, message.data)
    _, told = followed(hub)
    late, since = followed(half)
    assert len(since) < len(told)
    assert late.race().clock == "session"
    assert any("during the race" in reason for reason in late.race().doubts["reason"])


def test_a_clock_that_jumps_is_set_right() -> None:
    messages = own_messages()
    with served(Hub(messages, speed=100, faults=Faults(jump=7200))) as url:
        follower = Follower()
        events = follower.events()
        follower.start(listen(url, follower.broken), timed=True)
        list(events)
    assert "the clock of the feed jumped; it is set right" in follower.doubts()
    times = follower.race().crossings["time"]
    assert (times < timedelta(seconds=600)).all()
    assert times.len()


@pytest.mark.parametrize("status", [401, 403])
def test_a_hub_that_wants_an_account_is_one_error(status: int) -> None:
    with answering(status, b"") as url, pytest.raises(UnreachableError) as told:
        list(listen(url, lambda: None))
    assert "does not log in" in told.value.hint


@pytest.mark.parametrize("body", [b"", b"[1]", b"{}", b"<html>", b'{"connectionToken": 3}'])
def test_what_is_no_hub_is_one_error(body: bytes) -> None:
    with answering(200, body) as url, pytest.raises(UnreachableError) as told:
        list(listen(url, lambda: None))
    assert "is the hub running" in told.value.hint


def test_nobody_there_is_one_error() -> None:
    with pytest.raises(UnreachableError, match="127"):
        list(listen("http://127.0.0.1:9/hub", lambda: None))


@pytest.mark.parametrize("url", ["", "localhost:5005", "ftp://x/y", "http://"])
def test_an_address_that_is_none_is_one_error(url: str) -> None:
    with pytest.raises(ArgumentError, match="--url"):
        list(listen(url, lambda: None))


def test_frames_are_read_whatever_they_are_cut_into() -> None:
    text = signalr.frame({"type": 6}) + signalr.frame(signalr.feed("A", {"é": 1}, "x"))
    for cut in range(len(text)):
        first, rest = signalr.frames(text[:cut])
        second, rest = signalr.frames(rest + text[cut:])
        assert [*first, *second] == [json.loads(part) for part in text.split("\x1e")[:-1]]
        assert rest == ""


@pytest.mark.parametrize("text", ["loss", "loss=x", "loss=2", "speed=1", "delay=-1", "loss=nan"])
def test_faults_that_are_none_are_one_error(text: str) -> None:
    with pytest.raises(ArgumentError, match="--faults"):
        read_faults(text)


def answering(status: int, body: bytes) -> _Stub:
    return _Stub(status, body)


class _Stub:
    """A server that answers everything alike."""

    def __init__(self, status: int, body: bytes) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
