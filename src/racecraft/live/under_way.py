"""The lap that the leader is driving."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class UnderWay:
    """How far the leader is on his lap, by how long the one before took.

    >>> from datetime import UTC, datetime
    >>> at, under_way = datetime(2025, 5, 3, 16, tzinfo=UTC), UnderWay()
    >>> under_way.completed(1, at), under_way.completed(2, at.replace(minute=2))
    (True, True)
    >>> under_way.completed(2, at.replace(minute=3)), under_way.driven(at.replace(minute=3))
    (False, 0.5)
    """

    def __init__(self) -> None:
        self.laps = 0  # that he has completed
        self._at: deque[datetime] = deque(maxlen=2)  # when, the last ones

    def completed(self, laps: int, moment: datetime) -> bool:
        """Take in that somebody has completed so many laps; whether nobody had before."""
        further = laps > self.laps
        if further:
            self.laps = laps
            self._at.append(moment)
        return further

    def driven(self, moment: datetime | None) -> float:
        """Share of the lap that is driven by now; 0 where that is not known."""
        if moment is None or len(self._at) < 2 or self._at[0] >= self._at[1]:
            return 0.0
        return (moment - self._at[1]) / (self._at[1] - self._at[0])
