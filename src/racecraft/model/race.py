"""A race as the timing system reported it, and the tables it consists of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from racecraft.errors import ArgumentError, TableError
from racecraft.model.folding import fold
from racecraft.model.reported import Reported
from racecraft.model.shown import notebook_page
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import FORMULA_ONE, SESSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

CAR = Column(
    "car",
    pl.String,
    "who crosses a line: in Formula 1 the driver's code, elsewhere the number as text",
)
LAP = Column("lap", pl.Int16, "lap being driven; from 1")
LINE = Column("line", pl.String, "timing line")

ENTRIES = Table(
    "entries",
    key=("car",),
    columns=(
        CAR,
        Column("number", pl.String, "number on the car, as written"),
        Column("given_name", pl.String, "given name of the driver; null where several share it"),
        Column("family_name", pl.String, "family name"),
        Column("team", pl.String, "team as entered"),
        Column("grid", pl.Int16, "place on the grid; null from the pit lane, or unknown"),
        Column("pit_lane_start", pl.Boolean, "started from the pit lane"),
        Column("class", pl.String, "class it races in; null where all race in one"),
        Column("manufacturer", pl.String, "who made the car"),
        Column("vehicle", pl.String, "make and model as entered"),
        Column("entrant", pl.String, "who entered it, where that is not the team"),
    ),
)

DRIVERS_IN_CAR = Table(
    "drivers_in_car",
    key=("car", "lap"),
    columns=(
        CAR,
        LAP,
        Column("driver", pl.String, "who drove the lap; without rows one driver drove the whole "
               "race, and the car bears his code"),
    ),
)  # fmt: skip

LINES = Table(
    "lines",
    key=("line",),
    columns=(
        LINE,
        Column("order", pl.Int16, "order on the lap, from 1; the Line comes last"),
        Column("sector", pl.Int8, "sector that ends at, or contains, this line"),
        Column(
            "mini_sector",
            pl.Int8,
            "mini-sector of that sector which ends here, from 1; null if none does",
        ),
    ),
)

CROSSINGS = Table(
    "crossings",
    key=("car", "lap", "line"),
    columns=(
        CAR,
        LAP,
        LINE,
        Column("time", TIME, "since lights out"),
        Column("basis", pl.String, "how the time is known: timed, gap or clock"),
    ),
)

LAP_CHART = Table(
    "lap_chart",
    key=("car", "lap"),
    columns=(
        CAR,
        LAP,
        Column("position", pl.Int16, "position at the end of the lap, as reported"),
        Column("lap_time", TIME, "lap time, as reported"),
        Column("deleted", pl.Boolean, "lap time deleted by the stewards"),
    ),
)

TYRES = Table(
    "tyres",
    key=("car", "lap"),
    columns=(
        CAR,
        Column("lap", pl.Int16, "first lap on this set"),
        Column("compound", pl.String, "soft, medium, hard, intermediate, wet; or the older names"),
        Column("age", pl.Int16, "laps the set had done before this lap"),
        Column("new", pl.Boolean, "the set was new"),
    ),
)

CONTROL = Table(
    "control",
    key=("from", "state"),
    columns=(
        Column("from", TIME, "since lights out; certain from here on"),
        Column("to", TIME, "since lights out; certain until here; null until the end"),
        Column("state", pl.String, "yellow, VSC, FCY, SC or red"),
        Column("from_earliest", TIME, "when it may have begun, where only crossings tell: the last "
               "that saw the state before; null where `from` is the instant"),
        Column("to_latest", TIME, "when it may have ended, likewise; null where `to` is the "
               "instant"),
    ),
)  # fmt: skip

MESSAGES = Table(
    "messages",
    key=(),
    columns=(
        Column("time", TIME, "since lights out; before it, negative"),
        Column("lap", pl.Int16, "lap of the leader"),
        Column("category", pl.String, "Flag, SafetyCar, Drs, CarEvent, Other"),
        Column("flag", pl.String, "flag shown"),
        Column("sector", pl.Int16, "marshalling sector"),
        CAR,
        Column("text", pl.String, "the message"),
    ),
)

PIT_VISITS = Table(
    "pit_visits",
    key=("car", "lap"),
    columns=(
        CAR,
        Column("lap", pl.Int16, "lap on which the pit lane was entered"),
        Column("time_in", TIME, "pit lane entered, since lights out"),
        Column("time_out", TIME, "pit lane left, since lights out"),
        Column("duration", TIME, "time in the pit lane, as reported"),
        Column(
            "tyres_kept",
            pl.Boolean,
            "the source says that tyres were not changed; null where it does not",
        ),
    ),
)

CLASSIFICATION = Table(
    "classification",
    key=("order", "car"),
    columns=(
        Column("order", pl.Int16, "order in which the result lists the cars"),
        Column("position", pl.Int16, "classified position; null if not classified"),
        Column("position_text", pl.String, "position, or R retired, D disqualified, W withdrew, "
               "E excluded, F did not qualify, N not classified"),
        CAR,
        Column("number", pl.String, "number on the car, as written"),
        Column("team", pl.String, "team as entered"),
        Column("grid", pl.Int16, "place on the grid; null from the pit lane, or unknown"),
        Column("laps", pl.Int16, "laps completed"),
        Column("time", TIME, "race time with penalties; null for lapped cars"),
        Column("status", pl.String, "Finished, +1 Lap, Collision, ..."),
        Column("points", pl.Float64, "points awarded"),
        Column("fastest_lap", pl.Int16, "lap on which the car's fastest lap was set"),
        Column("fastest_lap_time", TIME, "the car's fastest lap"),
        Column("as_of", pl.Date, "day from which this result was known; null if the source "
               "does not say"),
    ),
)  # fmt: skip

CORNERS = Table(
    "corners",
    key=("corner",),
    columns=(
        Column("corner", pl.String, "number of the corner, with its letter if it has one: 3, 2A"),
        Column("distance_m", pl.Float64, "from the Line, along the fastest lap that was measured"),
        Column("x_m", pl.Float64, "where it is, in the frame of ``positions``; null if unknown"),
        Column("y_m", pl.Float64, "likewise"),
    ),
)

MEASURED = Column(
    "measured",
    pl.Boolean,
    "read from the car at this instant; false where it is, or may be, filled in between two "
    "readings; null where the source does not say",
)

TELEMETRY = Table(
    "telemetry",
    key=("car", "time"),
    columns=(
        CAR,
        Column("time", TIME, "of the sample, since lights out"),
        Column("speed_kmh", pl.Float32, "speed"),
        Column("throttle", pl.Float32, "how far it is open, in percent"),
        Column("brake", pl.Boolean, "the brakes are on"),
        Column("gear", pl.Int8, "gear; 0 in neutral"),
        Column("drs", pl.Boolean, "the flap is open; null where cars have none"),
        MEASURED,
    ),
)

POSITIONS = Table(
    "positions",
    key=("car", "time"),
    columns=(
        CAR,
        Column("time", TIME, "of the sample, since lights out"),
        Column("x_m", pl.Float32, "where the car is, in a frame of the circuit"),
        Column("y_m", pl.Float32, "likewise, to the left of x"),
        Column("z_m", pl.Float32, "likewise, upwards; null if unknown"),
        MEASURED,
    ),
)

# Samples, some hundred times as large as all the rest of a race: read when somebody asks for them.
SAMPLES: dict[str, Table] = {table.name: table for table in (TELEMETRY, POSITIONS)}

DOUBTS = Table(
    "doubts",
    key=(),
    columns=(
        Column("table", pl.String, "table the doubt is about"),
        CAR,
        LAP,
        LINE,
        Column("reason", pl.String, "what is not known, repaired or contradicted, and why"),
    ),
)

RACE_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ENTRIES, DRIVERS_IN_CAR, LINES, CROSSINGS, LAP_CHART, TYRES, CONTROL, MESSAGES, PIT_VISITS,
        CLASSIFICATION, CORNERS, DOUBTS,
    )
}  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Race(Reported):
    """One race or sprint as it was reported: reported facts only, and the doubts about them.

    Tables that are left out are empty; every table is checked against its promise. `clock` says
    what times are measured from: ``lights_out``, or ``session`` where lights out is not recorded
    (differences are as good; lap 1 then has no lap time). `telemetry` and `positions`, some hundred
    times as large as all the rest, are read when they are collected; None where the cars sent none.
    """

    promised: ClassVar[dict[str, Table]] = RACE_TABLES

    round: int | None
    name: str
    event: str = ""
    session: str = "race"
    date: date | None = None
    clock: str = "lights_out"
    entries: pl.DataFrame = field(default_factory=ENTRIES.empty)
    drivers_in_car: pl.DataFrame = field(default_factory=DRIVERS_IN_CAR.empty)
    lines: pl.DataFrame = field(default_factory=LINES.empty)
    crossings: pl.DataFrame = field(default_factory=CROSSINGS.empty)
    lap_chart: pl.DataFrame = field(default_factory=LAP_CHART.empty)
    tyres: pl.DataFrame = field(default_factory=TYRES.empty)
    control: pl.DataFrame = field(default_factory=CONTROL.empty)
    messages: pl.DataFrame = field(default_factory=MESSAGES.empty)
    pit_visits: pl.DataFrame = field(default_factory=PIT_VISITS.empty)
    classification: pl.DataFrame = field(default_factory=CLASSIFICATION.empty)
    corners: pl.DataFrame = field(default_factory=CORNERS.empty)
    doubts: pl.DataFrame = field(default_factory=DOUBTS.empty)
    telemetry: pl.LazyFrame | None = None
    positions: pl.LazyFrame | None = None

    def __post_init__(self) -> None:
        """Check every table, and give the event its stable name where the source gave none."""
        if self.session not in SESSIONS:
            raise ArgumentError(
                f"no session {self.session!r}", hint=f"one of {', '.join(SESSIONS)}"
            )
        if not self.event:
            object.__setattr__(self, "event", event_id(self.name))
        super().__post_init__()
        for name, table in SAMPLES.items():
            if (samples := getattr(self, name)) is not None:
                object.__setattr__(self, name, _promised(samples, table))

    @property
    def samples(self) -> dict[str, pl.LazyFrame | None]:
        """What the cars sent, by the name of its table, unread."""
        return {name: getattr(self, name) for name in SAMPLES}

    def with_samples(self, samples: Mapping[str, pl.LazyFrame | None]) -> Race:
        """Return the same race with what the cars sent, by the name of its table."""
        return replace(self, **samples)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        """Name the race and say how much of it there is."""
        series = "" if self.series == FORMULA_ONE else f"{self.series} "
        kind = "" if self.session == "race" else f" {self.session}"
        return (
            f"<Race {series}{self.season} {self.name}{kind}: {self.entries.height} cars, "
            f"{self.crossings.height} crossings from {self.source or 'no source'}>"
        )

    def _repr_html_(self) -> str:
        """Show its tables as a notebook shows them."""
        return notebook_page(repr(self), self.tables, "entries")


RACE_FACTS = tuple(
    f.name for f in fields(Race) if f.name not in RACE_TABLES and f.name not in SAMPLES
)


def event_id(name: str) -> str:
    """Stable name of an event within its season, whatever becomes of the round numbers.

    >>> event_id("São Paulo Grand Prix")
    'sao-paulo-grand-prix'
    """
    return "-".join(fold(name).split())


def is_event_name(name: str) -> bool:
    """Whether a stable name can be made of a name: not too long, in letters and digits.

    >>> is_event_name("São Paulo Grand Prix"), is_event_name("?!")
    (True, False)
    """
    return bool(re.fullmatch(r"[a-z0-9-]{1,100}", event_id(name)))


def _promised(samples: pl.LazyFrame, table: Table) -> pl.LazyFrame:
    """Samples with the columns of their promise, unread."""
    schema = samples.collect_schema()
    lacking = [name for name in table.schema if name not in schema]
    if missing := [name for name in lacking if name != MEASURED.name]:
        raise TableError(f"{table.name} lacks its column {missing[0]!r}", table=table.name)
    if lacking:
        samples = samples.with_columns(pl.lit(None, pl.Boolean).alias(MEASURED.name))
    if schema == table.schema:
        return samples
    return samples.select(pl.col(name).cast(kind) for name, kind in table.schema.items())
