"""The gate that every request passes: what may come in, how long it may take, what goes out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from racecraft.show.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
}


@dataclass(frozen=True)
class Limits:
    """What one request may take.

    Parameters
    ----------
    line
        Bytes of path and query.
    headers
        Bytes of all headers.
    body
        Bytes of the body.
    time_s
        Seconds until the answer begins, the body being read among them.
    stalled_s
        Seconds for which whoever asks may take nothing of the answer.
    """

    line: int = 4_096
    headers: int = 16_384
    body: int = 400_000
    time_s: float = 60.0
    stalled_s: float = 30.0


class Guard:
    """ASGI middleware that keeps to the limits, and gives every answer its headers.

    Parameters
    ----------
    app
        What answers.
    hosts
        Names by which it may be asked for; None for any.
    limits
        Of one request.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str] | None, limits: Limits) -> None:
        self.app, self.hosts, self.limits = app, hosts, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, self.limits.stalled_s)
        if (refusal := self._refusal(scope)) is not None:
            refused = problem(*refusal)
            refused.headers["connection"] = "close"  # the body is not read
            await refused(scope, receive, answer.send)
            return
        if scope["method"] == "HEAD":  # answered as GET; the server leaves the body out
            scope = {**scope, "method": "GET"}
        body = _Body(receive, self.limits.body)
        answering = asyncio.ensure_future(self.app(scope, body.receive, answer.send))
        await _begun(answering, answer.begun, self.limits.time_s)
        if answering.done() or answer.begun.is_set():
            await self._finish(answering, answer, scope, receive)
            return
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        late = f"no answer within {self.limits.time_s:g} seconds"
        await problem(503, late, hint="ask for less of it")(scope, receive, answer.send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and sentence for a request that is not let in."""
        length = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
        headers = dict(scope["headers"])
        if length > self.limits.line:
            return 414, f"a request line of {length} bytes; at most {self.limits.line}"
        size = sum(len(name) + len(value) for name, value in scope["headers"])
        if size > self.limits.headers:
            return 431, f"headers of {size} bytes; at most {self.limits.headers}"
        host = headers.get(b"host", b"").decode("latin-1")
        if self.hosts is not None and _name_of(host) not in self.hosts:
            return 421, f"asked for by another name than {' or '.join(self.hosts)}"
        if b"content-length" in headers and b"transfer-encoding" in headers:
            return 400, "a length of the body, and pieces that say their own"
        told = headers.get(b"content-length", b"0")
        if not told.isdigit():
            return 400, "the length of the body is no number"
        if int(told[:20]) > self.limits.body:
            return 413, f"a body of over {self.limits.body} bytes"
        return None

    async def _finish(
        self,
        answering: asyncio.Future[None],
        answer: _Answer,
        scope: Scope,
        receive: Receive,
    ) -> None:
        try:
            await answering
        except _TooLargeError as error:
            if not answer.begun.is_set():
                await problem(error.status_code, error.detail)(scope, receive, answer.send)
        except asyncio.CancelledError:
            answering.cancel()
            raise


class _TooLargeError(HTTPException):
    """A body is larger than it may be, and did not say so before."""


class _Body:
    """What is received, until it is too much."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self.most, self.size = receive, most, 0

    async def receive(self) -> Message:
        message = await self._receive()
        self.size += len(message.get("body", b""))
        if self.size > self.most:
            raise _TooLargeError(413, f"a body of over {self.most} bytes")
        return message


class _Answer:
    """What is sent: with the headers that every answer has, and to somebody who takes it."""

    def __init__(self, send: Send, stalled_s: float) -> None:
        self._send, self.stalled_s, self.begun = send, stalled_s, asyncio.Event()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun.set()
            named = {name.lower() for name, _ in message.get("headers", ())}
            added = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
            message["headers"] = [
                *message.get("headers", ()),
                *(pair for pair in added if pair[0] not in named),
            ]
        await asyncio.wait_for(self._send(message), self.stalled_s)


async def _begun(answering: asyncio.Future[None], begun: asyncio.Event, time_s: float) -> None:
    """Wait until an answer begins or ends, and no longer than it may take."""
    waiting = asyncio.ensure_future(begun.wait())
    try:
        await asyncio.wait(
            (answering, waiting), timeout=time_s, return_when=asyncio.FIRST_COMPLETED
        )
    except asyncio.CancelledError:
        answering.cancel()
        raise
    finally:
        waiting.cancel()


def _name_of(host: str) -> str:
    """Name of a Host header, without its port.

    >>> _name_of("localhost:8000"), _name_of("[::1]:8000"), _name_of("[::1]")
    ('localhost', '[::1]', '[::1]')
    """
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
