"""Races and seasons of a store, read once and kept at hand for whoever asks next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from racecraft.model.terms import FORMULA_ONE
from racecraft.store.accounts.catalogue import every_folder
from racecraft.store.accounts.manifest import MANIFEST
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName

T = TypeVar("T")

RACES, SEASONS, TABLES = 24, 80, 600  # that are kept at hand
LOOKED_S = 2.0  # seconds for which the store is taken to be unchanged


class Kept:
    """What was computed for a key, the last used of it; each computed once, also if asked by many.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
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
                with self._lock:
                    self._kept[key] = made
                    while len(self._kept) > self.most:
                        self._kept.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made


class Shelf:
    """A store with its races, seasons and tables kept at hand; the one place that reads it.

    Parameters
    ----------
    store
        Folder of the store; left out, the usual one.
    """

    def __init__(self, store: Path | str | None = None) -> None:
        self.store = Store(store)
        self._races, self._seasons, self._tables = Kept(RACES), Kept(SEASONS), Kept(TABLES)
        self._stamp = ""
        self._looked = -LOOKED_S

    @property
    def stamp(self) -> str:
        """Mark of what is stored; another one as soon as an account is added or taken out."""
        if monotonic() - self._looked >= LOOKED_S:
            files = [folder / MANIFEST for folder in every_folder(self.store.folder)]
            marks = [file.stat().st_mtime_ns for file in files if file.is_file()]
            self._stamp = f"{len(marks)}-{max(marks, default=0)}"
            self._looked = monotonic()
        return self._stamp

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
        key = (self.stamp, series, season, str(event).casefold(), session)
        return self._races.get(
            key, lambda: self.store.load_race(season, event, session=session, series=series)
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
        return self._tables.get(key, lambda: self.store.events(season, series))

    def of_race(self, name: str, race: Race, make: Callable[[Race], T]) -> T:
        """Something made of a race, under a name that says what and how; made once."""
        key = (self.stamp, race.series, race.season, race.event, race.session, name)
        return self._tables.get(key, lambda: make(race))

    def of_season(self, name: str, season: Season, make: Callable[[Season], T]) -> T:
        """Something made of a season, under a name that says what and how; made once."""
        key = (self.stamp, season.series, season.season, name)
        return self._tables.get(key, lambda: make(season))
