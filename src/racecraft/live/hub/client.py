"""A client of a hub: the messages that it sends, over lines that break and are mended.

There is no way to log in here: what needs an account is heard by a client of your own, which may
pass it on.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from racecraft.errors import ArgumentError, UnreachableError
from racecraft.live.hub import signalr
from racecraft.sources.http import client as web
from racecraft.sources.livetiming.messages import Message, message_of, read_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from websockets.sync.client import ClientConnection

OPEN_S = 10.0
IDLE_S = 0.5
PING_S = 15.0
QUIET_S = 40.0  # without a frame, pings included, after which the line is given up
AGAIN_S = (0.5, 1, 2, 4, 8, 15)  # between tries to come back
LOCKED = (401, 403)
FIRST = ("SessionInfo", "DriverList", "LapCount")


def listen(
    url: str, broken: Callable[[], None], *, again_s: tuple[float, ...] = AGAIN_S
) -> Iterator[Message | None]:
    """Messages of a hub, until it says that the session is over.

    Parameters
    ----------
    url
        Address of the hub, ``http://localhost:5005/signalrcore``; ``https``, ``ws``, ``wss`` too.
    broken
        Called for every frame that is no message.
    again_s
        Seconds between tries to come back when the line breaks; the last one from then on.

    Raises
    ------
    ArgumentError
        No such address; or the extra ``live`` is not installed.
    UnreachableError
        Nobody answers at first, or the hub refuses.
    """
    http, socket = _addresses(url)
    tries, first = 0, True
    latest: datetime | None = None
    while True:
        try:
            for message in _session(http, socket, broken, latest):
                tries, first = 0, False
                if message is not None:
                    latest = max(latest or message.moment, message.moment)
                yield message
        except (_LineError, UnreachableError) as error:
            if first and isinstance(error, UnreachableError):
                raise
            if first:
                raise UnreachableError(
                    f"{url}: {error}",
                    hint="is the hub running? 'racecraft live --serve-replay FOLDER' runs one",
                    url=url,
                ) from error
        else:
            return
        until = time.monotonic() + again_s[min(tries, len(again_s) - 1)]
        tries += 1
        while time.monotonic() < until:
            time.sleep(min(IDLE_S, max(until - time.monotonic(), 0)))
            yield None


class _LineError(Exception):
    """The line is broken, or nobody answers."""


def _addresses(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    secure = {"http": False, "ws": False, "https": True, "wss": True}.get(parts.scheme)
    if secure is None or not parts.hostname:
        raise ArgumentError(
            f"--url {url!r}; expected the address of a hub",
            hint="as in http://localhost:5005/signalrcore",
        )
    rest = f"://{parts.netloc}{parts.path.rstrip('/')}"
    return ("https" if secure else "http") + rest, ("wss" if secure else "ws") + rest


def _session(
    http: str, socket: str, broken: Callable[[], None], latest: datetime | None
) -> Iterator[Message | None]:
    """Messages from one connection; ends well where the hub closes, else with an error."""
    try:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect
    except ModuleNotFoundError as error:
        raise ArgumentError(
            "a hub needs websockets", hint="pip install 'racecraft[live]'"
        ) from error
    address = f"{socket}?id={quote(_negotiated(http))}"
    try:
        with connect(
            address,
            open_timeout=OPEN_S,
            close_timeout=1,
            max_size=signalr.LONGEST,
            proxy=None,
            ping_interval=None,
        ) as line:
            frames, more = _shaken(line)
            line.send(
                signalr.frame(
                    {"type": signalr.INVOCATION, "invocationId": "0",
                     "target": signalr.SUBSCRIBE, "arguments": [list(signalr.STREAMS)]}
                )
            )  # fmt: skip
            yield from _heard(_frames(line, frames, more, broken), broken, latest)
    except (OSError, WebSocketException) as error:
        raise _LineError(str(error) or type(error).__name__) from error


def _negotiated(http: str) -> str:
    """Token of a connection."""
    import httpx

    try:
        with web.connect() as client:
            answer = client.post(f"{http}/negotiate", params={"negotiateVersion": 1})
            told = answer.json() if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError) as error:
        raise _LineError(str(error) or "no answer") from error
    if answer.status_code in LOCKED:
        raise UnreachableError(
            f"{http}: refused ({answer.status_code})",
            hint="racecraft does not log in: follow the recording of a client of yours with --from",
            url=http,
        )
    told = told if isinstance(told, dict) else {}
    token = told.get("connectionToken") or told.get("connectionId")
    if not isinstance(token, str):
        raise _LineError(f"no hub answers there (status {answer.status_code})")
    return token


def _shaken(line: ClientConnection) -> tuple[signalr.Frames, list[dict[str, Any] | None]]:
    """Shake hands; frames of the line from then on, and those that came with the answer."""
    line.send(signalr.frame(signalr.HANDSHAKE))
    frames = signalr.Frames()
    said: list[dict[str, Any] | None] = []
    while not said:
        said = frames.take(line.recv(timeout=OPEN_S))
    answer, *more = said
    if answer is None or answer.get("error"):
        problem = str((answer or {}).get("error", "no handshake"))[:80]
        raise UnreachableError(
            f"the hub refuses: {problem}", hint="expected SignalR Core with its JSON protocol"
        )
    return frames, more


def _heard(
    said: Iterator[dict[str, Any] | None], broken: Callable[[], None], latest: datetime | None
) -> Iterator[Message | None]:
    """Messages of a line; None while nothing comes."""
    standing: dict[str, Any] = {}  # as one joins, until it is known what time that is
    for one in said:
        if one is None:
            yield None
        elif one.get("type") == signalr.CLOSE:
            if one.get("error") or one.get("allowReconnect"):
                raise _LineError(str(one.get("error") or "closed")[:80])
            return
        elif one.get("type") == signalr.COMPLETION:
            standing = _joined(one)
            beat = standing.get("Heartbeat")
            told = beat.get("Utc") if isinstance(beat, dict) else None
            if moment := read_moment(told) or latest:
                yield from _snapshot(standing, moment)
                standing = {}
        else:
            for message in _messages(one, broken):
                yield from _snapshot(standing, message.moment)
                standing = {}
                yield message


def _frames(
    line: ClientConnection,
    frames: signalr.Frames,
    said: list[dict[str, Any] | None],
    broken: Callable[[], None],
) -> Iterator[dict[str, Any] | None]:
    """Frames of a line, those that came already first, pings answered; None while none come."""
    heard = pinged = time.monotonic()
    while True:
        for one in said:
            if one is None:
                broken()
            else:
                yield one
        if time.monotonic() - heard > QUIET_S:
            raise _LineError("the hub is silent")
        if time.monotonic() - pinged > PING_S:
            pinged = time.monotonic()
            line.send(signalr.frame({"type": signalr.PING}))
        try:
            said = frames.take(line.recv(timeout=IDLE_S))
            heard = time.monotonic()
        except TimeoutError:
            said = []
            yield None


def _messages(said: dict[str, Any], broken: Callable[[], None]) -> Iterator[Message]:
    """Message of a frame, if it is one about a change."""
    if said.get("type") == signalr.INVOCATION and said.get("target") == signalr.FEED:
        arguments = said.get("arguments")
        message = (
            message_of(*arguments) if isinstance(arguments, list) and len(arguments) == 3 else None
        )
        if message is None:
            broken()
        else:
            yield message


def _joined(said: dict[str, Any]) -> dict[str, Any]:
    """How everything stands, as one is told who joins."""
    if said.get("error"):
        raise UnreachableError(
            f"the hub refuses: {str(said['error'])[:80]}",
            hint="expected a hub with a method Subscribe, as the live timing has",
        )
    result = said.get("result")
    return result if isinstance(result, dict) else {}


def _snapshot(standing: dict[str, Any], moment: datetime) -> Iterator[Message]:
    """How everything stands: who drives and on which lap before what they do there."""
    for stream, data in sorted(standing.items(), key=lambda told: told[0] not in FIRST):
        if isinstance(data, dict):
            yield Message(moment, stream, {**data, "_kf": True})
