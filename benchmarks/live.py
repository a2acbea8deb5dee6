"""Following a session: share of a core at twenty times the speed, and memory over hours.

usage: live.py [FOLDER] [--law STEP] [--stopped EVENT] [--seconds S]

FOLDER is a session of the live timing archive; left out, the race of 2018. Its field is made up to
22 cars by cars that drive like others, and its race is driven on to three hours by repeating laps.
``--law`` holds the live state against a batch reading of the same messages after every so many,
instead; with ``--stopped British`` or ``--stopped "Saudi Arabian"`` those of a race of 2021 under a
red flag, its timing made of public laps.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import Mark, shared, show
from rich.console import Console

from racecraft.errors import NotEnoughDataError, RacecraftError
from racecraft.live.apart import Apart
from racecraft.live.follower import Follower
from racecraft.live.inputs import read_session
from racecraft.live.room import give_back
from racecraft.model.race import RACE_TABLES
from racecraft.show.live import screen
from racecraft.sources.livetiming.archive import SUFFIX, fetch, messages_of
from racecraft.sources.livetiming.fold import Fold
from racecraft.sources.livetiming.messages import read_message
from racecraft.sources.livetiming.race import race_of
from racecraft.sources.livetiming.stream import read_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.sources.livetiming.messages import Message

CARS, HOURS, SPEED = 22, 3.0, 20.0
LOOKED = timedelta(seconds=120)  # between two looks, of the time of the race
SETTLED_S = 10.0  # until the look at all that came before is over
AGAIN_FROM = 10  # lap of the leader from which the race is driven again
BEHIND = timedelta(seconds=0.4)  # by which they are
TWINS = "ZY"  # first letters of the cars that are made up


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, nargs="?", default=_of_2018())
    asked.add_argument("--law", type=int, metavar="STEP")
    asked.add_argument("--stopped", metavar="EVENT")
    asked.add_argument("--seconds", type=float, default=60.0, help="of every measurement")
    given = asked.parse_args()
    if given.folder is None:
        print("no session here: neither $RACECRAFT_SHARED nor ../shared")
        return 0
    if given.law:
        files = stopped(given.stopped) if given.stopped else fetch(given.folder)
        return law(given.stopped or given.folder.name, files, given.law)
    messages = longer(with_more_cars(read_session(given.folder), CARS), HOURS)
    note = f"{CARS} cars, {len(messages):,} messages, {HOURS:g} hours"
    return show(
        [
            *(core(messages, share, given.seconds) for share in (0.3, 0.85)),
            *memory(messages, note),
        ]
    )


def _of_2018() -> Path | None:
    folder = shared()
    return next((folder / "data" / "livetiming").glob("2018*Race")) if folder else None


def with_more_cars(messages: list[Message], cars: int) -> list[Message]:
    """The same session with cars that do what others do, a moment later and behind them all."""
    numbers: list[str] = []
    for message in messages:
        if message.stream == "DriverList":
            numbers += [n for n in message.data if n.isdecimal() and n not in numbers]
    twins = {n: str(900 + i) for i, n in enumerate(numbers[: max(cars - len(numbers), 0)])}
    told = []
    for message in messages:
        told.append(message)
        lines = message.data if message.stream == "DriverList" else message.data.get("Lines", {})
        added = {
            twin: _as_twin(lines[number], twin, place)
            for place, (number, twin) in enumerate(twins.items(), len(numbers) + 1)
            if number in lines
        }
        if added:
            data = added if message.stream == "DriverList" else {"Lines": added}
            told.append(message._replace(moment=message.moment + BEHIND, data=data))
    return sorted(told, key=lambda message: message.moment)


def _as_twin(change: dict[str, Any], twin: str, place: int) -> dict[str, Any]:
    """What is said of a car, said of one that follows it."""
    own = deepcopy(change)
    for name, value in (
        ("Line", place), ("RacingNumber", twin), ("Position", str(place)),
        ("Tla", f"{TWINS[place % 2]}{twin[1:]}"), ("GridPos", str(place)),
    ):  # fmt: skip
        if name in own:
            own[name] = value
    gap = own.get("GapToLeader", "")
    if gap.startswith("LAP"):
        own["GapToLeader"] = f"+{BEHIND.total_seconds():.3f}"
    elif gap.startswith("+") and gap[1:].replace(".", "").isdecimal():
        own["GapToLeader"] = f"+{float(gap[1:]) + BEHIND.total_seconds():.3f}"
    return own


def longer(messages: list[Message], hours: float) -> list[Message]:
    """The same session, its laps driven again and again until it lasts so long."""
    lap, at = 0, {}
    for number, message in enumerate(messages):
        if message.stream == "LapCount" and message.data.get("CurrentLap", 0) > lap:
            lap = message.data["CurrentLap"]
            at[lap] = number
    first, last = at[AGAIN_FROM], at[lap]
    stretch = messages[first:last]
    time_of = stretch[-1].moment - stretch[0].moment
    told, more = messages[:last], 0
    while (told[-1].moment - told[0].moment) < timedelta(hours=hours):
        more += 1
        told += [_later(one, time_of * more, (lap - AGAIN_FROM) * more) for one in stretch]
    return told


def _later(message: Message, by: timedelta, laps: int) -> Message:
    data = deepcopy(message.data)
    if "CurrentLap" in data:
        data["CurrentLap"] += laps
        data["TotalLaps"] = 199
    for change in data.get("Lines", {}).values():
        if isinstance(change, dict) and "NumberOfLaps" in change:
            change["NumberOfLaps"] += laps
    return message._replace(moment=message.moment + by, data=data)


def memory(messages: list[Message], note: str) -> Iterator[Mark]:
    """Megabytes of memory after every hour, and by which they grow from the first to the third."""
    lines = [message.line() for message in messages]
    began = looked = messages[0].moment
    messages.clear()  # a follower has no such list
    follower = Follower(apart=True)
    held: list[tuple[float, float]] = []
    for line in lines:
        message = read_message(line)
        assert message is not None  # noqa: S101
        follower.take(message)
        if message.moment - looked > LOOKED:
            looked = message.moment
            follower._timed_look()
            with suppress(NotEnoughDataError):
                follower.glance()
            give_back()
        if message.moment - began > timedelta(hours=len(held) + 1):
            gc.collect()
            held.append((resident(), resident(_apart(follower))))
            here, apart = held[-1]
            print(f"hour {len(held)}: {here:.0f} MB, apart {apart:.0f} MB", flush=True)
    follower.stop()
    for at, (name, limit) in enumerate((("of the follower", 5.0), ("of the analyses", 50.0))):
        each = [one[at] for one in held]
        yield Mark(
            f"memory {name}, from the first hour to the third", (each[2] - each[0],), unit="MB",
            limit=limit, peak_mb=max(each),
            note=f"{note}; after each: {', '.join(f'{one:.0f}' for one in each)} MB",
        )  # fmt: skip


def _apart(follower: Follower) -> int | None:
    """Number of the process in which the analyses are."""
    return follower._analyst.pid if isinstance(follower._analyst, Apart) else None


def resident(pid: int | str | None = "self") -> float:
    """Megabytes of memory that a process holds; none where there is none."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1000
    return 0.0


