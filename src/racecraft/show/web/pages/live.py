"""The pages of a race that is being run: the same as afterwards, as far as it has come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from racecraft.errors import NotFoundError, RacecraftError
from racecraft.model.race import Race
from racecraft.show.web.pages.page import PageRoute, page
from racecraft.show.web.under_way import UNDER_WAY, UnderWay

if TYPE_CHECKING:
    from racecraft.live.events import Event
    from racecraft.live.follower import Follower

router = APIRouter(include_in_schema=False, route_class=PageRoute)

TICK_S = 1.0
SILENT_TICKS = 15  # after which a word is said all the same, so that the line stays open
TOLD = 40  # events that somebody hears who joins


@router.get("/live")
def live(request: Request) -> HTMLResponse:
    """What is being run now; where nothing is followed, how to follow it."""
    follower = _follower(request)
    if follower is None:
        return page("live.html", following=None, race=None)
    try:
        race = live_race(follower)
    except RacecraftError:
        race = None  # it has not started
    return page("live.html", following=follower.screen.name or "A race", race=race)


@router.get("/live/stream")
async def stream(request: Request) -> StreamingResponse:
    """Events of the server: the screen whenever it changes, and what happens."""
    follower = _some(request)
    return StreamingResponse(
        _told(request, follower),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )


def live_race(follower: Follower) -> Race:
    """The race that is followed, as far as it has come; known as one under way.

    Raises
    ------
    NotEnoughDataError
        It has not started.
    """
    race = follower.race()
    if race not in UNDER_WAY:
        UNDER_WAY[race] = UnderWay(distance=follower.screen.distance or 0)
    return race


def race_followed(request: Request) -> Race:
    """The race of an address below ``/live``.

    Raises
    ------
    NotFoundError
        No race is followed.
    """
    return live_race(_some(request))


def screen_of(follower: Follower) -> dict[str, Any]:
    """What the timing screen shows, as an object."""
    screen = follower.screen
    return {
        "name": screen.name,
        "lap": screen.lap,
        "distance": screen.distance,
        "flag": screen.flag,
        "ended": follower.ended,
        "title": follower.watch.title,
        "doubts": follower.doubts(),
        "rows": [asdict(row) for row in screen.rows()],
    }


async def _told(request: Request, follower: Follower) -> AsyncIterator[bytes]:
    """Lines of a stream of events, until whoever asked is gone or the race is over."""
    shown, silent = "", 0
    last: Event | None = None
    while not await request.is_disconnected():
        now = json.dumps(screen_of(follower), ensure_ascii=False)
        news = _since(follower, last)
        silent = 0 if now != shown or news else silent + 1
        if now != shown:
            shown = now
            yield f"event: screen\ndata: {now}\n\n".encode()
        for event in news:
            said = json.dumps(event.object(), ensure_ascii=False)
            yield f"event: happened\ndata: {said}\n\n".encode()
        last = news[-1] if news else last
        if silent == SILENT_TICKS:
            silent = 0
            yield b": still here\n\n"
        if follower.ended:
            yield b"event: over\ndata: {}\n\n"
            return
        await asyncio.sleep(TICK_S)


def _since(follower: Follower, last: Event | None) -> list[Event]:
    """Events after one that was told; to begin with, the latest of them."""
    recent = list(follower.recent)
    if last is None:
        return recent[-TOLD:]
    at = next((i for i in range(len(recent) - 1, -1, -1) if recent[i] is last), -1)
    return recent[at + 1 :]


def _some(request: Request) -> Follower:
    follower = _follower(request)
    if follower is None:
        hint = "racecraft serve --replay FOLDER follows one"
        raise NotFoundError("no race is followed", hint=hint)
    return follower


def _follower(request: Request) -> Follower | None:
    found: Follower | None = getattr(request.app.state, "live", None)
    return found
