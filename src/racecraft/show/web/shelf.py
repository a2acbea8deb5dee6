"""Races and seasons of a store, read once and kept at hand for whoever asks next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from racecraft.errors import BusyError
from racecraft.lookup.find import find_event
from racecraft.model.terms import FORMULA_ONE
from racecraft.show.web.ready import Ready
from racecraft.store.accounts.folders import MANIFEST, every_folder
from racecraft.store.replies import ANSWERS, Replies, mark_of_code
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from pathlib import Path

    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName

T = TypeVar("T")

RACES, SEASONS, TABLES, READY = 40, 80, 800, 2_000  # that are kept at hand
TABLE_BYTES, ANSWER_BYTES = 200_000_000, 80_000_000  # and no more of them than that
ROW_BYTES = 1_000  # of a row that is a dictionary
AT_ONCE = 2  # slow answers that are worked on
PATIENCE_S = 10.0  # for one of those to end
LOOKED_S = 2.0  # seconds for which the store is taken to be unchanged


class Kept:
    """What was computed for a key, the last used of it; each computed once, also if asked by many.

    Parameters
    ----------
    most
        How many are kept.
    most_bytes
        And how large all of them together may be; what is larger than a tenth of it is not kept.
    """

    def __init__(self, most: int, most_bytes: int | None = None) -> None:
        self.most, self.most_bytes = most, most_bytes
        self.size = 0
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept for a key; what is not is made, by one while others wait for it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    made: T = self._kept[key]
                    return made
            try:
                made = make()
                self._keep(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def peek(self, key: Hashable) -> Any:
        """What is kept for a key; None where nothing is."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: Hashable, made: object) -> None:
        size, most = _size(made), self.most_bytes or 0
        if most and size > most / 10:
            return
        with self._lock:
            self._kept[key] = made
            self.size += size
            while len(self._kept) > self.most or (most and self.size > most):
                _, gone = self._kept.popitem(last=False)
                self.size -= _size(gone)


