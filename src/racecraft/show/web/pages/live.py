"""The pages of a race that is being run: the same as afterwards, as far as it has come."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from racecraft.show.web.pages.page import PageRoute, page

router = APIRouter(route_class=PageRoute)


@router.get("/live")
def live(request: Request) -> HTMLResponse:
    """What is being run now; where nothing is followed, how to follow it."""
    del request
    return page("live.html", following=None)