def processor(follower: Follower) -> float:
    """Seconds of a processor that following has taken, here and apart."""
    took = time.process_time()
    with suppress(OSError):
        told = Path(f"/proc/{_apart(follower)}/stat").read_text().rpartition(")")[2].split()
        took += (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return took


def ahead_to(messages: list[Message], share: float) -> tuple[Follower, list[Message]]:
    """A follower of the first share of a session, and what is to come."""
    cut = int(len(messages) * share)
    follower = Follower(apart=True)
    for message in messages[:cut]:
        follower.take(message)
    follower._timed_look()
    return follower, messages[cut:]


def core(messages: list[Message], share: float, seconds: float) -> Mark:
    """Share of a core at twenty times the speed, the screen redrawn every second."""
    follower, rest = ahead_to(messages, share)
    console = Console(file=StringIO(), width=120, height=50, force_terminal=True)
    reached: list[
        tuple[float, float]
    ] = []  # time, and CPU seconds, after the first look and at the end

    def sent() -> Iterator[Message]:
        began = time.monotonic()
        for message, at in _released(rest, SPEED, SETTLED_S + seconds):
            if not reached and at - began > SETTLED_S:
                reached.append((at, processor(follower)))
            yield message
        reached.append((time.monotonic(), processor(follower)))

    follower.start(sent())
    while not follower.ended:
        console.print(screen(follower, 120, 50))
        follower.wait(1.0)
    (began, before), (ended, after) = reached
    took, used = ended - began, after - before
    return Mark(
        f"share of a core at {SPEED:g} times the speed", (100 * used / took,), unit="%",
        limit=30.0, note=f"lap {follower.watch.lap}, the screen drawn every second",
    )  # fmt: skip


def _released(messages: list[Message], speed: float, seconds: float):
    """Messages at their pace for so many seconds, and when each was let go."""
    began, first = time.monotonic(), messages[0].moment
    for message in messages:
        due = began + (message.moment - first).total_seconds() / speed
        if due - began > seconds:
            return
        while (wait := due - time.monotonic()) > 0:
            time.sleep(min(wait, 0.2))
        yield message, time.monotonic()


def stopped(event: str) -> dict[str, bytes]:
    """Streams of a race under a red flag, as the tests make them."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from own_red_flag import stopped_race

    return stopped_race(shared(), event)


def law(title: str, files: dict[str, bytes], step: int) -> int:
    """Hold the live state against batch readings of the same messages."""
    updates = sorted(
        ((u, name.removesuffix(SUFFIX)) for name, raw in files.items()
         for u in read_stream(name, raw)), key=lambda said: said[0].clock,
    )  # fmt: skip
    fold, streams, held, broken = Fold(source="livetiming"), {}, 0, 0
    messages = messages_of(files)
    for number, (message, (update, name)) in enumerate(zip(messages, updates, strict=True), 1):
        fold.take(message)
        streams.setdefault(name, []).append(update)
        if number % step and number != len(messages):
            continue
        one, other = _or_none(fold.race), _or_none(lambda: race_of(streams, source="livetiming"))
        same = one is other or (
            one is not None
            and other is not None
            and all(getattr(one, table).equals(getattr(other, table)) for table in RACE_TABLES)
        )
        held, broken = held + same, broken + (not same)
    print(f"{title}: after every {step} of {len(messages):,} messages: {held} held, "
          f"{broken} broken")  # fmt: skip
    return int(bool(broken))


def _or_none(made):
    try:
        return made()
    except (RacecraftError, KeyError):
        return None


if __name__ == "__main__":
    sys.exit(main())
