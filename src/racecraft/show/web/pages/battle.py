"""The page of a battle between two cars."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

import racecraft as rc
from racecraft.analysis.fights.battle import Battle
from racecraft.lookup.find import find_car
from racecraft.model.race import Race
from racecraft.show.web.pages.cars import cars_of
from racecraft.show.web.pages.page import PageRoute, data, page, path_of, shelf_of
from racecraft.show.web.pages.race import RACE, Asked
from racecraft.show.web.pages.race_charts import gaps_chart
from racecraft.show.web.pages.replay_data import moment_time
from racecraft.show.web.shelf import Shelf
from racecraft.show.web.under_way import made_of

router = APIRouter(include_in_schema=False, route_class=PageRoute)

AROUND = 3  # laps before and after a battle that its chart shows
LARGEST_S = 4.0  # of an interval that is still drawn to scale


@router.get(RACE + "/battle/{first}/{second}")
def battle(request: Request, asked: Asked, first: str, second: str) -> HTMLResponse:
    """Two cars: how far apart they were, who passed whom, and what decided it."""
    shelf = shelf_of(request)
    fought = _battle(shelf, asked, first, second)
    row = fought.row
    known = {one["car"]: one for one in cars_of(asked)}
    swaps = [_with_time(asked, one) for one in fought.swap_list.to_dicts()]
    start = moment_time(asked, row["start_lap"], "Line", row["first"]) if row["start_lap"] else None
    return page(
        "battle.html",
        race=asked,
        battle=fought,
        row=row,
        cars=[known[row["first"]], known[row["second"]]],
        swaps=swaps,
        turning=fought.turning_points.to_dicts(),
        tyres=fought.tyres.to_dicts(),
        others=fought.battles.to_dicts()[1:],
        met=fought.meetings.to_dicts(),
        start="" if start is None else f"{path_of(asked, 'replay')}#t={max(start - 90, 0):.0f}",
    )


@router.get(RACE + "/parts/battle.json")
def battle_chart(request: Request, asked: Asked, a: str, b: str) -> Response:
    """Interval of the two around their battle, or over the whole race where there is none."""
    shelf = shelf_of(request)
    fought = _battle(shelf, asked, a, b)
    row = fought.row
    chart = gaps_chart(asked, row["first"], row["second"])
    if row["start_lap"] is not None:
        low, high = row["start_lap"] - 1 - AROUND, row["end_lap"] + AROUND
        kept = [i for i, x in enumerate(chart["x"]) if low <= x <= high]
        chart["x"] = [chart["x"][i] for i in kept]
        values = chart["series"][0]["values"]
        chart["series"][0]["values"] = [values[i] for i in kept]
        chart["span"] = [row["start_lap"] - 1, row["end_lap"]]
    chart["largest"] = LARGEST_S
    return data(chart)


def _battle(shelf: Shelf, race: Race, first: str, second: str) -> Battle:
    pair = (find_car(race, first), find_car(race, second))
    return made_of(
        shelf, race, f"battle {' '.join(sorted(pair))}", lambda found: rc.battle(found, pair)
    )


def _with_time(race: Race, swap: dict[str, Any]) -> dict[str, Any]:
    time = moment_time(race, swap["lap"], swap["line"], swap["passer"])
    path = "" if time is None else f"{path_of(race, 'replay')}#t={max(time - 10, 0):.0f}"
    return {**swap, "path": path}
