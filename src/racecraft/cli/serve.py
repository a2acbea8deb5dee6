"""The verb that lets a browser and other programs ask."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from racecraft.cli import answer
from racecraft.cli.options import StoreFolder
from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.live.follower import Follower
    from racecraft.show.web.beforehand import Beforehand

Made = tuple[Any, "Callable[[Any], Any]", "Beforehand"]

PORT = 8_000
STOPPING_S = 5  # for answers under way when it is told to stop
EXTRA = "pip install 'racecraft[serve]'"


def serve(
    port: Annotated[int, typer.Option(help="0 for any that is free.")] = PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen at; this machine alone, unless you name one.")
    ] = "127.0.0.1",
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    replay: Annotated[
        str | None,
        typer.Option(metavar="FOLDER|FILE", help="Session to run once more on the live page."),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Recording that a live client is writing."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Hub, or relay of yours, that speaks SignalR Core."),
    ] = None,
    speed: Annotated[float, typer.Option(help="How many times as fast --replay runs.")] = 1.0,
    store: StoreFolder = None,
) -> None:
    """Serve pages, a JSON API and the faces of Ergast and OpenF1 from the store, until Ctrl-C.

    No request writes anything, and nothing is loaded from elsewhere.
    """
    follower = _following(store, replay, from_, url, speed)
    app, server_of, beforehand = _made(store, host, follower)
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
    beforehand.start()
    try:
        server_of(app).run(sockets=[listening])
    finally:
        beforehand.stop()
        if follower is not None:
            follower.stop()


def _following(
    store: Path | None, replay: str | None, from_: Path | None, url: str | None, speed: float
) -> Follower | None:
    """What follows a session for the live page; None where none is named."""
    named = [one for one in (replay, from_, url) if one is not None]
    if not named:
        return None
    if len(named) > 1:
        raise ArgumentError(
            f"{len(named)} sessions to follow; expected one", hint="--replay, --from or --url"
        )
    from racecraft.cli.live import follower_of, heard
    from racecraft.live.inputs import check_speed

    follower = follower_of(store)
    messages = heard(follower, from_, replay, url, None, check_speed(speed))
    follower.start(messages, timed=url is not None)
    return follower


def _made(store: Path | None, host: str, live: Follower | None) -> Made:
    """The application, what makes a server of it, and what works while nobody asks."""
    try:
        from racecraft.show.web.app import LOOPBACK, create_app
        from racecraft.show.web.beforehand import Beforehand
        from racecraft.show.web.server import server
    except ModuleNotFoundError as error:
        raise ArgumentError(f"{error.name} is not installed", hint=EXTRA) from error
    here = host in ("127.0.0.1", "localhost", "::1")
    app = create_app(store, hosts=LOOPBACK if here else None, live=live)
    return app, lambda made: server(made, STOPPING_S), Beforehand(app)


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
    serve: (
        "serve",
        "serve --port 0 --open",
        "serve --host 0.0.0.0",
        "serve --replay 2025_Miami/ --speed 20",
    ),
}  # the verb, and what one may type after racecraft
