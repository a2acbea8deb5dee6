"""The timing screen: who is where by what was said last, and what of it is news."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from racecraft.live.events import Event
from racecraft.live.places import LEAST_LAP, Places
from racecraft.sources.livetiming.feed import MOST_LAPS
from racecraft.sources.livetiming.messages import read_moment
from racecraft.sources.livetiming.standing import Standing, items
from racecraft.sources.livetiming.stream import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from racecraft.live.events import Kind
    from racecraft.live.places import Change
    from racecraft.sources.livetiming.messages import Message

FLAGS = {
    "1": "green", "2": "yellow", "4": "SC", "5": "red", "6": "VSC", "7": "VSC ending",
}  # fmt: skip
FLAG_WORDS = {
    "green": "Green flag: the track is clear.", "yellow": "Yellow flag.",
    "SC": "The safety car is out.", "red": "Red flag: the race is stopped.",
    "VSC": "Virtual safety car.", "VSC ending": "The virtual safety car is ending.",
}  # fmt: skip
NEUTRAL = ("SC", "red", "VSC", "VSC ending")
STREAMS = (
    "SessionInfo", "SessionStatus", "DriverList", "TimingData", "TimingAppData", "TrackStatus",
    "LapCount", "RaceControlMessages",
)  # fmt: skip
OVER = ("Finalised", "Ends")
LONGEST_LAP = timedelta(seconds=240)  # behind a safety car in rain
MOST_CARS = 60


@dataclass(frozen=True)
class Row:
    """A car on the screen."""

    place: int | None
    car: str
    number: str
    gap: str  # behind the leader, as shown
    interval: str  # behind the car ahead, as shown
    compound: str | None
    age: int | None  # laps that the tyres have done
    laps: int  # completed
    in_pit: bool
    out: bool  # retired, or stopped on the track


class Screen:
    """What the timing screen shows, from messages as they come."""

    def __init__(self) -> None:
        self.standing = Standing()
        self.moment: datetime | None = None  # the latest that was said
        self.started = self.ended = False
        self.flag = ""
        self._places = Places()
        self._in_pit: set[str] = set()
        self._left_pit: dict[str, int] = {}  # lap on which it left the lane
        self._out: set[str] = set()
        self._said: set[tuple[str, str]] = set()
        self._stopped = False  # the race is, under a red flag
        self._resumed: int | None = None  # lap on which it was resumed
        self._lap_begun: datetime | None = None  # when the leader began his lap
        self._standing = False  # the next start is from the grid

    def take(self, message: Message) -> list[Event]:
        """Take in a message; what of it is news."""
        if message.stream not in STREAMS:
            return []
        self.moment = max(self.moment or message.moment, message.moment)
        self.standing.take(message.stream, message.data)
        told = {
            "TimingData": self._timing,
            "TrackStatus": self._track,
            "SessionStatus": self._session,
            "LapCount": self._counted,
            "RaceControlMessages": self._control,
        }.get(message.stream)
        return list(told(message)) if told is not None else []

    def code(self, number: str) -> str:
        """Code of the driver of a car, else its number."""
        listed = self.standing.streams.get("DriverList", {}).get(number)
        code = listed.get("Tla") if isinstance(listed, dict) else None
        return code.upper() if isinstance(code, str) and code else number

    @property
    def lap(self) -> int | None:
        """Lap of the leader."""
        return self._count("CurrentLap")

    @property
    def distance(self) -> int | None:
        """Laps that the race is to go over, as last announced; None where no race has as many."""
        told = self._count("TotalLaps")
        return told if told is not None and 0 < told <= MOST_LAPS else None

    @property
    def name(self) -> str:
        """The session by name, as far as it is known."""
        info = self.standing.streams.get("SessionInfo", {})
        meeting = info.get("Meeting")
        event = meeting.get("Name") if isinstance(meeting, dict) else None
        parts = [str(info.get("StartDate", ""))[:4], event, info.get("Name")]
        return " ".join(str(part) for part in parts if part)

    @property
    def over(self) -> bool:
        """Whether the session is closed, and nothing more is to come."""
        return self.standing.streams.get("SessionStatus", {}).get("Status") in OVER

    def rows(self) -> list[Row]:
        """Cars in the order of the screen; where it does not say one's place, by their gaps."""
        app = self.standing.lines("TimingAppData")
        rows = [
            self._row(number, said, app.get(number, {}))
            for number, said in list(self.standing.lines("TimingData").items())[:MOST_CARS]
            if number.isdecimal()
        ]
        if any(row.place is None and _behind(row.gap) is not None for row in rows):
            return _by_gaps(rows)
        return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.car))

    def _count(self, name: str) -> int | None:
        return _whole(self.standing.streams.get("LapCount", {}).get(name))

    def _row(self, number: str, said: dict[str, Any], app: dict[str, Any]) -> Row:
        ahead = said.get("IntervalToPositionAhead")
        stints = [stint for stint in items(app.get("Stints")) if isinstance(stint, dict)]
        tyre = stints[-1] if stints else {}
        compound = tyre.get("Compound")
        return Row(
            place=_whole(said.get("Line")),
            car=self.code(number),
            number=number,
            gap=_text(said.get("GapToLeader")),
            interval=_text(ahead.get("Value")) if isinstance(ahead, dict) else "",
            compound=compound.lower() if isinstance(compound, str) else None,
            age=_whole(tyre.get("TotalLaps")),
            laps=_laps(said),
            in_pit=said.get("InPit") is True,
            out=_is_out(said),
        )

    def _forms_up(self) -> bool:
        """Whether the race is stopped, or resumed and not racing yet."""
        return self._stopped or (self._resumed is not None and self.lap == self._resumed)

    def _event(self, message: Message, kind: Kind, text: str, *numbers: str, **facts: Any) -> Event:
        cars = tuple(self.code(number) for number in numbers)
        return Event(
            kind=kind, moment=message.moment, lap=self.lap, cars=cars, text=text, facts=facts
        )

    def _timing(self, message: Message) -> Iterator[Event]:
        lines = message.data.get("Lines")
        if not isinstance(lines, dict):
            return
        known = self.standing.lines("TimingData")
        moved = False
        for number, change in lines.items():
            if not (number.isdecimal() and isinstance(change, dict)):
                continue
            moved |= "Line" in change
            yield from self._car(message, number, known[number], change)
        if moved:
            self._places.move(message.moment, _places(known))
            if self._stopped:
                self._places.forget()  # the order at a restart is made, not driven
        for number, change in lines.items():
            if number in known and isinstance(change, dict):
                lost = self._places.at_loop(message.moment, number, change)
                yield from self._passes(message, lost)

    def _car(
        self, message: Message, number: str, said: dict[str, Any], change: dict[str, Any]
    ) -> Iterator[Event]:
        code, racing = self.code(number), self.started and not self.ended
        if "InPit" in change and (said.get("InPit") is True) != (number in self._in_pit):
            self._in_pit ^= {number}
            if number not in self._in_pit and self.started:
                self._left_pit[number] = _laps(said) + 1
            elif racing and number not in self._out and not self._stopped:
                yield self._event(message, "stop", f"{code} is in the pits.", number)
        if {"Retired", "Stopped"} & change.keys():
            if _is_out(said) and number not in self._out and racing:
                word = "has retired" if said.get("Retired") is True else "has stopped"
                yield self._event(message, "retirement", f"{code} {word}.", number)
            (self._out.add if _is_out(said) else self._out.discard)(number)
            if number in self._out:
                yield from self._passes(message, self._places.lost(message.moment, number))

    def _passes(self, message: Message, lost: Iterable[Change]) -> Iterator[Event]:
        """Events of places that changed hands."""
        for change in lost:
            if not self.started or self.ended:
                continue
            yield self._pass(message, change)
            if change.place == 1:
                passer, passed = change.passer, change.passed
                text = f"{self.code(passer)} leads, {self.code(passed)} did before."
                yield self._event(message, "lead change", text, passer, passed)

    def _pass(self, message: Message, change: Change) -> Event:
        passer, passed, place, _ = change
        kind = self._kind(change)
        why = "" if kind == "on_track" else f" ({kind.replace('_', ' ')})"
        text = f"{self.code(passer)} is past {self.code(passed)} for P{place}{why}."
        if kind == "retirement":
            text = f"{self.code(passer)} is P{place}: {self.code(passed)} is out."
        return self._event(
            message, "pass", text, passer, passed, pass_kind=kind, position=place, sure="seen"
        )

    def _kind(self, change: Change) -> str:
        """Why one car is ahead of another now, as far as the screen tells."""
        passer, passed = change.passer, change.passed
        lines = self.standing.lines("TimingData")
        if passed in self._out:
            return "retirement"
        if self._forms_up():
            return "neutralised"
        if any(
            number in self._in_pit or self._left_pit.get(number) == _laps(lines.get(number, {})) + 1
            for number in (passer, passed)
        ):
            return "pit"
        if self.flag in NEUTRAL:
            return "neutralised"
        from_the_grid = self._standing and self._resumed and self.lap == self._resumed + 1
        if (self.lap or 1) <= 1 or from_the_grid:
            return "start"
        return "trouble" if change.trouble else "on_track"

    def _track(self, message: Message) -> Iterator[Event]:
        flag = FLAGS.get(str(message.data.get("Status")), "")
        if self._stopped:
            return  # the track may be clear; the race is not resumed
        if flag and flag != self.flag:
            first, self.flag = not self.flag, flag
            if not (first and flag == "green"):
                yield self._event(message, "flag", FLAG_WORDS[flag], flag=flag)

    def _session(self, message: Message) -> Iterator[Event]:
        status = message.data.get("Status")
        if status == "Started" and not self.started:
            yield self._begun(message)
        elif status == "Aborted" and self.started and not self.ended and not self._stopped:
            self._stopped, self._standing, self._lap_begun = True, False, None
            self._places.forget()
            if self.flag != "red":
                self.flag = "red"
                yield self._event(message, "flag", FLAG_WORDS["red"], flag="red")
        elif status == "Started" and self._stopped:
            yield self._going_on(message, "The race is resumed: the cars leave the pit lane.")
        elif status in ("Finished", "Finalised", "Ends") and self.started and not self.ended:
            self.ended = True
            yield self._event(message, "end", "The race is over.")

    def _counted(self, message: Message) -> Iterator[Event]:
        """See by its laps that the race has started, or was resumed, where nobody said so."""
        if "CurrentLap" not in message.data or message.data.get("_kf") is True:
            return
        before, self._lap_begun = self._lap_begun, message.moment
        if not self.started and (self.lap or 0) > 1:
            yield self._begun(message)
        elif self._stopped and before and LEAST_LAP < message.moment - before < LONGEST_LAP:
            yield self._going_on(message, "The race is resumed: the leader laps again.")

    def _begun(self, message: Message) -> Event:
        self.started = True
        text = "Lights out: the race is under way."
        if (self.lap or 0) > 1:
            text = f"The race is under way, on lap {self.lap}."
        return self._event(message, "start", text)

    def _going_on(self, message: Message, text: str) -> Event:
        self._stopped, self._resumed, self.flag = False, self.lap, "green"
        return self._event(message, "flag", text, flag="resumed")

    def _control(self, message: Message) -> Iterator[Event]:
        for said in items(message.data.get("Messages")):
            if not isinstance(said, dict) or not isinstance(said.get("Message"), str):
                continue
            key = (str(said.get("Utc")), said["Message"])
            if key in self._said:
                continue
            self._said.add(key)
            self._standing |= "STANDING START" in said["Message"].upper()
            facts = {name.lower(): said[name] for name in ("Category", "Flag") if name in said}
            at = read_moment(said.get("Utc")) if message.data.get("_kf") is True else None
            then = message._replace(moment=min(at or message.moment, message.moment))
            yield self._event(then, "race control", said["Message"].strip(), **facts)


