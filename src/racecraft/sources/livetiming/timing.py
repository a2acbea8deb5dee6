"""Everything that lap times, sector times and gaps say of when each car was where."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.sources.livetiming.by_lap import ByLap
from racecraft.sources.livetiming.feed import SECTORS
from racecraft.sources.livetiming.gaps import AtLoop, at_timed_lines, loop_crossings
from racecraft.sources.livetiming.laps import Laps, Silence, Timed, car_laps, timed_crossings
from racecraft.sources.livetiming.loops import read_loops
from racecraft.sources.livetiming.naming import Loop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from racecraft.sources.livetiming.feed import Feed
    from racecraft.sources.livetiming.gaps import LoopCrossing
    from racecraft.sources.livetiming.laps import Tied
    from racecraft.sources.livetiming.loops import Loops
    from racecraft.sources.livetiming.naming import Passage

LINE = SECTORS[-1]

LAP: dict[str, Any] = {"car": pl.String, "lap": pl.Int16}
LOOP: dict[str, Any] = {"sector": pl.Int8, "number": pl.Int16}
LOOPED = LAP | LOOP | {"time": pl.Int64, "by_gap": pl.Boolean}  # time in milliseconds


@dataclass(frozen=True)
class Timing:
    """When each car was where, in milliseconds of the stream's clock less its latency."""

    laps: dict[str, Laps]
    timed: dict[Timed, int]
    since: int  # from when the times of loops and passages count
    looped: pl.DataFrame  # `LOOPED`, of loops only where nothing is timed
    loops: dict[int, int]  # loops of each sector
    at_timed_line: set[Loop]  # loops that are timed lines
    finish: dict[str, int]  # when each car took the flag
    named: Loops
    silences: list[Silence]

    @property
    def passages(self) -> list[Passage]:
        """Every car over every loop by the clock, with the gap it sent there."""
        timed: dict[int, list[Timed]] = defaultdict(list)
        for node in self.timed:
            timed[node.lap].append(node)
        return [p for lap in self.named.laps for p in self.named.passages(lap, timed[lap])]

    def at_loops(self) -> dict[AtLoop, int]:
        """When each car passed each loop at which nothing is timed, since `since`."""
        rows = self.looped["car", "lap", "sector", "number", "time"].iter_rows()
        return {AtLoop(car, lap, Loop(s, number)): time for car, lap, s, number, time in rows}

    def line(self, car: str) -> dict[int, int]:
        """When a car completed each lap."""
        return self._lines.get(car, {})

    @cached_property
    def _lines(self) -> dict[str, dict[int, int]]:
        lines: dict[str, dict[int, int]] = defaultdict(dict)
        for node, time in self.timed.items():
            if node.sector == LINE:
                lines[node.car][node.lap] = time
        return dict(lines)

    def laps_done(self, car: str) -> int:
        """Laps that a car completed by the flag."""
        return max(self.line(car), default=0)


def read_timing(
    feeds: Mapping[str, Feed], *, started: int, most: int, known: ByLap | None = None
) -> Timing:
    """Return when each car was where.

    Parameters
    ----------
    feeds
        What the timing said of each car, by number.
    started
        Clock of lights out.
    most
        Laps of the race.
    known
        Laps that were read before; those that did not change are not read again.
    """
    known = known or ByLap()
    laps = {number: car_laps(feed, most=most) for number, feed in feeds.items()}
    tied = timed_crossings(laps, feeds)
    every = tied.times()
    timed = _forward(every, started)
    backward = len(every) - len(timed)
    timed, finish = _until_the_flag(timed)
    timed, astray = _between_lines(timed)
    since = tied.begin()
    own = {node: time - since for node, time in timed.items()}
    loops = read_loops(
        feeds, own, since=since, started=started, finishers=frozenset(finish), known=known
    )
    looped, mistaken, at_timed_line = _looped(loops, own, known)
    looped = _where_nothing_is_timed(looped, timed, at_timed_line)
    silences = [silence for car in laps.values() for silence in car.silences]
    silences += _apart(tied)
    silences += _on_the_whole(
        feeds, looped, unnamed=loops.unnamed, mistaken=mistaken, backward=backward + astray
    )
    return Timing(
        laps=laps,
        timed=timed,
        since=since,
        looped=looped,
        loops=loops.sizes,
        at_timed_line=at_timed_line,
        finish=finish,
        named=loops,
        silences=silences,
    )


