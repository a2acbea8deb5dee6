"""From lap and sector times to crossings of the timed lines, exact to the millisecond."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from racecraft.sources.livetiming.feed import SECTORS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from racecraft.sources.livetiming.feed import Feed, SectorTime
    from racecraft.sources.livetiming.readings import Reading, Readings

# How much longer the word of a lap takes to reach the stream than the word of lights out, in
# milliseconds. With it the winners' times of the two Azerbaijan sessions at hand, 2018 and 2023,
# come out as published: 381 and 386 would have been exact.
LATENCY = 383

ROUNDING = 1  # milliseconds that reported times may disagree by
LATE = 60_000  # a lap time may be sent this long before or after its lap
AGAIN = 30_000  # a sector that comes again after so long is of another lap
NEAR = 700  # a gap at the Line is sent this close to the word of the lap

Node = TypeVar("Node", bound="Hashable")


class Timed(NamedTuple):
    """One car at one timed line: sectors 0, 1 and 2 end at S1, S2 and the Line."""

    car: str
    lap: int
    sector: int


class Silence(NamedTuple):
    """Something that was not known, repaired or contradicted; a row of ``doubts``."""

    table: str
    car: str | None
    lap: int | None
    reason: str


@dataclass
class Laps:
    """Lap and sector times of one car, each with the lap it belongs to."""

    done: dict[int, int]  # clock at which each lap was said to be complete
    lap_time: dict[int, int] = field(default_factory=dict)
    sector: dict[tuple[int, int], int] = field(default_factory=dict)  # lap, sector: time
    sector_clock: dict[tuple[int, int], int] = field(default_factory=dict)
    silences: list[Silence] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Laps completed."""
        return max(self.done, default=0)


def car_laps(feed: Feed, *, most: int) -> Laps:
    """Return the lap and sector times of a car, each with its lap.

    Parameters
    ----------
    feed
        What the stream said of the car.
    most
        Laps of the race; the way back to the pits counts no more.

    Notes
    -----
    A message may be late by a minute. So a lap time goes to the lap declared complete closest to
    it, and a sector to the lap under way by the clock of all laps of the car together. A sector
    missing from a timed lap is what the others leave; if all three contradict the lap, none counts.
    """
    laps = Laps({lap: clock for lap, clock in feed.laps.items() if lap <= most})
    ended = sorted((clock, lap) for lap, clock in laps.done.items())
    for clock, time in feed.lap_times:
        near = bisect_left(ended, (clock,))
        distance, lap = min(
            ((abs(at - clock), lap) for at, lap in ended[max(near - 1, 0) : near + 1]),
            default=(LATE, 0),
        )
        if lap > 1 and distance < LATE:
            laps.lap_time[lap] = time
    _assign_sectors(feed, laps)
    _complete(feed.number, laps)
    return laps


def timed_crossings(laps: Mapping[str, Laps], feeds: Mapping[str, Feed]) -> Tied[Timed]:
    """Return when each car reached each timed line, by the clock of the stream less its latency.

    Durations tie the lines of a car to one another, gaps at the Line tie the cars; both are exact.
    What is tied together has one thing left to find, where it lies in time: the median, over all
    its laps, of the clock at which they were reported, less the latency.
    """
    crossed: Tied[Timed] = Tied()
    at_line, at_sector = {}, {}
    for number, car in laps.items():
        for a, b, time in _durations(number, car):
            crossed.tie(a, b, time)
        for lap, clock in car.done.items():
            node = Timed(number, lap, SECTORS[-1])
            crossed.add(node)
            at_line[node] = clock - LATENCY
        for (lap, sector), clock in car.sector_clock.items():
            at_sector[Timed(number, lap, sector)] = clock - LATENCY
    crossed.place(at_line, at_sector)
    for a, b, time in _gaps_at_the_line(crossed, feeds):
        crossed.tie(a, b, time)
    crossed.place(at_line, at_sector)
    return crossed


