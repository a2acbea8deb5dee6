"""Everything that messages have said so far, and the race that it makes.

Messages come over a network: some late, some twice, some never. Each bears the time at which it
was sent, so what was said is the messages in that order, each once: whoever reads a whole recording
and whoever follows it message by message are told the same. Read once and for all is only what is
too old for a late message to come before it; the few seconds after that are read anew each time.
"""

from __future__ import annotations

import json
import zlib
from bisect import insort
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import NotEnoughDataError, UnreadableError
from racecraft.model.race import DOUBTS
from racecraft.sources.livetiming.by_lap import ByLap
from racecraft.sources.livetiming.feed import FeedReader
from racecraft.sources.livetiming.lights_out import Evidence, doubted
from racecraft.sources.livetiming.pits import says_of_tyres
from racecraft.sources.livetiming.race import race_of_feeds
from racecraft.sources.livetiming.remembered import Remembered
from racecraft.sources.livetiming.sessions import is_no_race, no_race
from racecraft.sources.livetiming.stream import Update
from racecraft.sources.livetiming.unsaid import unsaid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from racecraft.model.race import Race
    from racecraft.sources.livetiming.lights_out import Start
    from racecraft.sources.livetiming.messages import Message

NEEDED = ("SessionInfo", "SessionStatus", "DriverList", "TimingData")
WELCOME = (
    "TimingAppData", "TrackStatus", "LapCount", "RaceControlMessages", "PitLaneTimeCollection",
    "SessionData",
)  # fmt: skip
STREAMS = (*NEEDED, *WELCOME)

TIMING = "TimingData"
APP = "TimingAppData"
LATE = 10_000  # milliseconds by which a message may be late and still come cheap
PACKED = 1000  # messages that are packed together
LAST = 9  # messages whose median clock is the time it is: one that is astray does not move it

_MILLISECOND = timedelta(milliseconds=1)


