"""A clock that jumped: laps of all cars took less time, or more, than went by on it.

Lap times are measured where cars are; the clock is that of whoever sends them. So where the words
of two laps lie further apart than the second of them took, by as much for every car, and nothing
was said for as long, the clock was put forward: what came after that is put back. A clock that was
put back has what it said before and after mixed up; that is no more than said.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from racecraft.sources.livetiming.laps import Silence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from racecraft.sources.livetiming.feed import Feed
    from racecraft.sources.livetiming.stream import Update

LEAST = 3000  # milliseconds; words of laps are late by less
LONGEST = 600_000  # a red flag may last longer
ALIKE = 1000  # by which cars differ in one and the same jump
MOST = 0.75  # of the cars on a lap just then that show it
AT_MOST = 5  # jumps of a race

THE_CLOCK = "the clock of the feed jumped"

Streams = dict[str, "Sequence[Update]"]


class Lap(NamedTuple):
    """Between the words of two laps of a car, and by how much that is more than the lap took."""

    begin: int
    end: int
    more: int
    lap: int


class Jump(NamedTuple):
    """The clock from some moment on, against before; the moment is 0 where it is not certain."""

    clock: int
    by: int
    lap: int

    def doubt(self) -> Silence:
        """What is to be said of it."""
        way = "forward" if self.by > 0 else "back"
        what = "set right" if self.clock else "what came just then may be in disorder"
        return Silence(
            "crossings", None, self.lap,
            f"{THE_CLOCK} {way} by {abs(self.by) / 1000:.0f} s, by the lap times: "
            f"{what}",
        )  # fmt: skip


def without_jumps(
    streams: Mapping[str, Sequence[Update]], feeds: Mapping[str, Feed]
) -> tuple[Streams, dict[str, Feed], list[Jump]]:
    """What was said, by a clock that did not jump, and the jumps that it made."""
    said, own, found = dict(streams), dict(feeds), list[Jump]()
    while len(found) < AT_MOST:
        jump = next(_jumps(said, own), None)
        if jump is None:
            break
        found.append(jump)
        if not jump.clock:
            break
        own = {number: feed.put_back(jump.clock, jump.by) for number, feed in own.items()}
        said = {
            name: [
                one if one.clock < jump.clock else replace(one, clock=one.clock - jump.by)
                for one in each
            ]
            for name, each in said.items()
        }
    return said, own, found


def _jumps(streams: Streams, feeds: Mapping[str, Feed]) -> Iterator[Jump]:
    """Jumps of the clock, the first one first."""
    laps = [lap for feed in feeds.values() for lap in _laps(feed)]
    odd = sorted(lap for lap in laps if LEAST < abs(lap.more) < LONGEST)
    for first in odd:
        begin, end = first.begin, first.end
        alike = []
        for lap in odd:
            if abs(lap.more - first.more) <= ALIKE and lap.begin < end and lap.end > begin:
                begin, end = max(begin, lap.begin), min(end, lap.end)
                alike.append(lap)
        then = sum(lap.begin <= begin and lap.end >= end for lap in laps)
        if len(alike) < max(MOST * then, min(len(feeds), 2)):
            continue
        by = round(median(lap.more for lap in alike))
        number = min(lap.lap for lap in alike)
        if by < 0:
            yield Jump(0, by, number)
            continue
        hole, clock = _longest_silence(streams, feeds, begin, end)
        if hole > by - ALIKE:
            yield Jump(clock, min(by, hole), number)


def _laps(feed: Feed) -> Iterator[Lap]:
    """Laps of a car of which both words came, the second with its time."""
    times = dict(feed.lap_times)
    for lap, clock in feed.laps.items():
        if lap - 1 in feed.laps and clock in times:
            begin = feed.laps[lap - 1]
            yield Lap(begin, clock, clock - begin - times[clock], lap)


def _longest_silence(
    streams: Streams, feeds: Mapping[str, Feed], begin: int, end: int
) -> tuple[int, int]:
    """How long nothing was said between two moments, at most, and until when."""
    clocks = {one.clock for each in streams.values() for one in each}
    clocks.update(*(feed.clocks() for feed in feeds.values()))
    within = sorted({begin, end, *(clock for clock in clocks if begin < clock < end)})
    return max(((later - one, later) for one, later in pairwise(within)), default=(0, 0))
