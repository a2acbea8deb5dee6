"""Which mini-sector did a car end when its gap was sent?

The stream does not say. But a gap subtracted from the clock at which it was sent gives the moment
at which the leader passed the same loop in the track: those of all cars fall together, loop by
loop. So a car that sent one gap for every loop of a sector names them, and with it every other car.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

from racecraft.sources.livetiming.feed import SECTORS
from racecraft.sources.livetiming.laps import LATENCY, Timed
from racecraft.sources.livetiming.naming import (
    SAME_MOMENT,
    Loop,
    Passage,
    Window,
    named,
    usual_of,
)
from racecraft.sources.livetiming.readings import Lights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from racecraft.sources.livetiming.by_lap import ByLap
    from racecraft.sources.livetiming.feed import Feed
    from racecraft.sources.livetiming.naming import Usual

SLACK = 1000  # milliseconds after the end of a sector in which its last loop may still report
LIGHT_LATE = 5000  # a mini-sector lights up this long after the end of its sector, at most
STEP = 10  # milliseconds to which the usual is rounded, lest every lap to come change it by one
UNDER_WAY = 3  # laps, the last ones, of which not all cars have sent everything
BEFORE = 4  # loops before one, of which a car that drives has passed some

Lit: TypeAlias = "dict[tuple[str, Loop], int]"  # when a loop lit up for a car, on one lap


@dataclass
class LapOfLoops:
    """What cars sent at the loops on one lap, and the passages that it makes.

    Attributes
    ----------
    windows, lights
        Gaps between timed lines, and loops that lit up.
    packed
        A number for all that, and for what is usual: equal where they are.
    """

    lap: int
    windows: Sequence[Window]
    lights: Lights
    usual: Usual
    packed: int

    @cached_property
    def lit(self) -> Lit:
        """When each loop lit up for each car."""
        return {(car, Loop(sector, number)): at for car, sector, number, at in self.lights}

    @cached_property
    def named(self) -> tuple[list[Passage], int]:
        """Passages of cars that sent gaps, and the number of gaps that fit no loop."""
        return named(self.windows, self.lit, self.usual)

    def told(self) -> tuple[dict[Loop, array[int]], int]:
        """How much later than its gap was sent each loop lit up, and gaps that fit none."""
        late: dict[Loop, array[int]] = defaultdict(lambda: array("i"))
        passages, unnamed = self.named
        for p in passages:
            if (p.car, p.loop) in self.lit:
                late[p.loop].append(self.lit[p.car, p.loop] - p.clock)
        return dict(late), unnamed


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops of the track, and every passage that could be named.

    Attributes
    ----------
    sizes
        Loops of each sector.
    laps
        What was sent, by lap.
    late
        How much later than its gap was sent each loop lights up, of those that do.
    unnamed
        Gaps that fit no loop.
    """

    sizes: dict[int, int]
    laps: dict[int, LapOfLoops]
    late: dict[Loop, int]
    unnamed: int

    def passages(self, lap: int, timed: Iterable[Timed]) -> list[Passage]:
        """Every car over every loop of a lap by the clock, with the gap that it sent there.

        Parameters
        ----------
        timed
            Timed lines that cars reached on that lap.
        """
        one = self.laps[lap]
        return _with_lights(lap, one.named[0], one.lit, timed, self.sizes, self.late)