class Fold:
    """What the messages of a session have said so far.

    Parameters
    ----------
    source
        Name of the source, for the race.
    """

    def __init__(self, *, source: str) -> None:
        self.source = source
        # All but the timing, and but what says nothing of tyres; in order of time.
        self.streams: dict[str, list[Update]] = {}
        self.taken = 0  # messages, doubled ones left out
        self.twice = 0  # messages left out, for they came before
        self._evidence = Evidence()  # of when it was started
        self._wrong: dict[int, str] = {}  # messages that say what timing never says, by number
        self._began: datetime | None = None
        self._first = 0  # clock of the earliest message
        self._told = Remembered()
        self._clocks: deque[int] = deque(maxlen=LAST)
        self._kept = _Kept()  # of the timing
        self._reader = FeedReader()  # has read all messages until `_settled`
        self._settled = float("-inf")
        self._recent: list[Update] = []  # of the timing, not read for good
        self._known = ByLap()  # laps that were read before
        self._known_late = 0, ByLap()  # the same of the last laps, from the one after so many on
        self._astray = False  # a message came that is older than what was read for good

    def take(self, message: Message) -> bool:
        """Take in a message; False where it is of no use to a race, or came before."""
        if message.stream not in STREAMS:
            return False
        text = json.dumps(message.data).encode()
        if not self._told.note(hash((message.moment, message.stream, text))):
            self.twice += 1
            return False
        if self._began is None:
            self._began = message.moment
        self.taken += 1
        clock = (message.moment - self._began) // _MILLISECOND
        update = Update(clock, message.data, "live timing", self.taken)
        self._first = min(self._first, clock)
        self._clocks.append(clock)
        self._evidence.take(message.stream, update)
        if message.stream == TIMING:
            self._kept.add(clock, update.line, text)
            insort(self._recent, update, key=_order)
        else:
            said = self.streams.setdefault(message.stream, [])
            if message.stream != APP or says_of_tyres(update):
                insort(said, update, key=_order)
        self._astray |= clock <= self._settled and message.stream == TIMING
        if not self._astray:
            self._settle()
        return True

    @property
    def clock(self) -> int:
        """Time that it is, in milliseconds since the first message."""
        return round(median(self._clocks)) if self._clocks else 0

    def lacking(self) -> list[str]:
        """Streams without which there is no race, and of which nothing was said.

        Where cars race whatever was said, the timing alone makes one: cars by number, no name.
        """
        have = {*self.streams, *([TIMING] if self._kept.any else [])}
        needed = (TIMING,) if self._evidence.racing else NEEDED
        return [name for name in needed if name not in have]

    def race(self) -> Race:
        """The race so far.

        Raises
        ------
        NotEnoughDataError
            The race has not started, or nobody said what it is.
        UnreadableError
            It is no race.
        """
        told = self.told()
        try:
            return told.race()
        finally:
            self.leave_out(told.wrong)

    def told(self) -> Told:
        """What was said so far, to make a race of while more is taken in.

        Raises
        ------
        NotEnoughDataError
            The race has not started, or nobody said what it is.
        UnreadableError
            The session is practice or qualifying.
        """
        self.check_kind()
        if lacking := self.lacking():
            raise NotEnoughDataError(
                f"no race so far: nothing was said of {' and '.join(lacking)}",
                hint=f"a race needs {', '.join(NEEDED)}",
            )
        start = self._evidence.start(self._first)
        if start is None:
            raise NotEnoughDataError("no race so far: it has not started")
        self._settle()
        if self._astray:
            self._read_anew()
            self._settle()
        return self._told_of(self._reader.copy(), start, self._known)

    def told_late(self, laps: int) -> Told:
        """What was said of the last laps only: `told` at once, however long it has gone on.

        Parameters
        ----------
        laps
            Of the leader, whole ones. The lap before is the first of the race that it makes, of
            which the end alone is known; `reader.left_out` says how many there were before it.

        Raises
        ------
        NotEnoughDataError
            There is no race so far, or what came last is to be put in order first.
        """
        start = self._evidence.start(self._first)
        if start is None or self.lacking() or self._astray:
            raise NotEnoughDataError("no race so far")
        reader = self._reader.late(laps)
        known = self._known_late[1] if self._known_late[0] == reader.left_out else ByLap()
        self._known_late = reader.left_out, known
        return self._told_of(reader, start, known)

    def leave_out(self, wrong: Mapping[int, str]) -> None:
        """Forget messages, by number, that made no sense when a race was made of them."""
        for number in wrong.keys() - self._wrong.keys():
            self._wrong[number] = wrong[number]
            for name, updates in self.streams.items():
                self.streams[name] = [update for update in updates if update.line != number]

    def check_kind(self) -> None:
        """See that the session is a race, as far as that is known.

        Raises
        ------
        UnreadableError
            It is practice or qualifying.
        """
        info: dict[str, Any] = {}
        for update in self.streams.get("SessionInfo", ()):
            info |= update.data
        if is_no_race(info):
            raise no_race(info["Name"])

    def _told_of(self, reader: FeedReader, start: Start, known: ByLap) -> Told:
        reader.started = start.clock
        streams = {name: list(each) for name, each in self.streams.items()}
        assert self._began is not None  # noqa: S101  something was said
        day = self._began + start.clock * _MILLISECOND
        return Told(
            source=self.source, streams=streams, reader=reader, recent=list(self._recent),
            start=start, day=day.date(), wrong=dict(self._wrong), known=known,
        )  # fmt: skip

    def _settle(self) -> None:
        """Read for good what is too old for anything to come before it."""
        start = self._evidence.start(self._first)
        if start is not None and start.clock != self._reader.started:
            self._astray = start.clock <= self._settled
            if self._astray:
                return
            self._reader.started = start.clock
        if not self._recent or self._recent[0].clock > (until := self.clock - LATE):
            return
        old = [update for update in self._recent if update.clock <= until]
        self._recent = self._recent[len(old) :]
        self._settled = max(until, self._settled)
        _read(self._reader, old, self._wrong)

    def _read_anew(self) -> None:
        """Read everything once more: something came that is older than what was read for good."""
        self._recent = sorted(
            (
                Update(clock, json.loads(text), "live timing", number)
                for clock, number, text in self._kept
            ),
            key=_order,
        )
        self._reader, self._settled, self._astray = FeedReader(), float("-inf"), False


