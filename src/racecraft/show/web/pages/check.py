"""The page on which an article is checked: its claims are marked in place, the proof beside."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

import racecraft as rc
from racecraft.errors import ArgumentError
from racecraft.press.intake.article import read
from racecraft.show.findings_page import checked_part
from racecraft.show.web.pages.page import PageRoute, page, shelf_of
from racecraft.show.web.shelf import Shelf

router = APIRouter(include_in_schema=False, route_class=PageRoute)


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
    return checked_part(article, rc.fact_check(article, shelf.history()))
