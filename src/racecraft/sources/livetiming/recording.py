"""Recordings of the live timing: all streams in one file, a message on every line.

A recording is made over a network and ends when somebody stops it, so a broken line is counted and
left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from racecraft.errors import RacecraftError, UnreadableError
from racecraft.sources.livetiming import packed
from racecraft.sources.livetiming.fold import NEEDED, STREAMS, Fold, with_doubts
from racecraft.sources.livetiming.messages import Message, read_message, stream_named
from racecraft.sources.livetiming.sessions import no_race, sessions_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from racecraft.model.race import Race
    from racecraft.sources.livetiming.sessions import Session

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


def races(file: str, content: bytes, *, telemetry: bool = False) -> list[Race]:
    """Races of a recording, with doubts about what of it could not be read."""
    told = read_recording(file, content, STREAMS)
    sessions = sessions_of(told.messages)
    raced = [one for one in sessions if one.is_race]
    if not raced:
        raise no_race(sessions[0].name)
    reasons = []
    if told.broken:
        reasons.append(
            f"{len(told.broken)} of {told.lines} lines of the recording are broken, the first of "
            f"them line {told.broken[0]}: left out"
        )
    if others := [one.name for one in sessions if not one.is_race]:
        reasons.append(f"the recording holds {', '.join(others)[:60]} too: left out")
    found: list[Race] = []
    for one in raced:
        try:
            found.append(with_doubts(_of_one(file, one, content if telemetry else b""), reasons))
        except RacecraftError:
            if one is raced[-1] and not found:
                raise
            reasons.append(f"the recording holds a {one.name} too, of which no race can be made")
    return found


def _of_one(file: str, session: Session, packed_in: bytes) -> Race:
    """Race of a session of a recording, with what its cars sent where that is wanted."""
    fold = Fold(source="livetiming")
    for message in session.messages:
        fold.take(message)
    if lacking := fold.lacking():
        raise UnreadableError(
            f"{file}: a recording without {' and '.join(lacking)}",
            hint=f"a race needs {', '.join(NEEDED)}: record them from before the start",
            file=file,
        )
    race = fold.race()
    started = [m.moment for m in session.messages if m.data.get("Status") == "Started"]
    if packed_in and started:
        first, last = session.messages[0].moment, session.messages[-1].moment
        said = {
            name: [one for one in each if first <= one[0] <= last]
            for name, each in packed.said_in(packed_in).items()
        }
        race = packed.with_packed(race, said, started=started[0])
    return race


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
