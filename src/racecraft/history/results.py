"""The data of all seasons, ready to be asked about one of them or all of them."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from racecraft.history import gather
from racecraft.history.roster import Roster
from racecraft.history.standings import Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from racecraft.history.rows import PitStop, Qualified, Result, Standing
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
        seasons: Sequence[Season],
        *,
        race: Callable[[int, int, str], Race | None] | None = None,
    ) -> None:
        super().__init__(seasons)
        self._race = race
        self._races: dict[tuple[int, int, str], Race | None] = {}
        self._tables = Tables(self.seasons, self._codes, self._team_ids)

    @property
    def seasons(self) -> dict[int, Season]:
        """The seasons themselves, by year."""
        return self._seasons

    @cached_property
    def roster(self) -> Roster:
        """Who exists, for a reader who must not know who won."""
        return Roster(list(self._seasons.values()))

    def has_results(self, season: int, round_: int, session: str = "race") -> bool:
        """Whether any result of that race or sprint is known."""
        return (season, round_, session) in self._sessions

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

    @cached_property
    def _sessions(self) -> dict[tuple[int, int, str], tuple[Result, ...]]:
        sessions: dict[tuple[int, int, str], list[Result]] = defaultdict(list)
        for year, season in self.seasons.items():
            ids = self._codes.get(year, {}), self._team_ids.get(year, {})
            for row in gather.results(season, *ids):
                sessions[row.season, row.round, row.session].append(row)
        return {key: tuple(rows) for key, rows in sessions.items()}

    def results(self, season: int, round_: int, session: str = "race") -> tuple[Result, ...]:
        """Results of a race or sprint in order of classification; empty where not known."""
        return self._sessions.get((season, round_, session), ())

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
        return self._grouped("driver_id")

    @cached_property
    def of_team(self) -> Mapping[str, tuple[Result, ...]]:
        """All race results of each ``team_id`` in order of date."""
        return self._grouped("team_id")

    @cached_property
    def of_all(self) -> tuple[Result, ...]:
        """All race results of everybody in order of date."""
        return tuple(
            row for event in self.events for row in self.results(event.season, event.round)
        )

    def _grouped(self, by: Literal["driver_id", "team_id"]) -> dict[str, tuple[Result, ...]]:
        groups: dict[str, list[Result]] = defaultdict(list)
        for event in self.events:
            for row in self.results(event.season, event.round):
                groups[getattr(row, by)].append(row)
        return {key: tuple(rows) for key, rows in groups.items()}

    def fastest(self, season: int, round_: int) -> Result | None:
        """Who set the fastest lap of the race; None where lap times are not known."""
        timed = [row for row in self.results(season, round_) if row.fastest_lap_s]
        return min(timed, key=lambda row: row.fastest_lap_s or 0.0, default=None)

    # --- qualifying and stops ---------------------------------------------------------------

    @cached_property
    def _qualifying(self) -> dict[tuple[int, int], tuple[Qualified, ...]]:
        found: dict[tuple[int, int], list[Qualified]] = defaultdict(list)
        for year, season in self.seasons.items():
            for row in gather.qualifying(season, self._codes.get(year, {})):
                found[row.season, row.round].append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    def qualifying(self, season: int, round_: int) -> tuple[Qualified, ...]:
        """Qualifying of an event, first place first; empty where not known."""
        return self._qualifying.get((season, round_), ())

    def pole(self, season: int, round_: int) -> Result | None:
        """Who stood first on the grid of the race."""
        return next((row for row in self.results(season, round_) if row.grid == 1), None)

    @cached_property
    def _pit_stops(self) -> dict[tuple[int, int, str], tuple[PitStop, ...]]:
        found: dict[tuple[int, int, str], list[PitStop]] = defaultdict(list)
        for year, season in self.seasons.items():
            for round_, driver_id, stop in gather.pit_stops(season, self._codes.get(year, {})):
                found[year, round_, driver_id].append(stop)
        return {key: tuple(rows) for key, rows in found.items()}

    def pit_stops(self, season: int, round_: int, driver_id: str) -> tuple[PitStop, ...] | None:
        """Stops of a driver in a race; None where no stop of anybody is known."""
        if (season, round_) not in self._stops_known:
            return None
        return self._pit_stops.get((season, round_, driver_id), ())

    @cached_property
    def _stops_known(self) -> frozenset[tuple[int, int]]:
        return frozenset((season, round_) for season, round_, _ in self._pit_stops)

    # --- championships ----------------------------------------------------------------------

    def standings(
        self, season: int, round_: int, *, kind: Championship = "drivers", when: Moment = "after"
    ) -> tuple[Standing, ...]:
        """Standings added up from the results; empty where they cannot be known.

        `when` is ``after`` the race of that round, ``sprint``: before the race but after a sprint
        of that weekend, or ``before``: after the race before; empty before the first one.
        """
        if when == "after":
            return self._tables.after(season, round_, "race", kind)
        if when == "sprint" and self.has_results(season, round_, "sprint"):
            return self._tables.after(season, round_, "sprint", kind)
        before = [each.round for each in self.calendar(season) if each.round < round_]
        return self._tables.after(season, before[-1], "race", kind) if before else ()

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
        found = ((year, self._tables.champion(year, kind)) for year in self.seasons)
        return {year: who for year, who in found if who}

    # --- timing -----------------------------------------------------------------------------

    def race(self, season: int, round_: int, session: str = "race") -> Race | None:
        """Timing of a race or sprint, if it is stored."""
        key = (season, round_, session)
        if key not in self._races:
            self._races[key] = self._race(*key) if self._race else None
        return self._races[key]