def _where_nothing_is_timed(
    looped: pl.DataFrame, timed: Mapping[Timed, int], at_timed_line: set[Loop]
) -> pl.DataFrame:
    """Crossings of loops on laps that are certain, without those of which the time is known."""
    certain = pl.DataFrame(list(_certain_laps(timed)), schema=LAP, orient="row")
    tied_cars = [*{node.car for node in timed}]
    known = looped.join(certain, on=[*LAP], how="semi")
    loose = looped.filter(~pl.col("car").is_in(tied_cars))
    lines = pl.DataFrame(
        [(*node, loop.number) for node in timed for loop in at_timed_line
         if loop.sector == node.sector], schema=LAP | LOOP, orient="row",
    )  # fmt: skip
    return pl.concat([known, loose]).join(lines, on=[*LAP, *LOOP], how="anti")


def _columns(crossings: Sequence[LoopCrossing]) -> pl.DataFrame:
    """Crossings of a lap as columns, for hours of them are many."""
    rows = [(*c.at[:2], *c.at.loop, c.time, c.by_gap) for c in crossings]
    return pl.DataFrame(rows, schema=LOOPED, orient="row")


def _looped(
    loops: Loops, timed: Mapping[Timed, int], known: ByLap
) -> tuple[pl.DataFrame, int, set[Loop]]:
    """Crossings of loops, how many passages are mistakes, and which loops are timed lines."""
    by_lap: dict[int, dict[Timed, int]] = defaultdict(dict)
    for node, time in timed.items():
        by_lap[node.lap][node] = time
        if node.sector == LINE:
            by_lap[node.lap + 1][node] = time
    looped = [_columns([])]
    mistaken = 0
    agree: dict[Loop, list[int]] = defaultdict(lambda: [0, 0])
    usual = (*loops.sizes.items(), *sorted(loops.late.items()))
    for lap, one in loops.laps.items():
        given = hash((one.packed, usual, frozenset(by_lap[lap].items())))
        crossings, wrong, same = known.made(
            "crossings", lap, given, partial(_of_lap, loops, lap, by_lap[lap])
        )
        looped.append(crossings)
        mistaken += wrong
        for loop, (so, of) in same.items():
            agree[loop][0] += so
            agree[loop][1] += of
    lines = {loop for loop, (so, of) in agree.items() if 2 * so > of}
    return pl.concat(looped), mistaken, lines


def _of_lap(
    loops: Loops, lap: int, times: Mapping[Timed, int]
) -> tuple[pl.DataFrame, int, dict[Loop, tuple[int, int]]]:
    """Crossings of a lap, passages that are mistakes, and how many gaps agree with the sectors.

    The last is said of each loop, of so many that could.
    """
    passages = loops.passages(lap, [node for node in times if node.lap == lap])
    crossings, wrong = loop_crossings(passages, times)
    agree: dict[Loop, list[bool]] = defaultdict(list)
    for loop, same in at_timed_lines(passages, times, loops.sizes):
        agree[loop].append(same)
    return _columns(crossings), wrong, {loop: (sum(s), len(s)) for loop, s in agree.items()}


def _forward(times: Mapping[Timed, int], started: int) -> dict[Timed, int]:
    """Leave out as few crossings as it takes for every car to go forward in time.

    That is the longest increasing subsequence; on whole records, all of it.
    """
    by_car: dict[str, list[tuple[Timed, int]]] = defaultdict(list)
    for node, time in sorted(times.items()):
        if time > started:
            by_car[node.car].append((node, time))
    forward: dict[Timed, int] = {}
    for each in by_car.values():
        ends: list[int] = []  # the least time at which a run of each length ends
        length = []
        for _, time in each:
            length.append(bisect_left(ends, time))
            ends[length[-1] : length[-1] + 1] = [time]
        wanted, later = len(ends) - 1, float("inf")
        for (node, time), run in zip(reversed(each), reversed(length), strict=True):
            if run == wanted and time < later:
                forward[node] = time
                wanted, later = wanted - 1, time
    return forward


