"""Who exists: people, teams, the calendar and who was entered. Nothing of who won."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Self

from racecraft.history import names
from racecraft.history.book import SeasonRows
from racecraft.history.rows import Driver, Event, Team

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from racecraft.history.book import Rows
    from racecraft.model.packed import Row
    from racecraft.model.season import Season


class Roster:
    """Everybody and everything that has a name in some seasons.

    Parameters
    ----------
    seasons
        Any number of seasons, in any order.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> roster = Roster([sample_season()])
    >>> roster.event(2023, 20).full_name
    '2023 São Paulo Grand Prix'
    >>> roster.teammates(2023, 20, "alonso")
    ('stroll',)
    """

    def __init__(self, seasons: Iterable[Season] = ()) -> None:
        self._read(SeasonRows(seasons))

    @classmethod
    def of_rows(cls, book: Rows) -> Self:
        """Roster of what was reported."""
        made = cls()
        made._read(book)
        return made

    def _read(self, book: Rows) -> None:
        self._book = book
        self._years = tuple(book.seasons)
        self._entered: dict[int, dict[int, tuple[tuple[str, str], ...]]] = {}
        self._codes = names.driver_ids(self._rows("drivers"))
        self._team_ids = names.team_ids(self._rows("teams"))

    def _rows(self, table: str, *columns: str) -> Iterator[Row]:
        """Rows of a table in all seasons, each after its year."""
        for year in self._years:
            for row in self._book.of_season(table, year, columns):
                yield (year, *row)

    # --- seasons and events -----------------------------------------------------------------

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events of all seasons, in order of season and round."""
        return tuple(sorted(map(Event._make, self._rows("events")), key=lambda event: event.key))

    @cached_property
    def _events(self) -> dict[tuple[int, int], Event]:
        return {event.key: event for event in self.events}

    def event(self, season: int, round_: int) -> Event | None:
        """Event of that season and round."""
        return self._events.get((season, round_))

    def calendar(self, season: int) -> tuple[Event, ...]:
        """Events of a season in order, those to come included."""
        return self._calendars.get(season, ())

    @cached_property
    def _calendars(self) -> dict[int, tuple[Event, ...]]:
        calendars: dict[int, list[Event]] = defaultdict(list)
        for event in self.events:
            calendars[event.season].append(event)
        return {season: tuple(events) for season, events in calendars.items()}

    def step(self, season: int, round_: int, by: int = 1) -> Event | None:
        """Event so many events later, or earlier; over the winter too."""
        place = self._order.get((season, round_))
        if place is None or not 0 <= place + by < len(self.events):
            return None
        return self.events[place + by]

    @cached_property
    def _order(self) -> dict[tuple[int, int], int]:
        return {event.key: place for place, event in enumerate(self.events)}

    def latest(self, day: date) -> Event | None:
        """Last event whose race was held on or before that day."""
        dated = self._dated
        place = bisect_right([when for when, _ in dated], day)
        return dated[place - 1][1] if place else None

    @cached_property
    def _dated(self) -> list[tuple[date, Event]]:
        return sorted((event.date, event) for event in self.events if event.date)

    # --- people and teams -------------------------------------------------------------------

    @cached_property
    def drivers(self) -> dict[str, Driver]:
        """Everybody who has entered, by ``driver_id``."""
        found: dict[str, Driver] = {}
        for year, code, _, *facts in self._rows("drivers"):
            driver_id = self._codes[year][code]
            known = found[driver_id].codes if driver_id in found else {}
            found[driver_id] = Driver._make((driver_id, *facts, {**known, year: code}))
        return found

    @cached_property
    def teams(self) -> dict[str, Team]:
        """Every team by ``team_id``, under each name that its source gave it."""
        names: dict[str, list[str]] = defaultdict(list)
        years: dict[str, list[int]] = defaultdict(list)
        nationality: dict[str, str] = {}
        for year, name, nation in self._rows("teams", "team", "nationality"):
            team_id = self._team_ids[year][name]
            nationality[team_id] = nation or ""
            names[team_id].insert(0, name)
            years[team_id].append(year)
        return {
            team_id: Team(
                team_id, tuple(dict.fromkeys(names[team_id])), nationality[team_id],
                tuple(dict.fromkeys(years[team_id])),
            )
            for team_id in names
        }  # fmt: skip

    def driver_id(self, season: int, code: str) -> str | None:
        """``driver_id`` of a three-letter code of that season."""
        return self._codes.get(season, {}).get(code)

    def code(self, season: int, driver_id: str) -> str | None:
        """Three-letter code of a driver in that season."""
        driver = self.drivers.get(driver_id)
        return driver.codes.get(season) if driver else None

    def name(self, some_id: str) -> str:
        """Name of a driver or team by its id; the id itself where there is none."""
        if driver := self.drivers.get(some_id):
            return driver.name
        return self.teams[some_id].name if some_id in self.teams else some_id

    def team_name(self, season: int, team_id: str) -> str | None:
        """Name of a team as entered in that season."""
        names = self._team_ids.get(season, {})
        return next((name for name, each in names.items() if each == team_id), None)

    # --- entries ----------------------------------------------------------------------------

    def entries(self, season: int, round_: int) -> tuple[tuple[str, str], ...]:
        """``driver_id`` and ``team_id`` of everybody entered, in the order of the alphabet."""
        if season not in self._entered:
            self._entered[season] = self._entries(season)
        return self._entered[season].get(round_, ())

    def _entries(self, season: int) -> dict[int, tuple[tuple[str, str], ...]]:
        """Entries of a season by round."""
        if season not in self._years:
            return {}
        ids, teams = self._codes.get(season, {}), self._team_ids.get(season, {})
        found: dict[int, set[Row]] = defaultdict(set)
        rows = self._book.of_season("results", season, ("round", "driver", "team"))
        for round_, driver, team in rows:
            found[round_].add((ids.get(driver, driver), teams.get(team, team or "")))
        return {round_: tuple(sorted(pairs)) for round_, pairs in found.items()}

    def teammates(self, season: int, round_: int, driver_id: str) -> tuple[str, ...]:
        """``driver_id`` of those who were entered by the same team at that event."""
        rows = self.entries(season, round_)
        mine = {team for driver, team in rows if driver == driver_id}
        return tuple(driver for driver, team in rows if team in mine and driver != driver_id)

    def teams_of(self, driver_id: str, season: int) -> tuple[str, ...]:
        """``team_id`` of whom a driver was entered by in a season, the first one first."""
        return tuple(
            dict.fromkeys(
                team
                for event in self.calendar(season)
                for driver, team in self.entries(*event.key)
                if driver == driver_id
            )
        )
