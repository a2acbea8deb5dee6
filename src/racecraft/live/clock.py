"""The clock of a feed, freed of its jumps: what it says is held against how time went by here."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from racecraft.sources.livetiming.messages import Message

JUMP = timedelta(minutes=5)  # by which one message may be early or late and still be believed
SURE = 5  # messages in a row that agree on another time before it is believed
RATE = 200  # messages over which it is seen how fast the clock of the feed runs
DOUBTFUL = 3.0  # times as long as time went by here: then the clock jumped, and did not wait


class SteadyClock:
    """Sets messages right whose clock jumped; those of a single odd time are left out."""

    def __init__(self) -> None:
        self.jumps: list[timedelta] = []
        self.astray = 0  # messages left out
        self._shift = timedelta(0)
        self._newest: datetime | None = None
        self._odd: list[tuple[Message, float]] = []  # and when each came
        self._heard: deque[tuple[datetime, float]] = deque(maxlen=RATE)

    def steady(self, message: Message, arrived: float) -> list[Message]:
        """Messages that are sure now, with the time that goes on from those before.

        Parameters
        ----------
        arrived
            When it came, in seconds of a clock of this machine that never jumps.
        """
        moment = message.moment + self._shift
        if self._newest is None or abs(moment - self._newest) <= JUMP:
            self.astray += len(self._odd)
            self._odd = []
            return [self._believed(message, arrived)]
        if self._odd and abs(message.moment - self._odd[-1][0].moment) > JUMP:
            self.astray += len(self._odd)
            self._odd = []
        self._odd.append((message, arrived))
        if len(self._odd) < SURE:
            return []
        odd, self._odd = self._odd, []
        first, came = odd[0]
        self._set_right(first.moment + self._shift - self._newest, came)
        return [self._believed(one, at) for one, at in odd]

    def _believed(self, message: Message, arrived: float) -> Message:
        moment = message.moment + self._shift
        self._newest = max(moment, self._newest or moment)
        self._heard.append((moment, arrived))
        return message._replace(moment=moment)

    def _set_right(self, leap: timedelta, arrived: float) -> None:
        """Take a leap for what it is: time that went by in silence, or a clock that jumped."""
        (first, begun), (last, heard) = self._heard[0], self._heard[-1]
        rate = (last - first).total_seconds() / (heard - begun) if heard > begun else 1.0
        silence = timedelta(seconds=max((arrived - heard) * max(rate, 1.0), 0.0))
        if timedelta(0) < leap <= DOUBTFUL * silence:
            return
        self.jumps.append(leap - silence)
        self._shift += silence - leap
