"""Recordings of the live timing: all streams in one file, a message on every line.

A recording is made over a network and ends when somebody stops it, so a broken line is counted and
left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from racecraft.errors import UnreadableError
from racecraft.sources.livetiming.messages import Message, read_message, stream_named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

LARGEST_FILE = 1_000_000_000  # bytes; with what the cars measured a race takes some 150 million


class Recording(NamedTuple):
    """What a recording holds."""

    messages: list[Message]  # of the streams that are wanted, as they came
    lines: int  # with a message, whole or not
    broken: list[int]  # numbers of lines that could not be read


def is_recording(content: bytes) -> bool:
    """Whether the first lines of a file are those of a recording.

    >>> is_recording(b"['Heartbeat', {}, '2025-05-03T16:28:05.5Z']"), is_recording(b"lap,driver")
    (True, False)
    """
    first = content.removeprefix(b"\xef\xbb\xbf")[:4000].decode("utf-8", "replace").splitlines()
    return any(stream_named(line) for line in map(str.strip, first[:20]))


def read_recording(file: str, content: bytes, wanted: Collection[str]) -> Recording:
    r"""Return the messages of a recording, and which lines of it could not be read.

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
    >>> told.messages[0].data, told.broken
    ({'CurrentLap': 2}, [2])
    """
    messages: list[Message] = []
    broken: list[int] = []
    lines = read = 0
    for number, line in _lines(content):
        lines += 1
        name = stream_named(line)
        if name is not None and name not in wanted and read:
            continue
        message = read_message(line)
        if message is None:
            broken.append(number)
            continue
        read += 1
        if message.stream in wanted:
            messages.append(message)
    if not read:
        raise no_recording(file, lines)
    return Recording(messages, lines, broken)


def no_recording(file: str, lines: int) -> UnreadableError:
    """Error about a text that is something else."""
    return UnreadableError(
        f"{file}: no message of the live timing on any of {lines} lines; expected, on every "
        "line, ['TimingData', {...}, '2025-05-03T16:28:05.5Z'] or the same as JSON",
        hint="a recording is what a client of the live timing wrote down, FastF1's for one",
        file=file,
    )


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        text = line.decode("utf-8", "replace").strip()
        if text:
            yield number, text
