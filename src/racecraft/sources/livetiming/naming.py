"""Names the loops at which the cars of one lap sent their gaps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.sources.livetiming.readings import Reading, Readings

SAME_MOMENT = 700  # passages of the leader this close are one; loops lie two seconds apart
SKIP = 500  # cost of leaving out a gap or a loop when they are matched, in milliseconds
PAIR = 1200  # a mini-sector lights up this long after the gap was sent, at most
SLOW = 1.15  # a sector that takes so much longer than usual says nothing by its shares
STEPS, PACE_STEP = 200, 500  # to which shares of a sector are rounded, and its milliseconds


class Loop(NamedTuple):
    """End of a mini-sector: sector from 0, and number within it from 1."""

    sector: int
    number: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A car over a loop, by the clock, with the gap that was sent there if one was."""

    car: str
    lap: int
    loop: Loop
    clock: int
    reading: Reading | None = None


@dataclass(slots=True)
class Window:
    """The gaps that a car sent between two timed lines, and the loops that lie there."""

    car: str
    lap: int
    loops: list[Loop]
    begin: int | None
    end: int | None
    sent: Readings  # all gaps of the car
    first: int  # of them, that was sent here
    last: int  # the one after the last of them

    @property
    def whole(self) -> bool:
        """Whether it sent one gap for every loop."""
        return self.count == len(self.loops)

    @property
    def count(self) -> int:
        """Number of gaps that were sent here."""
        return self.last - self.first

    @property
    def readings(self) -> list[Reading]:
        """Gaps that were sent here."""
        return self.sent.between(self.first, self.last)

    def packed(self) -> tuple[object, ...]:
        """All that there is to it, in little room."""
        return (
            self.car, self.begin, self.end, *self.loops[:1], len(self.loops),
            self.sent.packed(self.first, self.last),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds of all laps: how late gaps are sent, and how a sector is driven.

    Shares and times are rounded, lest every lap to come change them by next to nothing.
    """

    latency: int  # milliseconds from a passage until its gap is sent
    share: Mapping[Loop, float]  # of a sector's time after which a loop is passed
    pace: Mapping[int, int]  # milliseconds that a sector takes

    @property
    def packed(self) -> tuple[object, ...]:
        """All that there is to it."""
        return self.latency, *sorted(self.share.items()), *sorted(self.pace.items())


Lit: TypeAlias = "Mapping[tuple[str, Loop], int]"  # when a loop of this lap lit up for a car


def named(windows: Sequence[Window], lit: Lit, usual: Usual) -> tuple[list[Passage], int]:
    """Return the passages of one lap, and how many gaps fit no loop."""
    names = _Names(windows, lit, usual)
    return names.passages, names.unnamed


def usual_of(windows: Sequence[Window], latency: int) -> Usual:
    """Return what holds of all laps, by the windows that are whole."""
    shares: dict[Loop, list[float]] = defaultdict(list)
    times: dict[int, list[int]] = defaultdict(list)
    for window in windows:
        if not window.whole or window.begin is None or window.end is None:
            continue
        time = window.end - window.begin
        times[window.loops[0].sector].append(time)
        clocks = window.sent.clocks[window.first : window.last]
        for loop, clock in zip(window.loops, clocks, strict=True):
            shares[loop].append((clock - latency - window.begin) / time)
    return Usual(
        latency,
        {loop: round(median(each) * STEPS) / STEPS for loop, each in shares.items()},
        {sector: round(median(each) / PACE_STEP) * PACE_STEP for sector, each in times.items()},
    )


class _Names:
    """Names the loop of every gap: from windows that are whole, to those with a hole."""

    def __init__(self, windows: Sequence[Window], lit: Lit, usual: Usual) -> None:
        self.lit, self.usual = lit, usual
        self.sent = {id(window): window.readings for window in windows}
        self.moments: dict[tuple[Loop, str | None], list[int]] = defaultdict(list)
        self.passed: dict[tuple[str, Loop], int] = {}
        self.passages: list[Passage] = []
        self.unnamed = 0
        for window in windows:
            if window.whole:
                self._note(window, window.loops)
        for window in sorted(windows, key=self._difficulty):
            self._name(window)

    def _difficulty(self, window: Window) -> int:
        """Whole first, then those at racing pace, then in-laps, out-laps and the last ones."""
        if window.whole:
            return 0
        return 1 if self._at_pace(window) else 2

    def _at_pace(self, window: Window) -> bool:
        if window.begin is None or window.end is None:
            return False
        pace = self.usual.pace.get(window.loops[0].sector if window.loops else -1, 0)
        return window.end - window.begin < SLOW * pace

    def _note(self, window: Window, loops: Sequence[Loop | None]) -> None:
        """Remember when the leader passed each loop, by what this car sent there."""
        for loop, reading in zip(loops, self.sent[id(window)], strict=True):
            if loop is not None:
                self.passed[window.car, loop] = reading.clock
                if reading.gap is not None:
                    self.moments[loop, reading.leader].append(reading.clock - reading.gap)

    def _name(self, window: Window) -> None:
        whole = window.whole
        loops: Sequence[Loop | None] = window.loops
        if not whole or self._astray(window):
            matched = self._matched(window)
            if not whole or sum(loop is not None for loop in matched) >= len(loops) - 1:
                loops = matched
        if not whole:
            self._note(window, loops)
        for loop, reading in zip(loops, self.sent[id(window)], strict=True):
            if loop is None:
                self.unnamed += 1
            else:
                clock = reading.clock - self.usual.latency
                self.passages.append(Passage(window.car, window.lap, loop, clock, reading))

    def _astray(self, window: Window) -> bool:
        """Whether a gap does not belong to its loop: one too many, one too few look whole."""
        costs = map(self._cost, [window] * len(window.loops), window.loops, self.sent[id(window)])
        return any(cost is not None and cost > SAME_MOMENT for cost in costs)

    def _cost(self, window: Window, loop: Loop, reading: Reading) -> float | None:
        """Milliseconds by which a gap misses a loop; None where nothing tells."""
        lit = self.lit.get((window.car, loop))
        if lit is not None and -PAIR // 8 <= lit - reading.clock <= PAIR:
            return 0
        if reading.gap is not None:
            moments = self.moments.get((loop, reading.leader))
            if moments:
                return abs(reading.clock - reading.gap - median(moments))
        elif reading.interval is not None and reading.ahead is not None:
            passed = self.passed.get((reading.ahead, loop))
            if passed is not None:
                return abs(reading.clock - reading.interval - passed)
        if window.begin is not None and window.end is not None and self._at_pace(window):
            at = window.begin + self.usual.share[loop] * (window.end - window.begin)
            return abs(reading.clock - self.usual.latency - at)
        return None

    def _matched(self, window: Window) -> list[Loop | None]:
        """Match gaps to loops in order, at the least cost; a gap that fits none is left out."""
        readings, loops = self.sent[id(window)], window.loops
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
