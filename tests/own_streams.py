"""A made-up session of live timing: three cars, four laps, two mini-sectors a sector.

HAM passes VER in sector 2 of lap 2, between its two mini-sectors, and wins. SAI starts third, stops
at the end of lap 2 for new tyres, and is third. The streams are made of the times below, as the
timing system makes them: gaps at the end of each mini-sector, sector and lap times when they are
done, everything some tenths of a second late.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

STARTED = 60_000  # clock of lights out
LATE, GAP_LATE = 383, 258  # milliseconds until a lap, and a gap, is in the stream
BEFORE_THE_END = (
    60  # the last loop of sectors 1 and 2 comes a sixtieth of the sector before its end
)

CODES = {"1": "VER", "44": "HAM", "55": "SAI"}
NAMES = {"1": ("Max", "Verstappen", "Red Bull Racing"), "44": ("Lewis", "Hamilton", "Mercedes"),
         "55": ("Carlos", "Sainz", "Ferrari")}  # fmt: skip

# Milliseconds since lights out at S1, S2 and the Line, lap by lap.
TIMES = {
    "1": [33_100, 62_040, 92_350, 122_411, 151_300, 181_207, 211_250, 240_111, 270_222, 300_001,
          329_500, 359_333],
    "44": [33_800, 62_900, 93_250, 123_002, 151_100, 180_900, 210_800, 239_500, 269_480, 299_120,
           328_400, 358_210],
    "55": [34_900, 64_000, 94_444, 124_800, 154_010, 190_100, 234_050, 263_300, 293_600, 323_700,
           353_000, 383_010],
}  # fmt: skip
PITS = (187_000, 208_000)  # SAI, from the end of lap 2 on


@dataclass
class OwnSession:
    """Lines of the streams that can still be changed, by the name of the stream."""

    lines: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)

    def say(self, stream: str, time: float, data: dict[str, Any]) -> None:
        """Add a line, at a time since lights out."""
        self.lines.setdefault(stream, []).append((STARTED + round(time), data))

    def car(self, number: str, time: float, **change: Any) -> None:
        """Add a line of ``TimingData`` about one car."""
        self.say("TimingData", time, {"Lines": {number: change}})

    def files(self) -> dict[str, bytes]:
        """Content of the streams by file name."""
        return {
            f"{stream}.jsonStream": b"\xef\xbb\xbf" + b"\r\n".join(map(line, self._sorted(stream)))
            for stream in self.lines
        }

    def _sorted(self, stream: str) -> list[tuple[int, dict[str, Any]]]:
        return sorted(self.lines[stream], key=lambda entry: entry[0])


def line(entry: tuple[int, dict[str, Any]]) -> bytes:
    """A line of a stream: its clock, and what changed."""
    clock, data = entry
    seconds, part = divmod(clock, 1000)
    minutes, seconds = divmod(seconds, 60)
    stamp = f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{part:03d}"
    return stamp.encode() + json.dumps(data, ensure_ascii=False).encode()


def clock(milliseconds: int) -> str:
    """A time as the stream writes it: ``26.407`` or ``1:48.288``."""
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"


def loops(times: list[int]) -> dict[tuple[int, int, int], int]:
    """When a car passed each loop: lap, sector from 0, number from 1."""
    at = {}
    for step, end in enumerate(times):
        lap, sector = step // 3 + 1, step % 3
        begin = times[step - 1] if step else 0
        at[lap, sector, 1] = (begin + end) // 2
        at[lap, sector, 2] = end - ((end - begin) // BEFORE_THE_END if sector < 2 else 0)
    return at


def own_session(
    times: dict[str, list[int]] = TIMES, *, lapped: frozenset[str] = frozenset()
) -> OwnSession:
    """The session above, or one with other times; ``lapped`` cars send no gap, only intervals."""
    session = OwnSession()
    _facts(session, len(next(iter(times.values()))) // 3)
    for number, each in times.items():
        _laps(session, number, each)
    _gaps(session, times, lapped)
    return session


def _facts(session: OwnSession, laps: int) -> None:
    before = -STARTED
    meeting = {"Name": "Toy Grand Prix", "Location": "Toytown"}
    session.say("SessionInfo", before, {"Meeting": meeting, "Type": "Race", "Name": "Race",
                "StartDate": "2023-06-04T15:00:00", "Path": "2023/Toy/Race/"})  # fmt: skip
    for time, status in ((before, "Inactive"), (0, "Started"), (362_000, "Finished")):
        session.say("SessionStatus", time, {"Status": status})
    listed = {
        number: {"RacingNumber": number, "Tla": CODES[number], "FirstName": given,
                 "LastName": family, "TeamName": team}
        for number, (given, family, team) in NAMES.items()
    }  # fmt: skip
    session.say("DriverList", before, listed)
    session.say("LapCount", before, {"CurrentLap": 1, "TotalLaps": laps})
    stint = {"Compound": "MEDIUM", "New": "true", "TyresNotChanged": "0", "StartLaps": 0}
    app = {
        number: {"GridPos": str(place), "Stints": [stint | {"TotalLaps": 0}]}
        for place, number in enumerate(CODES, 1)
    }
    session.say("TimingAppData", before, {"Lines": app})
    new = {"Compound": "HARD", "New": "false", "TyresNotChanged": "0", "StartLaps": 3}
    session.say("TimingAppData", 215_000, {"Lines": {"55": {"Stints": {"1": new}}}})
    for time, code in ((-40_000, "2"), (-30_000, "1"), (40_000, "2"), (50_000, "6"), (70_000, "7"),
                       (80_000, "1"), (220_000, "4"), (230_000, "5")):  # fmt: skip
        session.say("TrackStatus", time, {"Status": code})
    first = {
        number: {"Line": place, "InPit": True, "Retired": False, "Stopped": False,
                 "GapToLeader": "LAP 1" if place == 1 else ""}
        for place, number in enumerate(CODES, 1)
    }  # fmt: skip
    session.say("TimingData", before, {"Lines": first})
    for number in CODES:
        session.car(number, -20_000, InPit=False, PitOut=True)
    session.car("55", PITS[0] + LATE, InPit=True)
    session.car("55", PITS[1] + LATE, InPit=False, PitOut=True)


def _laps(session: OwnSession, number: str, times: list[int]) -> None:
    for step, time in enumerate(times):
        lap, sector = step // 3 + 1, step % 3
        change: dict[str, Any] = {}
        if step:
            change["Sectors"] = {str(sector): {"Value": clock(time - times[step - 1])}}
        if sector == 2:
            change["NumberOfLaps"] = lap
            if lap > 1:
                change["LastLapTime"] = {"Value": clock(time - times[step - 3])}
        if change:
            session.car(number, time + LATE, **change)


def _gaps(session: OwnSession, times: dict[str, list[int]], lapped: frozenset[str]) -> None:
    """Gaps at every loop, and the order on the screen, which changes as they are passed."""
    passed: dict[tuple[int, int, int], list[str]] = {}
    events = sorted(
        (time, at, number) for number, each in times.items() for at, time in loops(each).items()
    )
    leader = next(iter(times))
    for time, at, number in events:
        in_the_pits = number == "55" and PITS[0] < time < PITS[1]
        before = passed.setdefault(at, [])
        before.append(number)
        jitter = (time * 7) % 5 * 10
        lap, sector, loop = at
        if not before[:-1]:
            ends_lap = (sector, loop) == (2, 2)
            if number != leader or ends_lap:
                others = [other for other in CODES if other != number]
                lines: dict[str, Any] = {other: {"Line": k} for k, other in enumerate(others, 2)}
                lines[number] = {"Line": 1, "GapToLeader": f"LAP {lap + ends_lap}"}
                session.say("TimingData", time + GAP_LATE - 1, {"Lines": lines})
                leader = number
        elif not in_the_pits:
            change: dict[str, Any] = {"Line": len(before)}
            gap = time - loops(times[before[0]])[at]
            interval = time - loops(times[before[-2]])[at]
            change["GapToLeader"] = "1 L" if number in lapped else f"+{clock(gap)}"
            change["IntervalToPositionAhead"] = {"Value": f"+{clock(interval)}"}
            session.car(number, time + GAP_LATE + jitter, **change)
