"""A hub on this machine for a test, on a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette


class Served(Protocol):
    """A hub, or something worse."""

    def app(self) -> Starlette: ...


@contextmanager
def served(hub: Served) -> Iterator[str]:
    """Address of a hub that runs until the test has done with it."""
    from racecraft.live.hub.server import PATH

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    config = uvicorn.Config(hub.app(), log_level="critical", lifespan="off", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
