"""The data of all seasons, ready to be asked about one of them or all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from racecraft.history.roster import Roster
from racecraft.history.rows import PitStop, Qualified, Result, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from racecraft.history.book import Book
    from racecraft.model.packed import Row
    from racecraft.model.race import Race
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season

Moment = Literal["after", "before", "sprint"]


class History(Roster):
    """Everything that was reported of some seasons, by season, event, driver and team.

    Drivers are named by ``driver_id`` and teams by ``team_id``, which are stable over the seasons.
    What is not in the seasons given is absent: queries then return None or nothing at all.

    Parameters
    ----------
    seasons
        Any number of seasons, in any order. Counts over careers are complete only where all
        seasons are given; see `first_season` and `complete_since`.
    race
        Returns the timing of a race by season, round and session, or None where it is not stored.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> record = History([sample_season()])
    >>> record.event(2023, 20).full_name
    '2023 São Paulo Grand Prix'
    >>> record.result(2023, 20, "alonso").position
    3
    """

    def __init__(
        self,
        seasons: Iterable[Season] = (),
        *,
        race: Callable[[int, int, str], Race | None] | None = None,
    ) -> None:
        from racecraft.history.seasons_book import SeasonsBook

        self._open(SeasonsBook(seasons), race)

    @classmethod
    def of(cls, book: Book, *, race: Callable[[int, int, str], Race | None] | None = None) -> Self:
        """Return the history that is in a book; `race` as for a new one."""
        made = cls.__new__(cls)
        made._open(book, race)
        return made

    def _open(self, book: Book, race: Callable[[int, int, str], Race | None] | None) -> None:
        self._read(book)
        self._accounts = book
        self._race = race
        self._races: dict[tuple[int, int, str], Race | None] = {}
        self._kept: dict[tuple[str, int], Mapping[Any, tuple[Any, ...]]] = {}
        self._placed: dict[int, dict[tuple[int, str, Championship], tuple[Standing, ...]]] = {}

    @property
    def seasons(self) -> Mapping[int, Season]:
        """The seasons themselves, by year."""
        return self._book.seasons

    @cached_property
    def roster(self) -> Roster:
        """Who exists, for a reader who must not know who won."""
        return Roster.of_rows(self._book)

    def has_results(self, season: int, round_: int, session: str = "race") -> bool:
        """Whether any result of that race or sprint is known."""
        return (round_, session) in self._sessions(season)

    @property
    def first_season(self) -> int:
        """First season there is; 0 without any."""
        return min(self.seasons, default=0)

    @cached_property
    def complete_since(self) -> int:
        """First season of the unbroken run of seasons that reaches up to the latest one."""
        year = max(self.seasons, default=0)
        while year - 1 in self.seasons:
            year -= 1
        return year

    # --- results ----------------------------------------------------------------------------

    def _sessions(self, season: int) -> Mapping[tuple[int, str], tuple[Result, ...]]:
        """Results of a season by round and session."""
        ids, teams = self._codes.get(season, {}), self._team_ids.get(season, {})

        def row(place: Row) -> Result:
            *where, driver, number, team, grid, laps, time_s, status, points, lap, lap_s = place
            who, entrant = ids.get(driver, driver), teams.get(team, team or "")
            told = (driver, who, number, team or "", entrant, grid, laps, time_s, status, points)
            return Result._make((season, *where, *told, lap, lap_s))

        return self._of_season("results", season, lambda told: told[:2], row)

    def _of_season(
        self, table: str, season: int, key: Callable[[Row], Any], made: Callable[[Row], Any]
    ) -> Mapping[Any, tuple[Any, ...]]:
        """Rows of a table in one season by a key, gathered once; `made` makes each one of them."""
        where = (table, season)
        if where not in self._kept:
            found: dict[Any, list[Row]] = defaultdict(list)
            for told in self._book.of_season(table, season) if season in self.seasons else ():
                found[key(told)].append(told)
            self._kept[where] = _Made(dict(found), made)
        return self._kept[where]

    def results(self, season: int, round_: int, session: str = "race") -> tuple[Result, ...]:
        """Results of a race or sprint in order of classification; empty where not known."""
        return self._sessions(season).get((round_, session), ())

    def result(
        self, season: int, round_: int, driver_id: str, session: str = "race"
    ) -> Result | None:
        """What a driver did in a race or sprint: his best result where he shared cars."""
        rows = self.results(season, round_, session)
        return next((row for row in rows if row.driver_id == driver_id), None)

    def at(self, season: int, round_: int, position: int, session: str = "race") -> Result | None:
        """Who was classified in that position."""
        rows = self.results(season, round_, session)
        return next((row for row in rows if row.position == position), None)

    @cached_property
    def of_driver(self) -> Mapping[str, tuple[Result, ...]]:
        """All race results of each driver in order of date; sprints are not races."""
        return _Grouped(self._raced("driver", self._codes), self.results, "driver_id")

    @cached_property
    def of_team(self) -> Mapping[str, tuple[Result, ...]]:
        """All race results of each ``team_id`` in order of date."""
        return _Grouped(self._raced("team", self._team_ids), self.results, "team_id")

    @cached_property
    def of_all(self) -> tuple[Result, ...]:
        """All race results of everybody in order of date."""
        return tuple(
            row for event in self.events for row in self.results(event.season, event.round)
        )

    def _raced(
        self, column: str, ids: Mapping[int, Mapping[str, str]]
    ) -> dict[str, list[tuple[int, int]]]:
        """Races of each driver or team in order, by who came first in the first race of all."""
        races: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for year in self._years:
            known = ids.get(year, {})
            entered: dict[int, dict[str, None]] = {event.round: {} for event in self.calendar(year)}
            rows = self._book.of_season("results", year, ("round", "session", column))
            for round_, session, name in rows:
                if session == "race" and round_ in entered:
                    entered[round_][known.get(name) or name or ""] = None
            for round_, names in entered.items():
                key = (year, round_)
                for some_id in names:
                    races[some_id].append(key)
        return dict(races)

    def fastest(self, season: int, round_: int) -> Result | None:
        """Who set the fastest lap of the race; None where lap times are not known."""
        timed = [row for row in self.results(season, round_) if row.fastest_lap_s]
        return min(timed, key=lambda row: row.fastest_lap_s or 0.0, default=None)

    # --- qualifying and stops ---------------------------------------------------------------

    def qualifying(self, season: int, round_: int) -> tuple[Qualified, ...]:
        """Qualifying of an event, first place first; empty where not known."""
        ids = self._codes.get(season, {})

        def row(told: Row) -> Qualified:
            at, position, driver, *times = told
            return Qualified._make((season, at, position, driver, ids.get(driver, driver), *times))

        return self._of_season("qualifying", season, lambda told: told[0], row).get(round_, ())

    def pole(self, season: int, round_: int) -> Result | None:
        """Who stood first on the grid of the race."""
        return next((row for row in self.results(season, round_) if row.grid == 1), None)

    def pit_stops(self, season: int, round_: int, driver_id: str) -> tuple[PitStop, ...] | None:
        """Stops of a driver in a race; None where no stop of anybody is known."""
        ids = self._codes.get(season, {})
        stops = self._of_season(
            "pit_stops",
            season,
            lambda told: told[0],
            lambda told: (ids.get(told[1], told[1]), PitStop(*told[2:])),
        ).get(round_)
        if stops is None:
            return None
        return tuple(stop for who, stop in stops if who == driver_id)

    # --- championships ----------------------------------------------------------------------

    def standings(
        self, season: int, round_: int, *, kind: Championship = "drivers", when: Moment = "after"
    ) -> tuple[Standing, ...]:
        """Standings added up from the results; empty where they cannot be known.

        `when` is ``after`` the race of that round, ``sprint``: before the race but after a sprint
        of that weekend, or ``before``: after the race before; empty before the first one.
        """
        if when == "after":
            return self._standings(season, round_, "race", kind)
        if when == "sprint" and self.has_results(season, round_, "sprint"):
            return self._standings(season, round_, "sprint", kind)
        before = [each.round for each in self.calendar(season) if each.round < round_]
        return self._standings(season, before[-1], "race", kind) if before else ()

    def standing(
        self,
        season: int,
        round_: int,
        some_id: str,
        *,
        kind: Championship = "drivers",
        when: Moment = "after",
    ) -> Standing | None:
        """Place of one driver or team in those standings."""
        rows = self.standings(season, round_, kind=kind, when=when)
        return next((row for row in rows if row.id == some_id), None)

    def champion(self, season: int, kind: Championship = "drivers") -> str | None:
        """Id of the champion of a season that is over; None otherwise."""
        champions = self.champions if kind == "drivers" else self.team_champions
        return champions.get(season)

    @cached_property
    def champions(self) -> dict[int, str]:
        """``driver_id`` of the champion of each season that is over."""
        return self._champions("drivers")

    @cached_property
    def team_champions(self) -> dict[int, str]:
        """``team_id`` of the constructors' champion of each season that is over."""
        return self._champions("constructors")

    def _champions(self, kind: Championship) -> dict[int, str]:
        found = ((year, self._accounts.champion(year, kind)) for year in self.seasons)
        return {year: self._ids(year, kind).get(who, who) for year, who in found if who}

    def _standings(
        self, season: int, round_: int, session: str, kind: Championship
    ) -> tuple[Standing, ...]:
        if season not in self.seasons:
            return ()
        kept = self._placed.setdefault(season, {})
        key = (round_, session, kind)
        if key not in kept:
            ids = self._ids(season, kind)
            rows = self._accounts.standings(season, round_, session, kind)
            kept[key] = tuple(Standing(ids.get(name, name), *row) for name, *row in rows)
        return kept[key]

    def _ids(self, season: int, kind: Championship) -> Mapping[str, str]:
        return (self._codes if kind == "drivers" else self._team_ids).get(season, {})

    # --- timing -----------------------------------------------------------------------------

    def race(self, season: int, round_: int, session: str = "race") -> Race | None:
        """Timing of a race or sprint, if it is stored."""
        key = (season, round_, session)
        if key not in self._races:
            self._races[key] = self._race(*key) if self._race else None
        return self._races[key]


