"""Recordings of races that were stopped, made of public laps and what race control said.

The archive at hand holds no timing of a race with a red flag. So its timing is made again: cars
are where the laps have them at the Line, and in between at the same share of every lap; gaps,
sectors, lap times and the order on the screen come as the timing sends them. Everything else, from
the status of the session to the tyres, is what was sent on the day.
"""

from __future__ import annotations

import csv
import re
from bisect import insort
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from own_streams import clock, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LATE, GAP_LATE, LIGHT_LATE = 383, 258, 500  # milliseconds until a time, a gap, a light is sent
LOOPS = (3, 4, 3)  # mini-sectors by sector
SHARES = tuple((n + 1) / sum(LOOPS) for n in range(sum(LOOPS)))  # of the lap, at which they end
STOPPED_AFTER = 120_000  # milliseconds after its last passage until a car is said to have stopped

_CLOCK = re.compile(r"(\d) days (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?")


class Passage(NamedTuple):
    """A car over a loop; loops are numbered through the lap."""

    time: int
    car: str
    lap: int
    loop: int


def stopped_race(shared: Path, event: str) -> dict[str, bytes]:
    """Streams of a race of 2021 that was stopped, by file name.

    Parameters
    ----------
    event
        ``British`` or ``Saudi Arabian``.
    """
    [folder] = (shared / "data" / "control").glob(f"2021*{event.replace(' ', '_')}*")
    files = {path.name: path.read_bytes() for path in folder.glob("*.jsonStream")}
    started = _clock_of(files["SessionStatus.jsonStream"], b'"Started"')
    laps = _laps(shared / "data" / "laps" / "grand_prix_2021.csv", f"{event} Grand Prix")
    said = sorted(_timing(laps, started), key=lambda entry: entry[0])
    files["TimingData.jsonStream"] = b"\xef\xbb\xbf" + b"\r\n".join(map(line, said))
    return files


def _clock_of(stream: bytes, word: bytes) -> int:
    said = next(each for each in stream.splitlines() if word in each)
    text = said.decode("utf-8-sig")
    hours, minutes, seconds = int(text[:2]), int(text[3:5]), float(text[6:12])
    return round(((hours * 60 + minutes) * 60 + seconds) * 1000)


def _milliseconds(text: str) -> int | None:
    found = _CLOCK.match(text)
    if not found:
        return None
    days, hours, minutes, seconds = map(int, found.groups()[:4])
    part = int((found[5] or "0").ljust(6, "0")) // 1000
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + part


def _laps(path: Path, event: str) -> dict[str, list[dict[str, Any]]]:
    """Laps of every car in order, by its number, their times in milliseconds."""
    laps: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["EventName"] == event:
                each: dict[str, Any] = {
                    name: _milliseconds(row[name]) for name in ("Time", "PitInTime", "PitOutTime")
                }
                each |= {"lap": round(float(row["LapNumber"])), "timed": bool(row["LapTime"])}
                laps[row["DriverNumber"]].append(each)
    distance = max(one["lap"] for each_car in laps.values() for one in each_car)
    for each_car in laps.values():
        each_car.sort(key=lambda one: one["lap"])
        if each_car[-1]["lap"] < distance - 3 and not each_car[-1]["timed"]:
            each_car.pop()  # it never ended: the source made its end up
    return {car: each_car for car, each_car in laps.items() if each_car}


def _timing(
    laps: dict[str, list[dict[str, Any]]], started: int
) -> Iterator[tuple[int, dict[str, Any]]]:
    """What the timing said: clock, and what changed."""
    passages = sorted(p for car, each in laps.items() for p in _passages(car, each, started))
    grid = sorted(laps, key=lambda car: next(p.time for p in passages if p.car == car))
    first = {
        car: {"Line": place, "InPit": False, "Retired": False, "Stopped": False,
              "RacingNumber": car, "GapToLeader": "LAP 1" if place == 1 else ""}
        for place, car in enumerate(grid, 1)
    }  # fmt: skip
    yield 1000, {"Lines": first}
    yield from _order(passages, grid)
    for car, each in laps.items():
        own = [passage for passage in passages if passage.car == car]
        yield from _times(car, own)
        yield from _pits(car, each)
        if own[-1].lap < max(p.lap for p in passages):
            yield own[-1].time + STOPPED_AFTER, {"Lines": {car: {"Retired": True}}}


