"""The page of a season."""

from __future__ import annotations

from math import inf
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from racecraft.errors import NotFoundError, RacecraftError
from racecraft.show.web.pages.page import PageRoute, data, page, shelf_of
from racecraft.show.web.pages.season_view import (
    READ_S,
    best_view,
    calendar_view,
    standings_chart,
    standings_rows,
)
from racecraft.show.web.quick import UNASKED
from racecraft.show.web.shelf import Shelf

router = APIRouter(include_in_schema=False, route_class=PageRoute)

Kind = Literal["drivers", "constructors"]


@router.get("/{series}/{season:int}")
def season(request: Request, series: str, season: int) -> HTMLResponse:
    """A season: calendar at once, the rest when it is looked at."""
    shelf = shelf_of(request)
    if season not in shelf.seasons(series):
        raise NotFoundError(
            f"nothing of {series} {season} is stored", hint="'racecraft data list' says what is"
        )
    events = calendar_view(shelf, series, season)
    timed = sum(one["timed"] for event in events for one in event["sessions"])
    return page(
        "season.html", series=series, season=season, events=events, timed=timed,
        adds_up=_adds_up(shelf, series, season),
        won=any(one["winner"] for event in events for one in event["sessions"]),
        numbered=any(event["round"] is not None for event in events),
        placed=any(event["circuit"] for event in events),
        dated=any(event["date"] for event in events),
    )  # fmt: skip


@router.get("/{series}/{season:int}/parts/standings.json")
def standings_points(
    request: Request, series: str, season: int, kind: Kind = "drivers"
) -> Response:
    """Points after every round."""
    shelf = shelf_of(request)
    found = shelf.season(season, series=series)
    return data(shelf.of_season(f"standings {kind}", found, lambda s: standings_chart(s, kind)))


@router.get("/{series}/{season:int}/parts/standings")
def standings_part(
    request: Request, series: str, season: int, kind: Kind = "drivers"
) -> HTMLResponse:
    """Standings after the last round, as a table."""
    shelf = shelf_of(request)
    found = shelf.season(season, series=series)
    rows = shelf.of_season(f"rows {kind}", found, lambda s: standings_rows(s, kind))
    return page("parts/standings.html", rows=rows, kind=kind, series=series, season=season)


@router.get("/{series}/{season:int}/parts/best")
def best(request: Request, series: str, season: int) -> HTMLResponse:
    """The fiercest battles of the season, and the moments that weighed most, of races read so far.

    Who asks again, as the page does, gets more of them, until all are read.
    """
    waits = not request.scope.get(UNASKED)
    view = best_view(shelf_of(request), series, season, within_s=READ_S if waits else inf)
    shown = page("parts/best.html", again=request.url.path, **view)
    if view["read"] < view["races"]:
        shown.headers["cache-control"] = "no-store"
    return shown


def _adds_up(shelf: Shelf, series: str, season: int) -> bool:
    """Whether there are results of a season, and rules to add them up by."""
    found = shelf.season(season, series=series)
    try:
        shelf.of_season("standings drivers", found, standings_chart)
    except RacecraftError:
        return False
    return True
