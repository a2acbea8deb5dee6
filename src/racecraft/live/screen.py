"""The timing screen: who is where by what was said last, and what of it is news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from racecraft.live.events import Event
from racecraft.sources.livetiming.standing import Standing, items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from racecraft.live.events import Kind
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
MOST_CARS = 60
AT_A_LOOP = {"GapToLeader", "IntervalToPositionAhead", "Sectors", "NumberOfLaps"}
FORGOTTEN = timedelta(seconds=60)  # until when a change that nothing proved is news


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
        self._places: list[str] = []  # numbers in order, when last it was one
        self._swapped: dict[tuple[str, str], datetime] = {}  # ahead now, behind now: since when
        self._in_pit: set[str] = set()
        self._left_pit: dict[str, int] = {}  # lap on which it left the lane
        self._out: set[str] = set()
        self._said: set[tuple[str, str]] = set()

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
        """Laps that the race is to go over, as last announced."""
        return self._count("TotalLaps")

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
        """Cars in the order of the screen; those of which no place is known come last."""
        app = self.standing.lines("TimingAppData")
        rows = [
            self._row(number, said, app.get(number, {}))
            for number, said in list(self.standing.lines("TimingData").items())[:MOST_CARS]
            if number.isdecimal()
        ]
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
            laps=_whole(said.get("NumberOfLaps")) or 0,
            in_pit=said.get("InPit") is True,
            out=_is_out(said),
        )

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
            self._moves(message)
        for number, change in lines.items():
            if isinstance(change, dict) and AT_A_LOOP & change.keys():
                yield from self._proven(message, number)

    def _car(
        self, message: Message, number: str, said: dict[str, Any], change: dict[str, Any]
    ) -> Iterator[Event]:
        code, racing = self.code(number), self.started and not self.ended
        if "InPit" in change and (said.get("InPit") is True) != (number in self._in_pit):
            self._in_pit ^= {number}
            if number not in self._in_pit and self.started:
                self._left_pit[number] = (_whole(said.get("NumberOfLaps")) or 0) + 1
            elif racing and number not in self._out:
                yield self._event(message, "stop", f"{code} is in the pits.", number)
        if {"Retired", "Stopped"} & change.keys():
            if _is_out(said) and number not in self._out and racing:
                word = "has retired" if said.get("Retired") is True else "has stopped"
                yield self._event(message, "retirement", f"{code} {word}.", number)
            (self._out.add if _is_out(said) else self._out.discard)(number)
            if number in self._out:
                yield from self._proven(message, number)

    def _moves(self, message: Message) -> None:
        """Note changes of order since the screen last showed one.

        The screen moves a car as it reaches a loop, before the cars that it fights, so a change is
        news only when the car that lost the place reaches a loop and is still behind.
        """
        places = {
            number: place
            for number, said in self.standing.lines("TimingData").items()
            if (place := _whole(said.get("Line"))) is not None and number.isdecimal()
        }
        if len(set(places.values())) < len(places):
            return  # half of a change: the other half is to come
        now = sorted(places, key=places.__getitem__)
        before, self._places = self._places, now
        was = {number: place for place, number in enumerate(before)}
        for place, number in enumerate(now):
            for other in now[place + 1 :]:
                if (other, number) in self._swapped:
                    del self._swapped[other, number]
                elif was.get(other, -1) < was.get(number, -1) and other in was:
                    self._swapped[number, other] = message.moment

    def _proven(self, message: Message, number: str) -> Iterator[Event]:
        """What a car at a loop, or out, proves of the places that it lost."""
        for passer, passed in [pair for pair in self._swapped if pair[1] == number]:
            since = self._swapped.pop((passer, passed))
            if not self.started or self.ended or message.moment - since > FORGOTTEN:
                continue
            place = self._places.index(passer) + 1
            yield self._pass(message, passer, passed, place)
            if place == 1:
                text = f"{self.code(passer)} leads, {self.code(passed)} did before."
                yield self._event(message, "lead change", text, passer, passed)

    def _pass(self, message: Message, passer: str, passed: str, place: int) -> Event:
        kind = self._kind(passer, passed)
        why = "" if kind == "on_track" else f" ({kind.replace('_', ' ')})"
        text = f"{self.code(passer)} is past {self.code(passed)} for P{place}{why}."
        return self._event(
            message, "pass", text, passer, passed, pass_kind=kind, position=place, sure="seen"
        )

    def _kind(self, passer: str, passed: str) -> str:
        """Why one car is ahead of another now, as far as the screen tells."""
        lines = self.standing.lines("TimingData")
        if passed in self._out:
            return "retirement"
        if any(
            number in self._in_pit
            or self._left_pit.get(number) == (_whole(lines[number].get("NumberOfLaps")) or 0) + 1
            for number in (passer, passed)
        ):
            return "pit"
        if self.flag in NEUTRAL:
            return "neutralised"
        return "start" if (self.lap or 1) <= 1 else "on_track"

    def _track(self, message: Message) -> Iterator[Event]:
        flag = FLAGS.get(str(message.data.get("Status")), "")
        if flag and flag != self.flag:
            first, self.flag = not self.flag, flag
            if not (first and flag == "green"):
                yield self._event(message, "flag", FLAG_WORDS[flag], flag=flag)

    def _session(self, message: Message) -> Iterator[Event]:
        status = message.data.get("Status")
        if status == "Started" and not self.started:
            self.started = True
            yield self._event(message, "start", "Lights out: the race is under way.")
        elif status in ("Finished", "Finalised", "Ends") and self.started and not self.ended:
            self.ended = True
            yield self._event(message, "end", "The race is over.")

    def _control(self, message: Message) -> Iterator[Event]:
        for said in items(message.data.get("Messages")):
            if not isinstance(said, dict) or not isinstance(said.get("Message"), str):
                continue
            key = (str(said.get("Utc")), said["Message"])
            if key in self._said:
                continue
            self._said.add(key)
            facts = {name.lower(): said[name] for name in ("Category", "Flag") if name in said}
            yield self._event(message, "race control", said["Message"].strip(), **facts)


def _is_out(said: dict[str, Any]) -> bool:
    return said.get("Retired") is True or said.get("Stopped") is True


def _whole(value: object) -> int | None:
    """Whole number of a field that may be text; None where it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _text(value: object) -> str:
    return value.strip()[:16] if isinstance(value, str) else ""
