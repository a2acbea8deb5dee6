"""A server of our own on this machine, as `racecraft serve` runs it, for tests that ask it."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from racecraft.live.follower import Follower
    from racecraft.show.web.guard import Limits


@contextmanager
def serving(
    store: Path | None, *, limits: Limits | None = None, live: Follower | None = None
) -> Iterator[str]:
    """Serve a store; gives the address, without a slash at its end."""
    from racecraft.show.web.app import LOOPBACK, create_app
    from racecraft.show.web.server import server

    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    running = server(create_app(store, hosts=LOOPBACK, limits=limits, live=live))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join(10)
        listening.close()


@contextmanager
def asking(store: Path | None, *, limits: Limits | None = None) -> Iterator[httpx.Client]:
    """Client of a server of one's own."""
    with (
        serving(store, limits=limits) as address,
        httpx.Client(base_url=address, timeout=60) as client,  # the machine may be busy
    ):
        yield client