class _Made(Mapping[Any, tuple[Any, ...]]):
    """Rows by some key, as they were reported; what they say is made when it is first asked for."""

    def __init__(self, told: Mapping[Any, Sequence[Row]], made: Callable[[Row], Any]) -> None:
        self._told, self._make = told, made
        self._known: dict[Any, tuple[Any, ...]] = {}

    def __getitem__(self, key: Any) -> tuple[Any, ...]:
        if key not in self._known:
            self._known[key] = tuple(map(self._make, self._told[key]))
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        return key in self._told

    def __iter__(self) -> Iterator[Any]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)


class _Grouped(Mapping[str, "tuple[Result, ...]"]):
    """Results by driver or team, gathered when they are first asked for."""

    def __init__(
        self,
        races: Mapping[str, Sequence[tuple[int, int]]],
        results: Callable[[int, int], tuple[Result, ...]],
        by: Literal["driver_id", "team_id"],
    ) -> None:
        self._races, self._results, self._by = races, results, by
        self._known: dict[str, tuple[Result, ...]] = {}

    def __getitem__(self, some_id: str) -> tuple[Result, ...]:
        if some_id not in self._known:
            self._known[some_id] = tuple(
                row
                for season, round_ in self._races[some_id]
                for row in self._results(season, round_)
                if getattr(row, self._by) == some_id
            )
        return self._known[some_id]

    def __contains__(self, some_id: object) -> bool:
        return some_id in self._races

    def __iter__(self) -> Iterator[str]:
        return iter(self._races)

    def __len__(self) -> int:
        return len(self._races)
