"""Which mini-sector did a car end when its gap was sent?

The stream does not say. But a gap subtracted from the clock at which it was sent gives the moment
at which the leader passed the same loop in the track: those of all cars fall together, loop by
loop. So a car that sent one gap for every loop of a sector names them, and with it every other car.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from racecraft.sources.livetiming.by_lap import ByLap
    from racecraft.sources.livetiming.feed import Feed
    from racecraft.sources.livetiming.naming import Usual

SLACK = 1000  # milliseconds after the end of a sector in which its last loop may still report
LIGHT_LATE = 5000  # a mini-sector lights up this long after the end of its sector, at most
STEP = 10  # milliseconds to which the usual is rounded, lest every lap to come change it by one
BEFORE = 4  # loops before one, of which a car that drives has passed some

Lights: TypeAlias = "dict[tuple[str, Loop], int]"  # when a loop lit up for a car, on one lap


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops of the track, and every passage that could be named."""

    sizes: dict[int, int]  # loops of each sector
    passages: dict[int, list[Passage]]  # by lap
    unnamed: int  # gaps that fit no loop


def read_loops(
    feeds: Mapping[str, Feed],
    times: Mapping[Timed, int],
    *,
    since: int,
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
    finishers
        Cars that took the flag: what they sent after their last crossing is left out.
    known
        Laps that were read before.
    """
    ends = _ends(times)
    lag = since + LATENCY
    latency = _latency(feeds, ends, lag)
    windows = [
        window
        for number, feed in feeds.items()
        for window in _windows(feed, ends[number], latency, final=number in finishers)
    ]
    sizes = _sizes(windows, feeds)
    loops = {s: [Loop(s, k) for k in range(1, sizes[s] + 1)] for s in SECTORS}
    for window in windows:
        window.loops = [loop for sector, _ in window.loops for loop in loops[sector]]
    lights: dict[int, Lights] = defaultdict(dict)
    for number, feed in feeds.items():
        places = {loop: (number, loop) for each in loops.values() for loop in each}  # made once
        for clock, lap, loop in _lights(feed, ends[number], loops, lag, final=number in finishers):
            lights[lap][places[loop]] = clock
    usual = usual_of(windows, latency)
    return _named(windows, lights, times, sizes, usual=usual, lag=lag, known=known)


def _named(
    windows: Sequence[Window],
    lights: Mapping[int, Lights],
    times: Mapping[Timed, int],
    sizes: dict[int, int],
    *,
    usual: Usual,
    lag: int,
    known: ByLap,
) -> Loops:
    """Name the loops of all gaps and lights, lap by lap."""
    by_lap: dict[int, list[Window]] = defaultdict(list)
    for window in windows:
        by_lap[window.lap].append(window)
    usual = known.same("usual", 0, usual)
    laps = sorted({*by_lap, *lights})
    lights = {lap: known.same("lights", lap, lights.get(lap, {})) for lap in laps}
    by_gap: dict[int, tuple[list[Passage], int]] = {}
    for lap in laps:
        given = (by_lap[lap], lights[lap], usual)
        by_gap[lap] = known.made("gaps", lap, given, partial(named, *given))
    late = {loop: lag for each in lights.values() for _, loop in each}
    late = known.same("late", 0, late | _lateness(known, lights, by_gap))
    timed: dict[int, list[Timed]] = defaultdict(list)
    for node in times:
        timed[node.lap].append(node)
    passages = {}
    for lap in laps:
        all_ = (lap, by_gap[lap][0], lights[lap], timed[lap], sizes, late)
        passages[lap] = known.made("loops", lap, all_, partial(_with_lights, *all_))
    return Loops(sizes, passages, sum(unnamed for _, unnamed in by_gap.values()))


def _windows(
    feed: Feed, ends: Sequence[tuple[int, int, int]], latency: int, *, final: bool
) -> list[Window]:
    """Sort the gaps of a car by the timed lines between which they were sent."""
    windows = []
    clocks = [reading.clock for reading in feed.readings]
    until = [bisect_right(clocks, time + latency + SLACK) for time, *_ in ends]
    for at, (first, last) in enumerate(pairwise([0, *until, len(clocks)])):
        if first == last or (at == len(ends) and final) or _line_lost(ends, at):
            continue
        windows.append(_window(feed.number, ends, at))
        windows[-1].readings = feed.readings[first:last]
    return windows


def _line_lost(ends: Sequence[tuple[int, int, int]], at: int) -> bool:
    """Whether a lap ended between two timed lines without a word of it: then no lap is certain."""
    if at == len(ends):
        return False
    _, lap, sector = ends[at - 1] if at else (0, 0, SECTORS[-1])
    return ends[at][1] > lap + (sector == SECTORS[-1])


def _window(car: str, ends: Sequence[tuple[int, int, int]], at: int) -> Window:
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
    return Window(car, until // len(SECTORS), [Loop(s, 0) for s in sectors], whole, end)


def _ends(times: Mapping[Timed, int]) -> dict[str, list[tuple[int, int, int]]]:
    """Time, lap and sector of every timed line that each car reached, in order."""
    ends: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for node, time in times.items():
        ends[node.car].append((time, node.lap, node.sector))
    for each in ends.values():
        each.sort()
    return ends


def _latency(
    feeds: Mapping[str, Feed], ends: Mapping[str, Sequence[tuple[int, int, int]]], lag: int
) -> int:
    """How much later than the crossing a gap is sent, in the median at the Line."""
    lates = []
    for number, feed in feeds.items():
        clocks = [reading.clock for reading in feed.readings]
        for time, _, sector in ends[number]:
            if sector == SECTORS[-1]:
                first = bisect_right(clocks, time + lag - SAME_MOMENT)
                last = bisect_right(clocks, time + lag + SAME_MOMENT)
                lates += [clock - time for clock in clocks[first:last]]
    return round(median(lates) / STEP) * STEP if lates else lag


def _sizes(windows: Sequence[Window], feeds: Mapping[str, Feed]) -> dict[int, int]:
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


def _lateness(
    known: ByLap,
    lights: Mapping[int, Lights],
    by_gap: Mapping[int, tuple[list[Passage], int]],
) -> dict[Loop, int]:
    """How much later than its gap was sent each loop lights up, in the median."""
    late: dict[Loop, list[int]] = defaultdict(list)
    for lap, lit in lights.items():
        given = (by_gap[lap][0], lit)
        for loop, each in known.made("lateness", lap, given, partial(_late, *given)).items():
            late[loop] += each
    return {loop: round(median(each) / STEP) * STEP for loop, each in late.items()}


def _late(own: Sequence[Passage], lit: Lights) -> dict[Loop, array[int]]:
    late: dict[Loop, array[int]] = defaultdict(lambda: array("l"))
    for p in own:
        if (p.car, p.loop) in lit:
            late[p.loop].append(lit[p.car, p.loop] - p.clock)
    return late


def _with_lights(
    lap: int,
    own: Sequence[Passage],
    lit: Lights,
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