def read_loops(
    feeds: Mapping[str, Feed],
    times: Mapping[Timed, int],
    *,
    since: int,
    started: int,
    finishers: frozenset[str],
    known: ByLap,
) -> Loops:
    """Return which car passed which loop when, by the clock of the stream less its latency.

    Parameters
    ----------
    feeds
        What the stream said of each car, by number.
    times
        When each car reached each timed line.
    since
        From when times count, in milliseconds of the clock of the stream. All of a race may be
        placed a little later as more of it is known; counted from its own beginning it stays.
    started
        Lights out, by that clock: what is rounded is, as it was told after that.
    finishers
        Cars that took the flag: what they sent after their last crossing is left out.
    known
        Laps that were read before.
    """
    ends = _ends(times)
    lag = since + LATENCY
    usual_until = settled(max((node.lap for node in times), default=0))
    latency = _latency(feeds, ends, lag, usual_until, started)
    windows = [
        window
        for number, feed in feeds.items()
        for window in _windows(feed, ends[number], latency, final=number in finishers)
    ]
    sizes = _sizes(windows, feeds)
    loops = {s: [Loop(s, k) for k in range(1, sizes[s] + 1)] for s in SECTORS}
    for window in windows:
        window.loops = [loop for sector, _ in window.loops for loop in loops[sector]]
    cars = sorted(feeds)
    lights: defaultdict[int, Lights] = defaultdict(lambda: Lights(cars))
    ever: set[Loop] = set()  # loops that lit up
    for at, number in enumerate(cars):
        lit = _lights(feeds[number], ends[number], loops, lag, final=number in finishers)
        for clock, lap, loop in lit:
            lights[lap].append(clock, at, *loop)
            ever.add(loop)
    by_lap: defaultdict[int, list[Window]] = defaultdict(list)
    for window in windows:
        by_lap[window.lap].append(window)
    packs = {lap: hash(tuple(w.packed() for w in own)) for lap, own in by_lap.items()}
    tell = [lap for lap in sorted(by_lap) if lap <= usual_until] or sorted(by_lap)
    usual = known.made(
        "usual", 0, (latency, [packs[lap] for lap in tell]),
        lambda: usual_of([window for lap in tell for window in by_lap[lap]], latency),
    )  # fmt: skip
    return _named(
        by_lap, packs, lights, sizes, lit=ever, usual=usual, usual_until=usual_until, lag=lag,
        started=started, known=known,
    )  # fmt: skip


def settled(laps: int) -> int:
    """Laps, the first ones of so many, that tell what is usual of all.

    They are two thirds at least of those that are not under way, and the same for many laps: while
    what is usual stays, laps that are over need not be read again.

    >>> [settled(laps) for laps in (1, 4, 7, 9, 12, 18, 19, 26, 27, 51, 78)]
    [1, 1, 4, 6, 8, 12, 16, 16, 24, 48, 64]
    """
    over = max(laps - UNDER_WAY, 1)
    step = max(over.bit_length() - 2, 0)
    return over >> step << step


def _named(
    by_lap: defaultdict[int, list[Window]],
    packs: Mapping[int, int],
    lights: defaultdict[int, Lights],
    sizes: dict[int, int],
    *,
    lit: set[Loop],
    usual: Usual,
    usual_until: int,
    lag: int,
    started: int,
    known: ByLap,
) -> Loops:
    """Name the loops of all gaps and lights, lap by lap."""
    laps: dict[int, LapOfLoops] = {}
    lates: dict[Loop, array[int]] = defaultdict(lambda: array("i"))
    unnamed = 0
    for lap in sorted({*by_lap, *lights}):
        packed = hash((packs.get(lap), lights[lap].packed(), usual.packed))
        laps[lap] = one = LapOfLoops(lap, by_lap[lap], lights[lap], usual, packed)
        late, fit_none = known.made("gaps", lap, packed, one.told)
        unnamed += fit_none
        for loop, each in late.items():
            if lap <= usual_until or loop not in lates:
                lates[loop] += each
    usually = dict.fromkeys(lit, lag)
    rounded = {loop: _rounded(median(each), started) for loop, each in lates.items()}
    return Loops(sizes, laps, usually | rounded, unnamed)


def _windows(
    feed: Feed, ends: Sequence[tuple[int, int, int]], latency: int, *, final: bool
) -> list[Window]:
    """Sort the gaps of a car by the timed lines between which they were sent."""
    windows = []
    clocks = feed.readings.clocks
    until = [bisect_right(clocks, time + latency + SLACK) for time, *_ in ends]
    for at, (first, last) in enumerate(pairwise([0, *until, len(clocks)])):
        if first == last or (at == len(ends) and final) or _line_lost(ends, at):
            continue
        windows.append(_window(feed, ends, at, first, last))
    return windows


