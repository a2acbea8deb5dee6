"""Messages of the live timing, one a line, as clients write them down.

Two kinds of line are about: the text of FastF1's live client, a list as Python writes it,
``['TimingData', {...}, '2025-05-03T16:28:05.5Z']``; and JSON, such a list or an object with
``Type``, ``Json`` and ``DateTime``.
"""

from __future__ import annotations

import ast
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from racecraft.sources.livetiming.stream import LONGEST_LINE

_LIST = re.compile(r"\[\s*['\"](\w+)(\.z)?['\"]\s*,")
_OBJECT = re.compile(r"\{.*?\"Type\"\s*:\s*\"(\w+)(\.z)?\"", re.DOTALL)
HALVES = "\\ud"  # how halves of characters are written, of which JSON allows one without the other
_HEAD = 200  # characters within which a line names its stream
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)?")


class Message(NamedTuple):
    """What the live timing said at once: a change of how one of its streams stands."""

    moment: datetime  # when the timing sent it, in UTC
    stream: str  # ``TimingData``, ``TrackStatus``, ...
    data: dict[str, Any]  # what changed; empty where it is packed, as in ``CarData.z``

    def line(self) -> str:
        """As a line of JSON, which `read_message` reads.

        >>> Message(datetime(2025, 5, 3, 16, tzinfo=UTC), "LapCount", {"CurrentLap": 2}).line()
        '["LapCount", {"CurrentLap": 2}, "2025-05-03T16:00:00.000Z"]'
        """
        return json.dumps([self.stream, self.data, stamp(self.moment)], ensure_ascii=False)


def read_message(line: str) -> Message | None:
    """Message on a line; None where it is broken or something else.

    >>> read_message("['LapCount', {'CurrentLap': 2}, '2025-05-03T16:28:05.5Z']").data
    {'CurrentLap': 2}
    >>> read_message("['LapCount', {'Cur") is None
    True
    """
    if len(line) > LONGEST_LINE:
        return None
    try:
        said = ast.literal_eval(line) if line.startswith("['") else json.loads(line)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    if isinstance(said, dict):
        said = [said.get("Type"), said.get("Json"), said.get("DateTime")]
    if not isinstance(said, list | tuple) or len(said) != 3:
        return None
    return message_of(*(scrubbed(said) if HALVES in line.lower() else said))


def scrubbed(said: Any) -> Any:
    r"""The same, half characters replaced: nothing can be written that holds one.

    >>> scrubbed({"Message": ["CAR 4 \ud83d", 1]})
    {'Message': ['CAR 4 ?', 1]}
    """
    if isinstance(said, str):
        return said.encode("utf-8", "replace").decode()
    if isinstance(said, dict):
        return {scrubbed(name): scrubbed(value) for name, value in said.items()}
    return [scrubbed(value) for value in said] if isinstance(said, list | tuple) else said


def message_of(stream: object, data: object, told: object) -> Message | None:
    """Message of its three parts; None where they are not what they should be."""
    moment = read_moment(told)
    if moment is None or not isinstance(stream, str):
        return None
    if isinstance(data, str) and stream.endswith(".z"):
        return Message(moment, stream, {})
    return Message(moment, stream, data) if isinstance(data, dict) else None


def stream_named(line: str) -> str | None:
    """Name of the stream that a line names at its beginning, if it does, unread.

    >>> stream_named("['CarData.z', 'abc', '2025-05-03T16:28:05.5Z']"), stream_named("lap,driver")
    ('CarData', None)
    """
    found = _LIST.match(line) or _OBJECT.match(line[:_HEAD])
    return found[1] if found else None


def read_moment(told: object) -> datetime | None:
    """Time of day in UTC, with as many decimals as there are; None where it is none."""
    found = _MOMENT.fullmatch(told) if isinstance(told, str) else None
    if found is None:
        return None
    try:
        whole = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
        return whole + timedelta(microseconds=int((found[2] or "0")[:6].ljust(6, "0")))
    except (ValueError, OverflowError):
        return None


def stamp(moment: datetime) -> str:
    """A moment as the live timing writes it: ``2025-05-03T16:28:05.500Z``."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
