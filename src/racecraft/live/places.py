"""Who is ahead of whom on the timing screen, and which changes of that are to be believed.

The screen moves a car as it reaches a loop in the track, before the cars that it fights have
reached it; and a car that one loop missed falls to the end of the order for half a lap, a lap down,
until it is put right at the Line. So a change of order is news only when the car that lost the
place sends its gap at a loop, is still behind, and has not lost more time than has gone by. A car
that never sent a gap has not driven: nobody passes it.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

FORGOTTEN = timedelta(seconds=60)  # until when a change that nothing proved is news
REMEMBERED = timedelta(seconds=90)  # for which gaps are, to see who is in trouble
LEAST_LAP = timedelta(seconds=50)  # no lap takes less, where none has been timed
SLACK = timedelta(seconds=3)  # by which gaps of different loops may differ
TROUBLE_S = 7.0  # lost to the car that comes by: more than a fight costs


class Change(NamedTuple):
    """A place that changed hands, by the numbers of the cars."""

    passer: str
    passed: str
    place: int
    trouble: bool  # the car that lost it had become slow


class _Gap(NamedTuple):
    moment: datetime
    behind: timedelta  # the leader


class Places:
    """The order on the screen as it changes."""

    def __init__(self) -> None:
        self._order: list[str] = []  # numbers, when last it was one
        self._swapped: dict[tuple[str, str], datetime] = {}  # ahead now, behind now: since when
        self._gaps: dict[str, deque[_Gap]] = {}
        self._astray: set[str] = set()  # cars that one loop missed
        self._lap: timedelta | None = None  # the quickest so far

    def forget(self) -> None:
        """Forget changes that nothing has proved yet."""
        self._swapped.clear()

    def move(self, moment: datetime, places: Mapping[str, int]) -> None:
        """Take in the places of all cars; half of a change waits for the other half."""
        if len(set(places.values())) < len(places):
            return
        now = sorted(places, key=places.__getitem__)
        before, self._order = self._order, now
        if now == before:
            return
        was = {number: place for place, number in enumerate(before)}
        for place, number in enumerate(now):
            for other in now[place + 1 :]:
                if (other, number) in self._swapped:
                    del self._swapped[other, number]
                elif was.get(other, -1) < was.get(number, -1) and other in was:
                    self._swapped[number, other] = moment

    def at_loop(self, moment: datetime, number: str, change: Mapping[str, Any]) -> list[Change]:
        """Take in what a car sent; places that it lost, if that proves any."""
        self._time(change.get("LastLapTime"))
        gap, interval = change.get("GapToLeader"), change.get("IntervalToPositionAhead")
        value = interval.get("Value") if isinstance(interval, dict) else None
        if isinstance(gap, str) and gap:
            self._note(moment, number, gap)
        if not any(isinstance(text, str) and text for text in (gap, value)):
            return []
        return list(self.lost(moment, number))

    def lost(self, moment: datetime, number: str) -> Iterator[Change]:
        """Places that a car has lost for sure, told once."""
        for passer, passed in [pair for pair in self._swapped if pair[1] == number]:
            if {passer, passed} & self._astray:
                continue
            since = self._swapped.pop((passer, passed))
            drove = passed in self._gaps or passed in self._astray
            if drove and moment - since <= FORGOTTEN and passer in self._order:
                place = self._order.index(passer) + 1
                yield Change(passer, passed, place, self._slow(moment, passer, passed))

    def _time(self, lap: object) -> None:
        """Note the time of a lap: a car is not lapped sooner."""
        value = lap.get("Value") if isinstance(lap, dict) else None
        took = _behind(value) if isinstance(value, str) and value[:1].isdecimal() else None
        if took is not None and took > LEAST_LAP:
            self._lap = min(took, self._lap or took)

    def _note(self, moment: datetime, number: str, text: str) -> None:
        """Remember a gap, and whether a car lost more time than has gone by."""
        gaps = self._gaps.setdefault(number, deque(maxlen=60))
        while gaps and moment - gaps[0].moment > REMEMBERED and len(gaps) > 1:
            gaps.popleft()
        behind = _behind(text)
        last = gaps[-1] if gaps else None
        limit = None if last is None else last.behind + (moment - last.moment) + SLACK
        if behind is None:  # a lap or more
            if limit is not None and limit < (self._lap or LEAST_LAP):
                self._astray.add(number)
            return
        if limit is not None and behind > limit:
            self._astray.add(number)
            return
        self._astray.discard(number)
        gaps.append(_Gap(moment, behind))

    def _slow(self, moment: datetime, passer: str, passed: str) -> bool:
        """Whether a car has lost, of late, what no fight costs: to the leader and to the passer."""
        before = moment - REMEMBERED * 2 / 3
        own = [self._behind_at(passed, at) for at in (before, moment)]
        other = [self._behind_at(passer, at) for at in (before, moment)]
        if own[0] is None or own[1] is None or other[0] is None or other[1] is None:
            return False
        lost = own[1] - own[0]
        return min(lost, lost - (other[1] - other[0])).total_seconds() > TROUBLE_S

    def _behind_at(self, number: str, at: datetime) -> timedelta | None:
        """How far a car was behind the leader, by its last gap at a time or the first after."""
        gaps = self._gaps.get(number)
        if not gaps:
            return None
        return next((gap for gap in reversed(gaps) if gap.moment <= at), gaps[0]).behind


def _behind(text: str) -> timedelta | None:
    """Time behind the leader; None for cars that are a lap down or more.

    >>> _behind("+1:03.250"), _behind("LAP 9"), _behind("1 L")
    (datetime.timedelta(seconds=63, microseconds=250000), datetime.timedelta(0), None)
    """
    if text.startswith("LAP"):
        return timedelta(0)
    minutes, _, seconds = text.removeprefix("+").rpartition(":")
    try:
        return timedelta(minutes=float(minutes or 0), seconds=float(seconds))
    except (ValueError, OverflowError):
        return None
