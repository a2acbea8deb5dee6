"""Which mini-sector did a car end when its gap was sent?

The stream does not say. But a gap subtracted from the clock at which it was sent gives the moment
at which the leader passed the same loop in the track: those of all cars fall together, loop by
loop. So a car that sent one gap for every loop of a sector names them, and with it every other car.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from racecraft.sources.livetiming.feed import SECTORS
from racecraft.sources.livetiming.laps import LATENCY, Timed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.sources.livetiming.feed import Feed, Reading

SLACK = 1000  # milliseconds after the end of a sector in which its last loop may still report
SAME_MOMENT = 700  # passages of the leader this close are one; loops lie two seconds apart
SKIP = 500  # cost of leaving out a gap or a loop when they are matched, in milliseconds
PAIR = 1200  # a mini-sector lights up this long after the gap was sent, at most
LIGHT_LATE = 5000  # and this long after the end of its sector, at most
SLOW = 1.15  # a sector that takes so much longer than usual says nothing by its shares
BEFORE = 4  # loops before one, of which a car that drives has passed some


class Loop(NamedTuple):
    """End of a mini-sector: sector from 0, and number within it from 1."""

    sector: int
    number: int


Lights: TypeAlias = list[tuple[int, int, Loop]]  # clock, lap and loop that lit up for a car


@dataclass(frozen=True, slots=True)
class Passage:
    """A car over a loop, by the clock, with the gap that was sent there if one was."""

    car: str
    lap: int
    loop: Loop
    clock: int
    reading: Reading | None = None


@dataclass(slots=True)
class _Window:
    """The gaps that a car sent between two timed lines, and the loops that lie there."""

    car: str
    lap: int
    loops: list[Loop]
    begin: int | None
    end: int | None
    readings: list[Reading] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops of the track, and every passage that could be named."""

    sizes: dict[int, int]  # loops of each sector
    passages: list[Passage]
    unnamed: int  # gaps that fit no loop


def read_loops(
    feeds: Mapping[str, Feed], times: Mapping[Timed, int], *, finishers: frozenset[str]
) -> Loops:
    """Return which car passed which loop when, by the clock of the stream less its latency.

    Parameters
    ----------
    feeds
        What the stream said of each car, by number.
    times
        When each car reached each timed line, on the same clock.
    finishers
        Cars that took the flag: what they sent after their last crossing is left out.
    """
    ends = _ends(times)
    latency = _latency(feeds, ends)
    windows = [
        window
        for number, feed in feeds.items()
        for window in _windows(feed, ends[number], latency, final=number in finishers)
    ]
    sizes = _sizes(windows, feeds)
    lights = {
        number: _lights(feed, ends[number], sizes, final=number in finishers)
        for number, feed in feeds.items()
    }
    for window in windows:
        window.loops = [Loop(s, k) for s, _ in window.loops for k in range(1, sizes[s] + 1)]
    names = _Names(windows, lights, latency)
    lit = _driven(_lit_only(names.passages, lights), names.passages, times, sizes)
    return Loops(sizes, names.passages + lit, names.unnamed)


def _windows(
    feed: Feed, ends: Sequence[tuple[int, int, int]], latency: int, *, final: bool
) -> list[_Window]:
    """Sort the gaps of a car by the timed lines between which they were sent."""
    windows: dict[int, _Window] = {}
    for reading in feed.readings:
        at = bisect_left(ends, (reading.clock - latency - SLACK,))
        if (at == len(ends) and final) or _line_lost(ends, at):
            continue
        if at not in windows:
            windows[at] = _window(feed.number, ends, at)
        windows[at].readings.append(reading)
    return list(windows.values())


def _line_lost(ends: Sequence[tuple[int, int, int]], at: int) -> bool:
    """Whether a lap ended between two timed lines without a word of it: then no lap is certain."""
    if at == len(ends):
        return False
    _, lap, sector = ends[at - 1] if at else (0, 0, SECTORS[-1])
    return ends[at][1] > lap + (sector == SECTORS[-1])


