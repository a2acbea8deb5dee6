"""The verb that follows a race while it happens."""

from __future__ import annotations

import gc
import os
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.errors import ArgumentError, RacecraftError
from racecraft.live.room import with_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from racecraft.live.events import Event
    from racecraft.live.follower import Follower
    from racecraft.model.season import Season
    from racecraft.sources.livetiming.messages import Message
    from racecraft.store.store import Store

REDRAW_S = 1.0  # without news, after which the screen is redrawn all the same
REDRAW_SHARE = 0.15  # of the time that goes into drawing, at most, in the long run
REDRAW_AHEAD_S = 0.1  # of drawing that may be ahead of that: news are drawn at once
SWITCH_S = 0.001  # for which a look at the race so far may hold up what just came
SEARCHED = (20_000, 5, 1000)  # new objects until they are searched, and how often the older ones
HISTORY = 3  # seasons before, for what was known beforehand
RECORDINGS = "recordings"  # folder of the store for what came, word for word

INPUTS = ("--from FILE", "--replay FOLDER", "--url URL", "--openf1 SESSION")


def live(
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Recording that a live client is writing."),
    ] = None,
    replay: Annotated[
        str | None,
        typer.Option(metavar="FOLDER|FILE", help="Stored or recorded session, run once more."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Hub, or relay of yours, that speaks SignalR Core."),
    ] = None,
    openf1: Annotated[
        str | None,
        typer.Option(metavar="SESSION", help="OpenF1: 'latest', or the key of a session."),
    ] = None,
    serve_replay: Annotated[
        str | None,
        typer.Option(metavar="FOLDER|FILE", help="Serve it as a hub, to build and test with."),
    ] = None,
    speed: Annotated[float, typer.Option(help="How many times as fast it is replayed.")] = 1.0,
    port: Annotated[int, typer.Option(help="Of the hub that is served.")] = 5005,
    faults: Annotated[
        str,
        typer.Option(
            metavar="FAULTS",
            help="What the hub does wrong: loss=0.01,delay=2,reorder=0.05,"
            "duplicate=0.05,disconnect=60.",
        ),
    ] = "",
    form: Annotated[
        Literal["table", "jsonl"],
        typer.Option("--format", help="A screen, or an event on every line for programs."),
    ] = "table",
    patience: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="End when nothing came for so long."),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store", metavar="DIR", help="Keep what came in this store; else it is only read."
        ),
    ] = None,
) -> None:
    """Follow a race while it happens: order, battles, chances, and what it does to the title."""
    os.environ.update(with_one_thread())  # before anything makes a table

    from racecraft.live.inputs import check_speed, patient

    check_speed(speed)
    if serve_replay is not None:
        _serve(serve_replay, speed, port, faults)
        return
    if faults:
        raise ArgumentError(
            "--faults are those of a hub, and none is served",
            hint="with --serve-replay FOLDER; follow it by --url in another window",
        )
    given = [one for one in (from_, replay, url, openf1) if one is not None]
    if len(given) != 1:
        raise ArgumentError(
            f"{len(given)} sessions to follow; expected one", hint=f"one of {', '.join(INPUTS)}"
        )
    follower = follower_of(store)
    messages = heard(follower, from_, replay, url, openf1, speed)
    if patience is not None:
        messages = patient(messages, patience)
    with ExitStack() as stack:
        if store is not None:
            follower.keep = stack.enter_context(_recording(_shelf(store)))
        stack.callback(follower.stop)
        listened = follower.events()
        be_prompt()
        follower.start(messages, timed=url is not None)
        with suppress(KeyboardInterrupt):
            if form == "jsonl" or not sys.stdout.isatty():
                _lines(listened, form)
            else:
                _screen(follower)
    if store is not None and follower.heard:
        _store(follower, _shelf(store))
    if follower.failed is not None:
        raise follower.failed
    if not follower.heard:
        answer.aside("nothing was heard")


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    live: (
        "live --from recording.txt",
        "live --replay 2025_Miami/ --speed 20",
        "live --replay recording.txt --speed 50 --format jsonl",
        "live --url http://localhost:5005/signalrcore --store ~/races",
        "live --serve-replay 2025_Miami/ --speed 20 --faults loss=0.01,disconnect=60",
    )
}  # what one may type after racecraft


