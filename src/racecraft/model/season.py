"""A season as it was reported: its events, who took part, and every result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from racecraft.model.race import CAR, CLASSIFICATION
from racecraft.model.reported import Reported
from racecraft.model.shown import notebook_page
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Rulebook

DRIVER = Column("driver", pl.String, "three-letter code; his name in series without codes")
EVENT = Column("event", pl.String, "stable name of the event within its season")
SESSION = Column("session", pl.String, "race or sprint")

EVENTS = Table(
    "events",
    key=("event",),
    columns=(
        Column("round", pl.Int16, "round of the season as numbered by the source"),
        EVENT,
        Column("name", pl.String, "name of the event"),
        Column("circuit", pl.String, "name of the circuit"),
        Column("locality", pl.String, "town"),
        Column("country", pl.String, "country"),
        Column("date", pl.Date, "day of the race"),
        Column("laps", pl.Int16, "laps of the race as run"),
        Column("sprint_laps", pl.Int16, "laps of the sprint as run; null without one, or unknown"),
        Column("planned_laps", pl.Int16, "laps of the race as planned; null where they were run"),
        Column("course_km", pl.Float64, "length of a lap, in kilometres"),
        Column("qualifying_format", pl.String, "knockout, one session, two session, one lap, four "
               "laps, aggregate, elimination, sprint race"),
    ),
)  # fmt: skip

DRIVERS = Table(
    "drivers",
    key=("driver",),
    columns=(
        DRIVER,
        Column("driver_id", pl.String, "the source's own stable name of the driver"),
        Column("number", pl.Int16, "career number"),
        Column("given_name", pl.String, "given name"),
        Column("family_name", pl.String, "family name"),
        Column("date_of_birth", pl.Date, "date of birth"),
        Column("nationality", pl.String, "nationality"),
    ),
)

TEAMS = Table(
    "teams",
    key=("team",),
    columns=(
        Column("team", pl.String, "team as entered"),
        Column("team_id", pl.String, "the source's own stable name of the team"),
        Column("nationality", pl.String, "nationality"),
    ),
)

RESULTS = Table(
    "results",
    key=("event", "session", "order", "driver"),
    columns=(
        EVENT,
        SESSION,
        *(DRIVER if column == CAR else column for column in CLASSIFICATION.columns),
        Column("car", pl.String, "car that he drove; null where it bears his code"),
        Column("class", pl.String, "class it raced in; null where all race in one"),
        Column("pit_lane_start", pl.Boolean, "started from the pit lane; null if unknown"),
        Column("grid_penalty", pl.String, "places lost on the grid: a number, or back"),
        Column("time_penalty", TIME, "time added to the race time by penalties"),
        Column("shared_car", pl.Boolean, "took over, or handed over, a car during the race"),
    ),
)

_QUALIFIED = (
    EVENT,
    Column("position", pl.Int16, "place in qualifying"),
    DRIVER,
    Column("q1", TIME, "best lap of the first part, or of the first session"),
    Column("q2", TIME, "best lap of the second part, or of the second session"),
    Column("q3", TIME, "best lap of the third part"),
    Column("time", TIME, "the time that counted; null where the parts say it all"),
)
QUALIFYING = Table("qualifying", key=("event", "position", "driver"), columns=_QUALIFIED)
SPRINT_QUALIFYING = Table(
    "sprint_qualifying", key=("event", "position", "driver"), columns=_QUALIFIED
)
PRE_QUALIFYING = Table("pre_qualifying", key=("event", "position", "driver"), columns=_QUALIFIED)

PIT_STOPS = Table(
    "pit_stops",
    key=("event", "driver", "stop"),
    columns=(
        EVENT,
        DRIVER,
        Column("stop", pl.Int16, "number of the stop, from 1"),
        Column("lap", pl.Int16, "lap on which the pit lane was entered"),
        Column("duration", TIME, "time in the pit lane, stoppages included"),
    ),
)

_STANDING = (
    Column("position", pl.Int16, "place in the championship; null if not placed"),
    Column("points", pl.Float64, "points that count"),
    Column("wins", pl.Int16, "races won"),
)

DRIVER_STANDINGS = Table(
    "driver_standings",
    key=("event", "driver"),
    columns=(Column("event", pl.String, "after which event"), DRIVER, *_STANDING),
)

CONSTRUCTOR_STANDINGS = Table(
    "constructor_standings",
    key=("event", "team"),
    columns=(
        Column("event", pl.String, "after which event"),
        Column("team", pl.String, "team as entered"),
        *_STANDING,
    ),
)

SEASON_DOUBTS = Table(
    "season_doubts",
    key=(),
    columns=(
        Column("table", pl.String, "table of the season that the doubt is about"),
        EVENT,
        SESSION,
        Column("who", pl.String, "driver, or team, that it is about"),
        Column("reason", pl.String, "what is contradicted or repaired, and why"),
    ),
)

SEASON_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        EVENTS, DRIVERS, TEAMS, RESULTS, QUALIFYING, SPRINT_QUALIFYING, PRE_QUALIFYING, PIT_STOPS,
        DRIVER_STANDINGS, CONSTRUCTOR_STANDINGS, SEASON_DOUBTS,
    )
}  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Season(Reported):
    """A season as it was reported; tables left out are empty, all are checked.

    `rules` are those it is scored by, where they are not those of Formula 1 in its year.
    """

    promised: ClassVar[dict[str, Table]] = SEASON_TABLES

    events: pl.DataFrame = field(default_factory=EVENTS.empty)
    drivers: pl.DataFrame = field(default_factory=DRIVERS.empty)
    teams: pl.DataFrame = field(default_factory=TEAMS.empty)
    results: pl.DataFrame = field(default_factory=RESULTS.empty)
    qualifying: pl.DataFrame = field(default_factory=QUALIFYING.empty)
    sprint_qualifying: pl.DataFrame = field(default_factory=SPRINT_QUALIFYING.empty)
    pre_qualifying: pl.DataFrame = field(default_factory=PRE_QUALIFYING.empty)
    pit_stops: pl.DataFrame = field(default_factory=PIT_STOPS.empty)
    driver_standings: pl.DataFrame = field(default_factory=DRIVER_STANDINGS.empty)
    constructor_standings: pl.DataFrame = field(default_factory=CONSTRUCTOR_STANDINGS.empty)
    season_doubts: pl.DataFrame = field(default_factory=SEASON_DOUBTS.empty)
    rules: Rulebook | None = None

    def __repr__(self) -> str:
        """Name the season and say how much of it there is."""
        series = "" if self.series == FORMULA_ONE else f"{self.series} "
        return (
            f"<Season {series}{self.season}: {self.events.height} events, "
            f"{self.results.height} results from {self.source or 'no source'}>"
        )

    def _repr_html_(self) -> str:
        """Show its tables as a notebook shows them."""
        return notebook_page(repr(self), self.tables, "events")


SEASON_FACTS = ("season", "series", "source")
