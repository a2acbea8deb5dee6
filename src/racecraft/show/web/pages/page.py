"""A page, or a part of one: a template filled in, and an error that is shown as a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from racecraft import __version__
from racecraft.analysis.fights.battle_words import laps_words
from racecraft.errors import RacecraftError
from racecraft.model.clock import clock
from racecraft.model.race import Race
from racecraft.model.terms import SessionName, series_name
from racecraft.show.simulation import ordinal, percent
from racecraft.show.text import plural
from racecraft.show.web.problems import status_of
from racecraft.show.web.quick import has_it, ready_of
from racecraft.show.web.shelf import Shelf
from racecraft.show.web.under_way import UNDER_WAY

TEMPLATES = Path(__file__).parents[1] / "templates"
HEADLINE = {404: "Not found", 422: "That cannot be"}
OK = 200
LIVE = "live"  # in an address in place of a series: the race that is followed


class PageRoute(APIRoute):
    """Route whose answers are remembered as they leave, but those of a race under way and parts.

    A part is told not to be stored, by whoever has only some of it.

    Its errors are a page for a browser that asked for one; else a problem as JSON.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Handler that shows an error of ours to whoever reads pages."""
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                answer = await handle(request)
            except RacecraftError as error:
                if not reads_pages(request):
                    raise
                return error_page(error)
            return _remembered(request, answer)

        return shown


def reads_pages(request: Request) -> bool:
    """Whether whoever asks would rather have a page than JSON."""
    return "text/html" in request.headers.get("accept", "")


def page(template: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Page, or part of one, of a template."""
    text = ENVIRONMENT.get_template(template).render(version=__version__, **context)
    return HTMLResponse(text, status_code=status)


def data(value: object) -> Response:
    """What a script of a page reads, as small as JSON can be."""
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return Response(said.encode(), media_type="application/json")


def error_page(error: RacecraftError) -> HTMLResponse:
    """Page that says what is wrong, and what to try."""
    status = status_of(error)
    return page(
        "error.html",
        status=status,
        headline=HEADLINE.get(status, "That went wrong"),
        message=error.message,
        hint=error.hint,
    )


def shelf_of(request: Request) -> Shelf:
    """Races and seasons that the application answers from."""
    shelf: Shelf = request.app.state.shelf
    return shelf


def season_path(series: str, season: int) -> str:
    """Address of the page of a season."""
    return f"/{quote(series, safe='')}/{season}"


def race_path(
    series: str, season: int, event: str, session: SessionName | str = "race", view: str = ""
) -> str:
    """Address of the page of a race or sprint, or of one of its views."""
    tail = f"/{view}" if view else ""
    asked = "" if session == "race" else f"?session={session}"
    return f"{season_path(series, season)}/{quote(event, safe='')}{tail}{asked}"


def path_of(race: Race, view: str = "") -> str:
    """Address of the page of a race, or of one of its views."""
    if race in UNDER_WAY:
        return race_path(LIVE, race.season, race.event, view=view)
    return race_path(race.series, race.season, race.event, race.session, view)


def base_of(race: Race) -> str:
    """Address of a race without its session, which parts and views are below."""
    return path_of(race).split("?", maxsplit=1)[0]


def place_among(row: dict[str, Any]) -> str:
    """The place of a battle as a number, in the class of its cars where there are several."""
    if row["class"] is None:
        return ordinal(row["position"])
    return f"{ordinal(row['class_position'])} in {row['class']}"


def day(on: date | None) -> str:
    """Day as it is written in a text.

    >>> day(date(2021, 12, 12))
    '12 December 2021'
    """
    return f"{on.day} {on:%B %Y}" if on else ""


def seconds(time: timedelta | None, digits: int = 3) -> str:
    """Seconds with so many decimals; nothing where they are not known."""
    return "" if time is None else f"{time / timedelta(seconds=1):.{digits}f}"


def _remembered(request: Request, answer: Response) -> Response:
    """An answer, kept for whoever asks the same until the store is another."""
    path = request.scope["path"]
    under_way = path.split("/")[1] == LIVE
    passing = under_way or answer.headers.get("cache-control") == "no-store"
    if request.method != "GET" or answer.status_code != OK or passing:
        return answer
    query = request.scope["query_string"].decode("latin-1")
    known = ready_of(answer)
    shelf_of(request).remember((path, query), known)
    if has_it(request.headers.get("if-none-match", ""), known.etag):
        return Response(status_code=304, headers={"etag": known.etag, "cache-control": "no-cache"})
    return answer


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "among": place_among,
        "clock": lambda time: "" if time is None else clock(time),
        "day": day,
        "laps": lambda row: laps_words(row["start_lap"], row["end_lap"]),
        "number": lambda value: "" if value is None else f"{value:g}",
        "ordinal": ordinal,
        "percent": percent,
        "plural": plural,
        "seconds": seconds,
        "series_name": series_name,
    }
    made.globals |= {
        "race_path": race_path,
        "season_path": season_path,
        "path_of": path_of,
        "base_of": base_of,
    }
    return made


ENVIRONMENT = _environment()
