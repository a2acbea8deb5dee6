"""The face of Ergast and jolpica: their paths, their nesting, and everything as text."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from racecraft.errors import NotFoundError
from racecraft.show.web.api.reply import reply_object
from racecraft.show.web.api.schema import PROBLEMS, object_schema
from racecraft.show.web.ergast import rows as told
from racecraft.show.web.ergast.names import status_id
from racecraft.show.web.ergast.path import Wanted, parse
from racecraft.show.web.ergast.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from racecraft.model.season import Season
    from racecraft.show.web.shelf import Shelf

router = APIRouter(prefix="/ergast/f1", tags=["ergast"])

LIMIT, MOST = 30, 100
FAR = 10**9
LISTS = {
    "results": "Results", "sprint": "SprintResults", "qualifying": "QualifyingResults",
    "laps": "Laps", "pitstops": "PitStops",
}  # fmt: skip
TABLES = {
    "seasons": ("SeasonTable", "Seasons"),
    "races": ("RaceTable", "Races"),
    "drivers": ("DriverTable", "Drivers"),
    "constructors": ("ConstructorTable", "Constructors"),
    "circuits": ("CircuitTable", "Circuits"),
    "status": ("StatusTable", "Status"),
}
COUNTED = {"type": "string", "pattern": "^[0-9]+$"}
ANSWER = object_schema(
    {"MRData": object_schema({"limit": COUNTED, "offset": COUNTED, "total": COUNTED})}
)
RESPONSES: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    200: {"description": "As Ergast.", "content": {"application/json": {"schema": ANSWER}}},
}

Limit = Annotated[str | None, Query(max_length=20, description=f"Rows, {MOST} at most.")]
Offset = Annotated[str | None, Query(max_length=20, description="Rows that are passed over.")]


@router.get("/{path:path}", response_class=Response, responses=RESPONSES, operation_id="ergast")
def ergast(
    request: Request,
    path: Annotated[str, Path(max_length=300, description="2023/20/results.json, ...")],
    limit: Limit = None,
    offset: Offset = None,
) -> Response:
    """What Ergast would say: seasons, races, results, laps, stops, standings and who took part."""
    wanted = parse(path)
    most = min(_count(limit, LIMIT) or LIMIT, MOST)
    start = min(_count(offset, 0), FAR)
    shelf: Shelf = request.app.state.shelf

    def made() -> dict[str, Any]:
        found, table = _answer(shelf, wanted, most, start)
        head = {
            "xmlns": "", "series": "f1", "url": request.url.path, "limit": str(most),
            "offset": str(start), "total": str(found),
        }  # fmt: skip
        return {"MRData": {**head, **table}}

    return reply_object(request, made)


def _answer(shelf: Shelf, wanted: Wanted, most: int, start: int) -> tuple[int, dict[str, Any]]:
    """How many rows there are, and the table with a page of them."""
    if wanted.resource in ("driverstandings", "constructorstandings"):
        return _standings(shelf, wanted, most, start)
    rows = _rows(shelf, wanted)
    page = rows[start : start + most]
    asked = _asked(shelf, wanted)
    kind = wanted.resource
    if kind in LISTS:
        return len(rows), {"RaceTable": {**asked, "Races": _nested(page, kind)}}
    things = [row.told for row in page]
    table, name = TABLES[kind]
    return len(rows), {table: {**asked, name: things}}


def _rows(shelf: Shelf, wanted: Wanted) -> list[Row]:
    """Every row that is asked for, of one season or of all."""
    kind = wanted.resource
    if wanted == Wanted("seasons"):  # as clients ask first, with no patience to read all of them
        return [Row({}, {}, {"season": str(year), "url": ""}) for year in shelf.seasons()]
    seasons = _seasons(shelf, wanted)
    numbers = [_round(season, wanted.round) for season in seasons]
    if kind in ("laps", "pitstops"):
        make = told.laps if kind == "laps" else told.pit_stops
        rows = make(shelf, seasons[0], numbers[0] or "0")
        return _fitting(shelf, seasons[0], rows, wanted, numbers[0])
    if kind in LISTS:
        return [
            row
            for season, number in zip(seasons, numbers, strict=True)
            for row in _fitting(shelf, season, _of_season(shelf, season, kind), wanted, number)
        ]
    return _things(shelf, wanted, list(zip(seasons, numbers, strict=True)))


def _of_season(shelf: Shelf, season: Season, kind: str) -> list[Row]:
    """Rows of a season, made once."""
    make: dict[str, Callable[[Season], list[Row]]] = {
        "races": told.races,
        "results": told.results,
        "sprint": lambda season: told.results(season, "sprint"),
        "qualifying": told.qualifying,
    }
    return shelf.of_season(f"ergast {kind}", season, make[kind])


def _fitting(
    shelf: Shelf, season: Season, rows: Iterable[Row], wanted: Wanted, number: str | None
) -> list[Row]:
    """Rows of a round that pass the filters; those of other tables ask who passed them there."""
    found = [row for row in rows if number is None or row.race["round"] == number]
    for name, value in wanted.filters.items():
        if not found:
            break
        if name in found[0].facts:
            found = [row for row in found if value in row.facts[name].split(" ")]
            continue
        met = _meeting(shelf, season, name, value, number)
        found = [
            row
            for row in found
            if any(row.facts.get(key, fact) == fact for key, fact in met.get(row.race["round"], ()))
        ]
    return found


def _meeting(
    shelf: Shelf, season: Season, name: str, value: str, number: str | None
) -> dict[str, set[tuple[str, str]]]:
    """By round, who meets a filter of another table."""
    if name in ("driverstandings", "constructorstandings"):
        rows = told.standings(shelf, season, number, teams=name.startswith("constructor"))
    elif name in ("qualifying", "sprint"):
        rows = _of_season(shelf, season, name)
    else:
        rows = _of_season(shelf, season, "results")
    key = "constructors" if name == "constructorstandings" else "drivers"
    met: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        if row.facts.get(name) == value:
            met.setdefault(row.race["round"], set()).add((key, row.facts[key]))
    if name in ("driverstandings", "constructorstandings"):  # they hold for all of the season
        every = set().union(*met.values()) if met else set()
        return {row.race["round"]: every for row in told.races(season)}
    return met


def _things(shelf: Shelf, wanted: Wanted, seasons: list[tuple[Season, str | None]]) -> list[Row]:
    """Seasons, races, drivers, teams, circuits or ways to finish, each once."""
    kind = wanted.resource
    found: dict[str, dict[str, Any]] = {}
    counts: dict[str, int] = {}
    for season, number in seasons:
        by_results = wanted.filters.keys() - {"circuits"} or kind in (
            "drivers", "constructors", "status",
        )  # fmt: skip
        rows = _of_season(shelf, season, "results" if by_results else "races")
        for row in _fitting(shelf, season, rows, wanted, number):
            key, thing = _thing(kind, row)
            counts[key] = counts.get(key, 0) + 1
            found.setdefault(key, thing)
    if kind == "status":
        found = {key: {**thing, "count": str(counts[key])} for key, thing in found.items()}
        return [Row({}, {}, found[key]) for key in sorted(found, key=int)]
    keys = list(found) if kind in ("races", "seasons") else sorted(found)
    return [Row({}, {}, found[key]) for key in keys]


def _thing(kind: str, row: Row) -> tuple[str, dict[str, Any]]:
    """What a row is an instance of: its name, and what is told of it."""
    if kind == "seasons":
        return row.race["season"], {"season": row.race["season"], "url": ""}
    if kind == "races":
        return f"{row.race['season']}/{row.race['round']}", row.race
    if kind == "circuits":
        return row.race["Circuit"]["circuitId"], row.race["Circuit"]
    if kind == "drivers":
        return row.facts["drivers"], row.also["driver"]
    if kind == "constructors":
        return row.facts["constructors"], row.also["team"]
    status = row.told["status"]
    return status_id(status), {"statusId": status_id(status), "status": status}


def _standings(shelf: Shelf, wanted: Wanted, most: int, start: int) -> tuple[int, dict[str, Any]]:
    teams = wanted.resource == "constructorstandings"
    (season,) = _seasons(shelf, wanted)
    number = _round(season, wanted.round)
    rows = told.standings(shelf, season, number, teams=teams)
    for name, value in wanted.filters.items():
        rows = [row for row in rows if value in row.facts.get(name, "").split(" ")]
    page = rows[start : start + most]
    lists = []
    if page:
        at = {name: page[0].race[name] for name in ("season", "round")}
        name = "ConstructorStandings" if teams else "DriverStandings"
        lists = [{**at, name: [row.told for row in page]}]
    return len(rows), {"StandingsTable": {**_asked(shelf, wanted), "StandingsLists": lists}}


def _nested(page: Iterable[Row], kind: str) -> list[dict[str, Any]]:
    """Rows within their races; laps within those by their number."""
    found = []
    for _, rows in groupby(page, key=lambda row: (row.race["season"], row.race["round"])):
        own = list(rows)
        inner: list[Any] = [row.told for row in own]
        if kind == "laps":
            inner = [
                {"number": lap, "Timings": [row.told for row in timed]}
                for lap, timed in groupby(own, key=lambda row: row.group)
            ]
        found.append({**own[0].race, LISTS[kind]: inner})
    return found


def _seasons(shelf: Shelf, wanted: Wanted) -> list[Season]:
    years = list(shelf.seasons())
    if wanted.season is None:
        return [shelf.season(year) for year in years]
    year = max(years) if wanted.season == "current" else int(wanted.season[:6])
    return [shelf.season(year)] if year in years else [_none(year)]


def _none(year: int) -> Season:
    raise NotFoundError(f"nothing of season {year} is stored", season=year)


def _round(season: Season, asked: str | None) -> str | None:
    """Round by its number; the last one with a result, or the one after it, by name."""
    if asked is None or asked.isdecimal():
        return asked if asked is None else str(int(asked[:6]))
    run = {int(row.race["round"]) for row in told.results(season)}
    last = max(run, default=0)
    return str(last if asked == "last" else last + 1)


def _asked(shelf: Shelf, wanted: Wanted) -> dict[str, str]:
    """What was asked for, as Ergast repeats it in the table."""
    said: dict[str, str] = {}
    if wanted.season is not None:
        season = _seasons(shelf, wanted)[0]
        said["season"] = str(season.season)
        if wanted.round is not None:
            said["round"] = _round(season, wanted.round) or ""
    singular = {"drivers": "driverId", "constructors": "constructorId", "circuits": "circuitId"}
    return said | {singular.get(name, name): value for name, value in wanted.filters.items()}


def _count(text: str | None, otherwise: int) -> int:
    """A whole number that was asked for; anything else is as if it had been left out."""
    return int(text) if text is not None and text.strip().isdecimal() else otherwise