class _Kept:
    """Messages as they came: clock, number and text. They are packed, for hours of them are many.

    They are needed again only when one comes late.
    """

    def __init__(self) -> None:
        self.any = False
        self._packed: list[bytes] = []
        self._loose: list[bytes] = []

    def add(self, clock: int, number: int, text: bytes) -> None:
        self.any = True
        self._loose.append(b"%d %d %s" % (clock, number, text))
        if len(self._loose) >= PACKED:
            self._packed.append(zlib.compress(b"\n".join(self._loose)))
            self._loose = []

    def __iter__(self) -> Iterator[tuple[int, int, bytes]]:
        for pack in self._packed:
            yield from map(_kept, zlib.decompress(pack).split(b"\n"))
        yield from map(_kept, self._loose)


@dataclass
class Told:
    """What messages had said at some moment.

    Attributes
    ----------
    streams
        All but the timing, in order of time.
    reader
        What the timing said, but for its `recent` messages.
    start, day
        Lights out, and the day of it.
    wrong
        Messages left out, for they say what timing never says; by number, in which field.
    known
        Laps that were read before.
    """

    source: str
    streams: dict[str, list[Update]]
    reader: FeedReader
    recent: list[Update]
    start: Start
    day: date
    wrong: dict[int, str]
    known: ByLap

    def race(self) -> Race:
        """The race that it makes.

        Raises
        ------
        UnreadableError
            It is no race.
        """
        _read(self.reader, self.recent, self.wrong)
        self.recent = []
        assumed, reasons = unsaid(self.streams, self.reader.feeds, self.day)
        while True:
            try:
                race = race_of_feeds(
                    {**self.streams, **assumed},
                    self.reader.feeds,
                    self.start.clock,
                    source=self.source,
                    known=self.known,
                )
            except UnreadableError as error:
                self._leave_out(error)
            else:
                return self._doubted(race, reasons)

    def _leave_out(self, error: UnreadableError) -> None:
        """Drop the message that an error is about, or pass on an error about none."""
        number = error.facts.get("line")
        for name, updates in self.streams.items():
            kept = [update for update in updates if update.line != number]
            if len(kept) < len(updates) and (kept or name not in NEEDED):
                self.streams[name] = kept
                self.wrong[int(str(number))] = f"{name}, {error.facts.get('field')}"
                return
        raise error

    def _doubted(self, race: Race, assumed: Sequence[str]) -> Race:
        """The race with what its messages leave in doubt."""
        reasons = [*assumed]
        if self.wrong:
            first = self.wrong[min(self.wrong)]
            reasons.append(
                f"messages that say what timing never says, the first of them in {first[:60]}: "
                f"{len(self.wrong)} left out"
            )
        return with_doubts(doubted(race, self.start.basis), reasons)


def with_doubts(race: Race, reasons: Sequence[str]) -> Race:
    """The race, with what is in doubt of its crossings."""
    if not reasons:
        return race
    doubts = DOUBTS.rows([{"table": "crossings", "reason": reason} for reason in reasons])
    return race.with_tables(doubts=pl.concat([race.doubts, doubts]))


def _read(reader: FeedReader, updates: Sequence[Update], wrong: dict[int, str]) -> None:
    """Have a reader take in updates, and note those that are wrong."""
    for update in updates:
        try:
            reader.take(update)
        except UnreadableError as error:
            wrong[update.line] = f"{TIMING}, {error.facts.get('field')}"


def _kept(line: bytes) -> tuple[int, int, bytes]:
    clock, number, text = line.split(b" ", 2)
    return int(clock), int(number), text


def _order(update: Update) -> tuple[int, int]:
    return update.clock, update.line
