"""How long from a message that a hub sends until it is taken in, told, and on the screen?

usage: live_latency.py [--seconds S] [--all]

A hub in a process of its own replays sessions of the archive, made up to 22 cars, and one of them
driven on to three hours; a follower hears it over a socket, its analyses at work beside, writes a
line of JSON for every event and draws the screen as the command does. Heard are the start and the
stretch in which most happens, at real speed, and at twenty times that: of the race of 2018, with
``--all`` of every session. Times are from when the hub gives a message to its socket; how much of
the processor it takes from a message to its line is told too, for the machine may be busy.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING

import uvicorn
from harness import Mark, shared, show
from rich.console import Console

from live import CARS, HOURS, longer, with_more_cars
from racecraft.cli.live import be_prompt, redraws
from racecraft.errors import NotEnoughDataError
from racecraft.live.follower import Follower
from racecraft.live.hub import signalr
from racecraft.live.hub.client import listen
from racecraft.live.hub.server import PATH, Hub, _listening
from racecraft.live.inputs import read_session
from racecraft.live.room import with_one_thread
from racecraft.live.screen import Screen
from racecraft.show.live import screen
from racecraft.sources.livetiming.messages import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from racecraft.sources.livetiming.messages import Message

MEDIAN_MS, LAST_MS = 100.0, 500.0
REAL, FAST = 1.0, 20.0
LIGHTS_OUT_S = 20.0  # before which nothing happens
WAITS = (
    "taken in", "on the screen", "any line written", "line of a message written",
    "line of the last laps written", "line of the whole race written",
    "processor time of a look at the last laps",
)  # fmt: skip
LIMITED = WAITS[:5]
WHOLE = ("moment", "withdrawn")  # kinds of news that all of the race is read for


@dataclass
class Waits:
    """Milliseconds of every wait, of all stretches at one speed."""

    speed: float
    stretches: int = 0
    each: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    worst: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, heard: dict[str, list[float]]) -> None:
        """Take in what was heard of one stretch."""
        self.stretches += 1
        for what, waits in heard.items():
            self.each[what] += waits
            self.worst[what] = max(self.worst[what], statistics.median(waits or [0.0]))

    def marks(self) -> Iterator[Mark]:
        """Median and 99th percentile of every wait."""
        for what in WAITS:
            ordered = sorted(self.each[what]) or [0.0]
            late = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
            bound = what in LIMITED and self.speed == REAL
            note = (
                f"{len(self.each[what])} in {self.stretches} stretches at {self.speed:g} times "
                f"the speed, the slowest with a median of {self.worst[what]:.0f} ms"
            )
            for name, value, limit in (
                ("median", statistics.median(ordered), MEDIAN_MS),
                ("99th percentile", late, LAST_MS),
            ):
                yield Mark(f"{what}, {name}", (value,), "ms", limit if bound else None, note=note)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=20.0, help="of every stretch")
    asked.add_argument("--all", action="store_true", help="every session, not one of them")
    given = asked.parse_args()
    os.environ.update(with_one_thread())  # as the command does
    folder = shared()
    if folder is None:
        print("no session here: neither $RACECRAFT_SHARED nor ../shared")
        return 0
    real, fast = Waits(REAL), Waits(FAST)
    folders = sorted((folder / "data" / "livetiming").iterdir())
    for each in folders if given.all else folders[:1]:
        messages = with_more_cars(read_session(each), CARS)
        told = [_lights_out(messages), _busiest(messages, given.seconds)]
        if "2018" in each.name:
            messages = longer(messages, HOURS)
            told.append(_busiest(messages, given.seconds, share=0.8))
            print(f"{each.name}: at {FAST:g} times the speed", flush=True)
            fast.add(heard(messages, told[-1], FAST, given.seconds / 2))
        for number, first in enumerate(told, 1):
            print(f"{each.name}: stretch {number} of {len(told)}", flush=True)
            real.add(heard(messages, first, REAL, given.seconds))
    return show([*real.marks(), *fast.marks()])


def _lights_out(messages: list[Message]) -> int:
    """Number of the message shortly before lights out."""
    started = next(m.moment for m in messages if m.data.get("Status") == "Started")
    return next(
        number
        for number, message in enumerate(messages)
        if (started - message.moment).total_seconds() < LIGHTS_OUT_S
    )


def _busiest(messages: list[Message], seconds: float, share: float = 0.1) -> int:
    """Number of the message from which most happens, after some share of the session."""
    shown, at = Screen(), [0]
    for message in messages:
        at.append(at[-1] + len(shown.take(message)))
    times = [message.moment.timestamp() for message in messages]
    most, found, last = -1, 0, 0
    for first in range(int(share * len(messages)), len(messages)):
        while last < len(messages) and times[last] - times[first] < seconds:
            last += 1
        if at[last] - at[first] > most:
            most, found = at[last] - at[first], first
    return found


def heard(
    messages: list[Message], first: int, speed: float, seconds: float
) -> dict[str, list[float]]:
    """Follow one stretch, after having been told all that came before."""
    be_prompt()  # the messages are the hub's, which is another process
    follower = Follower(apart=True)
    for message in messages[:first]:
        follower.take(message)
    with suppress(NotEnoughDataError):
        follower.glance()
    follower._timed_look()
    last = messages[first].moment.timestamp() + seconds * speed
    return _heard(follower, [m for m in messages[first:] if m.moment.timestamp() < last], speed)


def _heard(follower: Follower, messages: list[Message], speed: float) -> dict[str, list[float]]:
    """Follow a hub; waits until a message is taken in, its line is written, and it is drawn."""
    here, there = multiprocessing.Pipe()
    hub = multiprocessing.Process(target=_serve, args=(messages, speed, there), daemon=True)
    hub.start()
    taken: dict[str, list[float]] = defaultdict(list)
    lines: list[tuple[str, float]] = []
    glanced: list[tuple[str, float]] = []
    looked: list[tuple[str, float]] = []
    drawn: list[tuple[str, float]] = []
    glances: list[float] = []
    take, glance = follower.take, follower.glance

    def timed_glance():
        began = time.thread_time()
        try:
            return glance()
        finally:
            glances.append(1000 * (time.thread_time() - began))

    def timed_take(message: Message, *, arrived: float | None = None):
        news = take(message, arrived=arrived)
        taken[f"{message.stream} {stamp(message.moment)}"].append(time.monotonic())
        return news

    def listen_to() -> None:
        out = StringIO()
        for event in listened:
            out.write(event.line())
            whole = {event.kind, event.facts.get("sure")} & {*WHOLE}
            waits = lines if event.basis == "screen" else looked if whole else glanced
            waits.append((stamp(event.moment), time.monotonic()))

    follower.take = timed_take  # type: ignore[method-assign]
    follower.glance = timed_glance  # type: ignore[method-assign]
    listened = follower.events()
    listener = threading.Thread(target=listen_to)
    listener.start()
    follower.start(listen(here.recv(), follower.broken), timed=True)
    _draw(follower, drawn)
    listener.join()
    follower.stop()
    sent: dict[str, float] = here.recv()
    hub.terminate()
    hub.join()
    first: dict[str, float] = {}
    for name, at in sent.items():
        moment = name.rpartition(" ")[2]
        first[moment] = min(at, first.get(moment, at))
    waited = [[1000 * (at - first[m]) for m, at in all_ if m in first] for all_ in (
        drawn, [*lines, *glanced, *looked], lines, glanced, looked)]  # fmt: skip
    taken_in = [1000 * (at[0] - sent[name]) for name, at in taken.items() if name in sent]
    return dict(zip(WAITS, (taken_in, *waited, glances), strict=True))


def _draw(follower: Follower, drawn: list[tuple[str, float]]) -> None:
    """Draw as the command does; note when what the screen tells of was on it."""
    console = Console(file=StringIO(), width=120, height=50, force_terminal=True)
    known = set(map(id, follower.recent))
    for _ in redraws(follower):
        news = [one for one in list(follower.recent) if id(one) not in known]
        console.print(screen(follower, 120, 50))
        known |= set(map(id, news))
        at = time.monotonic()
        drawn += [(stamp(one.moment), at) for one in news if one.basis == "screen"]


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
                threading.Thread(target=pipe.send, args=(sent,), daemon=True).start()

    listening = _listening(0)
    pipe.send(f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}")
    hub = Noting(messages, speed=speed, lead_in_s=None)
    config = uvicorn.Config(hub.app(), log_level="error", lifespan="off", ws="websockets-sansio")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    sys.exit(main())