def lap_completed(message: Message) -> int:
    """Highest lap that a car has completed, as a message says; 0 where it says so of none."""
    lines = message.data.get("Lines") if message.stream == "TimingData" else None
    cars = lines.values() if isinstance(lines, dict) else ()
    return max((_laps(change) for change in cars if isinstance(change, dict)), default=0)


def _places(lines: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Place of every car that has one, by its number."""
    told = {number: _whole(said.get("Line")) for number, said in lines.items()}
    places = {n: place for n, place in told.items() if place is not None and n.isdecimal()}
    return places if len(places) <= MOST_CARS else {}


def _by_gaps(rows: list[Row]) -> list[Row]:
    """Cars as far as their gaps say who is where: who joins late is told of changes alone."""
    known = [(behind, row) for row in rows if (behind := _behind(row.gap)) is not None]
    known.sort(key=lambda one: (one[0], one[1].car))
    placed = [replace(row, place=place) for place, (_, row) in enumerate(known, 1)]
    rest = [replace(row, place=None) for row in rows if _behind(row.gap) is None]
    return [*placed, *sorted(rest, key=lambda row: row.car)]


def _behind(gap: str) -> tuple[int, int] | None:
    """Laps and milliseconds behind the leader, by the gap as shown; None where it says neither."""
    if gap.startswith("LAP"):
        return 0, 0
    time = parse_time(gap.removeprefix("+"))
    if time is not None:
        return 0, time
    laps = _whole(gap.removeprefix("+").partition("L")[0].strip())
    return None if laps is None or "L" not in gap else (laps, 0)


def _is_out(said: dict[str, Any]) -> bool:
    """Whether a car has retired, or stands still anywhere but in the pits."""
    stands = said.get("Stopped") is True and said.get("InPit") is not True
    return said.get("Retired") is True or stands


def _laps(said: dict[str, Any]) -> int:
    """Laps that a car has completed."""
    return _whole(said.get("NumberOfLaps")) or 0


def _whole(value: object) -> int | None:
    """Whole number of a field that may be text; None where it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _text(value: object) -> str:
    return value.strip()[:16] if isinstance(value, str) else ""
