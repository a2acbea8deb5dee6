"""When each car was at each timed line, by the times of its laps, their dates, and the gaps."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from racecraft.sources.openf1.api import Rows

LINE = 2  # sectors from 0; the last one ends at the Line
NEAR = timedelta(seconds=1.5)  # a gap at the Line is dated this close to the crossing
LARGEST_ERROR_MS = 700  # of dates; a gap that differs by more was measured elsewhere
FEWEST_GAPS = 2  # that say the same to the millisecond before they are believed


@dataclass
class Clock:
    """One car: its lap times, and when it reached the end of each sector of each lap."""

    lap_time: dict[int, timedelta] = field(default_factory=dict)
    at: dict[tuple[int, int], datetime] = field(default_factory=dict)
    doubts: list[dict[str, object]] = field(default_factory=list)

    @property
    def last(self) -> int:
        """Laps completed."""
        return max((lap for lap, sector in self.at if sector == LINE), default=0)

    def lap_at(self, time: datetime) -> int | None:
        """Lap under way at a time."""
        ends = sorted((at, lap) for (lap, sector), at in self.at.items() if sector == LINE)
        if not ends:
            return None
        place = bisect_left(ends, (time, 0))
        return ends[place][1] if place < len(ends) else ends[-1][1] + 1


def clocks(
    laps: Rows, intervals: Rows, codes: Mapping[int, str], *, flag: datetime | None
) -> dict[str, Clock]:
    """Return the clock of every car that completed a lap, by its code.

    Parameters
    ----------
    laps, intervals
        Rows of these collections.
    codes
        Codes by number.
    flag
        When the chequered flag was shown: a lap begun after it is none of the race.
    """
    found: dict[str, Clock] = {}
    by_car: dict[str, dict[int, dict[str, Any]]] = {}
    for row in laps:
        code, lap = codes.get(row.get("driver_number") or -1), row.get("lap_number")
        if code is not None and isinstance(lap, int) and 0 < lap < 1000:
            by_car.setdefault(code, {})[lap] = row
    for code, rows in by_car.items():
        car = _placed(code, rows)
        if flag is not None:
            car.at = {
                (lap, sector): at
                for (lap, sector), at in car.at.items()
                if lap == 1 or car.at.get((lap - 1, LINE), flag) <= flag
            }
        if car.at:
            found[code] = car
    _tied(found, intervals, codes)
    return found


def _placed(code: str, rows: Mapping[int, Mapping[str, Any]]) -> Clock:
    """Clock of one car: each stretch of timed laps lies where its dates say, in the median."""
    car = Clock()
    for lap, row in sorted(rows.items()):
        time = _seconds(row.get("lap_duration"))
        if time is not None:
            car.lap_time[lap] = time
    for stretch in _stretches(rows, car.lap_time):
        since = timedelta(0)
        offsets: list[tuple[timedelta, datetime]] = []
        for lap in stretch:
            began = _moment(rows[lap].get("date_start"))
            if began is not None:
                offsets.append((since, began))
            since += car.lap_time[lap]
        later = [pair for pair, lap in zip(offsets, stretch, strict=False) if lap > 1] or offsets
        if not later:
            reason = "no date on any lap: left out"
            car.doubts.append({"car": code, "lap": stretch[0], "reason": reason})
            continue
        origin = later[0][1]
        begins = [(at - since - origin).total_seconds() for since, at in later]
        at = origin + timedelta(seconds=median(begins))
        for lap in stretch:
            car.at |= {(lap, s): end for s, end in _sectors(rows[lap], at, car.lap_time[lap])}
            at += car.lap_time[lap]
    numbered = range(1, car.last + 1)
    car.doubts += [
        {"car": code, "lap": lap, "reason": "no time for this lap: none of its lines is known"}
        for lap in numbered
        if lap not in car.lap_time
    ]
    return car


def _stretches(rows: Mapping[int, object], times: Mapping[int, timedelta]) -> Iterator[list[int]]:
    """Laps that follow one another, each of them timed."""
    run: list[int] = []
    for lap in sorted(rows):
        if lap in times and (not run or lap == run[-1] + 1):
            run.append(lap)
            continue
        if run:
            yield run
        run = [lap] if lap in times else []
    if run:
        yield run


def _sectors(
    row: Mapping[str, Any], began: datetime, lap_time: timedelta
) -> Iterator[tuple[int, datetime]]:
    """End of each sector that can be placed within its lap."""
    first, second, third = (_seconds(row.get(f"duration_sector_{n}")) for n in (1, 2, 3))
    end = began + lap_time
    if first is not None and first < lap_time:
        yield 0, began + first
    if third is not None and third < lap_time:
        yield 1, end - third
    elif first is not None and second is not None and first + second < lap_time:
        yield 1, began + first + second
    yield LINE, end


def _tied(cars: Mapping[str, Clock], intervals: Rows, codes: Mapping[int, str]) -> None:
    """Shift every car by what the gaps to the leader at the Line say again and again."""
    if not cars:
        return
    gaps: dict[str, list[tuple[datetime, float]]] = {}
    for row in intervals:
        code, gap = codes.get(row.get("driver_number") or -1), row.get("gap_to_leader")
        date = _moment(row.get("date"))
        if (
            code is not None
            and code in cars
            and isinstance(gap, int | float)
            and gap > 0
            and date is not None
        ):
            gaps.setdefault(code, []).append((date, float(gap)))
    tied = {_who_led_most(cars)}
    for code in sorted(cars, key=lambda c: -cars[c].last):
        if code in tied:
            continue
        errors: Counter[int] = Counter()
        for (lap, sector), at in cars[code].at.items():
            if sector != LINE:
                continue
            leader = min(
                (c for c in cars if (lap, LINE) in cars[c].at),
                key=lambda c: cars[c].at[lap, LINE],
            )
            if leader not in tied:
                continue
            ahead = (at - cars[leader].at[lap, LINE]).total_seconds()
            for date, told in gaps.get(code, []):
                error = round((told - ahead) * 1000)
                if abs(date - at) < NEAR and abs(error) < LARGEST_ERROR_MS:
                    errors[error] += 1
        shift, times = errors.most_common(1)[0] if errors else (0, 0)
        if times >= FEWEST_GAPS:
            _move(cars[code], timedelta(milliseconds=shift))
            tied.add(code)
        else:
            cars[code].doubts.append(
                {"car": code, "reason": "no gap ties this car to the leader: it is placed by the "
                 "dates of its laps, some tenths of a second off"}
            )  # fmt: skip


def _who_led_most(cars: Mapping[str, Clock]) -> str:
    """The car that was first over the Line on most laps."""
    first: dict[int, tuple[datetime, str]] = {}
    for code, car in cars.items():
        for (lap, sector), at in car.at.items():
            if sector == LINE:
                first[lap] = min(first.get(lap, (at, code)), (at, code))
    led = Counter(code for _, code in first.values())
    return led.most_common(1)[0][0] if led else next(iter(cars))


def _move(car: Clock, shift: timedelta) -> None:
    car.at = {key: at + shift for key, at in car.at.items()}


def _seconds(value: object) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e5:
        return None
    return timedelta(microseconds=round(value * 1e6))


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