def _window(car: str, ends: Sequence[tuple[int, int, int]], at: int) -> _Window:
    """Between the timed lines ``at - 1`` and ``at``; open where there is none."""
    begin, lap, sector = ends[at - 1] if at else (None, 0, SECTORS[-1])
    after = lap * len(SECTORS) + sector + 1
    if at < len(ends):
        end, last_lap, last_sector = ends[at]
        until = last_lap * len(SECTORS) + last_sector
    else:
        end, until = None, after // len(SECTORS) * len(SECTORS) + SECTORS[-1]
    after = max(after, until // len(SECTORS) * len(SECTORS))  # of one lap only
    sectors = [step % len(SECTORS) for step in range(after, until + 1)]
    whole = begin if len(sectors) == 1 else None
    return _Window(car, until // len(SECTORS), [Loop(s, 0) for s in sectors], whole, end)


def _ends(times: Mapping[Timed, int]) -> dict[str, list[tuple[int, int, int]]]:
    """Time, lap and sector of every timed line that each car reached, in order."""
    ends: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for node, time in times.items():
        ends[node.car].append((time, node.lap, node.sector))
    for each in ends.values():
        each.sort()
    return ends


def _latency(feeds: Mapping[str, Feed], ends: Mapping[str, Sequence[tuple[int, int, int]]]) -> int:
    """How much later than the crossing a gap is sent, in the median at the Line."""
    lates = []
    for number, feed in feeds.items():
        at_line = [time for time, _, sector in ends[number] if sector == SECTORS[-1]]
        for reading in feed.readings:
            near = bisect_left(at_line, reading.clock - LATENCY - SAME_MOMENT)
            if near < len(at_line) and at_line[near] < reading.clock - LATENCY + SAME_MOMENT:
                lates.append(reading.clock - at_line[near])
    return round(median(lates)) if lates else LATENCY


def _sizes(windows: Sequence[_Window], feeds: Mapping[str, Feed]) -> dict[int, int]:
    """Number of loops of each sector: as many as most cars sent gaps for, or as light up."""
    sizes = {}
    for sector in SECTORS:
        counts = Counter(
            len(window.readings)
            for window in windows
            if window.begin is not None and window.end is not None
            if window.loops[0].sector == sector
        )
        lit = [index + 1 for feed in feeds.values() for _, s, index in feed.segments if s == sector]
        [(usual, _)] = counts.most_common(1) or [(max(lit, default=0), 0)]
        sizes[sector] = usual
    return sizes


def _lights(
    feed: Feed, ends: Sequence[tuple[int, int, int]], sizes: Mapping[int, int], *, final: bool
) -> Lights:
    """Clock, lap and loop of every mini-sector that lit up for a car."""
    spans = _spans(ends, final=final)
    lights = []
    for clock, sector, index in feed.segments:
        if index < sizes[sector]:
            for lap, begin, end in spans[sector]:
                if begin - SLACK < clock - LATENCY < end + LIGHT_LATE:
                    lights.append((clock, lap, Loop(sector, index + 1)))
                    break
    return lights


def _spans(
    ends: Sequence[tuple[int, int, int]], *, final: bool
) -> dict[int, list[tuple[int, float, float]]]:
    """When a car was in each sector of each lap: lap, begin, end; endless where one is unknown.

    A lap between Lines of which one is lost is left out: what lit up may be of the lap beside it.
    """
    known = {(lap, sector): time for time, lap, sector in ends}
    last = max((lap for _, lap, _ in ends), default=0)
    laps = last + (not final)
    spans: dict[int, list[tuple[int, float, float]]] = {sector: [] for sector in SECTORS}
    for lap in range(1, laps + 1):
        line = [known.get((lap - 1, SECTORS[-1])), *(known.get((lap, s)) for s in SECTORS)]
        begun = lap == 1 or line[0] is not None
        ended = lap >= last or line[-1] is not None
        for sector in SECTORS if begun and ended else ():
            before: list[float] = [time for time in line[: sector + 1] if time is not None]
            after: list[float] = [time for time in line[sector + 1 :] if time is not None]
            if before or after or laps == 1:
                begin, end = [float("-inf"), *before][-1], [*after, float("inf")][0]
                spans[sector].append((lap, begin, end))
    return spans


class _Names:
    """Names the loop of every gap: from windows that are whole, to those with a hole."""

    def __init__(
        self, windows: Sequence[_Window], lights: Mapping[str, Lights], latency: int
    ) -> None:
        self.latency = latency
        self.lit = {
            (number, lap, loop): clock
            for number, each in lights.items()
            for clock, lap, loop in each
        }
        self.moments: dict[tuple[int, Loop, str | None], list[int]] = defaultdict(list)
        self.passed: dict[tuple[str, int, Loop], int] = {}
        self.passages: list[Passage] = []
        self.unnamed = 0
        whole = [w for w in windows if len(w.readings) == len(w.loops)]
        self.usual, self.pace = _usual(whole, latency)
        for window in whole:
            self._note(window, window.loops)
        for window in sorted(windows, key=self._difficulty):
            self._name(window)

    def _difficulty(self, window: _Window) -> int:
        """Whole first, then those at racing pace, then in-laps, out-laps and the last ones."""
        if len(window.readings) == len(window.loops):
            return 0
        return 1 if self._at_pace(window) else 2

    def _at_pace(self, window: _Window) -> bool:
        if window.begin is None or window.end is None:
            return False
        pace = self.pace.get(window.loops[0].sector if window.loops else -1, 0)
        return window.end - window.begin < SLOW * pace

    def _note(self, window: _Window, loops: Sequence[Loop | None]) -> None:
        """Remember when the leader passed each loop, by what this car sent there."""
        for loop, reading in zip(loops, window.readings, strict=True):
            if loop is not None:
                self.passed[window.car, window.lap, loop] = reading.clock
                if reading.gap is not None:
                    self.moments[window.lap, loop, reading.leader].append(
                        reading.clock - reading.gap
                    )

    def _name(self, window: _Window) -> None:
        whole = len(window.readings) == len(window.loops)
        loops: Sequence[Loop | None] = window.loops
        if not whole or self._astray(window):
            matched = self._matched(window)
            if not whole or sum(loop is not None for loop in matched) >= len(loops) - 1:
                loops = matched
        if not whole:
            self._note(window, loops)
        for loop, reading in zip(loops, window.readings, strict=True):
            if loop is None:
                self.unnamed += 1
            else:
                clock = reading.clock - self.latency
                self.passages.append(Passage(window.car, window.lap, loop, clock, reading))

    def _astray(self, window: _Window) -> bool:
        """Whether a gap does not belong to its loop: one too many, one too few look whole."""
        costs = map(self._cost, [window] * len(window.loops), window.loops, window.readings)
        return any(cost is not None and cost > SAME_MOMENT for cost in costs)

    def _cost(self, window: _Window, loop: Loop, reading: Reading) -> float | None:
        """Milliseconds by which a gap misses a loop; None where nothing tells."""
        lit = self.lit.get((window.car, window.lap, loop))
        if lit is not None and -PAIR // 8 <= lit - reading.clock <= PAIR:
            return 0
        if reading.gap is not None:
            moments = self.moments.get((window.lap, loop, reading.leader))
            if moments:
                return abs(reading.clock - reading.gap - median(moments))
        elif reading.interval is not None and reading.ahead is not None:
            passed = self.passed.get((reading.ahead, window.lap, loop))
            if passed is not None:
                return abs(reading.clock - reading.interval - passed)
        if window.begin is not None and window.end is not None and self._at_pace(window):
            at = window.begin + self.usual[loop] * (window.end - window.begin)
            return abs(reading.clock - self.latency - at)
        return None

    def _matched(self, window: _Window) -> list[Loop | None]:
        """Match gaps to loops in order, at the least cost; a gap that fits none is left out."""
        readings, loops = window.readings, window.loops
        rows, columns = len(readings) + 1, len(loops) + 1
        best = [[0.0] * columns for _ in range(rows)]
        step = [[""] * columns for _ in range(rows)]
        for i in range(rows):
            for j in range(columns):
                ways = []
                if i and j:
                    pair = self._cost(window, loops[j - 1], readings[i - 1])
                    if pair is not None and pair <= SAME_MOMENT:
                        ways.append((best[i - 1][j - 1] + pair, "pair"))
                if i:
                    ways.append((best[i - 1][j] + SKIP, "gap"))
                if j:
                    ways.append((best[i][j - 1] + SKIP, "loop"))
                if ways:
                    best[i][j], step[i][j] = min(ways)
        matched: list[Loop | None] = [None] * len(readings)
        i, j = len(readings), len(loops)
        while i or j:
            way = step[i][j]
            i, j = i - (way != "loop"), j - (way != "gap")
            if way == "pair":
                matched[i] = loops[j]
        return matched


def _usual(whole: Sequence[_Window], latency: int) -> tuple[dict[Loop, float], dict[int, float]]:
    """Share of a sector's time after which each loop is passed, and the time of each sector."""
    shares: dict[Loop, list[float]] = defaultdict(list)
    times: dict[int, list[int]] = defaultdict(list)
    for window in whole:
        if window.begin is None or window.end is None:
            continue
        time = window.end - window.begin
        times[window.loops[0].sector].append(time)
        for loop, reading in zip(window.loops, window.readings, strict=True):
            shares[loop].append((reading.clock - latency - window.begin) / time)
    return (
        {loop: median(each) for loop, each in shares.items()},
        {sector: median(each) for sector, each in times.items()},
    )


def _lit_only(passages: Sequence[Passage], lights: Mapping[str, Lights]) -> list[Passage]:
    """Passages of cars that sent no gap there: leaders, and lapped cars of later seasons."""
    have = {(p.car, p.lap, p.loop): p.clock for p in passages}
    late: dict[Loop, list[int]] = defaultdict(list)
    for car, each in lights.items():
        for clock, lap, loop in each:
            if (car, lap, loop) in have:
                late[loop].append(clock - have[car, lap, loop])
    latency = {loop: round(median(each)) for loop, each in late.items()}
    return [
        Passage(car, lap, loop, clock - latency.get(loop, LATENCY))
        for car, each in lights.items()
        for clock, lap, loop in each
        if (car, lap, loop) not in have
    ]


def _driven(
    lit: list[Passage],
    passages: Sequence[Passage],
    times: Mapping[Timed, int],
    sizes: Mapping[int, int],
) -> list[Passage]:
    """Leave out lights of cars that passed nothing just before: one that stands lights up too."""
    begin = {sector: sum(sizes[s] for s in SECTORS if s < sector) for sector in SECTORS}
    whole = sum(sizes.values())
    reached: dict[str, set[int]] = defaultdict(set)  # loops since lights out, by number
    for p in (*lit, *passages):
        reached[p.car].add((p.lap - 1) * whole + begin[p.loop.sector] + p.loop.number)
    for node in times:
        reached[node.car].add((node.lap - 1) * whole + begin[node.sector] + sizes[node.sector])

    def drives(p: Passage) -> bool:
        at = (p.lap - 1) * whole + begin[p.loop.sector] + p.loop.number
        return at <= BEFORE or not reached[p.car].isdisjoint(range(at - BEFORE, at))

    return [p for p in lit if drives(p)]