def _between_lines(times: Mapping[Timed, int]) -> tuple[dict[Timed, int], int]:
    """Leave out ends of sectors on laps of which a Line is lost, for they may be of another lap.

    What a car did on its last lap, which never ended, stays.
    """
    certain = _certain_laps(times)
    kept = {
        node: time
        for node, time in times.items()
        if node.sector == LINE or (node.car, node.lap) in certain
    }
    return kept, len(times) - len(kept)


def _certain_laps(times: Mapping[Timed, int]) -> set[tuple[str, int]]:
    """Car and lap of every lap whose Lines are known on both sides, or that never ended."""
    laps: dict[str, set[int]] = defaultdict(lambda: {0})
    for node in times:
        laps[node.car].add(node.lap if node.sector == LINE else 0)
    return {
        (car, lap + 1)
        for car, known in laps.items()
        for lap in known
        if lap + 1 in known or lap == max(known)
    }


def _until_the_flag(times: Mapping[Timed, int]) -> tuple[dict[Timed, int], dict[str, int]]:
    """Leave out what a car did after it took the flag; and when each car took it."""
    at_line = {node: time for node, time in times.items() if node.sector == LINE}
    last = max((node.lap for node in at_line), default=0)
    flag = min((time for node, time in at_line.items() if node.lap == last), default=None)
    finish: dict[str, int] = {}
    for node, time in at_line.items():
        if flag is not None and time >= flag:
            finish[node.car] = min(time, finish.get(node.car, time))
    return {
        node: time for node, time in times.items() if time <= finish.get(node.car, time)
    }, finish


def _apart(tied: Tied[Timed]) -> Iterator[Silence]:
    """Say whose laps are not tied to the rest of the field."""
    for group in tied.groups()[1:]:
        spans: dict[str, list[int]] = defaultdict(list)
        for node in group:
            spans[node.car].append(node.lap)
        for car, seen in spans.items():
            first, last = min(seen), max(seen)
            of = f"lap {first}" if first == last else f"laps {first} to {last}"
            yield Silence(
                "crossings", car, first,
                f"{of} not tied to the rest of the race: placed by the clock, some hundredths of a "
                "second off",
            )  # fmt: skip


def _on_the_whole(
    feeds: Mapping[str, Feed],
    looped: pl.DataFrame,
    *,
    unnamed: int,
    mistaken: int,
    backward: int,
) -> Iterator[Silence]:
    """Say what holds for every car, and count what was left out."""
    sent = sum(len(feed.readings) for feed in feeds.values())
    by_clock = looped.filter(~pl.col("by_gap")).height
    unread = sorted({text for feed in feeds.values() for text in feed.unread})
    yield Silence(
        "crossings", None, None,
        "lights out is placed by the clock of the stream: all times may be off together, by some "
        "hundredths of a second",
    )  # fmt: skip
    if by_clock:
        yield Silence(
            "crossings", None, None,
            f"mini-sectors known by the clock alone, some tenths of a second off: {by_clock}",
        )  # fmt: skip
    if unnamed:
        reason = f"{unnamed} of {sent} gaps fit no mini-sector: left out"
        yield Silence("crossings", None, None, reason)
    if mistaken:
        reason = f"mini-sectors left out, for they contradict the sectors: {mistaken}"
        yield Silence("crossings", None, None, reason)
    if backward:
        reason = f"timed lines left out, for they would take a car back in time: {backward}"
        yield Silence("crossings", None, None, reason)
    if unread:
        yield Silence("crossings", None, None, f"gaps not understood: {', '.join(unread)[:80]}")
