"""The frames of SignalR Core in JSON, of which a hub and its clients use a few.

References
----------
"SignalR Hub Protocol" and "Transport Protocols" of ASP.NET Core: messages in JSON, each ended by
the record separator; a handshake first, then invocations, completions, pings and a close.
"""

from __future__ import annotations

import json
from typing import Any

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


def feed(stream: str, data: dict[str, Any], stamp: str) -> dict[str, Any]:
    """What a hub sends of a change: an invocation without an answer."""
    return {"type": INVOCATION, "target": FEED, "arguments": [stream, data, stamp]}


def _read(part: str) -> dict[str, Any] | None:
    try:
        said = json.loads(part)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
