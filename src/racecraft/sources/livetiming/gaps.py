"""From official gaps to crossings of mini-sectors: exact between cars, placed by the clock.

Cars whose gaps are measured from one another at a loop are tied together there, to the
millisecond. Where in time they lie, all together, is the median of what their clocks say, within
the timed lines before and after.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from racecraft.sources.livetiming.feed import SECTORS
from racecraft.sources.livetiming.laps import ROUNDING, Tied, Timed
from racecraft.sources.livetiming.naming import SAME_MOMENT, Loop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.sources.livetiming.naming import Passage
    from racecraft.sources.livetiming.readings import Reading

JITTER = 150  # milliseconds by which the clocks of two cars at one loop disagree at times
ASTRAY = 300  # milliseconds outside its sector at which a passage is a mistake, not a late clock


class AtLoop(NamedTuple):
    """One car over one loop."""

    car: str
    lap: int
    loop: Loop


@dataclass(frozen=True, slots=True)
class LoopCrossing:
    """When a car passed a loop, and whether gaps or only the clock say so."""

    at: AtLoop
    time: int
    by_gap: bool


def loop_crossings(
    passages: Sequence[Passage], times: Mapping[Timed, int]
) -> tuple[list[LoopCrossing], int]:
    """Return when each car passed each loop, and the number of passages left out as mistakes.

    Parameters
    ----------
    passages
        Cars over loops, by the clock of the stream less its latency, with the gaps sent there.
    times
        When each car reached each timed line, on the same clock; those of laps without passages,
        but for the ends of the laps before, are of no matter.
    """
    groups: dict[tuple[int, Loop], list[Passage]] = defaultdict(list)
    for passage in passages:
        groups[passage.lap, passage.loop].append(passage)
    found: list[LoopCrossing] = []
    for together in groups.values():
        found += _keep_order(_at_one_loop(together, times), times)
    forward = _forward(found, times)
    named = {AtLoop(p.car, p.lap, p.loop) for p in passages}
    return forward, len(named - {crossing.at for crossing in forward})


def at_timed_lines(
    passages: Sequence[Passage], times: Mapping[Timed, int], sizes: Mapping[int, int]
) -> list[tuple[Loop, bool]]:
    """Return, for gaps at the last loop of a sector, whether the sector times say the same.

    Where most do, the loop is the timed line, as at the Line. The last loop of another sector may
    lie some metres before its end.

    Parameters
    ----------
    passages, times
        As in `loop_crossings`.
    sizes
        Loops of each sector.
    """
    agree = []
    for passage in passages:
        loop, reading = passage.loop, passage.reading
        if loop.number != sizes[loop.sector] or reading is None:
            continue
        if reading.gap is None or reading.leader is None:
            continue
        here = times.get(Timed(passage.car, passage.lap, loop.sector))
        there = times.get(Timed(reading.leader, passage.lap, loop.sector))
        if here is not None and there is not None:
            agree.append((loop, abs(here - there - reading.gap) <= ROUNDING))
    return agree


def around(at: AtLoop, times: Mapping[Timed, int]) -> tuple[int | None, int | None]:
    """When the car reached the timed lines before and after a loop; None where unknown."""
    sector = at.loop.sector
    before = Timed(at.car, at.lap, sector - 1) if sector else Timed(at.car, at.lap - 1, SECTORS[-1])
    return times.get(before), times.get(Timed(at.car, at.lap, sector))


def _at_one_loop(passages: Sequence[Passage], times: Mapping[Timed, int]) -> list[LoopCrossing]:
    """Tie the passages of one loop on one lap by their gaps, and place them by their clocks."""
    lap, loop = passages[0].lap, passages[0].loop
    clocks = {AtLoop(p.car, lap, loop): p.clock for p in passages if p.reading is not None}
    lit = {AtLoop(p.car, lap, loop): p.clock for p in passages if p.reading is None}
    tied: Tied[AtLoop] = Tied()
    for passage in passages:
        at, reading = AtLoop(passage.car, lap, loop), passage.reading
        tied.add(at)
        if reading is None:
            continue
        first, behind = _reference(passage, reading, clocks, times)
        if first is not None:
            tied.tie(first, at, behind)
    tied.place(clocks, lit)
    return [crossing for group in tied.groups() for crossing in _within_sector(group, times)]


def _reference(
    passage: Passage, reading: Reading, clocks: Mapping[AtLoop, int], times: Mapping[Timed, int]
) -> tuple[AtLoop | None, int]:
    """The car that a gap was measured from, and the gap; None if no car was there at that time.

    That is the leader; for a car without a gap, the one ahead. While two cars swap places, the
    order on the screen lags, so another one that passed just then may be meant.
    """
    other, behind = reading.leader, reading.gap
    if behind is None:
        other, behind = reading.ahead, reading.interval
    if other is None or behind is None or other == passage.car:
        return None, 0
    at = AtLoop(other, passage.lap, passage.loop)
    moment = passage.clock - behind
    if at not in clocks:
        before, after = around(at, times)
        known = before is not None or after is not None
        return (at if known and _outside(moment, before, after) <= ASTRAY else None), behind
    if reading.gap is None and abs(clocks[at] - moment) > JITTER:
        at = min(
            (node for node in clocks if node.car != passage.car and clocks[node] <= passage.clock),
            key=lambda node: abs(clocks[node] - moment),
            default=at,
        )
    return (at if abs(clocks[at] - moment) <= SAME_MOMENT else None), behind


def _within_sector(group: Mapping[AtLoop, int], times: Mapping[Timed, int]) -> list[LoopCrossing]:
    """Shift a group by what it takes to have every car pass the loop within its sector."""
    bounds = {at: around(at, times) for at in group}
    inside = {at: t for at, t in group.items() if _outside(t, *bounds[at]) <= ASTRAY}
    early = max((b + 1 - t for at, t in inside.items() if (b := bounds[at][0]) is not None),
                default=0)  # fmt: skip
    late = min((a - 1 - t for at, t in inside.items() if (a := bounds[at][1]) is not None),
               default=0)  # fmt: skip
    shift = max(early, 0) + min(late, 0)
    return [LoopCrossing(at, time + shift, len(inside) > 1) for at, time in inside.items()]


def _outside(time: int, before: int | None, after: int | None) -> int:
    """Milliseconds by which a time misses what lies between two others."""
    early = 0 if before is None else before - time
    late = 0 if after is None else time - after
    return max(early, late, 0)


def _keep_order(crossings: list[LoopCrossing], times: Mapping[Timed, int]) -> list[LoopCrossing]:
    """Keep the clock alone from swapping cars that the timed lines on both sides have in order."""
    settled = [crossing for crossing in crossings if crossing.by_gap]
    for crossing in crossings:
        if crossing.by_gap:
            continue
        mine, time = around(crossing.at, times), crossing.time
        for other in settled:
            theirs = around(other.at, times)
            if None in (*mine, *theirs):
                continue
            ahead = [t < m for t, m in zip(theirs, mine, strict=True) if t is not None and m]
            if all(ahead):
                time = max(time, other.time + 1)
            elif not any(ahead):
                time = min(time, other.time - 1)
        settled.append(LoopCrossing(crossing.at, time, by_gap=False))
    return settled


def _forward(crossings: Sequence[LoopCrossing], times: Mapping[Timed, int]) -> list[LoopCrossing]:
    """Leave out crossings that would take a car back in time; those by clock alone first."""
    by_sector: dict[tuple[str, int, int], list[LoopCrossing]] = defaultdict(list)
    for crossing in crossings:
        at = crossing.at
        by_sector[at.car, at.lap, at.loop.sector].append(crossing)
    forward = []
    for each in by_sector.values():
        before, after = around(each[0].at, times)
        kept: list[LoopCrossing] = []
        for crossing in sorted(each, key=lambda c: c.at.loop):
            if (before is not None and crossing.time <= before) or (
                after is not None and crossing.time >= after
            ):
                continue
            while kept and crossing.time <= kept[-1].time and not kept[-1].by_gap:
                kept.pop()
            if not kept or crossing.time > kept[-1].time:
                kept.append(crossing)
        forward += kept
    return forward
