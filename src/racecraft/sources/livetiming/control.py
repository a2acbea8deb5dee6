"""What race control said of a session: what it is, when it began, flags, messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from racecraft.model.race import CONTROL, MESSAGES, is_event_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from racecraft.model.terms import SessionName, State
    from racecraft.sources.livetiming.stream import Update

# Codes of the track status; 7 is a virtual safety car about to end.
STATES: dict[str, State | None] = {
    "1": None, "2": "yellow", "4": "SC", "5": "red", "6": "VSC", "7": "VSC",
}  # fmt: skip
STOPPED = "Aborted"  # status of a session under a red flag, until it is "Started" again
OVER = ("Finished", "Finalised", "Ends")
DRIVEN = "driven"  # what laps say of a session
LEAST_LAP, LONGEST_LAP = 50_000, 240_000  # milliseconds; the longest behind a safety car in rain
SAME = 2000  # milliseconds; a message farther from its own time of day was sent again

_CAR = re.compile(r"\bCARS? (\d{1,2})\b")
_CARS = re.compile(r"\bCARS \d|\bCAR \d.*\bCAR \d")
_DELETED = re.compile(r"\bCAR (\d{1,2}) .*\b(?:TIME|LAP)\b.*\bDELETED\b.*\bLAP (\d{1,2})\b")
_REINSTATED = re.compile(r"\bCAR (\d{1,2}) .*\bLAP (\d{1,2})\b.*\bREINSTATED\b")


@dataclass(frozen=True)
class SessionFacts:
    """Which session it is."""

    name: str
    session: SessionName
    date: date


def session_facts(updates: Sequence[Update]) -> SessionFacts:
    """Return which race or sprint a ``SessionInfo`` is about.

    Raises
    ------
    UnreadableError
        It lacks its name or date, or is about practice or qualifying.
    """
    info: dict[str, Any] = {}
    for update in updates:
        info |= update.data
    last = updates[-1]
    meeting = last.fields("Meeting", info.get("Meeting"))
    event = last.text("Meeting.Name", meeting.get("Name"))
    name = last.text("Name", info.get("Name"))
    began = last.text("StartDate", info.get("StartDate"))
    try:
        day = datetime.fromisoformat(began).date()
    except ValueError as error:
        raise last.wrong("StartDate", began, "a date such as 2023-11-05T14:00:00") from error
    if not is_event_name(event):
        raise last.wrong("Meeting.Name", event, "the name of an event, in letters and digits")
    session = session_kind(info.get("Type"), name, day.year)
    if session is None:
        raise last.wrong("Type", f"{info.get('Type')}: {name}", "a race or a sprint")
    return SessionFacts(event, session, day)


def session_kind(kind: object, name: object, season: int) -> SessionName | None:
    """Whether a session is the race or the sprint; None for practice and qualifying.

    The sprint of 2021 was called Sprint Qualifying, as its qualifying was in later seasons.

    >>> session_kind("Qualifying", "Sprint Qualifying", 2024)
    """
    text = str(name).casefold()
    if kind != "Race" and not (text == "sprint qualifying" and season == 2021):
        return None
    return "sprint" if "sprint" in text else "race"


def finished(updates: Sequence[Update]) -> bool:
    """Return whether the session ran to its end, or the record stops before."""
    return any(update.data.get("Status") in OVER for update in updates)


def control(
    updates: Sequence[Update], status: Sequence[Update], laps: Sequence[Update], *, started: int
) -> pl.DataFrame:
    """Return ``CONTROL``: from lights out on, each state while it held.

    Parameters
    ----------
    updates, status, laps
        ``TrackStatus``, ``SessionStatus`` and ``LapCount``. A race that is stopped is under red
        until it is resumed, though the track is clear minutes before; where nobody says so, until
        the leader ends a lap and then the next one.
    """
    if not updates:
        return CONTROL.empty()
    stoppages = _stoppages(status, _lapped(laps), started)
    changes = _with_stoppages(_track_states(updates, started), stoppages)
    rows: list[dict[str, object]] = []
    ends: list[int | None] = [*(begin for begin, _ in changes[1:]), None]
    for (begin, state), end in zip(changes, ends, strict=False):
        if state is None or end == begin:
            continue
        if rows and rows[-1]["state"] == state and rows[-1]["to"] == _duration(begin):
            rows[-1]["to"] = _duration(end)
        else:
            rows.append({"from": _duration(begin), "to": _duration(end), "state": state})
    return CONTROL.rows(rows) if rows else CONTROL.empty()


def messages(updates: Sequence[Update], *, started: int, codes: Mapping[str, str]) -> pl.DataFrame:
    """Return ``MESSAGES`` of ``RaceControlMessages``.

    A message is as old as the line that brought it; but a stream that begins late repeats what was
    said before, and then the time of day counts.
    """
    said = list(_each_once(updates))
    of_day = [_time_of_day(update, message.get("Utc")) for update, message in said]
    offsets = [
        update.clock - time
        for (update, _), time in zip(said, of_day, strict=True)
        if time is not None
    ]
    offset = median(offsets) if offsets else 0
    rows = []
    for (update, message), time in zip(said, of_day, strict=True):
        clock: float = update.clock
        if time is not None and abs(time + offset - clock) > SAME:
            clock = time + offset
        rows.append(_message(update, message, timedelta(milliseconds=clock - started), codes))
    return MESSAGES.rows(rows) if rows else MESSAGES.empty()


def time_of_day(
    said: Sequence[Update], facts: Sequence[Update], status: Sequence[Update]
) -> datetime:
    """Time of day in UTC when the clock of the stream stood at zero.

    Parameters
    ----------
    said, facts, status
        ``RaceControlMessages``, whose times of day are of whole seconds; without any the session
        is taken to start as planned in ``SessionInfo``, by the first start in ``SessionStatus``.
    """
    told = [
        time - update.clock
        for update in said
        for _, message in update.items("Messages", update.data.get("Messages", []))
        if (time := _time_of_day(update, update.fields("Messages", message).get("Utc"))) is not None
    ]
    began = median(told) if told else _as_planned(facts, status)
    return datetime.fromtimestamp(round(began) / 1000, UTC)


def _as_planned(facts: Sequence[Update], status: Sequence[Update]) -> float:
    """Milliseconds of the time of day at which the clock would have been at zero."""
    info: dict[str, Any] = {}
    for update in facts:
        info |= update.data
    started = [update.clock for update in status if update.data.get("Status") == "Started"]
    offset = re.fullmatch(r"(-?)(\d\d):(\d\d):\d\d", str(info.get("GmtOffset")))
    try:
        local = datetime.fromisoformat(str(info.get("StartDate"))).replace(tzinfo=UTC)
    except ValueError:
        local = datetime(2000, 1, 1, tzinfo=UTC)
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3])) if offset else timedelta(0)
    planned = local + ahead if offset and offset[1] else local - ahead
    return planned.timestamp() * 1000 - (started[0] if started else 0)


def deleted_laps(messages: pl.DataFrame, codes: Mapping[str, str]) -> set[tuple[str, int]]:
    """Driver and lap of every lap time that stayed deleted.

    Examples
    --------
    >>> said = MESSAGES.rows([{"text": "CAR 4 (NOR) TIME 1:44.9 DELETED - TURN 4 LAP 7"}])
    >>> deleted_laps(said, {"4": "NOR"})
    {('NOR', 7)}
    """
    deleted: set[tuple[str, int]] = set()
    for text in messages["text"]:
        if (found := _REINSTATED.search(text)) and found[1] in codes:
            deleted.discard((codes[found[1]], int(found[2])))
        elif (found := _DELETED.search(text)) and found[1] in codes:
            deleted.add((codes[found[1]], int(found[2])))
    return deleted


def through_the_pits(messages: pl.DataFrame) -> Iterator[tuple[timedelta, timedelta]]:
    """When the safety car led the field through the pit lane: from, to."""
    begin: timedelta | None = None
    for time, text in messages.select("time", "text").iter_rows():
        if "THROUGH THE PIT" in text:
            begin = begin or time
        elif begin is not None and ("START/FINISH STRAIGHT" in text or "IN THIS LAP" in text):
            yield begin, time
            begin = None
    if begin is not None:
        yield begin, timedelta.max


def _track_states(updates: Sequence[Update], started: int) -> list[tuple[int, State | None]]:
    """When the track came into which state, in milliseconds since lights out."""
    changes: list[tuple[int, State | None]] = []
    for update in updates:
        code = update.text("Status", update.data.get("Status", ""))
        if not code.isdecimal():
            raise update.wrong("Status", code, f"a track status: {', '.join(STATES)}")
        changes.append((max(update.clock - started, 0), STATES.get(code)))
    return changes


def _lapped(laps: Sequence[Update]) -> list[int]:
    """When the leader began a lap and began the next one no longer after than a lap takes."""
    counted = [update.clock for update in laps if "CurrentLap" in update.data]
    return [one for one, other in pairwise(counted) if LEAST_LAP < other - one < LONGEST_LAP]


def _stoppages(
    status: Sequence[Update], lapped: Sequence[int], started: int
) -> list[tuple[int, int | None]]:
    """From when until when the race was stopped; None where it has not been resumed yet."""
    said = [(update.clock, update.data.get("Status")) for update in status]
    driven = [(clock, DRIVEN) for clock in lapped]
    stoppages: list[tuple[int, int | None]] = []
    since: int | None = None
    for at, word in sorted([*said, *driven], key=lambda told: told[0]):
        clock = at - started
        if word == STOPPED and since is None and clock > 0:
            since = clock
        elif since is not None and word in ("Started", DRIVEN, *OVER):
            stoppages.append((since, clock))
            since = None
    return stoppages if since is None else [*stoppages, (since, None)]


def _with_stoppages(
    changes: list[tuple[int, State | None]], stoppages: list[tuple[int, int | None]]
) -> list[tuple[int, State | None]]:
    """The same changes, the state red throughout each stoppage."""
    for begin, end in stoppages:
        until = float("inf") if end is None else end
        before = [change for change in changes if change[0] < begin]
        after = [change for change in changes if change[0] > until]
        held = [state for at, state in changes if at <= until]
        changes = [*before, (begin, "red")]
        if end is not None:
            resumed = held[-1] if held and held[-1] != "red" else None
            changes += [(end, resumed), *after]
    return changes


def _each_once(updates: Sequence[Update]) -> Iterator[tuple[Update, dict[str, Any]]]:
    """Messages without those that whoever joins is told once more."""
    told: set[tuple[object, object]] = set()
    for update in updates:
        for _, item in update.items("Messages", update.data.get("Messages", [])):
            message = update.fields("Messages", item)
            key = (str(message.get("Utc")), str(message.get("Message")))
            if message.get("Utc") is None or key not in told:
                yield update, message
            told.add(key)


def _message(
    update: Update, message: dict[str, Any], time: timedelta, codes: Mapping[str, str]
) -> dict[str, object]:
    text = update.text("Message", message.get("Message", ""))
    number = str(message.get("RacingNumber", ""))
    if not number and (found := _CAR.search(text)) and not _CARS.search(text):
        number = found[1]
    row: dict[str, object] = {"time": time, "text": text, "car": codes.get(number)}
    for field, column in (("Lap", "lap"), ("Sector", "sector")):
        if field in message:
            row[column] = update.whole(field, message[field])
    for field, column in (("Category", "category"), ("Flag", "flag")):
        if field in message:
            row[column] = update.text(field, message[field])
    return row


def _time_of_day(update: Update, value: object) -> float | None:
    """Milliseconds of the time of day that a message bears, from any day on."""
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(update.text("Utc", value))
    except ValueError as error:
        raise update.wrong("Utc", value, "a time such as 2023-11-05T17:00:00") from error
    return time.replace(tzinfo=UTC).timestamp() * 1000


def _duration(milliseconds: int | None) -> timedelta | None:
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)
