"""The page of a race, its replay, and their parts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

import racecraft as rc
from racecraft.analysis.outcome import outcome
from racecraft.analysis.race import Story, race_result
from racecraft.errors import NotFoundError
from racecraft.lookup.find import find_car, find_event
from racecraft.model.race import Race
from racecraft.model.terms import FORMULA_ONE, SessionName
from racecraft.show.moments import opening_rows
from racecraft.show.outcome import outcome_lines
from racecraft.show.web.pages import race_charts, race_view
from racecraft.show.web.pages.cars import cars_of
from racecraft.show.web.pages.live import race_followed
from racecraft.show.web.pages.page import (
    LIVE,
    PageRoute,
    data,
    page,
    path_of,
    race_path,
    shelf_of,
)
from racecraft.show.web.pages.replay_data import replay_object
from racecraft.show.web.shelf import Shelf
from racecraft.show.web.under_way import made_of
from racecraft.show.web.weighing import can_simulate, moments_or_none, season_of, weighed
from racecraft.sim.moments.from_results import race_of_result

router = APIRouter(include_in_schema=False, route_class=PageRoute)

RACE = "/{series}/{season:int}/{event}"


def asked_race(
    request: Request, series: str, season: int, event: str, session: SessionName = "race"
) -> Race:
    """Race of an address."""
    if series == LIVE:
        return race_followed(request)
    return shelf_of(request).race(season, event, session=session, series=series)


Asked = Annotated[Race, Depends(asked_race)]


@router.get(RACE)
def race(
    request: Request, series: str, season: int, event: str, session: SessionName = "race"
) -> Response:
    """A race: what it is at once, the rest as it is computed."""
    if series == LIVE:
        return RedirectResponse("/live")
    shelf = shelf_of(request)
    listed = shelf.events(season, series)
    name = find_event(listed, event, season=season)
    if name != event:
        return RedirectResponse(race_path(series, season, name, session))
    sessions = _sessions(shelf, series, season, name)
    if session not in sessions:
        return _told_by_result(shelf, series, season, name, session, sessions)
    found = shelf.race(season, name, session=session, series=series)
    return page(
        "race.html",
        race=found,
        facts=race_view.facts(found),
        circuit=_circuit(shelf, found),
        sessions=sessions,
        cars=cars_of(found),
        pair=race_result(found)["car"].head(2).to_list(),  # whose gap is shown first
        can_simulate=can_simulate(found),
    )


@router.get(RACE + "/replay")
def replay(request: Request, asked: Asked) -> Response:
    """The race again, at any speed."""
    if asked.event != request.path_params["event"]:
        return RedirectResponse(path_of(asked, "replay"))
    return page("replay.html", race=asked, facts=race_view.facts(asked))


@router.get(RACE + "/parts/replay.json")
def replay_json(request: Request, asked: Asked) -> Response:
    """Every crossing, and what happened when."""
    shelf = shelf_of(request)
    told = made_of(
        shelf, asked, "replay", lambda race: replay_object(race, moments_or_none(shelf, race))
    )
    return data(told)


@router.get(RACE + "/parts/story")
def story(request: Request, asked: Asked) -> HTMLResponse:
    """The race told."""
    shelf = shelf_of(request)
    season, moments = season_of(shelf, asked), moments_or_none(shelf, asked)
    view = made_of(
        shelf,
        asked,
        "story view",
        lambda race: race_view.story_view(_story(shelf, race), moments, season),
    )
    return page("parts/story.html", **view)


@router.get(RACE + "/parts/chances.json")
def chances(request: Request, asked: Asked, simulated: bool = False) -> Response:
    """Chances to win after every lap."""
    outlook = weighed(shelf_of(request), asked, simulated=simulated).outlook
    return data(race_charts.chances_chart(asked, outlook))


@router.get(RACE + "/parts/places.json")
def places(request: Request, asked: Asked) -> Response:
    """Places at the end of every lap."""
    return data(made_of(shelf_of(request), asked, "places", race_charts.places_chart))


@router.get(RACE + "/parts/gaps.json")
def gaps(asked: Asked, a: str, b: str) -> Response:
    """How far one car was behind another, at every line."""
    return data(race_charts.gaps_chart(asked, find_car(asked, a), find_car(asked, b)))


@router.get(RACE + "/parts/timeline")
def timeline(request: Request, asked: Asked, simulated: bool = False) -> HTMLResponse:
    """Battles and moments along the laps."""
    shelf = shelf_of(request)
    moments = (
        weighed(shelf, asked, simulated=True).moments
        if simulated
        else moments_or_none(shelf, asked)
    )
    return page("parts/timeline.html", **race_view.timeline_view(asked, moments))


@router.get(RACE + "/parts/strategy")
def strategy(asked: Asked) -> HTMLResponse:
    """Sets of tyres, in order of the result."""
    order = race_result(asked)["car"].to_list()
    return page("parts/strategy.html", **race_view.strategy_view(asked, order))


@router.get(RACE + "/parts/control")
def control(asked: Asked) -> HTMLResponse:
    """What race control said and did."""
    return page("parts/control.html", **race_view.control_view(asked))


def _story(shelf: Shelf, race: Race) -> Story:
    return made_of(shelf, race, "story", rc.race)


def _sessions(shelf: Shelf, series: str, season: int, event: str) -> list[str]:
    """Sessions of an event of which the timing is stored."""
    return shelf.races(season, series=series).filter(event=event)["session"].to_list()


def _circuit(shelf: Shelf, race: Race) -> str:
    rows = shelf.events(race.season, race.series).filter(event=race.event).to_dicts()
    return ", ".join(filter(None, (rows[0]["circuit"], rows[0]["country"]))) if rows else ""


def _told_by_result(
    shelf: Shelf, series: str, season: int, event: str, session: SessionName, timed: list[str]
) -> HTMLResponse:
    """Page of a race whose timing is not stored, but whose result is known."""
    found = shelf.season(season, series=series)
    if found.results.filter(event=event, session=session).is_empty():
        raise NotFoundError(
            f"neither timing nor a result of the {session} of {event} {season} is stored",
            hint="racecraft data list says what is",
        )
    told = outcome(found, event, session)
    race = race_of_result(found, event, session)
    decided = opening_rows(moments_or_none(shelf, race)) if series == FORMULA_ONE else None
    context: dict[str, Any] = {"row": told.event, "result": told.result.to_dicts()}
    return page(
        "result.html", series=series, season=season, event=event, session=session, timed=timed,
        opening=[] if decided is None else decided["sentence"].to_list(),
        lines=outcome_lines(told), effect=race_view.meant(found, race), **context,
    )  # fmt: skip
