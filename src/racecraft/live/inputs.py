"""Where messages come from: a stored or recorded session at any speed, or a file that grows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.sources.livetiming.archive import fetch, messages_of
from racecraft.sources.livetiming.messages import read_message
from racecraft.sources.livetiming.recording import no_recording
from racecraft.sources.livetiming.sessions import Borders, no_race, sessions_of
from racecraft.sources.livetiming.stream import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from racecraft.sources.livetiming.messages import Message

IDLE_S = 0.2  # without anything, after which None is said
FASTEST = 10_000.0
LEAD_IN_S = 30.0  # of a recording, what comes before lights out at the speed asked for
NONSENSE = 200  # lines without a message, after which a text is something else
FEW = 3  # the same, of a text that ends there for now
CHUNK = 1 << 16


def replay(where: str | Path, *, speed: float = 1.0) -> Iterator[Message | None]:
    """Messages of a stored or recorded session, as they came, or faster.

    Parameters
    ----------
    where
        Folder of streams, an address of one in the archive, or a recording.
    speed
        How many times as fast. What was said long before lights out comes at once.

    Raises
    ------
    ArgumentError
        No such speed.
    UnreadableError, NotFoundError, UnreachableError
        As `racecraft.sources.livetiming.archive.fetch`.
    """
    checked = check_speed(speed)
    return paced(read_session(where), checked)


def read_session(where: str | Path) -> list[Message]:
    """All messages of a stored or recorded session, in the order of time.

    Of a recording that holds several they are those of the first one that is a race.
    """
    sessions = sessions_of(messages_of(fetch(where)))
    for one in sessions:
        if one.is_race:
            return sorted(one.messages, key=lambda message: message.moment)
    raise no_race(sessions[0].name)


def of_one_race(
    messages: Iterable[Message | None], another: Callable[[str], None]
) -> Iterator[Message | None]:
    """Messages of the first session that is a race, until another one begins.

    Parameters
    ----------
    another
        Called with the name of the session that begins after it.

    Raises
    ------
    UnreadableError
        It is practice or qualifying, and nothing else comes.
    """
    borders = Borders()
    for message in messages:
        if message is not None:
            raced = borders.is_race
            if borders.crossed(message) and raced:
                another(borders.name)
                return
        elif not borders.is_race:
            raise no_race(borders.name)
        if borders.is_race:
            yield message
    if not borders.is_race:
        raise no_race(borders.name)


def check_speed(speed: float) -> float:
    """The speed, or an error where it is none."""
    if not 0 < speed <= FASTEST:
        raise ArgumentError(
            f"--speed {speed:g}; expected more than 0 and {FASTEST:g} at most",
            hint="1 is as it was, 20 twenty times as fast",
        )
    return speed


def paced(messages: list[Message], speed: float) -> Iterator[Message | None]:
    """Messages at the pace at which they came, times a speed."""
    lights_out = next(
        (
            message.moment
            for message in messages
            if message.stream == "SessionStatus" and message.data.get("Status") == "Started"
        ),
        messages[0].moment if messages else None,
    )
    began = time.monotonic()
    for message in messages:
        assert lights_out is not None  # noqa: S101  there are messages
        due = (message.moment - lights_out).total_seconds() + LEAD_IN_S
        while (wait := began + due / speed - time.monotonic()) > 0:
            time.sleep(min(wait, IDLE_S))
            if wait > IDLE_S:
                yield None
        yield message


def patient(messages: Iterator[Message | None], seconds: float) -> Iterator[Message | None]:
    """The same messages, until none came for so many seconds."""
    heard = time.monotonic()
    for message in messages:
        now = time.monotonic()
        if message is not None:
            heard = now
        elif now - heard > seconds:
            return
        yield message


def growing(
    path: Path, broken: Callable[[], None], *, stops: Callable[[], bool] = lambda: False
) -> Iterator[Message | None]:
    """Messages of a file that somebody writes while it is read, from its beginning.

    Parameters
    ----------
    path
        FastF1's text, or lines of JSON. A line counts when it is complete; a file that becomes
        shorter is read from its beginning again, for it is another one.
    broken
        Called for every line that is no message.
    stops
        Whether whoever reads has had enough of waiting.

    Raises
    ------
    UnreadableError
        There is no such file, or its text is something else.
    """
    if not path.is_file():
        raise UnreadableError(
            f"{path}: no such file; expected one that a live client writes",
            hint="begin the client first; a finished session is run again by --replay",
            path=str(path),
        )
    lines = told = 0
    for line in _lines_as_they_come(path, broken, stops):
        enough = FEW if line is None else NONSENSE
        if line:
            lines += 1
            message = read_message(line)
            told += message is not None
            if message is None:
                broken()
            else:
                yield message
        elif line is None:
            yield None
        if not told and lines >= enough:
            raise no_recording(path.name, lines)
    if not told:
        raise no_recording(path.name, lines)


def _lines_as_they_come(
    path: Path, broken: Callable[[], None], stops: Callable[[], bool]
) -> Iterator[str | None]:
    """Complete lines of a file; None when there is nothing new."""
    read, rest = 0, b""
    while True:
        try:
            if path.stat().st_size < read:
                read, rest = 0, b""
            with path.open("rb") as file:
                file.seek(read)
                chunk = file.read(CHUNK)
        except OSError as error:
            raise UnreadableError(f"{path}: {error.strerror}", path=str(path)) from error
        read += len(chunk)
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST_LINE:
            rest = b""
            broken()
        for line in whole:
            yield line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").strip()
        if not chunk:
            if stops():
                return
            time.sleep(IDLE_S)
            yield None
