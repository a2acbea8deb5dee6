"""Answers that were given before, given again without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from racecraft.show.web.shelf import Shelf

BODILESS = (b"content-length", b"content-type")


@dataclass(frozen=True)
class Ready:
    """An answer as it leaves: its body, its headers, and its mark."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    etag: str


class Quick:
    """ASGI middleware that answers from what the shelf remembers, and asks the rest of nobody.

    Parameters
    ----------
    app
        What answers everything else.
    shelf
        What remembers, for as long as the store stays as it is.
    """

    def __init__(self, app: ASGIApp, *, shelf: Shelf) -> None:
        self.app, self.shelf = app, shelf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for what is remembered; pass on any other."""
        known = None
        if scope["type"] == "http" and scope["method"] == "GET":
            query = scope["query_string"].decode("latin-1")
            known = self.shelf.remembered((scope["path"], query))
        if known is None:
            await self.app(scope, receive, send)
            return
        asked = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"")
        same = has_it(asked.decode("latin-1"), known.etag)
        headers = [pair for pair in known.headers if not (same and pair[0] in BODILESS)]
        status, body = (304, b"") if same else (200, known.body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def has_it(asked: str, etag: str) -> bool:
    """Whether who asks has the answer of a mark, by what he says in ``If-None-Match``.

    >>> has_it('"a", W/"b"', '"b"'), has_it("*", '"b"'), has_it("", '"b"')
    (True, True, False)
    """
    marks = [each.strip().removeprefix("W/") for each in asked.split(",")]
    return etag in marks or "*" in marks
