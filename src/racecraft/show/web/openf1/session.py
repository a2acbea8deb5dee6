"""A session as OpenF1 counts them, and what every row of it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.model.race import Race
from racecraft.model.season import Season
from racecraft.show.web.openf1 import keys

if TYPE_CHECKING:
    from racecraft.show.web.shelf import Shelf

Row = dict[str, Any]


@dataclass(frozen=True)
class At:
    """A session: its season, its event, its timing where that is stored, and its keys."""

    shelf: Shelf
    season: Season
    event: str
    kind: str
    race: Race | None
    key: int
    began: datetime

    @property
    def keys(self) -> Row:
        """Keys that every row has."""
        return {"meeting_key": self.key // keys.MEETINGS, "session_key": self.key}

    @property
    def results(self) -> pl.DataFrame:
        """Results of the race or sprint."""
        rows = self.season.results.filter(event=self.event, session=self.kind)
        return rows.sort("order")

    def numbers(self) -> dict[str, int]:
        """Number of every car that has one."""
        named: dict[str, str | None] = {}
        if self.race is not None:
            named |= dict(self.race.entries.select("car", "number").iter_rows())
        raced = self.season.results.filter(event=self.event)
        for code, number in raced.select("driver", "number").iter_rows():
            named[code] = named.get(code) or number
        return {
            code: int(number) for code, number in named.items() if number and number.isdecimal()
        }

    def date(self, time: timedelta | None) -> datetime | None:
        """Moment of a time since lights out."""
        return None if time is None else self.began + time


def session_at(shelf: Shelf, key: int) -> At | None:
    """Session of a key; None where there is none."""
    parts = keys.parts_of(key)
    if parts is None or parts[0] not in shelf.seasons():
        return None
    season = shelf.season(parts[0])
    found = season.events.filter(pl.col("round") == parts[1])
    if found.is_empty() or found["date"][0] is None:
        return None
    event, race = found["event"][0], None
    if parts[2] != "qualifying":
        try:
            race = shelf.race(parts[0], event, session="sprint" if parts[2] == "sprint" else "race")
        except RacecraftError:
            race = None
    return At(shelf, season, event, parts[2], race, key, keys.beginning(found["date"][0]))


def difference(a: timedelta | None, b: timedelta | None) -> float | None:
    """Seconds from one time to another; None where either is not known."""
    return None if a is None or b is None else seconds(b - a)


def seconds(time: timedelta | None) -> float | None:
    """A duration as seconds."""
    return None if time is None else round(time / timedelta(seconds=1), 6)
