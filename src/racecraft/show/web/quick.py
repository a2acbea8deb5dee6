"""Answers that were given before, and files, given without asking anybody."""

from __future__ import annotations

import hashlib
from mimetypes import guess_type
from typing import TYPE_CHECKING

from starlette.responses import Response

from racecraft.show.web.problems import problem
from racecraft.show.web.ready import Ready

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from racecraft.show.web.shelf import Shelf

UNASKED = "racecraft.unasked"  # in the scope of a request that nobody has sent
BODILESS = (b"content-length", b"content-type")


class Quick:
    """ASGI middleware that answers from what the shelf remembers, and asks the rest of nobody.

    Parameters
    ----------
    app
        What answers everything else.
    shelf
        What remembers, for as long as the store stays as it is.
    files
        What is always there, by its path.
    """

    def __init__(self, app: ASGIApp, *, shelf: Shelf, files: Mapping[str, Ready]) -> None:
        self.app, self.shelf, self.files = app, shelf, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for what is remembered; pass on any other."""
        known = None
        if not scope.get(UNASKED):
            self.shelf.asked()
        if scope["type"] == "http" and scope["method"] != "GET" and scope["path"] in self.files:
            refused = problem(405, "a file is for reading; GET, HEAD is taken")
            refused.headers["allow"] = "GET, HEAD"
            await refused(scope, receive, send)
            return
        if scope["type"] == "http" and scope["method"] == "GET":
            query = scope["query_string"].decode("latin-1")
            known = self.files.get(scope["path"]) or self.shelf.remembered((scope["path"], query))
        if known is None:
            await self.app(scope, receive, send)
            return
        asked = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"")
        same = has_it(asked.decode("latin-1"), known.etag)
        headers = [pair for pair in known.headers if not (same and pair[0] in BODILESS)]
        status, body = (304, b"") if same else (200, known.body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def ready_of(answer: Response) -> Ready:
    """An answer as it leaves: with its mark, and told to be asked for again."""
    body = bytes(answer.body)
    etag = answer.headers.setdefault("etag", mark_of(body))
    answer.headers.setdefault("cache-control", "no-cache")
    return Ready(body, tuple(answer.raw_headers), etag)


def files_of(folder: Path, prefix: str) -> dict[str, Ready]:
    """Every file of a folder, read into memory, by the path of its address."""
    return {
        f"{prefix}/{file.relative_to(folder).as_posix()}": ready_of(
            Response(file.read_bytes(), media_type=guess_type(file.name)[0] or "text/plain")
        )
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def mark_of(body: bytes) -> str:
    """Mark of a body, as ``ETag`` has it."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def has_it(asked: str, etag: str) -> bool:
    """Whether who asks has the answer of a mark, by what he says in ``If-None-Match``.

    >>> has_it('"a", W/"b"', '"b"'), has_it("*", '"b"'), has_it("", '"b"')
    (True, True, False)
    """
    marks = [each.strip().removeprefix("W/") for each in asked.split(",")]
    return etag in marks or "*" in marks
