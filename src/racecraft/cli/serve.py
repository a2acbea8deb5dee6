"""The verb that lets a browser and other programs ask."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING, Annotated, Any

import typer

from racecraft.cli import answer
from racecraft.cli.options import StoreFolder
from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PORT = 8_000
STOPPING_S = 5  # for answers under way when it is told to stop
EXTRA = "pip install 'racecraft[serve]'"


def serve(
    port: Annotated[int, typer.Option(help="0 for any that is free.")] = PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen at; this machine alone, unless you name one.")
    ] = "127.0.0.1",
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    store: StoreFolder = None,
) -> None:
    """Serve pages, a JSON API and the faces of Ergast and OpenF1 from the store, until Ctrl-C.

    Nothing is written, and nothing is loaded from elsewhere.
    """
    app, server_of = _made(store, host)
    listening = _listening(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}/"
    answer.write(
        f"serving {app.state.shelf.store.folder} at {address} (Ctrl-C stops it)\n".encode()
    )
    if open_it:
        import webbrowser

        webbrowser.open(address)
    for stop in (signal.SIGINT, signal.SIGTERM):  # it ends well after either
        signal.signal(stop, lambda *_: None)
    server_of(app).run(sockets=[listening])


def _made(store: Path | None, host: str) -> tuple[Any, Callable[[Any], Any]]:
    """The application, and what makes a server of it."""
    try:
        from racecraft.show.web.app import LOOPBACK, create_app
        from racecraft.show.web.server import server
    except ModuleNotFoundError as error:
        raise ArgumentError(f"serve needs {error.name}", hint=EXTRA) from error
    here = host in ("127.0.0.1", "localhost", "::1")
    return create_app(store, hosts=LOOPBACK if here else None), lambda app: server(app, STOPPING_S)


def _listening(host: str, port: int) -> socket.socket:
    """Socket that is bound, so that an address in use is said before anything is served."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ArgumentError(
            f"cannot listen at {host}:{port}: {why}", hint="try another --port, or --port 0"
        ) from error


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    serve: ("serve", "serve --port 0 --open", "serve --host 0.0.0.0"),
}  # the verb, and what one may type after racecraft
