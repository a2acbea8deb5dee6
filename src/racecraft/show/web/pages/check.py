"""The page on which an article is checked: its claims are marked in place, the proof beside."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

import racecraft as rc
from racecraft.errors import ArgumentError
from racecraft.history.results import History
from racecraft.history.stored import history_of
from racecraft.model.race import Race
from racecraft.press.intake.article import read
from racecraft.show.findings_page import checked_part
from racecraft.show.web.pages.page import PageRoute, page, shelf_of
from racecraft.show.web.shelf import Kept, Shelf

router = APIRouter(route_class=PageRoute)

_HISTORIES = Kept(2)  # of all seasons of a store


@router.get("/check")
def check() -> HTMLResponse:
    """A place to put an article."""
    return page("check.html")


@router.post("/check/parts/claims")
async def claims(request: Request) -> HTMLResponse:
    """The article of the body with its claims marked, and what the data say of each."""
    body = await request.body()
    if not body.strip():
        raise ArgumentError("there is no article to check", hint="paste its text")
    return HTMLResponse(await run_in_threadpool(_checked, shelf_of(request), body))


def _checked(shelf: Shelf, body: bytes) -> str:
    article = read(body, name="article")
    history = _HISTORIES.get((id(shelf), shelf.stamp), partial(_history, shelf))
    return checked_part(article, rc.fact_check(article, history))


def _history(shelf: Shelf) -> History:
    return history_of(shelf.store, race=partial(_timing_of, shelf))


def _timing_of(shelf: Shelf, season: int, round_: int, session: str) -> Race | None:
    """Race with its timing; None where that is not stored."""
    stored = shelf.races(season, series="f1").filter(round=round_, session=session)
    if stored.is_empty():
        return None
    return shelf.race(season, stored["event"][0], session=stored["session"][0])