def follower_of(store: Path | None) -> Follower:
    """A follower that knows the seasons that are stored."""
    from racecraft.live.follower import Follower
    from racecraft.store.load import seasons_before

    def known(year: int) -> tuple[Season | None, list[Season]]:
        shelf = _shelf(store)
        own = shelf.load_season(year) if year in shelf.seasons() else None
        return own, seasons_before(shelf, year, HISTORY)

    return Follower(known=known, apart=True)


def heard(
    follower: Follower,
    from_: Path | None,
    replay: str | None,
    url: str | None,
    openf1: str | None,
    speed: float,
) -> Iterator[Message | None]:
    """Messages of what is to be followed."""
    from racecraft.live import inputs

    if replay is not None:
        return inputs.replay(replay, speed=speed)
    if from_ is not None:
        return inputs.growing(from_, follower.broken, stops=lambda: follower.screen.over)
    if url is not None:
        from racecraft.live.hub.client import listen

        return listen(url, follower.broken)
    from racecraft.live.openf1 import follow

    return follow(str(openf1))


def be_prompt() -> None:
    """Have this process hold up what just came no longer than it must.

    What is known of the laps so far is hundreds of thousands of objects, and to search all of them
    for rubbish takes a third of a second: only the youngest are searched.
    """
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHED)


def redraws(follower: Follower) -> Iterator[None]:
    """Whenever the screen is to be drawn: at news, else now and then; the last time at the end."""
    from racecraft.live.budget import Budget

    budget = Budget(REDRAW_SHARE, REDRAW_AHEAD_S)
    while True:
        ended, began = follower.ended, time.thread_time()
        yield
        if ended:
            return
        budget.spend(time.thread_time() - began)
        time.sleep(budget.pause_s)
        follower.wait(REDRAW_S)


def _shelf(store: Path | None) -> Store:
    import racecraft as rc

    return rc.Store(store)


def _lines(events: Iterator[Event], form: str) -> None:
    """An event a line, as it happens."""
    from racecraft.show.live import line

    for event in events:
        said = event.line() if form == "jsonl" else line(event)
        answer.write(f"{said}\n".encode())


def _screen(follower: Follower) -> None:
    """The screen, redrawn as things happen until the session ends; the last one stays."""
    from rich.console import Console
    from rich.live import Live

    from racecraft.show.live import screen

    console = Console()
    with Live(console=console, auto_refresh=False, vertical_overflow="crop") as shown:
        for _ in redraws(follower):
            shown.update(screen(follower, console.width, console.height), refresh=True)


@contextmanager
def _recording(shelf: Store) -> Iterator[Callable[[Message], None]]:
    """Write down what comes, a line a message, in the folder of the store."""
    folder = shelf.folder / RECORDINGS
    name = f"{datetime.now(UTC):%Y-%m-%d_%H%M%S}.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("w", encoding="utf-8") as file:
            yield lambda message: print(message.line(), file=file, flush=True)
    except OSError as error:
        raise ArgumentError(
            f"the store {shelf.folder} cannot be written to: {error.strerror or error}",
            hint="name another folder with --store DIR",
        ) from error
    answer.aside(f"what came is kept in {folder / name}")


def _store(follower: Follower, shelf: Store) -> None:
    """Store the race as far as it went, if it went anywhere."""
    from racecraft.store.importing import add

    try:
        race = follower.race()
    except RacecraftError as error:
        answer.aside(f"no race is stored: {error.message}")
        return
    if race.crossings.is_empty():
        answer.aside("no race is stored: no lap was driven")
        return
    add(shelf, [race])
    answer.aside(f"stored: {race.season} {race.name}, {race.session}")


def _serve(where: str, speed: float, port: int, faults: str) -> None:
    """Run a hub until Ctrl-C."""
    from racecraft.live import inputs
    from racecraft.live.hub.faults import read_faults

    wrong = read_faults(faults)
    try:
        from racecraft.live.hub.server import PATH, Hub, run
    except ModuleNotFoundError as error:
        raise ArgumentError(
            f"a hub needs {error.name}", hint="pip install 'racecraft[live]'"
        ) from error
    hub = Hub(inputs.read_session(where), speed=speed, faults=wrong)

    def ready(address: str) -> None:
        answer.write(
            f"serving {where} at {address}{PATH}, from when somebody subscribes "
            "(Ctrl-C stops it)\n".encode()
        )

    run(hub, port=port, ready=ready)
