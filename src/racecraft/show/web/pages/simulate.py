"""The page on which a race is driven again with something changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

import racecraft as rc
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.stops import stops
from racecraft.analysis.order.timing import timing
from racecraft.errors import ArgumentError
from racecraft.lookup.find import find_car
from racecraft.model.race import Race
from racecraft.show.web.pages.cars import cars_of
from racecraft.show.web.pages.page import PageRoute, page, shelf_of
from racecraft.show.web.pages.race import RACE, Asked
from racecraft.show.web.under_way import made_of
from racecraft.show.web.weighing import can_simulate, history_of, season_of

if TYPE_CHECKING:
    from racecraft.sim.lapwise.changes import Change

router = APIRouter(include_in_schema=False, route_class=PageRoute)

RUNS, SEED = 4000, 1
SHOWN = 10  # cars whose chances are drawn
TYRES = ("soft", "medium", "hard", "intermediate", "wet")
Texts = Annotated[list[str], Query(max_length=6)]


@router.get(RACE + "/simulate")
def simulate(
    request: Request,
    asked: Asked,
    start: int = 0,
    stop: Texts = [],  # noqa: B006 - FastAPI copies it
    place: Texts = [],  # noqa: B006
) -> HTMLResponse:
    """A form that says what is to be otherwise; its answer comes as a part."""
    del request
    made = stops(asked).filter(kind="stop").select("car", "lap", "compound").to_dicts()
    return page(
        "simulate.html",
        race=asked,
        cars=cars_of(asked),
        laps=timing(asked).laps,
        tyres=TYRES,
        stops=made,
        order={lap: _order(asked, lap) for lap in (start,)}[start],
        start=start,
        asked_stops=[_parts(text, 3) for text in stop],
        asked_places=[_parts(text, 2) for text in place],
        can_simulate=can_simulate(asked),
    )


@router.get(RACE + "/parts/simulate")
def simulated(
    request: Request,
    asked: Asked,
    start: int = 0,
    stop: Texts = [],  # noqa: B006 - FastAPI copies it
    place: Texts = [],  # noqa: B006
    leave: Texts = [],  # noqa: B006
) -> HTMLResponse:
    """Chances without the change and with it, over the same runs."""
    shelf = shelf_of(request)
    changes, words = changes_of(asked, stop, place, leave)
    key = f"what if {start} {sorted(stop)} {sorted(place)} {sorted(leave)}"
    view = made_of(shelf, asked, key, lambda race: _view(
        race, start, changes, season=season_of(shelf, race), history=history_of(shelf, race)
    ))  # fmt: skip
    return page("parts/simulate.html", race=asked, words=words, start=start, **view)


def changes_of(
    race: Race, stop: list[str], place: list[str], leave: list[str]
) -> tuple[list[Change], list[str]]:
    """Changes that an address asks for, each with its words.

    Raises
    ------
    ArgumentError
        One of them cannot be read.
    """
    from racecraft.sim.lapwise import changes as w

    found: list[Change] = []
    words = []
    for text in stop:
        car, lap, compound = _parts(text, 3)
        car = find_car(race, car)
        found.append(w.Stop(car, _number(lap), compound))
        words.append(f"{car} stops on lap {lap} for {compound} tyres")
    for text in place:
        car, at = _parts(text, 2)
        car = find_car(race, car)
        found.append(w.Place(car, _number(at)))
        words.append(f"{car} in place {at}")
    for text in leave:
        car = find_car(race, text)
        found.append(w.Out(car))
        words.append(f"{car} drops out")
    return found, words


def _view(race: Race, start: int, changes: list[Change], **known: Any) -> dict[str, Any]:
    names = {one["car"]: one for one in cars_of(race)}
    if not changes:
        runs = rc.simulate(race, from_lap=start, runs=RUNS, seed=SEED, **known)
        rows = [
            {**names[row["car"]], "win_before": row["win"], "win_after": None,
             "points_before": row["expected_points"], "points_change": None, "error": 0.0}
            for row in runs.table().to_dicts()
        ]  # fmt: skip
        return {"rows": rows[:SHOWN], "runs": runs.runs, "notes": list(runs.notes), "twin": False}
    twins = rc.what_if(race, *changes, from_lap=start, runs=RUNS, seed=SEED, **known)
    rows = [
        {
            **names[row["car"]],
            "win_before": row["win_before"],
            "win_after": row["win_after"],
            "points_before": row["points_before"],
            "points_change": row["points_change"],
            "error": row["points_error"],
        }
        for row in twins.table().to_dicts()
    ]
    touched = [row for row in rows if abs(row["points_change"]) >= 2 * row["error"] > 0]
    best = sorted(rows, key=lambda row: -max(row["win_before"], row["win_after"]))[:SHOWN]
    shown = best + [row for row in touched if row not in best][: SHOWN // 2]
    notes = list(twins.before.notes)
    return {"rows": shown, "runs": twins.before.runs, "notes": notes, "twin": True}


def _order(race: Race, lap: int) -> list[str]:
    """Cars in order when it begins: at the end of a lap, or on the grid."""
    if lap:
        held = laps(race).filter(lap=lap).sort("position")
        return held["car"].to_list()
    placed = race.entries.sort("grid", nulls_last=True)
    return placed["car"].to_list()


def _parts(text: str, count: int) -> list[str]:
    parts = text.split(":")
    if len(parts) != count:
        raise ArgumentError(f"{text!r} has not {count} parts", hint="such as HAM:45:soft or PER:3")
    return parts


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 4:
        raise ArgumentError(f"{text!r} is no whole number")
    return int(text)
