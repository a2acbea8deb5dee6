"""The JSON API: every table of every stored race and season, and what can be asked of a text."""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

import racecraft as rc
from racecraft import __version__
from racecraft.analysis.search import SEARCHED
from racecraft.model.race import RACE_TABLES
from racecraft.model.season import SEASON_TABLES
from racecraft.model.table import Table
from racecraft.model.terms import FORMULA_ONE
from racecraft.press.findings_table import FINDINGS
from racecraft.show.export import json_object
from racecraft.show.web import answers
from racecraft.show.web.api import of_race, of_season
from racecraft.show.web.api.offer import SeriesOf
from racecraft.show.web.api.reply import (
    MEDIA,
    ROWS,
    AsForm,
    Limit,
    Offset,
    check_names,
    reply_object,
    reply_rows,
)
from racecraft.show.web.api.schema import PROBLEMS, object_schema, responses_of
from racecraft.show.web.shelf import Shelf
from racecraft.sim.forecast import FORECAST
from racecraft.title.clinch import WHEN

router = APIRouter(prefix="/api/v1")

LONGEST = 200_000  # characters of a text to be checked
SEARCH_PAGED = {"where", "over", "season", "series", "format", "limit", "offset"}
ROW = {"type": "array", "items": {"type": "object"}}


class Text(BaseModel):
    """A text about races."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST, description="Text, Markdown or HTML.")
    season: int | None = Field(None, ge=1950, le=2100, description="Season that it is about.")
    event: str | None = Field(None, max_length=80, description="Event that it is about.")
    lang: str | None = Field(None, max_length=20, description="Its language: en, nl, ...")


@router.get(
    "", tags=["store"], operation_id="index", summary="Where what is.",
    response_class=Response,
    responses=responses_of({"name": {"type": "string"}, "version": {"type": "string"}}),
)  # fmt: skip
def index(request: Request) -> Response:
    """What there is, and where."""
    check_names(request, ())
    links = {
        "openapi": "/api/v1/openapi.json",
        "tables": "/api/v1/tables",
        "series": "/api/v1/series",
        "seasons": "/api/v1/seasons",
        "races": "/api/v1/races",
        "search": "/api/v1/search?where=swaps >= 3 and at_flag",
        "season": f"/api/v1{of_season.AT}/{{{'|'.join(of_season.DERIVED)}}}",
        "race": f"/api/v1{of_race.AT}/{{{'|'.join([*of_race.OBJECTS, *of_race.TABLES])}}}",
        "ergast": "/ergast/f1",
        "openf1": "/v1",
    }
    return reply_object(
        request, lambda: {"name": "racecraft", "version": __version__, "links": links}
    )


@router.get(
    "/tables", tags=["store"], operation_id="tables", summary="What each table holds.",
    response_class=Response, responses=responses_of({"tables": ROW}),
)  # fmt: skip
def tables(request: Request) -> Response:
    """Every table: its key, and its columns with their meaning."""
    check_names(request, ())
    return reply_object(request, lambda: {"tables": [_told(each) for each in _every_table()]})


@router.get(
    "/search", tags=["store"], operation_id="search", response_class=Response,
    responses={
        **PROBLEMS,
        200: {"description": "Rows that fit.", "content": {"application/json": {"schema": ROW}}},
    },
    summary="Battles, overtakes and results that fit a condition.",
)  # fmt: skip
def search(
    request: Request,
    where: Annotated[str, Query(min_length=1, max_length=500)],
    over: Annotated[str | None, Query(alias="in", pattern=f"^({'|'.join(SEARCHED)})$")] = None,
    season: of_season.SeasonYear = None,
    series: SeriesOf = FORMULA_ONE,
    form: AsForm = "json",
    limit: Limit = ROWS,
    offset: Offset = 0,
) -> Response:
    """Battles and overtakes of every stored race, and results of every season."""
    check_names(request, (SEARCH_PAGED - {"over"}) | {"in"})
    shelf: Shelf = request.app.state.shelf

    def made() -> pl.DataFrame:
        stored = shelf.races(season, series=series).select("season", "event", "session").rows()
        races = (
            shelf.race(year, event, session=session, series=series)
            for year, event, session in stored
        )
        known = shelf.seasons(series)
        years = [year for year in known if season in (None, year)]
        with shelf.slowly():
            seasons = (shelf.season(year, series=series) for year in years)
            return rc.search(races, where, seasons=seasons, over=over)

    return reply_rows(request, made, form, limit, offset)


@router.post(
    "/check", tags=["text"], operation_id="check", response_class=Response,
    responses={
        **PROBLEMS,
        200: {
            "description": "The race assumed, and every claim with its verdict.",
            "content": {"application/json": {"schema": object_schema({"findings": ROW})}},
        },
    },
    summary="Claims of a text, with verdicts.",
)  # fmt: skip
def check(request: Request, text: Annotated[Text, Body()]) -> Response:
    """Check the claims of a text about a race against the data, and say why."""
    from racecraft.press.finding import about_object, finding_object

    check_names(request, ())
    shelf: Shelf = request.app.state.shelf
    about = (text.season, text.event) if text.season and text.event else None
    checked = answers.check_text(shelf, text.text, event=about, lang=text.lang)
    told: dict[str, Any] = {
        "about": about_object(checked.about),
        "findings": [finding_object(finding) for finding in checked],
    }
    return Response(json_object(told), media_type=MEDIA["json"])


def _every_table() -> list[Table]:
    derived = [table for table, _ in (*of_race.TABLES.values(), *of_season.DERIVED.values())]
    more = [FORECAST, WHEN, FINDINGS]
    found = [*RACE_TABLES.values(), *SEASON_TABLES.values(), *derived, *more]
    return list({table.name: table for table in found}.values())


def _told(table: Table) -> dict[str, Any]:
    columns = [
        {"name": each.name, "type": str(each.dtype), "meaning": each.meaning}
        for each in table.columns
    ]
    return {"name": table.name, "key": list(table.key), "columns": columns}


of_season.offer_seasons(router)
of_race.offer_races(router)
