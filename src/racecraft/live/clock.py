"""The clock of a feed, freed of its jumps: what it says is held against how time went by here."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from racecraft.sources.livetiming.messages import Message

JUMP = timedelta(minutes=5)  # by which one message may be late and still be believed
LEAP = timedelta(seconds=20)  # by which one may be early
SURE = 5  # messages in a row that agree on another time before it is believed
LATE = timedelta(seconds=3)  # messages that are later than the newest wait for those after them
# Late messages in a row, in order, and none in time between: the clock was set back, if they are so
# many, or fewer over some time.
SET_BACK, FEW, FOR_S = 25, 8, 10.0
RATE = 200  # messages over which it is seen how fast the clock of the feed runs
KNOWN = 20  # of them, from which on that is known
DOUBTFUL = 3.0  # times as long as time went by here: then the clock jumped, and did not wait


class SteadyClock:
    """Sets messages right whose clock jumped; those of a single odd time are left out.

    What is late is believed to be; but where nothing else comes, and it comes no faster than usual,
    the clock was set back.
    """

    def __init__(self) -> None:
        self.jumps: list[timedelta] = []
        self.astray = 0  # messages left out
        self._shift = self._before = timedelta(0)  # now, and until the last jump
        self._newest: datetime | None = None
        self._odd: list[tuple[Message, float]] = []  # and when each came
        self._late: list[tuple[Message, float]] = []  # likewise
        self._heard: deque[tuple[datetime, float]] = deque(maxlen=RATE)

    def steady(self, message: Message, arrived: float) -> list[Message]:
        """Messages that are sure now, with the time that goes on from those before.

        Parameters
        ----------
        arrived
            When it came, in seconds of a clock of this machine that never jumps.
        """
        if not self._is_odd(self._moment(message), arrived):
            self.astray += len(self._odd)
            self._odd = []
            return self._in_time_or_late(message, arrived)
        if self._odd and abs(message.moment - self._odd[-1][0].moment) > JUMP:
            self.astray += len(self._odd)
            self._odd = []
        self._odd.append((message, arrived))
        if len(self._odd) < SURE:
            return []
        odd, self._odd = self._odd, []
        return self.rest() + self._by_another_clock(odd)

    def rest(self) -> list[Message]:
        """Messages that waited, as late as they are."""
        late, self._late = self._late, []
        return [self._believed(one, at) for one, at in late]

    def _in_time_or_late(self, message: Message, arrived: float) -> list[Message]:
        if self._newest is None or self._newest - self._moment(message) < LATE:
            return [*self.rest(), self._believed(message, arrived)]
        latest = max((one.moment for one, _ in self._late), default=message.moment)
        in_order = message.moment > latest - LATE
        self._late.append((message, arrived))
        if not in_order:
            return self.rest()
        over_s = (message.moment - self._late[0][0].moment).total_seconds()
        if len(self._late) < (SET_BACK if over_s < FOR_S else FEW):
            return []
        if not self._at_usual_pace():
            return self.rest()
        late, self._late = self._late, []
        return self._by_another_clock(late)

    def _moment(self, message: Message) -> datetime:
        """When a message was sent, by the steady clock: after a jump some of before may come."""
        now, before = message.moment + self._shift, message.moment + self._before
        newest = self._newest or now
        return min(now, before, key=lambda moment: abs(moment - newest))

    def _at_usual_pace(self) -> bool:
        """Whether what is late comes as fast as all before: what was held up comes faster."""
        (first, begun), (last, heard) = self._late[0], self._late[-1]
        went_by = (last.moment - first.moment).total_seconds()
        return 0 < went_by <= DOUBTFUL * max(self._rate(), 1.0) * (heard - begun)

    def _is_odd(self, moment: datetime, arrived: float) -> bool:
        """Whether a message bears a time that is not believed of one alone."""
        if self._newest is None:
            return False
        early = moment - self._newest
        if len(self._heard) < KNOWN or early <= LEAP:
            return abs(early) > JUMP
        return early > min(max(LEAP, DOUBTFUL * self._silence(self._newest, arrived)), JUMP)

    def _believed(self, message: Message, arrived: float) -> Message:
        moment = self._moment(message)
        self._newest = max(moment, self._newest or moment)
        self._heard.append((moment, arrived))
        return message._replace(moment=moment)

    def _by_another_clock(self, said: list[tuple[Message, float]]) -> list[Message]:
        """Take a leap for what it is: time that went by in silence, or a clock that jumped."""
        first, came = said[0]
        newest = self._newest or first.moment
        leap = first.moment + self._shift - newest
        if not timedelta(0) < leap <= DOUBTFUL * self._silence(newest, came):
            jump = max(
                one.moment + self._shift - newest - self._silence(newest, at) for one, at in said
            )  # by the one that was held up least
            self.jumps.append(jump)
            self._before, self._shift = self._shift, self._shift - jump
        return [self._believed(one, at) for one, at in said]

    def _silence(self, newest: datetime, arrived: float) -> timedelta:
        """How much later than the newest message it is now, by the clock of the feed.

        Told by the one of all that came soonest after it was sent: some are held up.
        """
        rate = max(self._rate(), 1.0)
        now = max(at + timedelta(seconds=rate * (arrived - came)) for at, came in self._heard)
        return max(now - newest, timedelta(0))

    def _rate(self) -> float:
        """How fast the clock of the feed runs, against that of this machine."""
        (first, begun), (last, heard) = self._heard[0], self._heard[-1]
        return (last - first).total_seconds() / (heard - begun) if heard > begun else 1.0