class Shelf:
    """A store with its races, seasons and tables kept at hand; the one place that reads it.

    Parameters
    ----------
    store
        Folder of the store; left out, the usual one.
    """

    def __init__(self, store: Path | str | None = None) -> None:
        self.store = Store(store)
        self._races, self._seasons = Kept(RACES), Kept(SEASONS)
        self._tables = Kept(TABLES, TABLE_BYTES)
        self._answers = Kept(READY, ANSWER_BYTES)
        self._ready = Kept(READY, ANSWER_BYTES)
        self._slow = threading.BoundedSemaphore(AT_ONCE)
        self._stamp = ""
        self._replies = Replies(self.store.folder, "pages", "")
        self._looked = -LOOKED_S
        self._asked = monotonic()

    @property
    def stamp(self) -> str:
        """Mark of what is stored; another one as soon as an account is added or taken out."""
        if monotonic() - self._looked >= LOOKED_S:
            files = [folder / MANIFEST for folder in every_folder(self.store.folder)]
            marks = [file.stat().st_mtime_ns for file in files if file.is_file()]
            simulated = len(list((self.store.folder / ANSWERS).glob("moments-*")))
            stamp = f"{len(marks)}-{max(marks, default=0)}-{simulated}"
            if stamp != self._stamp:
                mark = f"{stamp}-{mark_of_code()}-{datetime.now(UTC):%F}"
                self._replies = Replies(self.store.folder, "pages", mark)
            self._stamp, self._looked = stamp, monotonic()
        return self._stamp

    @property
    def quiet_s(self) -> float:
        """Seconds since somebody asked something."""
        return monotonic() - self._asked

    def asked(self) -> None:
        """Note that somebody asks something now."""
        self._asked = monotonic()

    def season(self, season: int, *, series: str = FORMULA_ONE) -> Season:
        """Season of the store; raises as `Store.load_season` does."""
        key = (self.stamp, series, season)
        return self._seasons.get(key, lambda: self.store.load_season(season, series=series))

    def race(
        self,
        season: int,
        event: int | str,
        *,
        session: SessionName = "race",
        series: str = FORMULA_ONE,
    ) -> Race:
        """Race of the store, its event spelt as anybody likes; raises as `Store.load_race` does."""
        name = find_event(self.events(season, series), event, season=season)
        return self._races.get(
            (self.stamp, series, season, name, session),
            lambda: self.store.race_in(self.season(season, series=series), name, session),
        )

    def seasons(self, series: str = FORMULA_ONE) -> dict[int, list[str]]:
        """Sources that told about a season, by its year."""
        key = (self.stamp, series, "seasons")
        return self._tables.get(key, lambda: self.store.seasons(series))

    def races(self, season: int | None = None, *, series: str | None = None) -> pl.DataFrame:
        """Return ``RACES_STORED``: races and sprints whose timing is stored."""
        key = (self.stamp, series, "races")
        stored = self._tables.get(key, lambda: self.store.races(series=series))
        return stored if season is None else stored.filter(season=season)

    def events(self, season: int, series: str = FORMULA_ONE) -> pl.DataFrame:
        """Return ``EVENTS`` of a season, with those that only a stored race names."""
        key = (self.stamp, series, season, "events")
        return self._tables.get(
            key, lambda: self.store.events_in(self.season(season, series=series))
        )

    def earlier(self, season: int, most: int) -> list[Season]:
        """Stored seasons of Formula 1 before one, as many as a forecast learns from."""
        return [
            self.season(year) for year in sorted(self.seasons()) if season - most <= year < season
        ]

    def history(self) -> History:
        """Everything that every stored season tells, as articles are checked against it."""
        from racecraft.history.stored import history_of

        key = (self.stamp, "history")
        return self._tables.get(key, lambda: history_of(self.store, race=self._timing_of))

    def history_until(self, season: int) -> History | None:
        """History of seasons up to one, as far as it is at hand; of those of the record it is one.

        One object for all of them keeps what `records` gathers from all careers.
        """
        from racecraft.history.stored import history_at_hand
        from racecraft.sources.record.years import LAST

        until = max(season, LAST)
        key = (self.stamp, "history until", until)
        return self._tables.get(key, lambda: history_at_hand(self.store, until))

    def answer(self, key: Hashable, make: Callable[[], T]) -> T:
        """An answer as it is sent, made once for as long as the store stays as it is."""
        return self._answers.get((self.stamp, key), make)

    def answered(self, key: Hashable) -> bool:
        """Whether an answer is at hand."""
        return self._answers.peek((self.stamp, key)) is not None

    def remember(self, key: Hashable, ready: Ready) -> None:
        """Keep an answer as it leaves, for whoever asks the same."""
        self._ready.get((self.stamp, key), lambda: ready)

    def remembered(self, key: Hashable) -> Ready | None:
        """An answer that was kept, at hand or on disk; None where there is none."""
        found: Ready | None = self._ready.peek((self.stamp, key))
        if found is None and (packed := self._replies.get(repr(key))) is not None:
            found = Ready.unpacked(packed)
            if found is not None:
                self.remember(key, found)
        return found

    def keep(self, key: Hashable, ready: Ready) -> None:
        """Keep an answer on disk too, where there is a store; only for what nobody asked for."""
        if self.store.folder.is_dir():
            self._replies.keep(repr(key), ready.packed())

    @contextmanager
    def slowly(self) -> Iterator[None]:
        """Take a turn at something that keeps the machine busy for seconds.

        Raises
        ------
        BusyError
            Others have it, and do not end soon.
        """
        if not self._slow.acquire(timeout=PATIENCE_S):
            raise BusyError("this machine is busy with other questions", hint="ask again soon")
        try:
            yield
        finally:
            self._slow.release()

    def of_race(self, name: str, race: Race, make: Callable[[Race], T]) -> T:
        """Something made of a race, under a name that says what and how; made once."""
        key = (self.stamp, race.series, race.season, race.event, race.session, name)
        return self._tables.get(key, lambda: make(race))

    def of_season(self, name: str, season: Season, make: Callable[[Season], T]) -> T:
        """Something made of a season, under a name that says what and how; made once."""
        key = (self.stamp, season.series, season.season, name)
        return self._tables.get(key, lambda: make(season))

    def _timing_of(self, season: int, round_: int, session: str) -> Race | None:
        """Race with its timing; None where that is not stored."""
        stored = self.races(season, series=FORMULA_ONE).filter(round=round_, session=session)
        if stored.is_empty():
            return None
        return self.race(season, stored["event"][0], session=stored["session"][0])


def _size(made: object) -> int:
    """About how many bytes something takes."""
    if isinstance(made, pl.DataFrame):
        return int(made.estimated_size()) + 1_000
    if isinstance(made, list):
        return ROW_BYTES * len(made) + 1_000
    body = getattr(made, "body", b"")
    return len(body) + 1_000
