"""Recordings of the live timing: all streams in one file, a message on every line.

Two kinds are about: the text of FastF1's live client, where every line is a list as Python writes
it, ``['TimingData', {...}, '2025-05-03T16:28:05.5Z']``; and JSON, such a list or an object with
``Type``, ``Json`` and ``DateTime``. A recording is made over a network and ends when somebody stops
it, so a broken line is counted and left out.
"""

from __future__ import annotations

import ast
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from racecraft.errors import UnreadableError
from racecraft.sources.livetiming.stream import LONGEST_LINE, Update

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

LARGEST_FILE = 1_000_000_000  # bytes; with what the cars measured a race takes some 150 million
MANY = 8  # fields of a car; a message about a change has fewer
JOINED = timedelta(seconds=10)  # a client that joins is told how things stand, within this time

_LIST = re.compile(r"\[\s*['\"](\w+)(\.z)?['\"]\s*,")
_OBJECT = re.compile(r"\{.*?\"Type\"\s*:\s*\"(\w+)(\.z)?\"", re.DOTALL)
_HEAD = 200  # characters within which a line names its stream
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)?")


class Recording(NamedTuple):
    """What a recording holds."""

    streams: dict[str, list[Update]]  # by name, in order of time
    lines: int  # with a message, whole or not
    broken: list[int]  # numbers of lines that could not be read
    joined_late: bool  # it begins when the race was under way


def is_recording(content: bytes) -> bool:
    """Whether the first lines of a file are those of a recording.

    >>> is_recording(b"['Heartbeat', {}, '2025-05-03T16:28:05.5Z']"), is_recording(b"lap,driver")
    (True, False)
    """
    first = content.removeprefix(b"\xef\xbb\xbf")[:4000].decode("utf-8", "replace").splitlines()
    return any(_LIST.match(line) or _OBJECT.match(line) for line in map(str.strip, first[:20]))


def read_recording(file: str, content: bytes, wanted: Collection[str]) -> Recording:
    r"""Return the streams of a recording, and which lines of it could not be read.

    Parameters
    ----------
    file
        Its name, for errors.
    content
        The file, in UTF-8.
    wanted
        Names of streams; messages of others are passed over unread.

    Raises
    ------
    UnreadableError
        No line is a message of the live timing.

    Examples
    --------
    >>> text = b"['LapCount', {'CurrentLap': 2}, '2025-05-03T16:28:05.5Z']\n['LapCount', {'Cur"
    >>> told = read_recording("a.txt", text, ["LapCount"])
    >>> told.streams["LapCount"][0].data, told.broken
    ({'CurrentLap': 2}, [2])
    """
    messages: list[tuple[datetime, str, dict[str, Any], int]] = []
    broken: list[int] = []
    lines = 0
    first: datetime | None = None
    for number, line in _lines(content):
        lines += 1
        name = _stream(line)
        if name is not None and name not in wanted and number > 1:
            continue
        message = _message(line)
        if message is None:
            broken.append(number)
            continue
        first = min(first, message[0]) if first else message[0]
        if name in wanted:
            messages.append((*message, number))
    if first is None:
        raise UnreadableError(
            f"{file}: no message of the live timing on any of {lines} lines; expected, on every "
            "line, ['TimingData', {...}, '2025-05-03T16:28:05.5Z'] or the same as JSON",
            file=file,
        )
    streams: dict[str, list[Update]] = {}
    begun = min((moment for moment, *_ in messages), default=first)
    for moment, name, data, number in sorted(_each_once(messages), key=lambda m: m[0]):
        clock = (moment - begun) // timedelta(milliseconds=1)
        streams.setdefault(name, []).append(Update(clock, data, file, number))
    late = _joined_late(streams)
    if late:
        _forget_how_things_stood(streams.get("TimingData", []))
    return Recording(streams, lines, broken, late)


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        text = line.decode("utf-8", "replace").strip()
        if text:
            yield number, text


def _stream(line: str) -> str | None:
    """Name of the stream that a line names at its beginning, if it does."""
    found = _LIST.match(line) or _OBJECT.match(line[:_HEAD])
    return found[1] if found else None


def _message(line: str) -> tuple[datetime, str, dict[str, Any]] | None:
    """Moment, stream and content of a line; None where it is broken."""
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
    name, data, told = said
    moment = _moment(told)
    if moment is None or not isinstance(name, str):
        return None
    if isinstance(data, str) and name.endswith(".z"):
        return moment, name, {}
    return (moment, name, data) if isinstance(data, dict) else None


def _moment(told: object) -> datetime | None:
    """Time of day in UTC, with as many decimals as there are."""
    found = _MOMENT.fullmatch(told) if isinstance(told, str) else None
    if found is None:
        return None
    try:
        whole = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
        return whole + timedelta(microseconds=int((found[2] or "0")[:6].ljust(6, "0")))
    except (ValueError, OverflowError):
        return None


def _each_once(
    messages: list[tuple[datetime, str, dict[str, Any], int]],
) -> Iterator[tuple[datetime, str, dict[str, Any], int]]:
    """Messages without those that came twice, one right after the other in their stream."""
    last: dict[str, tuple[datetime, dict[str, Any]]] = {}
    for moment, name, data, number in messages:
        if last.get(name) != (moment, data):
            yield moment, name, data, number
        last[name] = (moment, data)


def _joined_late(streams: dict[str, list[Update]]) -> bool:
    """Whether the first word of a recording is that the session has started."""
    status = streams.get("SessionStatus", [])
    joined = JOINED // timedelta(milliseconds=1)
    return bool(status) and status[0].data.get("Status") == "Started" and status[0].clock < joined


def _forget_how_things_stood(updates: list[Update]) -> None:
    """Drop laps and sectors from what a client was told as it joined: they are not of that time."""
    joined = JOINED // timedelta(milliseconds=1)
    for update in updates:
        lines = update.data.get("Lines")
        if update.clock > joined or not isinstance(lines, dict):
            return
        for said in lines.values():
            if isinstance(said, dict) and len(said) > MANY:
                for name in ("NumberOfLaps", "LastLapTime", "BestLapTime", "Sectors"):
                    said.pop(name, None)
