"""The server under the application: uvicorn, and patience with slow clients that ends."""

from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from racecraft.show.web.problems import problem

if TYPE_CHECKING:
    from fastapi import FastAPI

MOST_HEADERS = 16_384  # bytes of request line and headers
MOST_AT_ONCE = 1_000  # connections; more are told to come back
TOO_LONG = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
HEADERS_S = 10.0  # for request line and headers to come in


class Patience(H11Protocol):
    """HTTP/1.1 that closes a connection whose request does not come in within `HEADERS_S`."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._waiting = self.loop.call_later(HEADERS_S, self._close_if_silent)

    def data_received(self, data: bytes) -> None:
        """Take what came in; the first bytes of a request begin a new wait."""
        if self._waiting is None and self.cycle is not None and self.cycle.response_complete:
            self._waiting = self.loop.call_later(HEADERS_S, self._close_if_silent)
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, or has too long headers, with a problem (RFC 9457)."""
        hint = getattr(sys.exc_info()[1], "error_status_hint", 400)
        refused = problem(hint, "the headers are too long" if hint == TOO_LONG else msg)
        headers = [*refused.raw_headers, (b"connection", b"close")]
        reason = HTTPStatus(hint).phrase.encode()
        parts = (
            h11.Response(status_code=hint, headers=headers, reason=reason),
            h11.Data(data=bytes(refused.body)),
            h11.EndOfMessage(),
        )
        for part in parts:
            self.transport.write(self.conn.send(part) or b"")
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _close_if_silent(self) -> None:
        self._waiting = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


def server(app: FastAPI, stopping_s: int = 5, **more: Any) -> uvicorn.Server:
    """Server of an application; `run` it with the sockets that it listens at.

    Parameters
    ----------
    stopping_s
        Seconds that answers under way get when it is told to stop.
    more
        Of uvicorn's `Config`.
    """
    settings: dict[str, Any] = {
        "http": Patience,
        "ws": "none",
        "lifespan": "off",
        "log_level": "error",  # what is no request is told to whoever sent it
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "h11_max_incomplete_event_size": MOST_HEADERS,
        "limit_concurrency": MOST_AT_ONCE,
        "timeout_graceful_shutdown": stopping_s,
    }
    return uvicorn.Server(uvicorn.Config(app, **{**settings, **more}))
