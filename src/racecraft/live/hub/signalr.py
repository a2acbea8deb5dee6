"""The frames of SignalR Core in JSON, of which a hub and its clients use a few.

References
----------
"SignalR Hub Protocol" and "Transport Protocols" of ASP.NET Core: messages in JSON, each ended by
the record separator; a handshake first, then invocations, completions, pings and a close.
"""

from __future__ import annotations

import json
from typing import Any

from racecraft.sources.livetiming.messages import HALVES, scrubbed

END = "\x1e"  # of every frame
INVOCATION, COMPLETION, PING, CLOSE = 1, 3, 6, 7
HANDSHAKE = {"protocol": "json", "version": 1}
SUBSCRIBE, FEED = "Subscribe", "feed"
LONGEST = 8_000_000  # characters of one text from the other side

STREAMS = (
    "Heartbeat", "SessionInfo", "SessionStatus", "SessionData", "DriverList", "TimingData",
    "TimingAppData", "TrackStatus", "LapCount", "RaceControlMessages", "PitLaneTimeCollection",
    "ExtrapolatedClock", "WeatherData",
)  # fmt: skip


def frame(said: dict[str, Any]) -> str:
    r"""A message as it is sent.

    >>> frame({"type": 6})
    '{"type":6}\x1e'
    """
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + END


def frames(text: str) -> tuple[list[dict[str, Any] | None], str]:
    r"""Messages of a text, None for a broken one; and the rest of it, which is no whole one.

    >>> frames('{"type":6}\x1e{"ty\x1e{"type"')
    ([{'type': 6}, None], '{"type"')
    """
    *whole, rest = text.split(END)
    return [_read(part) for part in whole], rest


class Frames:
    """Messages of the texts of a line, whatever frames they are cut into."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def take(self, text: str | bytes) -> list[dict[str, Any] | None]:
        r"""Messages that are whole now, None for every broken one.

        >>> frames_so_far = Frames()
        >>> frames_so_far.take('{"ty'), frames_so_far.take(b'pe":6}\x1e')
        ([], [{'type': 6}])
        """
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        self._parts.append(text)
        self._length += len(text)
        if END not in text:
            if self._length <= LONGEST:
                return []
            self._parts, self._length = [], 0
            return [None]
        said, rest = frames("".join(self._parts))
        self._parts, self._length = [rest], len(rest)
        return said


def feed(stream: str, data: dict[str, Any], stamp: str) -> dict[str, Any]:
    """What a hub sends of a change: an invocation without an answer."""
    return {"type": INVOCATION, "target": FEED, "arguments": [stream, data, stamp]}


def _read(part: str) -> dict[str, Any] | None:
    try:
        said = json.loads(part)
        if HALVES in part.lower():
            said = scrubbed(said)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