class Tied(Generic[Node]):
    """Crossings tied to one another by exact times, in groups that each lie somewhere in time."""

    def __init__(self) -> None:
        self._group: dict[Node, int] = {}
        self._members: dict[int, dict[Node, int]] = {}
        self._begin: dict[int, int] = {}

    def add(self, node: Node) -> None:
        """Make a crossing known, on its own if nothing ties it."""
        if node not in self._group:
            self._group[node] = new = len(self._group)
            self._members[new] = {node: 0}

    def tie(self, a: Node, b: Node, time: int) -> None:
        """Make ``b`` come that much later than ``a``; what is tied already stays as it is."""
        self.add(a)
        self.add(b)
        one, two = self._group[a], self._group[b]
        if one == two:
            return
        shift = self._members[one][a] + time - self._members[two][b]
        for node, at in self._members.pop(two).items():
            self._members[one][node] = at + shift
            self._group[node] = one

    def place(self, *clocks: Mapping[Node, int]) -> None:
        """Find where each group lies: the median of the first clocks that know any member."""
        self._begin = {}
        for group, members in self._members.items():
            for known in clocks:
                begins = [known[node] - at for node, at in members.items() if node in known]
                if begins:
                    self._begin[group] = midway(begins)
                    break

    def begin(self) -> int:
        """Where the largest group lies; zero if nothing is placed."""
        largest = max(self._begin, key=lambda group: len(self._members[group]), default=None)
        return 0 if largest is None else self._begin[largest]

    def groups(self) -> list[dict[Node, int]]:
        """Time of every crossing that is placed, by group, the largest first."""
        placed = [
            {node: begin + at for node, at in self._members[group].items()}
            for group, begin in self._begin.items()
        ]
        return sorted(placed, key=len, reverse=True)

    def group(self, node: Node) -> int | None:
        """Group of a crossing; None if nothing places it."""
        group = self._group.get(node)
        return group if group in self._begin else None

    def time(self, node: Node) -> int:
        """Time of a crossing that is placed."""
        group = self._group[node]
        return self._begin[group] + self._members[group][node]

    def times(self) -> dict[Node, int]:
        """Time of every crossing that is placed."""
        return {node: time for group in self.groups() for node, time in group.items()}


def midway(times: Sequence[int]) -> int:
    """Median to the millisecond, half a one up: the same wherever the clock has its zero.

    >>> midway([3, 4]) - midway([2, 3]), midway([7, 8, 100])
    (1, 8)
    """
    return math.floor(median(times) + 0.5)


def _assign_sectors(feed: Feed, laps: Laps) -> None:
    """Give each sector time its lap; one that may be of several, for their Lines are lost, none."""
    line = _steady_clock(laps)
    ended = sorted(line)
    at = [line[lap] for lap in ended]
    twice: set[tuple[int, int]] = set()
    under_way = laps.count + 1
    for said in feed.sectors:
        lap = _lap_of_sector(said, ended, at)
        if lap is None or lap > under_way:
            continue
        key = (lap, said.sector)
        if abs(said.clock - laps.sector_clock.get(key, said.clock)) > AGAIN:
            twice.add(key)
        laps.sector[key] = said.time
        laps.sector_clock[key] = said.clock
    for key in twice:
        del laps.sector[key], laps.sector_clock[key]


def _lap_of_sector(said: SectorTime, ended: list[int], at: list[int]) -> int | None:
    """Lap that a sector belongs to, by the laps that ended before and after; None if unsure."""
    before = bisect_left(at, said.clock)
    if said.sector != SECTORS[-1]:
        lap = ended[before - 1] + 1 if before else 1
        lost = before < len(ended) and ended[before] > lap
        return None if lost else lap
    if said.lap is not None:
        return said.lap
    near = [n for n in (before - 1, before) if 0 <= n < len(ended)]
    nearest = min(near, key=lambda n: abs(at[n] - said.clock), default=None)
    if nearest is None or abs(at[nearest] - said.clock) > AGAIN:
        return None
    return ended[nearest]


def _steady_clock(laps: Laps) -> dict[int, int]:
    """Clock at which each lap was complete, freed of the odd late message by the lap times.

    A lap of which the word is lost ended when the next one began, if that was timed.
    """
    steady: dict[int, int] = {}
    for stretch in _stretches(laps):
        at: dict[int, int] = {}
        total = 0
        for lap in stretch:
            total += laps.lap_time[lap] if at else 0
            at[lap] = total
        begin = round(median(laps.done[lap] - at[lap] for lap in stretch))
        steady |= {lap: begin + at[lap] for lap in stretch}
    for lap in sorted(steady):
        if lap > 1 and lap - 1 not in steady and lap in laps.lap_time:
            steady[lap - 1] = steady[lap] - laps.lap_time[lap]
    return steady


