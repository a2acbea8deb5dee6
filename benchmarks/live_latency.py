"""How long from a message that a hub sends until it is taken in, told, and on the screen?

usage: live_latency.py [--seconds S]

A hub in a process of its own replays the race of 2018, made up to 22 cars and three hours; a
follower hears it over a socket, its analyses at work beside, writes a line of JSON for every event
and draws the screen as the command does. Times are from when the hub gives a message to its socket.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import threading
import time
from collections import defaultdict
from io import StringIO
from typing import TYPE_CHECKING

import uvicorn
from harness import Mark, show
from rich.console import Console

from live import CARS, HOURS, _of_2018, ahead_to, longer, with_more_cars
from racecraft.cli.live import REDRAW_S, REDRAW_SHARE
from racecraft.live.hub import signalr
from racecraft.live.hub.client import listen
from racecraft.live.hub.server import PATH, Hub, _listening
from racecraft.live.inputs import read_session
from racecraft.show.live import screen
from racecraft.sources.livetiming.messages import stamp

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from racecraft.live.follower import Follower
    from racecraft.sources.livetiming.messages import Message

MEDIAN_MS, LAST_MS = 100.0, 500.0
RUNS = ((0.0, 1.0), (0.9, 1.0), (0.3, 5.0), (0.6, 20.0))  # share of the session done, speed
LIGHTS_OUT_S = 60.0  # before which nothing happens


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=120.0, help="of every run")
    given = asked.parse_args()
    folder = _of_2018()
    if folder is None:
        print("no session here: neither $RACECRAFT_SHARED nor ../shared")
        return 0
    messages = longer(with_more_cars(read_session(folder), CARS), HOURS)
    return show([mark for run in RUNS for mark in marks(messages, *run, given.seconds)])


def marks(messages: list[Message], share: float, speed: float, seconds: float) -> list[Mark]:
    """Median and 99th percentile of every wait, in milliseconds."""
    first = _lights_out(messages) if share == 0 else int(len(messages) * share)
    follower, rest = ahead_to(messages[:first] + messages[first:], first / len(messages))
    last = rest[0].moment.timestamp() + seconds * speed
    waits = _heard(follower, [one for one in rest if one.moment.timestamp() < last], speed)
    found = []
    for what, each in waits.items():
        note = f"{len(each)} at {speed:g} times the speed, from lap {follower.screen.lap} on"
        ordered = sorted(each) or [0.0]
        late = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
        found += [
            Mark(f"{what}, median", (statistics.median(ordered),), "ms", MEDIAN_MS, note=note),
            Mark(f"{what}, 99th percentile", (late,), "ms", LAST_MS, note=note),
        ]
    return found


def _lights_out(messages: list[Message]) -> int:
    """Number of the message a minute before lights out."""
    started = next(m.moment for m in messages if m.data.get("Status") == "Started")
    return next(
        number
        for number, message in enumerate(messages)
        if (started - message.moment).total_seconds() < LIGHTS_OUT_S
    )


def _heard(follower: Follower, messages: list[Message], speed: float) -> dict[str, list[float]]:
    """Follow a hub; waits until a message is taken in, its line is written, and it is drawn."""
    here, there = multiprocessing.Pipe()
    hub = multiprocessing.Process(target=_serve, args=(messages, speed, there), daemon=True)
    hub.start()
    taken: dict[str, list[float]] = defaultdict(list)
    lines: list[tuple[str, float]] = []
    drawn: list[tuple[str, float]] = []
    to_draw: list[str] = []
    take = follower.take

    def timed_take(message: Message, *, arrived: float | None = None):
        news = take(message, arrived=arrived)
        taken[f"{message.stream} {stamp(message.moment)}"].append(time.monotonic())
        return news

    def listen_to() -> None:
        out = StringIO()
        for event in listened:
            out.write(event.line())
            if event.basis == "screen":
                lines.append((stamp(event.moment), time.monotonic()))
                to_draw.append(stamp(event.moment))

    follower.take = timed_take  # type: ignore[method-assign]
    listened = follower.events()
    listener = threading.Thread(target=listen_to)
    listener.start()
    follower.start(listen(here.recv(), follower.broken), timed=True)
    _draw(follower, to_draw, drawn)
    listener.join()
    sent: dict[str, float] = here.recv()
    hub.terminate()
    hub.join()
    first: dict[str, float] = {}
    for name, at in sent.items():
        moment = name.rpartition(" ")[2]
        first[moment] = min(at, first.get(moment, at))
    return {
        "taken in": [1000 * (at[0] - sent[name]) for name, at in taken.items() if name in sent],
        "line written": [1000 * (at - first[m]) for m, at in lines if m in first],
        "on the screen": [1000 * (at - first[m]) for m, at in drawn if m in first],
    }


def _draw(follower: Follower, to_draw: list[str], drawn: list[tuple[str, float]]) -> None:
    """Draw as the command does."""
    console = Console(file=StringIO(), width=120, height=50, force_terminal=True)
    while not follower.ended:
        began, events = time.thread_time(), [to_draw.pop() for _ in range(len(to_draw))]
        console.print(screen(follower, 120, 50))
        drawn += [(event, time.monotonic()) for event in events]
        time.sleep((time.thread_time() - began) / REDRAW_SHARE)
        follower.wait(REDRAW_S)


def _serve(messages: list[Message], speed: float, pipe: Connection) -> None:
    """Run a hub that notes when it sends what; it tells so when the session is over."""
    sent: dict[str, float] = {}

    class Noting(Hub):
        def _tell(self, text: str | None) -> None:
            for one in signalr.frames(text or "")[0]:
                if one is not None and one.get("type") == signalr.INVOCATION:
                    stream, _, moment = one["arguments"]
                    sent.setdefault(f"{stream} {moment}", time.monotonic())
            super()._tell(text)
            if self.finished:
                pipe.send(sent)

    listening = _listening(0)
    pipe.send(f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}")
    hub = Noting(messages, speed=speed, lead_in_s=None)
    config = uvicorn.Config(hub.app(), log_level="error", lifespan="off", ws="websockets-sansio")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    sys.exit(main())
