"""What a report of a race tells: facts in the order of a newspaper, none of them guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from racecraft.errors import NotEnoughDataError, NotFoundError, RacecraftError
from racecraft.history.careers import DEEDS, whole
from racecraft.model.rulebook.book import rulebook
from racecraft.press.claim import Entity
from racecraft.press.judging.decided import of_leader
from racecraft.press.writing.course import Course
from racecraft.press.writing.fact import Fact
from racecraft.press.writing.retirements import FATAL, Retirements, pole_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import polars as pl

    from racecraft.history.results import History, Moment
    from racecraft.history.rows import Driver, Event, Result, Standing
    from racecraft.model.race import Race
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.terms import SessionName

A_DAY = timedelta(days=1)
CLOSE_S = 1.0  # margin of third place that is worth telling
CLIMB = 6  # places gained that are worth telling
CLIMBERS = 2
LONG_AGO = 10  # races since the last win that make it worth telling
SHORT = 3  # laps; a race of no more has its distance told
SHARED = 6  # places of which it is told who shared the car
EARLY = 0.9  # share of the distance, below which a race ended early
TEN_SCORE_SINCE = 2010
SPRINT_SCORES = 8  # places of a sprint that are told
TEAMS_SINCE = 1958
FASTEST_LAPS_SINCE = 2004


@dataclass(frozen=True)
class Teller:
    """One race or sprint of the record, and what can be told of it."""

    record: History
    event: Event
    results: tuple[Result, ...]
    course: Course | None = None
    session: SessionName = "race"

    @classmethod
    def of(
        cls,
        record: History,
        season: int,
        round_: int,
        session: SessionName = "race",
        race: Race | None = None,
        decided: pl.DataFrame | None = None,
    ) -> Teller:
        """Teller of a race or sprint; its timing and its ``MOMENTS``, where there is timing.

        Raises
        ------
        NotFoundError
            The record has no winner of it.
        NotEnoughDataError
            It does not know the day of it.
        """
        event, results = record.event(season, round_), record.results(season, round_, session)
        if event is None or not any(row.position == 1 for row in results):
            of = "a sprint in " if session == "sprint" else ""
            raise NotFoundError(
                f"no result of {of}round {round_} of {season} is known",
                hint=f"racecraft data add jolpica {season}",
                season=season,
                round=round_,
            )
        if event.date is None:
            raise NotEnoughDataError(f"the day of the {event.full_name} is not known")
        course = None
        if race is not None and decided is not None:
            drove = {row.driver: record.drivers[row.driver_id] for row in results}
            course = Course(race, drove, decided)
        return cls(record, event, results, course, session)

    @property
    def is_sprint(self) -> bool:
        """Whether it is a sprint that is told."""
        return self.session == "sprint"

    @property
    def day(self) -> date | None:
        """Day of it; sprints are driven on the day before the race."""
        return self.event.date - A_DAY if self.is_sprint and self.event.date else self.event.date

    def paragraphs(self) -> list[list[Fact]]:
        """Facts in paragraphs, the most important first; none is empty."""
        out = Retirements(self.record, self.results, self.course)
        parts = (
            [*self._win(), *self._title(), *self._podium(), *self._shared()],
            self._history(),
            [*out.killed(), *self._course(), *out.pole()],
            [*self._places(), *out.classified(), *self._climbs(), *self._fastest()],
            out.facts(),
            [*self._standings(), *self._teams()],
            self._next(),
        )
        return [part for part in parts if part]

    def headline(self) -> Fact:
        """What stands above the report."""
        winner, second = self._at(1), self._at(2)
        slots: dict[str, Any] = {"winner": self._driver(winner), "event": self.event}
        if second is not None and winner.team_id == second.team_id:
            return Fact("headline_one_two", {**slots, "second": self._driver(second)})
        return Fact("headline", slots)

    # --- the race ---------------------------------------------------------------------------

    def _win(self) -> list[Fact]:
        winner, second = self._at(1), self._at(2)
        slots = {"winner": self._driver(winner), "event": self.event, "day": self.event.date,
                 "grid": winner.grid}  # fmt: skip
        kind = "win_from_pole" if winner.grid == 1 else "win_from" if winner.grid else "win"
        facts = [Fact(kind, slots)]
        if second is None:
            return facts
        if winner.time_s and second.time_s and second.time_s > winner.time_s:
            gap = round(second.time_s - winner.time_s, 3)
            about = {"gap": gap, "second": self._driver(second), "team": winner.team}
            return [*facts, Fact("margin", about)]
        return [*facts, Fact("runner_up", {"second": self._driver(second)})]

    def _podium(self) -> list[Fact]:
        third, fourth = self._at(3), self._at(4)
        if third is None:
            return []
        slots: dict[str, Any] = {"third": self._driver(third)}
        if fourth is not None and third.time_s and fourth.time_s:
            gap = round(fourth.time_s - third.time_s, 3)
            if 0 < gap < CLOSE_S:
                about = {"fourth": self._driver(fourth), "gap": gap}
                return [Fact("podium_close", slots | about)]
        return [Fact("podium", slots)]

    def _title(self) -> list[Fact]:
        """Who became champion by it, and how; or in the sprint of the same weekend."""
        table = self._table()
        if not self._secured(self._now) or not table:
            return []
        champion = self.record.drivers[table[0].id]
        if self._secured(self._before):
            in_sprint = self._before == "sprint" and not self._secured("before")
            return [Fact("title_in_sprint", {"driver": champion})] if in_sprint else []
        return [self._how_he_won(champion), *self._rival(table[1:2])]

    def _how_he_won(self, champion: Driver) -> Fact:
        """The title by his own result; by that of others, where he was not in it or scored none."""
        slots: dict[str, Any] = {"driver": champion}
        own = [row for row in self.results if row.driver_id == champion.driver_id]
        if any(row.points for row in own):
            return Fact("title", slots)
        if any(row.started for row in own):
            return Fact("title_without_points", slots)
        return Fact("title_posthumous" if self._is_dead(champion) else "title_absent", slots)

    def _is_dead(self, driver: Driver) -> bool:
        """Whether he had lost his life in the season."""
        known = self.record.of_driver[driver.driver_id]
        rows = [row for row in known if row.season == self.event.season]
        return any(row.status.startswith(FATAL) for row in rows if row.key <= self.event.key)

    @property
    def _now(self) -> Moment:
        """What the standings are called that it made."""
        return "sprint" if self.is_sprint else "after"

    @property
    def _before(self) -> Moment:
        """What those before it are called."""
        sprint = self.record.has_results(*self.event.key, "sprint") and not self.is_sprint
        return "sprint" if sprint else "before"

    def _secured(self, when: Moment) -> bool:
        """Whether the title was won at that moment, as far as it can be proved."""
        if self.event.round == 1 and when != "after":
            return False
        try:
            return of_leader(self.record, (*self.event.key, when), "drivers").secured
        except RacecraftError:
            return False

    def _table(self, kind: Championship = "drivers") -> tuple[Standing, ...]:
        """Standings that it made."""
        return self.record.standings(*self.event.key, kind=kind, when=self._now)

    def _rival(self, second: Sequence[Standing]) -> list[Fact]:
        """How the race ended for the second of the championship, where nothing else tells it."""
        pole = pole_of(self.results)
        rows = [row for one in second for row in self.results if row.driver_id == one.id]
        if len(rows) != 1 or rows[0] is pole or (rows[0].position or 4) <= 3:
            return []
        slots = {"driver": self._driver(rows[0]), "position": rows[0].position}
        if rows[0].position is not None:
            return [Fact("rival", slots)]
        killed = rows[0].status.startswith(FATAL)
        return [Fact("rival_out", slots)] if rows[0].retired and not killed else []

    def _shared(self) -> list[Fact]:
        """Who shared a car that came to one of the first places."""
        facts = []
        for place in range(1, SHARED + 1):
            people = [self._driver(row) for row in self.results if row.position == place]
            if len(people) > 1:
                facts.append(Fact("shared", {"names": people, "position": place}))
        return facts

    def _course(self) -> list[Fact]:
        """How the race went, where it was timed; that it was short, and scored by half."""
        return [*self._shortened(), *(self.course.facts() if self.course else [])]

    def _shortened(self) -> list[Fact]:
        if self.is_sprint:
            return []
        laps, season = self._at(1).laps, self.record.seasons[self.event.season]
        planned = season.events.filter(event=self.event.event)["planned_laps"].to_list()
        early = bool(planned and planned[0] and laps and laps < EARLY * planned[0])
        if laps is None or not (early or laps <= SHORT):
            return []
        short = Fact("ended_early", {"n": laps, "planned": planned[0]}) if early else None
        facts = [short or Fact("short_race", {"n": laps})]
        book = rulebook(self.event.season)
        full = book.scale(self.event.event, "race", to_come=True)
        half = bool(full) and self._at(1).points == full[0] / 2
        return [*facts, Fact("half_points", {})] if half else facts

    def _climbs(self) -> list[Fact]:
        """Whoever gained most places; of the fourth and fifth the place has been told."""
        scored = [row for row in self.results if row.position and row.position > 1 and row.points]
        climbed = sorted(
            (row for row in scored if row.grid and row.grid - (row.position or 0) >= CLIMB),
            key=lambda row: (row.position or 0) - (row.grid or 0),
        )
        return [
            Fact(
                "climb_from" if row.position in (4, 5) else "climb",
                {"driver": self._driver(row), "grid": row.grid, "position": row.position},
            )
            for row in climbed[:CLIMBERS]
        ]

    def _places(self) -> list[Fact]:
        last = SPRINT_SCORES if self.is_sprint else 10
        rows = [self._at(place) for place in range(4, last + 1)]
        people = [self._driver(row) for row in rows if row is not None]
        facts = []
        if len(people) >= 2:
            facts.append(Fact("fourth", {"fourth": people[0], "fifth": people[1]}))
        if self.event.season >= TEN_SCORE_SINCE and len(people) == len(rows):
            facts.append(Fact("top_ten", {"names": people[2:]}))
        elif len(people) >= 3:
            facts.append(Fact("top_six", {"sixth": people[2]}))
        return facts

    def _fastest(self) -> list[Fact]:
        fastest = None if self.is_sprint else self.record.fastest(*self.event.key)
        if fastest is None or self.event.season < FASTEST_LAPS_SINCE:
            return []
        return [Fact("fastest", {"driver": self._driver(fastest)})]

    # --- the season and before --------------------------------------------------------------

    def _history(self) -> list[Fact]:
        """What the win was to the winner: in this season, in his career, in a row."""
        winner = self._at(1)
        if self.is_sprint:
            points = {"winner": self._driver(winner), "points": winner.points}
            return [Fact("sprint_points", points)] if winner.points else []
        who, won = self._driver(winner), DEEDS["wins"]
        rows = [row for row in self.record.of_driver[who.driver_id] if row.key <= self.event.key]
        wins = [row for row in rows if won(row)]
        season = sum(row.season == self.event.season for row in wins)
        slots = {"winner": who, "season": season, "career": len(wins)}
        if not self._is_whole(who):
            facts = [Fact("season_only", slots)]
        elif len(wins) == 1:
            return [Fact("maiden", slots)]
        else:
            facts = [Fact("season_first" if season == 1 else "season_and_career", slots)]
        in_a_row = len(list(takewhile(won, reversed(rows))))
        if in_a_row > 1 and in_a_row < len(rows):
            facts.append(Fact("streak", {"winner": who, "n": in_a_row}))
        elif len(wins) > 1 and self._races_since(wins[-2]) >= LONG_AGO:
            before = self.record.event(*wins[-2].key)
            facts.append(Fact("since", {"winner": who, "event": before}))
        return facts

    def _standings(self) -> list[Fact]:
        table = self._table()
        if len(table) < 3 or table[0].points == 0:
            return []
        people = [self.record.drivers[row.id] for row in table[:3]]
        gap = table[0].points - table[1].points
        slots = {"first": people[0], "second": people[1], "points": table[0].points, "gap": gap}
        kind = "level" if not gap else "champion" if self._is_last() else "leads"
        if kind == "leads" and self._secured(self._now):
            kind = "leads_as_champion"
        facts = [Fact(kind, slots)]
        if table[2].points < table[1].points:
            about = {"third": people[2], "points": table[2].points}
            facts.append(Fact("third_in_standings", about))
        return facts

    def _teams(self) -> list[Fact]:
        if self.event.season < TEAMS_SINCE:
            return []
        table = self._table("constructors")
        if len(table) < 2 or table[0].points == table[1].points:
            return []
        first, second = (self._team(row.id) for row in table[:2])
        gap = table[0].points - table[1].points
        slots = {"first": first, "second": second, "points": table[0].points, "gap": gap}
        return [Fact("teams_champion" if self._is_last() else "teams_lead", slots)]

    def _is_last(self) -> bool:
        """Whether the season ends with it."""
        return (
            not self.is_sprint
            and self.event.round == self.record.calendar(self.event.season)[-1].round
        )

    def _next(self) -> list[Fact]:
        if self.is_sprint:  # the race of the same weekend is next
            return []
        ahead = [e for e in self.record.calendar(self.event.season) if e.round > self.event.round]
        if not ahead:
            return []
        following = ahead[0]
        left = Fact("races_left_one" if len(ahead) == 1 else "races_left_more", {"n": len(ahead)})
        if following.date is None:
            return [left]
        return [Fact("next", {"event": following, "day": following.date}), left]

    # --- who and what -----------------------------------------------------------------------

    def _at(self, position: int) -> Any:
        """Who was classified there, the first of those who shared a car."""
        return next((row for row in self.results if row.position == position), None)

    def _driver(self, row: Result) -> Driver:
        return self.record.drivers[row.driver_id]

    def _team(self, team_id: str) -> str:
        """Team as it was called in that race."""
        called = (row.team for row in self.results if row.team_id == team_id)
        return next(called, self.record.name(team_id))

    def _is_whole(self, driver: Driver) -> bool:
        """Whether every season in which he may have raced is known."""
        try:
            whole(self.record, Entity("driver", driver.driver_id, driver.name))
        except NotEnoughDataError:
            return False
        return True

    def _races_since(self, row: Result) -> int:
        return sum(row.key < event.key <= self.event.key for event in self.record.events)
