"""Answers on their way out: as JSON, CSV or Parquet, a page at a time, not twice to who has it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode

import polars as pl
from fastapi import Query, Request, Response

from racecraft.errors import ArgumentError
from racecraft.show.export import export, json_object
from racecraft.show.web.quick import has_it, mark_of, ready_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from racecraft.show.web.shelf import Shelf

Form = Literal["json", "csv", "parquet"]
MEDIA: dict[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
ROWS, MOST_ROWS = 10_000, 100_000  # of a page
FAR = 10**9

AsForm = Annotated[Form, Query(alias="format", description="How the rows are written.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows of a page.")]
Offset = Annotated[int, Query(ge=0, le=FAR, description="Rows that are passed over.")]


@dataclass(frozen=True)
class Sent:
    """An answer as it is sent, with its mark."""

    body: bytes
    media: str
    etag: str
    total: int | None = None


def reply_rows(
    request: Request,
    rows: Callable[[], pl.DataFrame],
    form: Form = "json",
    limit: int = ROWS,
    offset: int = 0,
) -> Response:
    """A page of a table; headers tell how many rows there are, and where the next page is."""

    def make() -> Sent:
        table = rows()
        body = export(table.slice(offset, limit), form)
        return Sent(body, MEDIA[form], mark_of(body), table.height)

    sent = _shelf(request).answer(_key(request), make)
    headers = {"x-total-count": str(sent.total)}
    if links := _links(request, sent.total or 0, limit, offset):
        headers["link"] = links
    return _send(request, sent, headers)


def reply_object(request: Request, value: Callable[[], Mapping[str, Any]]) -> Response:
    """One object; tables in it are lists of objects, times seconds."""

    def make() -> Sent:
        body = json_object(value())
        return Sent(body, MEDIA["json"], mark_of(body))

    return _send(request, _shelf(request).answer(_key(request), make), {})


def reply_bytes(request: Request, body: Callable[[], bytes], media: str) -> Response:
    """Anything else that is made once and sent to many."""

    def make() -> Sent:
        content = body()
        return Sent(content, media, mark_of(content))

    return _send(request, _shelf(request).answer(_key(request), make), {})


def check_names(request: Request, known: Collection[str]) -> None:
    """Refuse a question with a parameter that nobody reads, rather than answer another one.

    Raises
    ------
    ArgumentError
        There is one, the hint names the nearest that there is; or one is given twice.
    """
    for name in request.query_params:
        if name not in known:
            near = get_close_matches(name, known, n=1) or [", ".join(sorted(known)) or "none"]
            raise ArgumentError(f"no parameter {name[:80]!r}", hint=f"there is {near[0]}")
        if len(request.query_params.getlist(name)) > 1:
            raise ArgumentError(f"{name} is given twice", hint="one question at a time")


def _send(request: Request, sent: Sent, headers: Mapping[str, str]) -> Response:
    named = {"etag": sent.etag, "cache-control": "no-cache", **headers}
    whole = Response(sent.body, media_type=sent.media, headers=named)
    _shelf(request).remember(_key(request), ready_of(whole))
    if has_it(request.headers.get("if-none-match", ""), sent.etag):
        return Response(status_code=304, headers=named)
    return whole


def _links(request: Request, total: int, limit: int, offset: int) -> str:
    """Addresses of the next and the previous page, as RFC 8288 writes them."""
    given = {name: value for name, value in request.query_params.multi_items() if name != "offset"}
    at = {"next": offset + limit} if offset + limit < total else {}
    if offset:
        at["prev"] = max(0, min(offset, total) - limit)
    path = request.url.path
    return ", ".join(
        f'<{path}?{urlencode({**given, "offset": start})}>; rel="{name}"'
        for name, start in at.items()
    )


def _key(request: Request) -> tuple[str, str]:
    return request.scope["path"], request.scope["query_string"].decode("latin-1")


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf
