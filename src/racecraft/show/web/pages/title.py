"""The page of a championship: what is secured, what is out of reach, and what must happen next."""

from __future__ import annotations

from typing import Any, Literal

import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

import racecraft as rc
from racecraft.errors import NotFoundError, RacecraftError
from racecraft.lookup.find import find_driver
from racecraft.model.season import Season
from racecraft.show.simulation import ordinal
from racecraft.show.web.pages.page import PageRoute, page, season_path, shelf_of
from racecraft.show.web.pages.season_view import names_of
from racecraft.show.web.shelf import Shelf
from racecraft.title.clinch import Clinch
from racecraft.title.contenders import contenders
from racecraft.title.standings.calendar import calendar, sessions_run

router = APIRouter(include_in_schema=False, route_class=PageRoute)

Kind = Literal["drivers", "constructors"]
PLACES = 10  # of the championship that can be asked for
LEADERS = 10  # who can be asked for
SEASON = "/{series}/{season:int}"


@router.get(SEASON + "/title")
def title(
    request: Request,
    series: str,
    season: int,
    after: str | None = None,
    who: str | None = None,
    position: int = 1,
    kind: Kind = "drivers",
) -> HTMLResponse:
    """Whether somebody has secured a place, can reach it, and a grid of the next results."""
    shelf = shelf_of(request)
    found = shelf.season(season, series=series)
    after = after or _when_open(shelf, found, position, kind)
    table = rc.standings(found, after=after, kind=kind)
    column = "driver" if kind == "drivers" else "team"
    if table.is_empty():
        raise NotFoundError(f"nobody has scored after {after} of {season}")
    asked = find_driver(found.drivers, who) if who and kind == "drivers" else who
    asked = asked or table[column][0]
    names = names_of(found) if kind == "drivers" else {}
    leaders = table[column].head(LEADERS).to_list()
    return page(
        "title.html",
        series=series,
        season=season,
        after=after,
        who=asked,
        name=names.get(asked, asked),
        position=position,
        kind=kind,
        rounds=_rounds(found),
        people=[(one, names.get(one, one)) for one in dict.fromkeys([*leaders, asked])],
        places=range(1, min(PLACES, len(table)) + 1),
    )


@router.get(SEASON + "/parts/contenders")
def contenders_part(
    request: Request, series: str, season: int, after: str, kind: Kind = "drivers"
) -> HTMLResponse:
    """Everybody who can still win the title, and what is enough for each at the next event."""
    shelf = shelf_of(request)
    found = shelf.season(season, series=series)
    rows = shelf.of_season(
        f"contenders {after} {kind}", found, lambda s: contenders(s, after=after, kind=kind)
    )
    names = names_of(found) if kind == "drivers" else {}
    return page(
        "parts/contenders.html",
        rows=rows.to_dicts(),
        names=names,
        path=f"{season_path(series, season)}/title",
        after=after,
        kind=kind,
    )


@router.get(SEASON + "/parts/title")
def title_part(
    request: Request,
    series: str,
    season: int,
    after: str,
    who: str,
    position: int = 1,
    kind: Kind = "drivers",
) -> HTMLResponse:
    """The answer: proven, with the grid."""
    shelf = shelf_of(request)
    found = shelf.season(season, series=series)
    told: Clinch = shelf.of_season(
        f"clinch {after} {who} {position} {kind}",
        found,
        lambda s: rc.clinch(
            s,
            after=after,
            position=position,
            kind=kind,
            driver=who if kind == "drivers" else None,
            team=who if kind == "constructors" else None,
        ),
    )
    names = names_of(found) if kind == "drivers" else {}
    threats = told.rivals.filter("can_still_pass")
    return page(
        "parts/title.html",
        told=told,
        name=names.get(who, who),
        short=_short(found, who, kind),
        grids=_grids(found, told, kind),
        threats=threats.to_dicts(),
        threat_key=threats.columns[0],
        names=names,
        place_words=ordinal(position),
    )


def _grids(season: Season, told: Clinch, kind: Kind) -> list[dict[str, Any]]:
    """A grid for every rival that matters: own places down, his across."""
    if told.next is None:
        return []
    found = []
    for (session, rival), own in told.next.cells.partition_by(
        "session", "rival", as_dict=True, maintain_order=True
    ).items():
        cells = {
            (row["position"], row["rival_position"]): _verdict(row)
            for row in own.iter_rows(named=True)
        }
        mine = _places(own["position"])
        theirs = _places(own["rival_position"])
        found.append(
            {
                "event": told.next.event,
                "session": session,
                "rival": _short(season, str(rival), kind),
                "mine": mine,
                "theirs": theirs,
                "rows": [[cells.get((a, b), "") for b in theirs] for a in mine],
            }
        )
    return found


def _places(column: pl.Series) -> list[int]:
    """Places in order, no points last."""
    return sorted(column.unique().to_list(), key=lambda place: place or 99)


def _verdict(row: dict[str, Any]) -> str:
    for name in ("secures", "out_of_reach", "holds_off"):
        if row[name]:
            return name
    return "open"


def _short(season: Season, who: str, kind: Kind) -> str:
    """Family name of a driver; a team as it is."""
    if kind == "constructors":
        return who
    rows = season.drivers.filter(driver=who)["family_name"].to_list()
    return str(rows[0]) if rows and rows[0] else who


def _rounds(season: Season) -> list[tuple[str, str]]:
    """Sessions that have been run, as the title can be asked after them: the latest first."""
    run = sessions_run(season)
    rows = []
    for one in list(calendar(season))[:run]:
        key = f"{one.round}:sprint" if one.session == "sprint" else str(one.round)
        rows.append((key, f"{one.name}{', sprint' if one.session == 'sprint' else ''}"))
    return rows[::-1]


def _when_open(shelf: Shelf, season: Season, position: int, kind: Kind) -> str:
    """The last round after which a place was still open; else the last one with a result."""
    rounds = _rounds(season)
    if not rounds:
        raise NotFoundError(f"no results of {season.season} are stored")
    try:
        table = shelf.of_season(f"when {kind}", season, lambda s: rc.clinch_when(s, kind=kind))
    except RacecraftError:
        return rounds[0][0]
    secured = table.filter(position=position).drop_nulls("round").sort("round").to_dicts()
    if not secured:
        return rounds[0][0]
    first = secured[0]
    key = f"{first['round']}:sprint" if first["session"] == "sprint" else str(first["round"])
    keys = [one for one, _ in rounds]
    at = keys.index(key) + 1 if key in keys else 0
    return keys[min(at, len(keys) - 1)]
