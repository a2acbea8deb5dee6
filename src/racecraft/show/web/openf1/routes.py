"""The face of OpenF1: its collections, with filters in the keys of the query."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from racecraft.errors import ArgumentError, NotFoundError
from racecraft.show.json_line import json_line
from racecraft.show.web.api.reply import reply_bytes
from racecraft.show.web.api.schema import PROBLEMS
from racecraft.show.web.openf1 import keys
from racecraft.show.web.openf1.filters import LATEST, Filter, Row, fitting, parse
from racecraft.show.web.openf1.rows import OF_SESSION
from racecraft.show.web.openf1.samples import SAMPLED
from racecraft.show.web.openf1.session import session_at
from racecraft.show.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.show.web.shelf import Shelf

router = APIRouter(prefix="/v1", tags=["openf1"])

NONE = "No results found."
MOST_ROWS = 200_000  # of an answer
MOST_SESSIONS = 8  # that one question may be about
ROWS = {"type": "array", "items": {"type": "object"}, "minItems": 1}
RESPONSES: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    200: {
        "description": "Rows, as OpenF1 has them.",
        "content": {
            "application/json": {"schema": ROWS},
            "text/csv": {"schema": {"type": "string"}},
        },
    },
    304: {"description": "It is as it was when If-None-Match was made."},
}  # fmt: skip


@router.get("/{collection}", response_class=Response, responses=RESPONSES, operation_id="openf1")
def openf1(
    request: Request,
    collection: Annotated[
        str, Path(max_length=40, description="sessions, laps, intervals, position, pit, ...")
    ],
) -> Response:
    """Rows that meet the filters: `session_key=latest&driver_number=14&lap_number>=70`."""
    shelf: Shelf = request.app.state.shelf
    name = collection.casefold()
    asked = parse(request.url.query)
    as_csv = any(one.field == "csv" and one.value is True for one in asked)
    filters = [_now(shelf, one) for one in asked if one.field != "csv"]

    def made() -> bytes:
        rows = fitting(_rows(shelf, name, filters), filters)
        if not rows:
            raise NotFoundError(NONE)
        if len(rows) > MOST_ROWS:
            raise ArgumentError(f"over {MOST_ROWS} rows", hint="narrow the query")
        return _csv(rows) if as_csv else _json(rows)

    try:
        answer = reply_bytes(request, made, "text/csv" if as_csv else "application/json")
    except NotFoundError:
        return problem(404, NONE)
    if as_csv:
        answer.headers["content-disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _rows(shelf: Shelf, name: str, filters: Sequence[Filter]) -> list[Row]:
    """Rows of a collection, of the sessions that the keys name."""
    if name in ("sessions", "meetings"):
        return list(keys.sessions(shelf) if name == "sessions" else keys.meetings(shelf))
    if name not in OF_SESSION and name not in SAMPLED:
        raise NotFoundError(NONE)
    found: list[Row] = []
    for key in _session_keys(filters):
        found += _of_session(shelf, name, key, filters)
    return found


def _of_session(shelf: Shelf, name: str, key: int, filters: Sequence[Filter]) -> list[Row]:
    at = session_at(shelf, key)
    if at is None:
        return []
    if name in SAMPLED:
        numbers = _values(filters, "driver_number")
        if not numbers:
            raise ArgumentError(f"{name} is too much of all cars", hint="ask by driver_number")
        return list(SAMPLED[name](at, numbers))
    if at.race is None:
        return list(OF_SESSION[name](at))
    return list(shelf.of_race(f"openf1 {name} {at.kind}", at.race, lambda _: OF_SESSION[name](at)))


def _session_keys(filters: Sequence[Filter]) -> list[int]:
    """Sessions that are asked for, by their keys or by those of their meetings."""
    for one in filters:
        if one.field in LATEST and one.operator == "=" and type(one.value) is not int:
            raise ArgumentError(f"{one.field} is a whole number or latest, not {one.value!r}"[:200])
    wanted = _values(filters, "session_key")
    if not wanted:
        meetings = _values(filters, "meeting_key")
        if not meetings:
            raise ArgumentError(
                "too much is asked for", hint="narrow the query by session_key or meeting_key"
            )
        wanted = [key * keys.MEETINGS + kind for key in meetings for kind in keys.KINDS.values()]
    if len(wanted) > MOST_SESSIONS * len(keys.KINDS):
        raise ArgumentError("too many sessions at once", hint="narrow the query")
    return sorted(set(wanted))


def _values(filters: Sequence[Filter], field: str) -> list[int]:
    """Whole numbers that a field is asked to be."""
    return [
        one.value
        for one in filters
        if one.field == field and one.operator == "=" and type(one.value) is int
    ]  # fmt: skip


def _now(shelf: Shelf, one: Filter) -> Filter:
    """A filter with the key of the latest session in place of the word."""
    if one.field not in LATEST or one.value != "latest":
        return one
    last = keys.latest(shelf)
    return Filter(one.field, one.operator, last[one.field] if last else -1)


def _json(rows: Sequence[Row]) -> bytes:
    lines = ",\n".join(json_line({name: row[name] for name in sorted(row)}) for row in rows)
    return f"[{lines}]".encode()


def _csv(rows: Sequence[Row]) -> bytes:
    """Rows as text: columns by name, moments with a space, nothing for null."""
    names = sorted({name for row in rows for name in row})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value) if not isinstance(value, datetime) else value.isoformat(sep=" ")