def _stretches(laps: Laps) -> Iterator[list[int]]:
    """Runs of laps without a hole: each lap but the first of its run follows, and is timed."""
    run: list[int] = []
    for lap in sorted(laps.done):
        if run and not (lap == run[-1] + 1 and lap in laps.lap_time):
            yield run
            run = []
        run.append(lap)
    if run:
        yield run


def _complete(number: str, laps: Laps) -> None:
    """Fill in what the other times of a lap imply, and drop what they contradict."""
    for lap in range(2, laps.count + 1):
        sectors = {s: laps.sector[lap, s] for s in SECTORS if (lap, s) in laps.sector}
        total, whole = sum(sectors.values()), laps.lap_time.get(lap)
        missing = [s for s in SECTORS if s not in sectors]
        untimed = f"sector {' and '.join(str(s + 1) for s in missing)} not timed"
        reason = None
        if whole is None and not missing:
            laps.lap_time[lap] = total
            reason = "no lap time: taken from its three sectors"
        elif whole is None:
            reason = "no lap time; nothing is added up across it"
        elif len(missing) == 1 and whole > total:
            laps.sector[lap, missing[0]] = whole - total
            reason = f"{untimed}: taken from the lap and the other sectors"
        elif missing:
            reason = untimed
        if whole is not None and (
            (not missing and abs(whole - total) > ROUNDING) or (missing and whole <= total)
        ):
            for sector in sectors:
                del laps.sector[lap, sector]
            reason = f"sectors add up to {total / 1000:.3f} s, not to the lap: left out"
        if reason:
            laps.silences.append(Silence("crossings", number, lap, reason))


def _durations(number: str, laps: Laps) -> Iterator[tuple[Timed, Timed, int]]:
    """Everything that ties two lines of one car: lap times first, then sectors."""
    first, _, last = SECTORS
    for lap, time in sorted(laps.lap_time.items()):
        yield Timed(number, lap - 1, last), Timed(number, lap, last), time
    for (lap, sector), time in sorted(laps.sector.items()):
        end = Timed(number, lap, sector)
        if sector != first:
            yield Timed(number, lap, sector - 1), end, time
        elif lap > 1:
            yield Timed(number, lap - 1, last), end, time


def _gaps_at_the_line(
    crossed: Tied[Timed], feeds: Mapping[str, Feed]
) -> list[tuple[Timed, Timed, int]]:
    """Gaps at the Line that tie groups of crossings, the best attested first.

    A gap is exact, so the right offset between two groups comes up again and again; and it must
    agree with the clock.
    """
    offsets: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    example: dict[tuple[int, int, int], tuple[Timed, Timed, int]] = {}
    lines: dict[str, list[tuple[int, Timed]]] = defaultdict(list)
    for node, time in crossed.times().items():
        if node.sector == SECTORS[-1]:
            lines[node.car].append((time, node))
    for number, feed in feeds.items():
        for reading, node in _sent_at(lines[number], feed.readings):
            for other, behind in ((reading.leader, reading.gap), (reading.ahead, reading.interval)):
                if other is None or behind is None:
                    continue
                first = Timed(other, node.lap, node.sector)
                one, two = crossed.group(first), crossed.group(node)
                if one is None or two is None or one == two:
                    continue
                error = crossed.time(first) + behind - crossed.time(node)
                offsets[one, two][error] += 1
                example.setdefault((one, two, error), (first, node, behind))
    attested = sorted(
        (-votes, groups, error)
        for groups, counted in offsets.items()
        for error, votes in counted.items()
        if abs(error) < NEAR
    )
    return [example[(*groups, error)] for _, groups, error in attested]


def _sent_at(lines: list[tuple[int, Timed]], readings: Readings) -> Iterator[tuple[Reading, Timed]]:
    """Gaps that were sent as the car crossed the Line, by the clock, each with its crossing."""
    clocks = readings.clocks
    for time, node in sorted(lines):
        first = bisect_left(clocks, time + LATENCY - NEAR)
        for reading in readings.between(first, bisect_right(clocks, time + LATENCY + NEAR)):
            yield reading, node
