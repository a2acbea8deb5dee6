"""Gaps between our crossings against the official gaps of the live timing, by resolution.

Only some of the official values make the crossings: between the timed lines a car's gap to the
leader, and its interval only where it has no gap. So every other interval is a witness held out;
at the Line everything is, but for one value that ties each car to the field. As a further witness
the mini-sectors are made anew from intervals alone, and measured against the gaps.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from harness import Mark, shared, show, timed
from rich.console import Console
from rich.table import Table

from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.feed import read_feeds
from racecraft.sources.livetiming.gaps import AtLoop, loop_crossings
from racecraft.sources.livetiming.laps import Timed
from racecraft.sources.livetiming.lights_out import lights_out
from racecraft.sources.livetiming.stream import read_stream
from racecraft.sources.livetiming.timing import LINE, Timing, read_timing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from racecraft.sources.livetiming.naming import Loop, Passage

SESSIONS = ("2018-04-29_Azerbaijan_Grand_Prix_Race", "2023-04-29_Azerbaijan_Grand_Prix_Sprint")
MOST_S = 3.0  # to parse a session
MINI, END, LAP = "mini-sector", "last of a sector", "lap end"

Differences = dict[tuple[str, str], list[int]]  # by resolution and witness, in milliseconds


@dataclass(frozen=True)
class Official:
    """One official value: behind whom a car was, at which loop, and by how much."""

    car: str
    other: str
    lap: int
    loop: Loop
    behind: int


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no live timing here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    marks = []
    for name in SESSIONS:
        files = archive.fetch(folder / "data" / "livetiming" / name)
        race = archive.parse(files)
        report(f"{race.season} {race.name}, {race.session}", differences(files))
        note = f"{race.crossings.height:,} crossings"
        parse = timed(
            f"parse live timing, {race.season} {race.session}",
            lambda files=files: archive.parse(files),
            runs=5,
            limit=MOST_S,
            note=note,
        )
        marks.append(parse)
    return marks


def differences(files: Mapping[str, bytes]) -> Differences:
    """Gaps between crossings less official gaps."""
    timing = _timing(files)
    looped = timing.at_loops()
    without_gaps = [
        passage if passage.reading is None
        else replace(passage, reading=replace(passage.reading, gap=None))
        for passage in timing.passages
    ]  # fmt: skip
    made_of_intervals, _ = loop_crossings(
        without_gaps, {node: time - timing.since for node, time in timing.timed.items()}
    )
    chained = {crossing.at: crossing.time for crossing in made_of_intervals}

    def ours(car: str, lap: int, loop: Loop) -> int | None:
        if loop in timing.at_timed_line:
            return timing.timed.get(Timed(car, lap, loop.sector))
        return looped.get(AtLoop(car, lap, loop))

    def of_intervals(car: str, lap: int, loop: Loop) -> int | None:
        return None if loop in timing.at_timed_line else chained.get(AtLoop(car, lap, loop))

    def of_sectors(car: str, lap: int, loop: Loop) -> int | None:
        ends = loop.sector != LINE and loop.number == timing.loops[loop.sector]
        return timing.timed.get(Timed(car, lap, loop.sector)) if ends else None

    found: Differences = {}
    for witness, values, times in (
        ("gap to leader, as used", _gaps, ours),
        ("interval to car ahead, held out", _intervals, ours),
        ("gap to leader, of intervals alone", _gaps, of_intervals),
        ("gap to leader, at the end of the sector", _gaps, of_sectors),
    ):
        for official in values(timing):
            difference = _difference(official, times)
            if difference is not None:
                where = _resolution(official.loop, timing)
                held_out = witness if where != LAP else witness.replace("as used", "held out")
                found.setdefault((where, held_out), []).append(difference)
    return found


def report(title: str, found: Differences) -> None:
    table = Table(title=title, box=None, header_style="bold", title_justify="left")
    table.add_column("resolution", min_width=18)
    table.add_column("official value", min_width=40)
    for column in ("values", "median", "99th percentile", "within 1 ms", "largest"):
        table.add_column(column, justify="right")
    for (where, witness), each in sorted(found.items(), key=lambda item: item[0]):
        off = np.abs(each)
        table.add_row(
            where,
            witness,
            f"{len(off):,}",
            f"{np.median(off):.0f} ms",
            f"{np.percentile(off, 99):.0f} ms",
            f"{(off <= 1).mean():.2%}",
            f"{off.max():,} ms",
        )
    Console(width=140).print(table)


def _timing(files: Mapping[str, bytes]) -> Timing:
    streams = {
        name: read_stream(name, files[name + archive.SUFFIX])
        for name in (*archive.NEEDED, "LapCount")
    }
    started = lights_out(streams).clock
    feeds = read_feeds(streams["TimingData"], started=started)
    laps = [
        update.data["TotalLaps"] for update in streams["LapCount"] if "TotalLaps" in update.data
    ]
    return read_timing(feeds, started=started, most=laps[-1])


def _gaps(timing: Timing) -> Iterator[Official]:
    """Gaps to the car that led on the screen; at the Line, to the first car over it."""
    for p in timing.passages:
        r = p.reading
        if r is None or r.gap is None or r.leader is None:
            continue
        over = _over_the_line(timing, p)
        yield Official(p.car, over[0] if over else r.leader, p.lap, p.loop, r.gap)


def _intervals(timing: Timing) -> Iterator[Official]:
    """Intervals to the car a place ahead on the screen; at the Line, to the one over it before."""
    for p in timing.passages:
        r = p.reading
        if r is None or r.gap is None or r.interval is None or r.ahead is None:
            continue
        over = _over_the_line(timing, p)
        yield Official(p.car, over[-1] if over else r.ahead, p.lap, p.loop, r.interval)


def _over_the_line(timing: Timing, passage: Passage) -> list[str]:
    """Cars that crossed the Line on this lap before the car of a passage of the Line, in order."""
    if _resolution(passage.loop, timing) != LAP:
        return []
    times = {car: timing.line(car).get(passage.lap) for car in timing.laps}
    mine = times[passage.car]
    before = {t: car for car, t in times.items() if t is not None and mine is not None and t < mine}
    return [car for _, car in sorted(before.items())]


def _difference(official: Official, times: Callable[[str, int, Loop], int | None]) -> int | None:
    here = times(official.car, official.lap, official.loop)
    there = times(official.other, official.lap, official.loop)
    return None if here is None or there is None else here - there - official.behind


def _resolution(loop: Loop, timing: Timing) -> str:
    if loop.sector == LINE and loop.number == timing.loops[LINE]:
        return LAP
    return END if loop.number == timing.loops[loop.sector] else MINI


if __name__ == "__main__":
    sys.exit(show(main()))
