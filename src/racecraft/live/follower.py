"""Following a session: messages in, a race out at any time, and events as they happen.

    follower = Follower(season=rc.load_season(2025))
    follower.start(replay(folder, speed=20))
    for event in follower.events():
        print(event.text)
    rc.battles(follower.race())

Three things are told: of every message at once what the timing screen shows; whenever a car
completes a lap or a place changes hands, what the last laps say of passes, battles and the title;
and whenever the leader completes a lap what all analyses say of the race so far. The last two are
on threads of their own, within a share of the time, and the last may be in a process of its own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError, RacecraftError, UnreadableError
from racecraft.live.analyst import Analyst, Asked, Findings
from racecraft.live.apart import Apart
from racecraft.live.budget import Budget
from racecraft.live.clock import SteadyClock
from racecraft.live.inputs import of_one_race
from racecraft.live.listeners import Listeners
from racecraft.live.room import give_back
from racecraft.live.screen import Screen, lap_completed
from racecraft.live.under_way import UnderWay
from racecraft.live.watch import Watch
from racecraft.sources.livetiming.fold import Fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from racecraft.live.events import Event
    from racecraft.live.watch import Known
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sources.livetiming.messages import Message

LOOK_S = 0.05  # between two looks at all of the race, at least
LOOK_AGAIN_S = 20.0  # after which it is looked again, whatever was said of laps
LOOK_SHARE, LOOK_AHEAD_S = 0.08, 2.0  # of the time that goes into them, in the long run; ahead
LATE, LATE_S = 0.85, 5.0  # of a lap: then it is looked too, if it was not for so many seconds
AT_THE_LINE = 0.05  # of a lap before and after its end, for which no look is begun unasked
HALF = 0.5  # of a lap: what is found after that of the lap before may be told at its end
GLANCE_S = 0.02  # between two looks at the last laps, at least
GLANCE_SHARE, GLANCE_AHEAD_S = 0.06, 2.0  # likewise
FIRST_S = 0.5  # that a look in this process waits at most for the last laps to be looked at before
GLANCED_LAPS = 8  # that are looked at whenever a car completes a lap
QUIET_S = 30.0  # without a word of the feed, from which it is said
IDLE_S = 0.25
SOURCE = "livetiming"
MOVES = ("pass", "retirement", "start")  # after which the order is another


class Follower:
    """A session under way.

    Parameters
    ----------
    season, history
        Its season, for the title, and those before it, for the chances; without them less is said.
    known
        Gives them for a year, where that is not known beforehand.
    keep
        Called with every message, to keep it.
    apart
        Have a process of its own look at all of the race again and again: what that takes, in time
        and memory, holds up no message.

    Attributes
    ----------
    screen
        The timing screen of now.
    watch
        What the analyses said when they looked last.
    ended
        Nothing more is to come.
    """

    def __init__(
        self,
        *,
        season: Season | None = None,
        history: Sequence[Season] = (),
        known: Known | None = None,
        keep: Callable[[Message], None] | None = None,
        apart: bool = False,
    ) -> None:
        self.screen = Screen()
        self.watch = Watch(season=season, history=history, known=known)
        self.ended = False
        self.failed: RacecraftError | None = None
        self.recent: deque[Event] = deque(maxlen=400)
        self.keep = keep
        self._fold = Fold(source=SOURCE)
        self._clock = SteadyClock()
        self._lock = threading.RLock()
        self._race: tuple[int, Race] | None = None  # after so many messages
        self._listeners = Listeners()
        self._broken = self._silences = 0
        self._heard = time.monotonic()
        self._after: list[str] = []  # session that began after this one
        self._doubted: Sequence[str] = ()  # what the analyses doubt of the clock of the feed
        self._stumbled = ""  # why the analyses gave up last
        self._news, self._stop = threading.Event(), threading.Event()
        self._to_glance, self._to_look = threading.Event(), threading.Event()  # there is reason to
        self._glanced = threading.Event()  # there is none, and nobody is at it
        self._under_way = UnderWay()
        self._apart = apart
        self._analyst: Analyst | Apart | None = None
        self._threads: list[threading.Thread] = []

    def take(self, message: Message, *, arrived: float | None = None) -> list[Event]:
        """Take in a message; what is news at once, which listeners are told too.

        That is what the screen makes of it, and what was found before and waited for this lap.

        Parameters
        ----------
        arrived
            When it came, in seconds of a steady clock: then jumps of the feed's clock are noticed.

        Raises
        ------
        UnreadableError
            It says that the session is none that could be followed: practice, or qualifying.
        """
        with self._lock:
            sure = [message] if arrived is None else self._clock.steady(message, arrived)
            news: list[Event] = []
            for one in sure:
                if self.keep is not None:
                    self.keep(one)
                if self._fold.take(one):
                    news += self.screen.take(one)
                    if one.stream == "SessionInfo" and not self.screen.started:
                        self._fold.check_kind()
            self.watch.note(news)
            lap = max(map(lap_completed, sure), default=0)
            further = bool(lap) and self._under_way.completed(lap, sure[-1].moment)
            if further:
                news += self.watch.lap_done(lap, sure[-1].moment)
            self._tell(news)
        if lap or any(event.kind in MOVES for event in news):
            self._glanced.clear()
            self._to_glance.set()
        if further or any(event.kind == "end" for event in news):
            self._to_look.set()
        return news

    @property
    def heard(self) -> int:
        """Messages taken in so far."""
        return self._fold.taken

    def broken(self) -> None:
        """Count a message that could not be read."""
        self._broken += 1

    def race(self) -> Race:
        """The race so far, like any other.

        Raises
        ------
        NotEnoughDataError
            It has not started, or it is not known yet what it is.
        UnreadableError
            The session is no race.
        """
        with self._lock:
            taken = self._fold.taken
            if self._race is not None and self._race[0] == taken:
                return self._race[1]
            told = self._fold.told()
        race = told.race()
        with self._lock:
            self._fold.leave_out(told.wrong)
            self._race = (taken, race)
        return race

    def glance(self) -> list[Event]:
        """Have some analyses look at the last laps; what is news, which listeners are told too.

        Raises
        ------
        NotEnoughDataError
            There is no race so far.
        """
        with self._lock:
            told, moment = self._fold.told_late(GLANCED_LAPS), self.screen.moment
        self.watch.learn(told.day.year)
        race, left_out = told.race(), told.reader.left_out
        if moment is None or race.crossings.is_empty():
            return []
        news = self.watch.glance(race, left_out, self.screen, moment)
        with self._lock:
            self._tell(news)
        return news

    def look(self) -> list[Event]:
        """Have the analyses look at the race so far; what is news, which listeners are told too.

        Raises
        ------
        NotEnoughDataError
            It has not started, or it is not known yet what it is.
        UnreadableError
            The session is no race.
        """
        with self._lock:
            told, moment = self._fold.told(), self.screen.moment
            lap, driven = self._under_way.laps, self._under_way.driven(moment)
        assert moment is not None  # noqa: S101  something was said
        self.watch.learn(told.day.year)
        asked = Asked(told, self.screen.distance, self.screen.ended)
        every: list[Event] = []
        for found in self._analysts().look(asked):
            news = self.watch.hear(found, self.screen, moment)
            with self._lock:
                if isinstance(found, Findings):
                    self._fold.leave_out(found.wrong)
                    self._doubted = found.doubts
                self._tell(news)
            every += news
        if driven > HALF:
            self.watch.looked_late(lap)
        self._news.set()  # chances are no event, but are to be seen
        return every

    def doubts(self) -> list[str]:
        """What of the feed itself is in doubt, in short sentences."""
        with self._lock:
            silence = time.monotonic() - self._heard
            said = [
                (self._broken, f"{self._broken} messages could not be read"),
                (self._fold.twice, f"{self._fold.twice} messages came twice"),
                (self._clock.astray, f"{self._clock.astray} messages bore an odd time: left out"),
                (len(self._clock.jumps), "the clock of the feed jumped; it is set right"),
                (self._silences, f"the feed was silent {self._silences} times: what happened then "
                 "may be missing"),
                (self.watch.lap and self.watch.distance is None and not self.ended,
                 "nobody says over how many laps it goes: no chances, no moments"),
                (self._after, f"another session began: {', '.join(self._after)}; not followed"),
                (self._stumbled, f"the analyses cannot make sense of it ({self._stumbled})"),
                (not self.ended and silence > QUIET_S and self._threads,
                 f"nothing was heard for {silence:.0f} s"),
            ]  # fmt: skip
            return [*(sentence for so, sentence in said if so), *self._doubted]

    def wait(self, seconds: float) -> None:
        """Wait until something happened since this was called last, or for so many seconds."""
        self._news.wait(seconds)
        self._news.clear()

    def events(self) -> Iterator[Event]:
        """Events from now on, until the session ends; any number may listen."""
        return self._listeners.listen()

    def start(self, messages: Iterable[Message | None], *, timed: bool = False) -> None:
        """Follow messages on a thread of its own, and look at the race on another.

        Parameters
        ----------
        messages
            As they come; None now and then while none comes, so that it can be stopped.
        timed
            They come as they are sent: then jumps of the feed's clock are noticed.
        """
        for run in (partial(self._follow, messages, timed=timed), self._glance_on, self._look_on):
            thread = threading.Thread(target=run, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Stop following; listeners are told that it is over."""
        self._stop.set()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=10)
        self._finish()

    def __enter__(self) -> Follower:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _follow(self, messages: Iterable[Message | None], *, timed: bool) -> None:
        try:
            for message in of_one_race(messages, self._after.append):
                if self._stop.is_set():
                    break
                now = time.monotonic()
                if message is None:
                    continue
                if now - self._heard > QUIET_S and self._fold.taken:
                    self._silences += 1
                self._heard = now
                self._taken(message, now if timed else None)
        except RacecraftError as error:
            self.failed = error
        finally:
            for message in self._clock.rest():
                self._taken(message, None)
            self._stop.set()

    def _taken(self, message: Message, arrived: float | None) -> None:
        try:
            self.take(message, arrived=arrived)
        except RacecraftError:
            raise
        except Exception:  # noqa: BLE001  whatever a message says, the next one is listened to
            self.broken()

    def _analysts(self) -> Analyst | Apart:
        """Who looks at the race so far: from when it is known what was before it."""
        if isinstance(self._analyst, Apart) and self._analyst.lost:
            self._analyst, self._apart = None, False
        if self._analyst is None:
            who = Apart if self._apart else Analyst
            self._analyst = who(self.watch.season, self.watch.history)
        return self._analyst

    def _glance_on(self) -> None:
        """Look at the last laps whenever a car has completed one, or lost a place."""
        budget = Budget(GLANCE_SHARE, GLANCE_AHEAD_S)
        while not self._stop.wait(max(GLANCE_S, budget.pause_s)):
            if not self._to_glance.is_set():
                self._glanced.set()
            if not self._to_glance.wait(IDLE_S):
                continue
            self._to_glance.clear()
            began = time.thread_time()
            try:
                self.glance()
            except NotEnoughDataError:
                continue
            except Exception as error:  # noqa: BLE001  whatever the feed says, the view goes on
                self._stumbled = f"{type(error).__name__}: {error}"[:100]
            budget.spend(time.thread_time() - began)

    def _look_on(self) -> None:
        """Look at all of the race as the leader completes a lap, before that, and now and then."""
        budget, last, foreseen = Budget(LOOK_SHARE, LOOK_AHEAD_S), time.monotonic(), 0
        while not self._stop.wait(max(LOOK_S, budget.pause_s)):
            asked, ago = self._to_look.wait(IDLE_S), time.monotonic() - last
            lap, driven = self._under_way.laps, self._under_way.driven(self.screen.moment)
            late = ago > LATE_S and driven > LATE and foreseen < lap
            if asked or ((late or ago > LOOK_AGAIN_S) and abs(1 - driven) > AT_THE_LINE):
                self._to_look.clear()
                foreseen = lap if late else foreseen
                if not self._apart:
                    self._glanced.wait(FIRST_S)
                budget.spend(self._timed_look())
                give_back()
                last = time.monotonic()
        self._timed_look()
        self._finish()

    def _timed_look(self) -> float:
        """Look, whatever comes of it; seconds of a processor that it took, here and apart."""
        began = time.thread_time()
        try:
            self.look()
        except NotEnoughDataError:
            return 0.0
        except UnreadableError as error:
            if not self.watch.lap:
                self.failed = error
                self._stop.set()
        except Exception as error:  # noqa: BLE001  whatever the feed says, the view goes on
            self._stumbled = f"{type(error).__name__}: {error}"[:100]
        apart = self._analyst.spent_s if isinstance(self._analyst, Apart) else 0.0
        return time.thread_time() - began + apart

    def _tell(self, news: Sequence[Event]) -> None:
        self.recent += news
        self._listeners.tell(news)
        if news:
            self._news.set()  # last: whoever wakes finds all of it

    def _finish(self) -> None:
        if isinstance(self._analyst, Apart):
            self._analyst.close()
        with self._lock:
            self.ended = True
            self._news.set()
            self._listeners.end()
