"""What cars sent over hours, in little room: columns of numbers instead of an object for each."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECTORS = 3
MOST_LOOPS = 40  # mini-sectors of a sector
NOT_SENT = -1  # for a gap, an interval, a car
DIGITS = 8  # of the number of a car, at most


@dataclass(frozen=True, slots=True)
class Reading:
    """Official gap and interval of a car, sent as it passes the end of a mini-sector."""

    clock: int
    gap: int | None  # milliseconds behind the leader; None where it was not sent
    interval: int | None  # milliseconds behind the car ahead; None where it was not sent
    leader: str | None  # number of the car that led when this was sent
    ahead: str | None  # number of the car that was one place ahead


class Readings:
    """Readings of a car, in the order in which they came.

    >>> sent = Readings()
    >>> sent.append(Reading(5000, 1200, None, "44", None))
    >>> len(sent), sent[0], list(sent.clocks)
    (1, Reading(clock=5000, gap=1200, interval=None, leader='44', ahead=None), [5000])
    """

    def __init__(self) -> None:
        self.clocks = array("q")
        self._gaps, self._intervals = array("q"), array("q")
        self._leaders, self._aheads = array("i"), array("i")

    def append(self, reading: Reading) -> None:
        """Add one."""
        self.clocks.append(reading.clock)
        self._gaps.append(NOT_SENT if reading.gap is None else reading.gap)
        self._intervals.append(NOT_SENT if reading.interval is None else reading.interval)
        self._leaders.append(_packed(reading.leader))
        self._aheads.append(_packed(reading.ahead))

    def copy(self) -> Readings:
        """The same, to be added to."""
        return self.after(-math.inf)

    def after(self, clock: float) -> Readings:
        """Those that came after a time."""
        other, first = Readings(), bisect_right(self.clocks, clock)
        for name, column in vars(self).items():
            setattr(other, name, column[first:])
        return other

    def put_back(self, clock: int, by: int) -> Readings:
        """The same, those of a time or later put back."""
        other = self.copy()
        _put_back(other.clocks, clock, by)
        return other

    def between(self, first: int, last: int) -> list[Reading]:
        """Readings from one up to, but without, another."""
        return [self[at] for at in range(first, last)]

    def packed(self, first: int, last: int) -> bytes:
        """The same as bytes: equal where they are."""
        columns = (self.clocks, self._gaps, self._intervals, self._leaders, self._aheads)
        return b"".join(column[first:last].tobytes() for column in columns)

    def __len__(self) -> int:
        return len(self.clocks)

    def __iter__(self) -> Iterator[Reading]:
        return iter(self.between(0, len(self)))

    def __getitem__(self, at: int) -> Reading:
        gap, interval = self._gaps[at], self._intervals[at]
        return Reading(
            self.clocks[at],
            None if gap == NOT_SENT else gap,
            None if interval == NOT_SENT else interval,
            _number(self._leaders[at]),
            _number(self._aheads[at]),
        )


class Lit:
    """Mini-sectors that lit up: clock, sector and index of each."""

    def __init__(self, clocks: array[int] | None = None, places: array[int] | None = None) -> None:
        self._clocks = array("q") if clocks is None else clocks
        self._places = array("h") if places is None else places

    def append(self, clock: int, sector: int, index: int) -> None:
        """Add one."""
        self._clocks.append(clock)
        self._places.append(sector * MOST_LOOPS + index)

    def copy(self) -> Lit:
        """The same, to be added to."""
        return Lit(self._clocks[:], self._places[:])

    def after(self, clock: float) -> Lit:
        """Those that came after a time."""
        first = bisect_right(self._clocks, clock)
        return Lit(self._clocks[first:], self._places[first:])

    def put_back(self, clock: int, by: int) -> Lit:
        """The same, those of a time or later put back."""
        other = self.copy()
        _put_back(other._clocks, clock, by)
        return other

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        for clock, place in zip(self._clocks, self._places, strict=True):
            yield clock, *divmod(place, MOST_LOOPS)


class Lights:
    """When loops lit up for cars on one lap; of one and the same the last counts."""

    def __init__(self, cars: Sequence[str]) -> None:
        self._cars = cars
        self._clocks, self._places = array("q"), array("i")

    def append(self, clock: int, car: int, sector: int, number: int) -> None:
        """Add one, of a car by its place among those given."""
        self._clocks.append(clock)
        self._places.append((car * SECTORS + sector) * (MOST_LOOPS + 1) + number)

    def packed(self) -> bytes:
        """The same as bytes: equal where they are."""
        return b"".join(
            (" ".join(self._cars).encode(), self._clocks.tobytes(), self._places.tobytes())
        )

    def __iter__(self) -> Iterator[tuple[str, int, int, int]]:
        """Car, sector, loop and clock of each."""
        for clock, place in zip(self._clocks, self._places, strict=True):
            rest, number = divmod(place, MOST_LOOPS + 1)
            car, sector = divmod(rest, SECTORS)
            yield self._cars[car], sector, number, clock


def _put_back(clocks: array[int], since: int, by: int) -> None:
    for at, clock in enumerate(clocks):
        if clock >= since:
            clocks[at] = clock - by


def _packed(car: str | None) -> int:
    """Number of a car as one that keeps its zeros; a car with a longer one is nobody.

    >>> _number(_packed("07")), _number(_packed(None)), _number(_packed("123456789"))
    ('07', None, None)
    """
    return int(f"1{car}") if car is not None and car.isascii() and len(car) <= DIGITS else NOT_SENT


def _number(packed: int) -> str | None:
    return None if packed == NOT_SENT else str(packed)[1:]