def _passages(car: str, laps: list[dict[str, Any]], started: int) -> Iterator[Passage]:
    """Where a car was when: at the same share of every lap, from when it left the pits on."""
    begin = started
    for one in laps:
        end = one["Time"]
        if end is None or end <= begin:
            return
        left = one["PitOutTime"]
        since = left if left is not None and begin < left < end else begin
        for loop, share in enumerate(SHARES):
            yield Passage(round(since + share * (end - since)), car, one["lap"], loop)
        begin = end


def _times(car: str, own: list[Passage]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Lights, sectors and laps of a car."""
    ends = [sum(LOOPS[: sector + 1]) - 1 for sector in range(3)]
    at = {(p.lap, p.loop): p.time for p in own}
    for p in own:
        sector = sum(p.loop > end for end in ends)
        index = p.loop - (ends[sector - 1] + 1 if sector else 0)
        yield p.time + LIGHT_LATE, _sectors(car, sector, Segments={str(index): {"Status": 2049}})
        if p.loop not in ends:
            continue
        before = at.get((p.lap, ends[sector - 1]) if sector else (p.lap - 1, ends[-1]))
        change: dict[str, Any] = {}
        if before is not None:
            change = _sectors(car, sector, Value=clock(p.time - before))["Lines"][car]
        if sector == 2:
            change["NumberOfLaps"] = p.lap
            if (p.lap - 1, p.loop) in at:
                change["LastLapTime"] = {"Value": clock(p.time - at[p.lap - 1, p.loop])}
        if change:
            yield p.time + LATE, {"Lines": {car: change}}
        if sector == 2:
            cleared = {
                str(s): {"Segments": {str(i): {"Status": 0} for i in range(LOOPS[s])}}
                for s in range(3)
            }
            yield p.time + LIGHT_LATE + 50, {"Lines": {car: {"Sectors": cleared}}}


def _sectors(car: str, sector: int, **change: Any) -> dict[str, Any]:
    return {"Lines": {car: {"Sectors": {str(sector): change}}}}


def _pits(car: str, laps: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    stops = 0
    for one in laps:
        if one["PitInTime"] is not None:
            stops += 1
            change = {"InPit": True, "NumberOfPitStops": stops}
            yield one["PitInTime"] + LATE, {"Lines": {car: change}}
        if one["PitOutTime"] is not None and one["lap"] > 1:
            change = {"InPit": False, "PitOut": True}
            yield one["PitOutTime"] + LATE, {"Lines": {car: change}}


def _order(passages: list[Passage], grid: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Gaps at every loop, and who stands where: by laps and loops done, and by who was first."""
    done: list[tuple[int, int, str]] = [(0, place, car) for place, car in enumerate(grid)]
    progress = {car: (0, place) for place, car in enumerate(grid)}
    times: dict[tuple[int, int], list[Passage]] = defaultdict(list)
    for p in passages:
        before = [car for *_, car in done]
        done.remove((*progress[p.car], p.car))
        progress[p.car] = (-(p.lap * len(SHARES) + p.loop), p.time)
        insort(done, (*progress[p.car], p.car))
        after = [car for *_, car in done]
        lines: dict[str, Any] = {
            car: {"Line": place}
            for place, (car, was) in enumerate(zip(after, before, strict=True), 1)
            if car != was
        }
        here = times[p.lap, p.loop]
        here.append(p)
        place = after.index(p.car)
        change: dict[str, Any] = {"GapToLeader": f"LAP {p.lap}"}
        if place:
            ahead = next((one for one in here if one.car == after[place - 1]), None)
            leader = next((one for one in here if one.car == after[0]), None)
            change = {}
            if ahead is not None:
                change["IntervalToPositionAhead"] = {"Value": f"+{clock(p.time - ahead.time)}"}
            gap = f"+{clock(p.time - leader.time)}" if leader is not None else "1 L"
            change["GapToLeader"] = gap
        lines[p.car] = lines.get(p.car, {}) | change
        yield p.time + GAP_LATE, {"Lines": lines}
