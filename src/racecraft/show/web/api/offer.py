"""How a function that makes a table becomes an address that answers with it.

What is common to all - season, event, format, page - is said here once; what is special to a table
is a parameter of its function, with its type, and so a parameter of the address.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import polars as pl
from fastapi import APIRouter, Path, Query, Request, Response

from racecraft.errors import NotFoundError
from racecraft.lookup.find import find_car, find_driver, find_event
from racecraft.model.race import Race
from racecraft.model.season import Season
from racecraft.model.table import Table
from racecraft.model.terms import FORMULA_ONE
from racecraft.show.web import answers
from racecraft.show.web.api.reply import (
    ROWS,
    AsForm,
    Limit,
    Offset,
    check_names,
    reply_object,
    reply_rows,
)
from racecraft.show.web.api.schema import responses_of
from racecraft.show.web.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Made = pl.DataFrame | Mapping[str, Any]

Year = Annotated[int, Path(ge=1900, le=2100, description="Year of the season.")]
EventName = Annotated[
    str,
    Path(min_length=1, max_length=80, description="Round, name, country or place: 20, brazil."),
]
SessionOf = Annotated[Literal["race", "sprint"], Query(description="Which race of the weekend.")]
SeriesOf = Annotated[
    str, Query(pattern="^[a-z0-9-]{1,40}$", description="Whose championship: f1, imsa, ...")
]
Car = Annotated[
    str | None, Query(max_length=80, description="Only this car: its code, number or driver.")
]
Driver = Annotated[str | None, Query(max_length=80, description="Only him: code, number or name.")]
OfEvent = Annotated[str | None, Query(max_length=80, description="Only this event: 20, brazil.")]
Lap = Annotated[int | None, Query(ge=0, le=1_000, description="Only this lap.")]

IN_SEASON: dict[str, tuple[Any, Any]] = {"season": (Year, None), "series": (SeriesOf, FORMULA_ONE)}
IN_RACE = {**IN_SEASON, "event": (EventName, None), "session": (SessionOf, "race")}
PAGED = {"form": (AsForm, "json"), "limit": (Limit, ROWS), "offset": (Offset, 0)}


def season_of(shelf: Shelf, given: dict[str, Any]) -> Season:
    """Season that is asked for, taken out of what was given."""
    return shelf.season(given.pop("season"), series=given.pop("series"))


def race_of(shelf: Shelf, given: dict[str, Any]) -> Race:
    """Race that is asked for, taken out of what was given."""
    year, event = given.pop("season"), given.pop("event")
    try:
        return shelf.race(year, event, session=given.pop("session"), series=given.pop("series"))
    except NotFoundError as error:
        if "session" not in error.facts:  # there is no such event
            raise
        at = f"/api/v1/seasons/{year}/events/{event}"
        hint = f"{error.hint}; its result is at {at}/results, what that tells at {at}/moments"
        raise NotFoundError(error.message, hint=hint, **error.facts) from error


def race_or_result_of(shelf: Shelf, given: dict[str, Any]) -> Race:
    """As `race_of`; of a race whose timing is not stored, its result."""
    year, event = given.pop("season"), given.pop("event")
    where = {"session": given.pop("session"), "series": given.pop("series")}
    return answers.race_or_result(shelf, year, event, **where)


def offer(
    router: APIRouter,
    path: str,
    table: Table | dict[str, Any],
    make: Callable[..., Made],
    *,
    of: Callable[[Shelf, dict[str, Any]], Any] | None = None,
    tag: str = "tables",
) -> None:
    """Answer at a path with what a function makes.

    Parameters
    ----------
    table
        What comes back: rows as this promises, or an object with these properties.
    make
        Called with the `Shelf`, with what `of` finds, and with its own parameters by name.
    of
        `season_of`, `race_of` or `race_or_result_of`.
    """
    hints = get_type_hints(make, include_extras=True)
    own = {
        each.name: (hints[each.name], each.default)
        for each in inspect.signature(make).parameters.values()
        if each.kind is inspect.Parameter.KEYWORD_ONLY
    }
    rows = isinstance(table, Table)
    where = IN_RACE if of in (race_of, race_or_result_of) else IN_SEASON if of is season_of else {}
    sieve = _sieves(table, SIEVES.get(of, {}), own) if isinstance(table, Table) else {}
    common = {**where, **sieve, **(PAGED if rows else {})}
    in_path = re.findall(r"{(\w+)}", path)
    known = {_alias(name) for name in {**own, **common} if name not in in_path}

    def answer(request: Request, **given: Any) -> Response:
        check_names(request, known)
        shelf: Shelf = request.app.state.shelf
        page = [given.pop(name) for name in PAGED if rows]
        wanted = {name: given.pop(name) for name in sieve}

        def made() -> Any:
            about = [of(shelf, given)] if of is not None else []
            found: Any = make(shelf, *about, **given)
            return _only(about[0], found, wanted) if sieve else found

        return reply_rows(request, made, *page) if rows else reply_object(request, made)

    answer.__signature__ = _signature({**common, **own}, in_path)  # type: ignore[attr-defined]
    answer.__annotations__ = {}
    answer.__doc__ = make.__doc__
    router.add_api_route(
        path,
        answer,
        methods=["GET"],
        name=make.__name__,
        tags=[tag],
        summary=(make.__doc__ or "").splitlines()[0],
        response_class=Response,
        responses=responses_of(table),
        operation_id="_".join(re.findall(r"(?<=/)[\w-]+", path)).replace("-", "_"),
    )


SIEVES: dict[Any, dict[str, tuple[Any, Any]]] = {
    race_of: {"car": (Car, None), "lap": (Lap, None)},
    race_or_result_of: {"car": (Car, None), "lap": (Lap, None)},
    season_of: {"event": (OfEvent, None), "driver": (Driver, None)},
}  # columns that every table with them can be asked for one value of


def _sieves(
    table: Table, asked: Mapping[str, tuple[Any, Any]], own: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    columns = table.schema.names()
    return {name: how for name, how in asked.items() if name in columns and name not in own}


def _only(about: Race | Season, table: pl.DataFrame, wanted: Mapping[str, Any]) -> pl.DataFrame:
    """Rows of one car, driver, event or lap.

    Raises
    ------
    NotFoundError
        There is no such car, driver, event or lap.
    """
    for name, value in wanted.items():
        if value is not None:
            table = table.filter(pl.col(name) == _meant(about, name, value))
    return table


def _meant(about: Race | Season, name: str, value: Any) -> Any:
    """Value of a column that somebody means."""
    if isinstance(about, Season):
        if name == "event":
            return find_event(about.events, value, season=about.season)
        return find_driver(about.drivers, value)
    if name == "car":
        return find_car(about, value)
    last = about.crossings["lap"].max()
    if isinstance(last, int) and not 1 <= value <= last:
        raise NotFoundError(f"no lap {value} in a race of {last}", hint=f"its laps are 1 to {last}")
    return value


def _signature(
    parameters: Mapping[str, tuple[Any, Any]], required: Collection[str]
) -> inspect.Signature:
    request = inspect.Parameter(
        "request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request
    )
    named = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=kind,
            default=inspect.Parameter.empty if name in required else default,
        )
        for name, (kind, default) in parameters.items()
    ]
    return inspect.Signature([request, *named])


def _alias(name: str) -> str:
    return "format" if name == "form" else name
