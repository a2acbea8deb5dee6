"""The pages, each at its address."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from racecraft.show.palette import COMPOUNDS, SAFE
from racecraft.show.web.pages import battle, check, live, race, season, simulate, title
from racecraft.show.web.pages.cars import legible
from racecraft.show.web.pages.page import PageRoute, page, shelf_of
from racecraft.show.web.pages.season_view import seasons_view

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
def seasons(request: Request) -> HTMLResponse:
    """Every season of which something is known, the newest first."""
    return page("seasons.html", all_series=seasons_view(shelf_of(request)))


@router.get("/palette.css")
def palette() -> Response:
    """Colours of `show.palette` as variables, legible on a light page and on a dark one."""
    named = {f"safe-{i}": shade for i, shade in enumerate(SAFE)}
    named |= {f"tyre-{name}": shade for name, shade in COMPOUNDS.items()}
    light, dark = (
        "".join(f"--{name}:{legible(shade)[which]};" for name, shade in named.items())
        for which in (0, 1)
    )
    text = (
        f":root{{{light}}}\n:root[data-theme=dark]{{{dark}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
    )
    return Response(text, media_type="text/css", headers={"cache-control": "max-age=3600"})


for part in (check, live, season, title, simulate, battle, race):
    router.include_router(part.router)
