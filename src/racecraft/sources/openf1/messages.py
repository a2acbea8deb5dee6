"""Rows of OpenF1 as messages of the live timing, so that one reader follows both.

OpenF1 makes its rows of the same feed, and forgets some of it: gaps are sent every few seconds and
not at loops, laps have dates and no message that ended them. So what comes of them has three lines
a lap, some tenths of a second off; durations stay exact.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from racecraft.sources.livetiming.laps import LATENCY
from racecraft.sources.livetiming.messages import Message, stamp
from racecraft.sources.openf1.race import moment as moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Row = dict[str, Any]

STATUSES = {
    "SESSION STARTED": "Started", "SESSION FINISHED": "Finished", "SESSION ENDED": "Ends",
    "SESSION ABORTED": "Aborted", "SESSION RESUMED": "Started", "SESSION FINALISED": "Finalised",
}  # fmt: skip
COLLECTIONS = (
    "meetings", "sessions", "drivers", "race_control", "position", "laps", "intervals", "pit",
    "stints",
)  # fmt: skip
_LATE = timedelta(milliseconds=LATENCY)
_EDGE = timedelta(hours=1)  # before the planned start, from which the session is spoken of


class Rows:
    """Takes in rows of any collection, in any order and as often as they come.

    What a row says that was not known becomes messages; the same row again says nothing.
    """

    def __init__(self) -> None:
        self._event = ""
        self._begin: datetime | None = None
        self._newest: datetime | None = None
        self._said: set[tuple[object, ...]] = set()
        self._lap = 0
        self._laps: dict[tuple[int, int], datetime] = {}  # number and lap: when it began

    def take(self, collection: str, row: Row) -> list[Message]:
        """What a row says that was not known."""
        read: Callable[[Row], Iterator[Message]] | None = {
            "meetings": self._meeting,
            "sessions": self._session,
            "drivers": self._driver,
            "race_control": self._control,
            "position": self._position,
            "laps": self._of_lap,
            "intervals": self._interval,
            "pit": self._pit,
            "stints": self._stint,
        }.get(collection)
        return list(read(row)) if read is not None else []

    def _is_news(self, *key: object) -> bool:
        if key in self._said:
            return False
        self._said.add(key)
        return True

    def _message(self, at: datetime, stream: str, data: Row) -> Message:
        self._newest = max(at, self._newest or at)
        return Message(at, stream, data)

    def _car(self, at: datetime, number: int, change: Row, **more: Any) -> Message:
        return self._message(at, "TimingData", {"Lines": {str(number): change}, **more})

    def _meeting(self, row: Row) -> Iterator[Message]:
        self._event = str(row.get("meeting_name") or "")
        yield from ()

    def _session(self, row: Row) -> Iterator[Message]:
        begins = moment_of(row.get("date_start"))
        if begins is None or not self._is_news("session", row.get("session_key")):
            return
        self._begin = begins - _EDGE
        name = self._event or f"{row.get('country_name')} Grand Prix"
        facts = {"Meeting": {"Name": name}, "Type": row.get("session_type"),
                 "Name": row.get("session_name"),
                 "StartDate": str(row["date_start"])[:19]}  # fmt: skip
        yield self._message(self._begin, "SessionInfo", facts)
        yield self._message(self._begin, "SessionStatus", {"Status": "Inactive"})

    def _driver(self, row: Row) -> Iterator[Message]:
        number, code = row.get("driver_number"), row.get("name_acronym")
        if not isinstance(number, int) or not code or not self._is_news("driver", number):
            return
        facts = {"RacingNumber": str(number), "Tla": code, "FirstName": row.get("first_name") or "",
                 "LastName": row.get("last_name") or "",
                 "TeamName": row.get("team_name") or ""}  # fmt: skip
        at = self._begin or datetime.now(UTC)
        yield self._message(at, "DriverList", {str(number): facts})

    def _control(self, row: Row) -> Iterator[Message]:
        at, text = moment_of(row.get("date")), str(row.get("message") or "")
        if at is None or not self._is_news("control", at, text):
            return
        said: Row = {"Utc": stamp(at)[:19], "Message": text}
        for field, name in (("category", "Category"), ("flag", "Flag"), ("lap_number", "Lap"),
                            ("sector", "Sector"), ("driver_number", "RacingNumber")):  # fmt: skip
            if row.get(field) is not None:
                said[name] = str(row[field]) if field == "driver_number" else row[field]
        yield self._message(at, "RaceControlMessages", {"Messages": [said]})
        if (status := STATUSES.get(text.strip().upper())) is not None:
            yield self._message(at, "SessionStatus", {"Status": status})
        if (code := _track(row, text.upper())) is not None:
            yield self._message(at, "TrackStatus", {"Status": code})

    def _position(self, row: Row) -> Iterator[Message]:
        at, number, place = (
            moment_of(row.get("date")),
            row.get("driver_number"),
            row.get("position"),
        )
        if at is None or not isinstance(number, int) or not isinstance(place, int):
            return
        if self._is_news("position", number, at):
            yield self._car(at, number, {"Line": place})

    def _interval(self, row: Row) -> Iterator[Message]:
        at, number = moment_of(row.get("date")), row.get("driver_number")
        if at is None or not isinstance(number, int) or not self._is_news("interval", number, at):
            return
        change: Row = {}
        if row.get("gap_to_leader") is not None:
            change["GapToLeader"] = _gap(row["gap_to_leader"])
        if row.get("interval") is not None:
            change["IntervalToPositionAhead"] = {"Value": _gap(row["interval"])}
        if change:  # not sent at a loop: how things stand, and no passage
            yield self._car(at, number, change, _kf=True)

    def _of_lap(self, row: Row) -> Iterator[Message]:
        number, lap, begun = (
            row.get("driver_number"),
            row.get("lap_number"),
            moment_of(row.get("date_start")),
        )
        if not isinstance(number, int) or not isinstance(lap, int) or begun is None:
            return
        self._laps[number, lap] = begun
        if lap > self._lap:
            self._lap = lap
            yield self._message(begun, "LapCount", {"CurrentLap": lap})
        if lap > 1 and self._is_news("done", number, lap - 1):
            yield self._car(begun + _LATE, number, {"NumberOfLaps": lap - 1})
        at = begun
        for sector in range(3):
            time = row.get(f"duration_sector_{sector + 1}")
            if not isinstance(time, int | float) or isinstance(time, bool) or time <= 0:
                return
            at += timedelta(seconds=time)
            if lap > 1 and sector < 2 and self._is_news("sector", number, lap, sector):
                yield self._car(
                    at + _LATE, number, {"Sectors": {str(sector): {"Value": _clock(time)}}}
                )
        yield from self._completed(row, number, lap, begun)

    def _completed(self, row: Row, number: int, lap: int, begun: datetime) -> Iterator[Message]:
        """Word of a lap, with its time; the first lap has none."""
        time = row.get("lap_duration")
        if not isinstance(time, int | float) or isinstance(time, bool) or time <= 0:
            return
        if not self._is_news("timed", number, lap):
            return
        change: Row = {}
        if self._is_news("done", number, lap):
            change["NumberOfLaps"] = lap
        if lap > 1:
            change["LastLapTime"] = {"Value": _clock(time)}
            change["Sectors"] = {"2": {"Value": _clock(row["duration_sector_3"])}}
        if change:
            yield self._car(begun + timedelta(seconds=time) + _LATE, number, change)

    def _pit(self, row: Row) -> Iterator[Message]:
        at, number = moment_of(row.get("date")), row.get("driver_number")
        if at is None or not isinstance(number, int) or not self._is_news("pit", number, at):
            return
        lane = row.get("lane_duration") or row.get("pit_duration")
        if isinstance(lane, int | float) and 0 < lane < 3600:
            yield self._car(at - timedelta(seconds=lane) + _LATE, number, {"InPit": True})
            yield self._car(at + _LATE, number, {"InPit": False, "PitOut": True})

    def _stint(self, row: Row) -> Iterator[Message]:
        number, stint, first = (row.get(n) for n in ("driver_number", "stint_number", "lap_start"))
        if not (isinstance(number, int) and isinstance(stint, int) and isinstance(first, int)):
            return
        age, last = row.get("tyre_age_at_start"), row.get("lap_end")
        known = self._begin if stint == 1 else self._laps.get((number, first)) or self._newest
        facts: Row = {}
        if row.get("compound"):
            facts["Compound"] = str(row["compound"])
        if isinstance(age, int):
            facts |= {"StartLaps": age, "New": "false" if age else "true"}
            if isinstance(last, int):
                facts["TotalLaps"] = max(age + last - first + 1, 0)
        if known is not None and facts and self._is_news("stint", number, stint, str(facts)):
            lines = {str(number): {"Stints": {str(stint - 1): facts}}}
            yield self._message(known, "TimingAppData", {"Lines": lines})


def _track(row: Row, text: str) -> str | None:
    """Code of the track status that a message of race control brings, if it brings one."""
    flag, everywhere = row.get("flag"), row.get("scope") == "Track"
    if row.get("category") == "SafetyCar" and "DEPLOYED" in text:
        return "6" if "VIRTUAL" in text or "VSC" in text else "4"
    if row.get("category") == "SafetyCar" and "ENDING" in text:
        return "7"
    if flag == "RED":
        return "5"
    if everywhere and flag in ("GREEN", "CLEAR"):
        return "1"
    return "2" if everywhere and flag in ("YELLOW", "DOUBLE YELLOW") else None


def _gap(value: object) -> str:
    """A gap as the screen shows it; that of the leader is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"+{value:.3f}" if value > 0 else ""
    return str(value)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"
