"""The pages, each at its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from racecraft.errors import NotFoundError
from racecraft.show.palette import COMPOUNDS, SAFE
from racecraft.show.web.pages import battle, check, live, race, season, simulate, title
from racecraft.show.web.pages.cars import legible
from racecraft.show.web.pages.page import PageRoute, error_page, page, reads_pages, shelf_of
from racecraft.show.web.pages.season_view import seasons_view
from racecraft.show.web.problems import SHOWN, problem_of_http

if TYPE_CHECKING:
    from fastapi import FastAPI

FOR_PROGRAMS = ("/api/", "/ergast/", "/v1/")  # addresses below which errors are JSON

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


def show_what_is_missing(app: FastAPI) -> None:
    """Have an application answer with a page where there is nothing, to whoever reads pages."""
    app.add_exception_handler(HTTPException, _missing)


def _missing(request: Request, error: Exception) -> Response:
    path = request.url.path
    missing = isinstance(error, HTTPException) and error.status_code == 404
    if not missing or not reads_pages(request) or path.startswith(FOR_PROGRAMS):
        return problem_of_http(request, error)
    hint = "a season is at /f1/2023, a race at /f1/2023/sao-paulo-grand-prix"
    return error_page(NotFoundError(f"there is nothing at {path[:SHOWN]}", hint=hint))


for part in (check, live, season, title, simulate, battle, race):
    router.routes.extend(part.router.routes)