def _line_lost(ends: Sequence[tuple[int, int, int]], at: int) -> bool:
    """Whether a lap ended between two timed lines without a word of it: then no lap is certain."""
    if at == len(ends):
        return False
    _, lap, sector = ends[at - 1] if at else (0, 0, SECTORS[-1])
    return ends[at][1] > lap + (sector == SECTORS[-1])


def _window(
    feed: Feed, ends: Sequence[tuple[int, int, int]], at: int, first: int, last: int
) -> Window:
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
    loops = [Loop(s, 0) for s in sectors]
    lap = until // len(SECTORS)
    return Window(feed.number, lap, loops, whole, end, feed.readings, first, last)


def _ends(times: Mapping[Timed, int]) -> dict[str, list[tuple[int, int, int]]]:
    """Time, lap and sector of every timed line that each car reached, in order."""
    ends: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for node, time in times.items():
        ends[node.car].append((time, node.lap, node.sector))
    for each in ends.values():
        each.sort()
    return ends


def _latency(
    feeds: Mapping[str, Feed],
    ends: Mapping[str, Sequence[tuple[int, int, int]]],
    lag: int,
    until: int,
    started: int,
) -> int:
    """How much later than the crossing a gap is sent, in the median at the Line until a lap."""
    lates = []
    for number, feed in feeds.items():
        clocks = feed.readings.clocks
        for time, lap, sector in ends[number]:
            if sector == SECTORS[-1] and lap <= until:
                first = bisect_right(clocks, time + lag - SAME_MOMENT)
                last = bisect_right(clocks, time + lag + SAME_MOMENT)
                lates += [clock - time for clock in clocks[first:last]]
    return _rounded(median(lates), started) if lates else lag


def _rounded(clock: float, zero: int) -> int:
    """A time by the clock to so many milliseconds of a zero that all who hear it share."""
    return zero + math.floor((clock - zero) / STEP + 0.5) * STEP


def _sizes(windows: Sequence[Window], feeds: Mapping[str, Feed]) -> dict[int, int]:
    """Number of loops of each sector: as many as most cars sent gaps for, or as light up."""
    sizes = {}
    for sector in SECTORS:
        counts = Counter(
            window.count
            for window in windows
            if window.begin is not None and window.end is not None
            if window.loops[0].sector == sector
        )
        lit = [index + 1 for feed in feeds.values() for _, s, index in feed.segments if s == sector]
        [(usual, _)] = counts.most_common(1) or [(max(lit, default=0), 0)]
        sizes[sector] = usual
    return sizes


def _lights(
    feed: Feed,
    ends: Sequence[tuple[int, int, int]],
    loops: Mapping[int, Sequence[Loop]],
    lag: int,
    *,
    final: bool,
) -> Iterator[tuple[int, int, Loop]]:
    """Clock, lap and loop of every mini-sector that lit up for a car."""
    spans = _spans(ends, final=final)
    for clock, sector, index in feed.segments:
        if index < len(loops[sector]):
            for lap, begin, end in spans[sector]:
                if begin - SLACK < clock - lag < end + LIGHT_LATE:
                    yield clock, lap, loops[sector][index]
                    break


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


def _with_lights(
    lap: int,
    own: Sequence[Passage],
    lit: Lit,
    timed: Iterable[Timed],
    sizes: Mapping[int, int],
    late: Mapping[Loop, int],
) -> list[Passage]:
    """Passages of a lap, with those of cars that sent no gap: leaders, and lapped cars.

    Lights of a car that passed nothing just before are left out: one that stands lights up too.
    """
    have = {(p.car, p.loop) for p in own}
    begin = {sector: sum(sizes[s] for s in SECTORS if s < sector) for sector in SECTORS}
    reached = {(car, begin[loop.sector] + loop.number) for car, loop in (*have, *lit)}
    reached |= {(node.car, begin[node.sector] + sizes[node.sector]) for node in timed}

    def drives(car: str, loop: Loop) -> bool:
        at = begin[loop.sector] + loop.number
        return at <= BEFORE or any((car, n) in reached for n in range(at - BEFORE, at))

    return [
        *own,
        *(
            Passage(car, lap, loop, clock - late[loop])
            for (car, loop), clock in lit.items()
            if (car, loop) not in have and drives(car, loop)
        ),
    ]
