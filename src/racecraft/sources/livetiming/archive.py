"""The archive of F1 live timing: a folder of streams for each session since 2018; and recordings.

Every car sends an official gap at the end of each mini-sector, some twenty-five a lap. Together
with lap and sector times they give crossings that are exact between cars, line by line.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from racecraft.errors import NotFoundError, RacecraftError, UnreachableError, UnreadableError
from racecraft.model.race import event_id
from racecraft.sources.http import client as web
from racecraft.sources.livetiming import packed, recording
from racecraft.sources.livetiming.control import session_kind, time_of_day
from racecraft.sources.livetiming.fold import NEEDED, STREAMS, Fold, with_doubts
from racecraft.sources.livetiming.lights_out import lights_out
from racecraft.sources.livetiming.messages import Message
from racecraft.sources.livetiming.race import race_of
from racecraft.sources.livetiming.stream import LARGEST_FILE, read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import httpx

    from racecraft.model.race import Race
    from racecraft.model.terms import SessionName
    from racecraft.sources.livetiming.stream import Update

SOURCE = "livetiming"
ARCHIVE_URL = "https://livetiming.formula1.com/static"

SUFFIX = ".jsonStream"
SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # streams bear a clock and no day

# What the archive answers since October 2026 to whoever has no account, past sessions included.
# A file that a session lacks may be forbidden too.
LOCKED = (401, 403)


def fetch(
    where: str | Path,
    *,
    telemetry: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, bytes]:
    """Streams of a session, by the names of their files.

    Parameters
    ----------
    where
        Folder, or address of one in the archive; or a recording, all streams in one file.
    telemetry
        What the cars measured and where they were, too: some fifty million bytes.
    progress
        Called after every file with its name, and the files read and in all.

    Raises
    ------
    UnreadableError
        There is no such folder, it lacks a file that a race needs, or a file is far too large.
    NotFoundError
        The archive has no such session.
    UnreachableError
        The archive does not answer.
    """
    wanted = (*STREAMS, *packed.PACKED) if telemetry else STREAMS
    if "://" not in str(where) and _is_file(Path(where)):
        content = _read(Path(where), largest=recording.LARGEST_FILE)
        return {Path(where).name: content or b""}
    files: dict[str, bytes] = {}
    with web.connect() as client:
        for done, name in enumerate(wanted, 1):
            file = name + SUFFIX
            if "://" in str(where):
                content = _get(
                    client, f"{str(where).rstrip('/')}/{file}", optional=name not in NEEDED
                )
            else:
                content = _read(Path(where) / file)
            if content is not None:
                files[file] = content
            elif name in NEEDED:
                raise _lacking(where, file)
            if progress is not None:
                progress(name, done, len(wanted))
    return files


def parse(files: Mapping[str, bytes], *, telemetry: bool = False) -> Race:
    """Race or sprint of `races`; the first, where a recording holds several."""
    return races(files, telemetry=telemetry)[0]


def races(files: Mapping[str, bytes], *, telemetry: bool = False) -> list[Race]:
    """Race or sprint that the streams of a session recorded; of a recording all that it holds.

    Parameters
    ----------
    files
        What `fetch` gives: content by file name. They do not say which round of the season it is.
    telemetry
        Whether to read what the cars measured and where they were, where it is there.

    Raises
    ------
    UnreadableError
        A stream is missing, or not what it should be; says which, where, and what was expected.

    Notes
    -----
    Lap and sector times are exact, and tie the timed lines of a car to one another. Gaps are exact
    too: :math:`t_i = t_1 + gap_i` at every loop, where :math:`t_1` is the leader there; at the Line
    they tie the cars. Only where all of it lies in time is left to the clock of the stream, at the
    Line once for the race, at every other loop once a lap. Such crossings have the basis ``gap``;
    where a car sent none they have the basis ``clock``.

    References
    ----------
    ``GapToLeader``, ``IntervalToPositionAhead``, ``LastLapTime`` and ``Sectors`` of ``TimingData``.
    """
    if len(files) == 1 and not next(iter(files)).endswith(SUFFIX):
        return recording.races(*next(iter(files.items())), telemetry=telemetry)
    return [_archived(files, telemetry=telemetry)]


def _archived(files: Mapping[str, bytes], *, telemetry: bool) -> Race:
    """Race of the streams of the archive."""
    if lacking := [name for name in NEEDED if name + SUFFIX not in files]:
        raise UnreadableError(
            f"no {lacking[0]}{SUFFIX}; expected the streams of a session", file=lacking[0] + SUFFIX
        )
    wanted = {name + SUFFIX for name in STREAMS}
    streams, broken = _streams({file: raw for file, raw in files.items() if file in wanted})
    race, started = _race_of(streams)
    if broken:
        reason = (
            f"{len(broken)} lines of the streams are broken, the first of them line "
            f"{broken[0].facts['line']} of {broken[0].facts['file']}: left out"
        )
        race = with_doubts(race, [reason])
    if not telemetry:
        return race
    since = timedelta(milliseconds=started)
    return packed.with_packed(race, packed.streams_of(files), started=since)


def _streams(files: Mapping[str, bytes]) -> tuple[dict[str, list[Update]], list[UnreadableError]]:
    """Streams of files, in their order, and what is wrong with lines that are none."""
    streams: dict[str, list[Update]] = {}
    broken: list[UnreadableError] = []
    for file, content in files.items():
        streams[file.removesuffix(SUFFIX)], wrong = read_lines(file, content)
        broken += wrong
    return streams, broken


def _race_of(streams: dict[str, list[Update]]) -> tuple[Race, int]:
    """Race of streams, and the clock at lights out; messages that make no sense are left out."""
    try:
        return race_of(streams, source=SOURCE), lights_out(streams).clock
    except UnreadableError as error:
        updates = _in_order(streams)
        fold = Fold(source=SOURCE)
        for message in _messages(updates, SOME_DAY):
            fold.take(message)
        try:
            return fold.race(), updates[0][0].clock + fold.told().start.clock
        except RacecraftError:
            raise error from None


def _in_order(streams: Mapping[str, Sequence[Update]]) -> list[tuple[Update, str]]:
    """Everything that was said, by time, each with the name of its stream."""
    updates = [(update, name) for name, each in streams.items() for update in each]
    return sorted(updates, key=lambda said: said[0].clock)


def _messages(updates: Sequence[tuple[Update, str]], began: datetime) -> list[Message]:
    return [
        Message(began + timedelta(milliseconds=update.clock), name, update.data)
        for update, name in updates
    ]


def messages_of(files: Mapping[str, bytes]) -> list[Message]:
    """Everything that the files of a session hold, as a client would have heard it while it ran.

    Parameters
    ----------
    files
        What `fetch` gives: streams of the archive, or one recording.

    Raises
    ------
    UnreadableError
        A stream is not what it should be; a recording holds no message.
    """
    if len(files) == 1 and not next(iter(files)).endswith(SUFFIX):
        [(file, content)] = files.items()
        return recording.read_recording(file, content, STREAMS).messages
    updates = _in_order(_streams(files)[0])
    clocked = ("RaceControlMessages", "SessionInfo", "SessionStatus")
    began = time_of_day(
        *([update for update, name in updates if name == stream] for stream in clocked)
    )
    return _messages(updates, began)


def find(
    season: int, event: str, session: SessionName = "race", *, base_url: str = ARCHIVE_URL
) -> str:
    """Address of a session in the archive, for `fetch`.

    Parameters
    ----------
    season, event, session
        Year, name of the event with or without accents, and ``race`` or ``sprint``.
    base_url
        Address of the archive.

    Raises
    ------
    NotFoundError
        The archive has no such season, event or session; names the events it has.
    UnreachableError
        The archive does not answer.
    UnreadableError
        Its index is none.
    """
    with web.connect() as client:
        index = _get(client, f"{base_url}/{season}/Index.json")
    if index is None:
        raise NotFoundError(
            f"the live timing archive has no season {season}",
            hint="it begins in 2018",
            season=season,
        )
    return f"{base_url}/{session_path(index, event, session, season=season)}"


def session_path(index: bytes, event: str, session: SessionName, *, season: int) -> str:
    """Folder of a session, as the index of a season in the archive has it.

    Examples
    --------
    >>> index = b\'\'\'{"Meetings": [{"Name": "Toy Grand Prix", "Sessions": [
    ...     {"Type": "Race", "Name": "Race", "Path": "2023/Toy/Race/"}]}]}\'\'\'
    >>> session_path(index, "toy grand prix", "race", season=2023)
    '2023/Toy/Race'
    """
    meetings = _meetings(index, f"Index.json of {season}")
    sessions = meetings.get(event_id(event))
    if sessions is None:
        raise NotFoundError(
            f"the live timing archive has no {event!r} in {season}",
            hint=f"it has {', '.join(meetings) or 'nothing of that season'}",
            season=season,
            event=event,
        )
    if session not in sessions:
        raise NotFoundError(
            f"the live timing archive has no {session} of the {event} in {season}",
            season=season,
            event=event,
            session=session,
        )
    return sessions[session]


def _get(client: httpx.Client, url: str, *, optional: bool = False) -> bytes | None:
    """Content of a file of the archive; None if it has none."""
    try:
        return web.get(client, url)
    except NotFoundError:
        return None
    except UnreachableError as error:
        if error.facts.get("status") not in LOCKED:
            raise
        if optional:
            return None
        raise UnreachableError(
            "the live timing archive needs an F1 TV account since October 2026",
            hint="OpenF1 and TracingInsights have races without one: 'racecraft data add openf1'; "
            "a recording or a folder of streams can be added by 'racecraft data add livetiming'",
            **error.facts,
        ) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _read(path: Path, largest: int | None = None) -> bytes | None:
    """Content of a file in a folder; None if there is none."""
    largest = LARGEST_FILE if largest is None else largest
    try:
        size, largest = path.stat().st_size, largest or LARGEST_FILE
        if size > largest:
            raise UnreadableError(
                f"{path.name}: {size} bytes; expected {largest} at most", file=str(path)
            )
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(
            f"{path}: {error.strerror}; expected a stream of the live timing", file=str(path)
        ) from error


def _lacking(where: str | Path, file: str) -> NotFoundError | UnreadableError:
    if "://" in str(where):
        return NotFoundError(f"the live timing archive has no {file} at {where}", url=str(where))
    if not Path(where).is_dir():
        return UnreadableError(
            f"{where}: no folder and no file; expected the streams of a session, or a recording",
            path=str(where),
        )
    return UnreadableError(
        f"{where}: no {file}; expected the streams of a session",
        hint=f"a race needs {', '.join(name + SUFFIX for name in NEEDED)}",
        path=str(where),
        file=file,
    )


def _meetings(index: bytes, file: str) -> dict[str, dict[SessionName, str]]:
    """Folders of the races and sprints of a season by event, as its index has them."""

    def wrong(place: str) -> UnreadableError:
        return UnreadableError(f"{file}, {place}; expected meetings and their sessions", file=file)

    try:
        document = json.loads(index.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise wrong("no JSON") from error
    found: dict[str, dict[SessionName, str]] = {}
    for number, meeting in enumerate(_list(document, "Meetings") or []):
        name = meeting.get("Name") if isinstance(meeting, dict) else None
        sessions = _list(meeting, "Sessions")
        if not isinstance(name, str) or sessions is None:
            raise wrong(f"meeting {number}")
        for session in sessions:
            if not isinstance(session, dict):
                raise wrong(f"session of {name[:40]}")
            path = session.get("Path")  # a session that is yet to come has none
            kind = session_kind(session.get("Type"), session.get("Name"), _year(session))
            if kind is not None and isinstance(path, str):
                found.setdefault(event_id(name), {})[kind] = path.strip("/")
    if not found:
        raise wrong("no race")
    return found


def _list(document: object, name: str) -> list[object] | None:
    value = document.get(name) if isinstance(document, dict) else None
    return value if isinstance(value, list) else None


def _year(session: dict[str, object]) -> int:
    began = str(session.get("StartDate", ""))[:4]
    return int(began) if began.isascii() and began.isdigit() else 0
