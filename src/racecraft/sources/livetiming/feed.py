"""What the timing stream said of each car, in the order in which it was said."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from racecraft.sources.livetiming.lights_out import MANY
from racecraft.sources.livetiming.readings import MOST_LOOPS, Lit, Reading, Readings
from racecraft.sources.livetiming.stream import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from racecraft.sources.livetiming.stream import Update

NEAR_MS = 30_000  # by which a lap time may come before the word of its lap
GRAIN = 4  # laps that are left out together
MOST_LAPS = 200  # no race to a distance of 305 km has as many
SECTORS = range(3)

IN_THE_PITS = 2064  # status of a mini-sector whose end lies in the pit lane: not a passage
RESET = 3  # mini-sectors whose status is cleared at once when a lap begins

_LEADS = re.compile(r"LAP ?\d+")
_LAPPED = re.compile(r"\+?\d+ ?(?:L|LAPS?)")


class SectorTime(NamedTuple):
    """Time of a sector, and the lap that the same message declared complete, if it did."""

    clock: int
    sector: int
    time: int
    lap: int | None

    def earlier(self, laps: int) -> SectorTime:
        """The same, so many laps earlier."""
        return self if self.lap is None else self._replace(lap=self.lap - laps)


@dataclass(slots=True)
class Feed:
    """What the stream said of one car; every clock is in milliseconds."""

    number: str
    laps: dict[int, int] = field(default_factory=dict)  # complete: clock of the message
    lap_times: list[tuple[int, int]] = field(default_factory=list)  # clock, time
    sectors: list[SectorTime] = field(default_factory=list)
    segments: Lit = field(default_factory=Lit)
    readings: Readings = field(default_factory=Readings)  # in the order of their clocks
    places: list[tuple[int, int]] = field(default_factory=list)  # clock, place
    in_pit: list[tuple[int, bool]] = field(default_factory=list)  # clock, whether
    best: tuple[int | None, int] | None = None  # lap, time
    retired: bool = False
    stopped: bool = False
    unread: set[str] = field(default_factory=set)  # gaps that are neither times nor laps

    def copy(self) -> Feed:
        """The same, to be read on from; what was said once stays as it is and is shared."""
        return replace(
            self,
            laps=dict(self.laps),
            lap_times=list(self.lap_times),
            sectors=list(self.sectors),
            segments=self.segments.copy(),
            readings=self.readings.copy(),
            places=list(self.places),
            in_pit=list(self.in_pit),
            unread=set(self.unread),
        )

    def after(self, lap: int) -> Feed:
        """What was said since a lap ended, and that lap counted as the first.

        A car of which no lap ended since then has none, and sent nothing.
        """
        done = {each: clock for each, clock in self.laps.items() if each >= lap}
        since = min(done.values(), default=math.inf)
        return replace(
            self,
            laps={each - lap + 1: clock for each, clock in done.items()},
            lap_times=[one for one in self.lap_times if one[0] >= since - NEAR_MS],
            sectors=[one.earlier(lap - 1) for one in self.sectors if one.clock > since],
            segments=self.segments.after(since),
            readings=self.readings.after(since),
            places=list(self.places),
            in_pit=list(self.in_pit),
            unread=set(self.unread),
        )

    def put_back(self, clock: int, by: int) -> Feed:
        """The same, what came at a time or later by a clock that is put back."""

        def at(each: int) -> int:
            return each if each < clock else each - by

        return replace(
            self,
            laps={lap: at(each) for lap, each in self.laps.items()},
            lap_times=[(at(each), time) for each, time in self.lap_times],
            sectors=[one._replace(clock=at(one.clock)) for one in self.sectors],
            segments=self.segments.put_back(clock, by),
            readings=self.readings.put_back(clock, by),
            places=[(at(each), place) for each, place in self.places],
            in_pit=[(at(each), inside) for each, inside in self.in_pit],
        )

    def clocks(self) -> Iterator[int]:
        """When something of it was said."""
        yield from self.readings.clocks
        yield from (clock for clock, *_ in self.segments)
        yield from (one.clock for one in self.sectors)
        yield from (clock for clock, _ in (*self.lap_times, *self.places, *self.in_pit))

    def place_at(self, clock: int) -> int | None:
        """Place that the stream gave the car at a time."""
        known = bisect_right(self.places, clock, key=itemgetter(0))
        return self.places[known - 1][1] if known else None


def read_feeds(updates: Iterable[Update], *, started: int) -> dict[str, Feed]:
    """Return what the timing stream said of each car, by its number.

    Parameters
    ----------
    updates
        Lines of ``TimingData``.
    started
        Clock of lights out; of what came before, only places, pits and entries are kept.

    Raises
    ------
    UnreadableError
        Something that timing never says: a word for a lap number, a negative sector time.
    """
    reader = FeedReader(started)
    for update in updates:
        reader.take(update)
    return reader.feeds


class FeedReader:
    """The state of the timing screen while its updates are read, one after the other.

    Parameters
    ----------
    started
        Clock of lights out; endless until that is known.
    """

    def __init__(self, started: float = math.inf) -> None:
        self.started = started
        self.left_out = 0  # laps before the one that counts as the first
        self.feeds: dict[str, Feed] = {}
        self.leader: str | None = None
        self.at_place: dict[int, str] = {}
        self.passed: dict[str, set[tuple[int, int]]] = {}

    def take(self, update: Update) -> None:
        """Take in one line of ``TimingData``.

        Raises
        ------
        UnreadableError
            It says what timing never says; what it said before that is taken in.
        """
        for number, change in update.fields("Lines", update.data.get("Lines", {})).items():
            if number.isdecimal():
                self._read(update, number, update.fields(number, change))

    def copy(self) -> FeedReader:
        """The same state, to be read on from without changing this one."""
        other = FeedReader(self.started)
        other.feeds = {number: feed.copy() for number, feed in self.feeds.items()}
        other.leader, other.at_place = self.leader, dict(self.at_place)
        other.passed = {number: set(each) for number, each in self.passed.items()}
        return other

    def late(self, laps: int) -> FeedReader:
        """The same state without all but the last laps, or some more.

        More, lest the first of them be another one lap by lap: they are told by their number.
        """
        done = max((max(feed.laps, default=0) for feed in self.feeds.values()), default=0)
        first = (done - laps) // GRAIN * GRAIN
        if first <= 0:
            return self.copy()
        other = FeedReader(self.started)
        other.feeds = {number: feed.after(first) for number, feed in self.feeds.items()}
        other.leader, other.at_place = self.leader, dict(self.at_place)
        other.passed = {number: set(each) for number, each in self.passed.items()}
        other.left_out = first - 1
        return other

    def _read(self, update: Update, number: str, change: dict[str, Any]) -> None:
        feed = self.feeds.setdefault(number, Feed(number))
        if "Line" in change:
            self._read_place(update, feed, change["Line"])
        if "InPit" in change:
            feed.in_pit.append((update.clock, update.flag("InPit", change["InPit"])))
        if "Retired" in change:
            feed.retired = update.flag("Retired", change["Retired"])
        if "Stopped" in change:
            feed.stopped = update.flag("Stopped", change["Stopped"])
        if len(change) > MANY or update.data.get("_kf") is True:
            self._read_snapshot(update, feed, change)
            return
        lap = self._read_lap(update, feed, change)
        if "Sectors" in change:
            self._read_sectors(update, feed, change["Sectors"], lap)
        self._read_gaps(update, feed, change)

    def _read_snapshot(self, update: Update, feed: Feed, change: dict[str, Any]) -> None:
        """Take in how things stand, as whoever joins is told: times and gaps are of before."""
        if "GapToLeader" in change and _LEADS.fullmatch(
            update.text("GapToLeader", change["GapToLeader"])
        ):
            self.leader = feed.number
        passed = self.passed.setdefault(feed.number, set())
        passed.clear()
        for sector, item in update.items("Sectors", change.get("Sectors", [])):
            value = update.fields("Sectors", item)
            for index, segment in update.items("Segments", value.get("Segments", [])):
                status = update.fields("Segments", segment).get("Status", 0)
                if update.whole("Status", status):
                    passed.add((sector, index))

    def _read_place(self, update: Update, feed: Feed, value: object) -> None:
        place = update.whole("Line", value)
        if feed.places and self.at_place.get(feed.places[-1][1]) == feed.number:
            del self.at_place[feed.places[-1][1]]
        self.at_place[place] = feed.number
        feed.places.append((update.clock, place))

    def _read_lap(self, update: Update, feed: Feed, change: dict[str, Any]) -> int | None:
        lap = None
        if "NumberOfLaps" in change:
            lap = update.whole("NumberOfLaps", change["NumberOfLaps"])
            if lap > MOST_LAPS:
                raise update.wrong("NumberOfLaps", lap, f"{MOST_LAPS} at most")
            lap = max(lap - self.left_out, 0)
            if lap and update.clock >= self.started:
                feed.laps.setdefault(lap, update.clock)
        for name in ("LastLapTime", "BestLapTime"):
            if name not in change:
                continue
            value = update.fields(name, change[name])
            time = update.time(name, value["Value"]) if "Value" in value else None
            if time is None or update.clock < self.started:
                continue
            if name == "LastLapTime":
                feed.lap_times.append((update.clock, time))
            else:
                feed.best = (update.whole(name, value["Lap"]) if "Lap" in value else lap, time)
        return lap

    def _read_sectors(self, update: Update, feed: Feed, sectors: object, lap: int | None) -> None:
        cleared, entered = set(), []
        for sector, item in update.items("Sectors", sectors):
            if sector not in SECTORS:
                raise update.wrong("Sectors", sector, "a sector from 0 to 2")
            value = update.fields("Sectors", item)
            time = update.time("Sectors", value.get("Value", ""))
            if time and update.clock >= self.started:
                feed.sectors.append(SectorTime(update.clock, sector, time, lap))
            for index, segment in update.items("Segments", value.get("Segments", [])):
                if index >= MOST_LOOPS:
                    raise update.wrong("Segments", index, f"fewer than {MOST_LOOPS} mini-sectors")
                status = update.fields("Segments", segment).get("Status", 0)
                if update.whole("Status", status):
                    entered.append((sector, index, update.whole("Status", status)))
                else:
                    cleared.add((sector, index))
        self._read_segments(update.clock, feed, cleared, entered)

    def _read_segments(
        self,
        clock: int,
        feed: Feed,
        cleared: set[tuple[int, int]],
        entered: list[tuple[int, int, int]],
    ) -> None:
        """Take the first status of each mini-sector on a lap as its passage.

        Later ones only repaint it. A lap begins with all others cleared; where the first
        mini-sector keeps the status of the lap before, that is all there is.
        """
        passed = self.passed.setdefault(feed.number, set())
        passed -= cleared
        if len(cleared) >= RESET:
            passed.clear()
            if not entered and (0, 0) not in cleared:
                entered = [(0, 0, 0)]
        for sector, index, status in entered:
            if (sector, index) not in passed:
                passed.add((sector, index))
                if status != IN_THE_PITS and clock >= self.started:
                    feed.segments.append(clock, sector, index)

    def _read_gaps(self, update: Update, feed: Feed, change: dict[str, Any]) -> None:
        """Note what was sent; a value that stays is not sent again, so nothing is made of it."""
        gap = interval = None
        if "GapToLeader" in change:
            text = update.text("GapToLeader", change["GapToLeader"])
            if _LEADS.fullmatch(text):
                self.leader = feed.number
            gap = _gap(text, feed)
        if "IntervalToPositionAhead" in change:
            value = update.fields("IntervalToPositionAhead", change["IntervalToPositionAhead"])
            text = update.text("IntervalToPositionAhead", value.get("Value", ""))
            interval = _gap(text, feed)
        if (gap is None and interval is None) or update.clock < self.started:
            return
        place = feed.places[-1][1] if feed.places else 0
        ahead = self.at_place.get(place - 1)
        feed.readings.append(Reading(update.clock, gap, interval, self.leader, ahead))


def _gap(text: str, feed: Feed) -> int | None:
    """Milliseconds of a gap such as ``+3.208``; None for the leader and for lapped cars."""
    if text.startswith("+"):
        time = parse_time(text[1:])
        if time is not None:
            return time
    if text and not (_LEADS.fullmatch(text) or _LAPPED.fullmatch(text)):
        feed.unread.add(text)
    return None
