"""The OpenF1 API: sessions since 2023, asked without a key, a few calls at a time.

Its data may be used for what is not commercial, shared alike, and named; racecraft fetches it for
you and ships none of it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from platformdirs import user_cache_path

from racecraft.errors import NotFoundError, UnreachableError, UnreadableError
from racecraft.model.race import event_id
from racecraft.sources.http import client as web
from racecraft.sources.http.budget import Budget
from racecraft.sources.http.cache import PageCache
from racecraft.sources.source import tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import httpx

    from racecraft.model.terms import SessionName
    from racecraft.sources.source import Progress

SOURCE = "openf1"
BASE_URL = "https://api.openf1.org/v1"
SINCE = 2023
LIMITS = ((3, 1.0), (30, 60.0))  # calls a second and a minute, without an account
RUNNING_S, SETTLED_S = 3600.0, 30 * 86_400.0  # answers about a season that runs change

COLLECTIONS = (
    "drivers", "laps", "intervals", "position", "pit", "stints", "race_control", "session_result",
)  # fmt: skip
NEEDED = ("sessions", "drivers", "laps")
CAR_DATA, LOCATION = "car_data", "location"  # asked car by car: all at once is too much

_NAMES: dict[SessionName, str] = {"race": "Race", "sprint": "Sprint"}
_GRID: dict[SessionName, tuple[str, ...]] = {
    "race": ("Qualifying",),
    "sprint": ("Sprint Qualifying", "Sprint Shootout"),
}  # sessions under which the grid of a race is kept

Rows = list[dict[str, Any]]


def fetch(
    season: int,
    event: str,
    session: SessionName,
    *,
    telemetry: bool = False,
    cache_dir: Path | None = None,
    base_url: str = BASE_URL,
    progress: Progress | None = None,
) -> dict[str, bytes]:
    """Answers of the API about a session, by the names of its collections.

    Parameters
    ----------
    season, event, session
        Year, name of the event with or without accents, and ``race`` or ``sprint``.
    telemetry
        What the cars measured and where they were, too: two calls a car.
    cache_dir
        Folder for answers and for the count of calls; left out, the user's cache folder.
    base_url
        Address of the API.

    Raises
    ------
    NotFoundError
        It has no such season, event or session.
    UnreachableError
        No answer, or a refusal; says when to come back.
    """
    folder = cache_dir or user_cache_path("racecraft") / SOURCE
    running = season >= datetime.now().astimezone().year
    cache = PageCache(folder / "pages", RUNNING_S if running else SETTLED_S)
    budget = Budget(folder / "calls.sqlite", SOURCE, LIMITS)
    with web.connect(budget.spend) as client:

        def ask(question: str) -> bytes:
            return _answer(client, cache, f"{base_url.rstrip('/')}/{question}")

        meetings = rows_of("meetings", ask(f"meetings?{where(year=season)}"))
        meeting = _meeting(meetings, event, season)
        held = rows_of("sessions", ask(f"sessions?{where(meeting_key=meeting['meeting_key'])}"))
        found = [one for one in held if one.get("session_name") == _NAMES[session]]
        if not found:
            raise NotFoundError(
                f"OpenF1 has no {session} of the {event} in {season}", season=season, event=event
            )
        answers = {
            "meetings": json.dumps([meeting]).encode(),
            "sessions": json.dumps(found[:1]).encode(),
        }
        for done, name in enumerate(COLLECTIONS):
            tell(progress, f"OpenF1 {name}", done, len(COLLECTIONS))
            answers[name] = ask(f"{name}?{where(session_key=found[0]['session_key'])}")
        grid = next((one for one in held if one.get("session_name") in _GRID[session]), None)
        if grid is not None:
            answers["starting_grid"] = ask(
                f"starting_grid?{where(session_key=grid['session_key'])}"
            )
        if telemetry:
            numbers = [row.get("driver_number") for row in rows_of("drivers", answers["drivers"])]
            wanted = [(name, n) for n in numbers if n for name in (CAR_DATA, LOCATION)]
            for done, (name, number) in enumerate(wanted):
                tell(progress, f"OpenF1 {name} of car {number}", done, len(wanted))
                asked = where(session_key=found[0]["session_key"], driver_number=number)
                answers[f"{name}_{number}"] = ask(f"{name}?{asked}")
    return answers


def where(**bounds: object) -> str:
    """Query string of conditions: ``lap_number__ge=3`` asks for ``lap_number>=3``.

    An operator is a part of the key there, so ``>=`` and ``<=`` take the sign of equality that
    every key has, and ``>`` and ``<`` have none.

    Examples
    --------
    >>> where(session_key=9, lap_number__ge=3, lap_duration__lt=90.5)
    'session_key=9&lap_number%3E=3&lap_duration%3C90.5'
    >>> where(gap_to_leader="+1 LAP")
    'gap_to_leader=%2B1%20LAP'
    """
    signs = {"": "=", "ge": "%3E=", "le": "%3C=", "gt": "%3E", "lt": "%3C"}
    parts = []
    for name, value in bounds.items():
        field, _, bound = name.partition("__")
        parts.append(f"{field}{signs[bound]}{quote(str(value), safe='')}")
    return "&".join(parts)


def rows_of(name: str, body: bytes) -> Rows:
    """Rows of an answer: a list of flat objects.

    Raises
    ------
    UnreadableError
        It is something else.
    """
    try:
        rows = json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"openf1 {name}: no JSON; expected a list", file=name) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableError(f"openf1 {name}: expected a list of objects", file=name)
    return [_numbered(row) for row in rows]


def _numbered(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose number of a car is one, or unknown."""
    number = row.get("driver_number", 0)
    return row if type(number) is int else row | {"driver_number": None}


def _answer(client: httpx.Client, cache: PageCache, url: str) -> bytes:
    """Body of an answer, kept for a while; nothing found is an empty list."""
    page = url.partition("://")[2]
    body = cache.get(page)
    if body is not None:
        return body
    try:
        body = web.get(client, url)
    except NotFoundError as error:
        if "No results found" not in str(error.facts.get("said")):
            raise
        body = b"[]"
    except UnreachableError as error:
        raise _told(error) from error
    rows_of(page, body)  # what is no answer is not kept
    cache.put(page, body)
    return body


def _told(error: UnreachableError) -> UnreachableError:
    """A refusal in its own words: while a session runs, only subscribers are answered."""
    if error.facts.get("status") in (401, 403):
        return UnreachableError(
            "OpenF1 answers subscribers alone while a session is running",
            hint="come back half an hour after its end; other sources may have the race",
            **error.facts,
        )
    return error


def _meeting(meetings: Sequence[dict[str, Any]], event: str, season: int) -> dict[str, Any]:
    wanted = event_id(event)
    for meeting in meetings:
        if event_id(str(meeting.get("meeting_name", ""))) == wanted and "meeting_key" in meeting:
            return meeting
    known = ", ".join(str(meeting.get("meeting_name")) for meeting in meetings)
    raise NotFoundError(
        f"OpenF1 has no {event!r} in {season}",
        hint=f"it has {known or 'nothing of that season'}",
        season=season,
        event=event,
    )
