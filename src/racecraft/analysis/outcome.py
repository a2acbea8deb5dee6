"""The outcome of a race by its result alone: for the races whose timing is not stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import NotFoundError
from racecraft.model.shown import Shown
from racecraft.model.table import TIME, Column, Table

if TYPE_CHECKING:
    from racecraft.model.season import Season

OUT = {"R", "D", "E", "N"}  # started, and not classified
AWAY = {"W", "F"}  # did not start, or did not qualify
RECORDED = Table(
    "recorded",
    key=("order", "driver"),
    columns=(
        Column("order", pl.Int16, "order in which the result lists the cars"),
        Column("position", pl.Int16, "classified position; null if not classified"),
        Column("position_text", pl.String, "position, or R, D, W, E, F or N as in `results`"),
        Column("driver", pl.String, "three-letter code"),
        Column("name", pl.String, "name of the driver"),
        Column("team", pl.String, "team as entered"),
        Column("grid", pl.Int16, "place on the grid; null from the pit lane, or unknown"),
        Column("pit_lane_start", pl.Boolean, "started from the pit lane; null if unknown"),
        Column("gained", pl.Int16, "places gained from the grid; from the pit lane, from behind "
               "all who stood on it; null if not classified, or unknown"),
        Column("laps", pl.Int16, "laps completed"),
        Column("time", TIME, "race time with penalties; null for lapped cars"),
        Column("gap", TIME, "behind the winner; null for lapped cars"),
        Column("status", pl.String, "Finished, +1 Lap, or why not"),
        Column("points", pl.Float64, "points awarded"),
        Column("grid_penalty", pl.String, "places lost on the grid: a number, or back"),
        Column("time_penalty", TIME, "time added to the race time by penalties"),
        Column("shared_car", pl.Boolean, "took over, or handed over, a car during the race"),
        Column("fastest_lap", pl.Int16, "lap on which the driver's fastest lap was set"),
        Column("fastest_lap_time", TIME, "the driver's fastest lap"),
    ),
)  # fmt: skip

QUALIFIED = Table(
    "qualified",
    key=("order", "driver"),
    columns=(
        Column("order", pl.Int16, "order in which the source lists the drivers"),
        Column("position", pl.Int16, "place in qualifying; null if it has none"),
        Column("driver", pl.String, "three-letter code"),
        Column("name", pl.String, "name of the driver"),
        Column("team", pl.String, "team as entered"),
        Column("q1", TIME, "best lap of the first part"),
        Column("q2", TIME, "best lap of the second part"),
        Column("q3", TIME, "best lap of the third part"),
        Column(
            "time",
            TIME,
            "the lap that counts: of the last part reached, or the best of all; "
            "the sum of two in 2005",
        ),
        Column("gap", TIME, "that time, slower than the fastest of its part"),
        Column("grid", pl.Int16, "place on the grid; null from the pit lane, or unknown"),
    ),
)
TOOK_PART = Table(
    "took_part",
    key=("driver",),
    columns=(
        Column("driver", pl.String, "three-letter code"),
        Column("number", pl.Int16, "number of the car"),
        Column("name", pl.String, "name of the driver"),
        Column("nationality", pl.String, "as the source has it"),
        Column("teams", pl.String, "teams he was entered by, in order"),
        Column("starts", pl.Int16, "races and sprints of these in which he appears"),
        Column("first_round", pl.Int16, "the first of them"),
        Column("last_round", pl.Int16, "the last of them"),
        Column("best", pl.Int16, "best classified position in a race"),
        Column("points", pl.Float64, "points awarded in them"),
    ),
)


@dataclass(frozen=True, eq=False, repr=False)
class Outcome(Shown):
    """What the result of a race says.

    Attributes
    ----------
    season
        The season it belongs to.
    event
        Row of ``EVENTS``.
    session
        ``race`` or ``sprint``.
    result
        ``RECORDED``: in order of the result.
    pole
        Code of who was fastest in qualifying, and his time; None where that is not known.
    doubts
        ``SEASON_DOUBTS`` about this race.
    """

    season: Season
    event: dict[str, Any]
    session: str
    result: pl.DataFrame
    pole: tuple[str, Any] | None
    doubts: pl.DataFrame


def outcome(season: Season, event: str, session: str = "race") -> Outcome:
    """Outcome of a race or sprint: places gained, retirements and why, penalties.

    Parameters
    ----------
    season
        Needs ``events`` and ``results``; says more with ``drivers`` and ``qualifying``.
    event
        Stable name of an event.
    session
        ``race`` or ``sprint``.

    Raises
    ------
    NotFoundError
        There is no such event, or it has no result.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> told = outcome(sample_season(), "las-vegas-grand-prix")
    >>> told.result.filter(position=3)["driver", "grid", "gained"].rows()
    [('PER', 11, 8)]
    """
    events = season.events.filter(event=event)
    rows = season.results.filter(event=event, session=session).sort("order")
    if events.is_empty() or rows.is_empty():
        raise NotFoundError(
            f"no result of the {session} {event!r} of {season.season} is known",
            season=season.season,
            event=event,
            session=session,
        )
    return Outcome(
        season=season,
        event=events.row(0, named=True),
        session=session,
        result=RECORDED.check(outcome_rows(season, rows)),
        pole=_pole(season, event, session),
        doubts=season.season_doubts.filter(
            (pl.col("event") == event)
            & (pl.col("session").is_null() | (pl.col("session") == session))
        ),
    )


def qualifying(season: Season, event: str, session: str = "race") -> pl.DataFrame:
    """Qualifying of a race or sprint: ``QUALIFIED``.

    Raises
    ------
    NotFoundError
        Nobody's qualifying lap is known.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> qualifying(sample_season(), "sao-paulo-grand-prix")["driver"].head(3).to_list()
    ['VER', 'LEC', 'STR']
    """
    table = season.qualifying if session == "race" else season.sprint_qualifying
    rows = table.filter(event=event)
    if rows.is_empty():
        raise NotFoundError(
            f"no qualifying of the {session} {event!r} of {season.season} is known",
            hint="the grid of a race is in its results",
            season=season.season,
            event=event,
        )
    form = season.events.filter(event=event)["qualifying_format"].item(0)
    counts, part = _lap_that_counts(form or "knockout")
    results = season.results.filter(event=event, session=session).unique("driver", keep="first")
    found = (
        rows.sort("position", nulls_last=True, maintain_order=True)
        .with_columns(order=pl.int_range(1, pl.len() + 1), time=pl.coalesce("time", counts))
        .with_columns(gap=pl.col("time") - pl.col("time").min().over(part))
        .join(_names(season), on="driver", how="left", maintain_order="left")
        .join(results.select("driver", "team", "grid"), on="driver", how="left",
              maintain_order="left")
    )  # fmt: skip
    return QUALIFIED.check(found)


def took_part(season: Season, event: str | None = None) -> pl.DataFrame:
    """Who took part in a season, or in one event of it: ``TOOK_PART``, the most points first.

    Raises
    ------
    NotFoundError
        No result of it is known.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> took_part(sample_season(), "sao-paulo-grand-prix")["driver"].head(2).to_list()
    ['VER', 'NOR']
    """
    results = season.results if event is None else season.results.filter(event=event)
    if results.is_empty():
        raise NotFoundError(
            f"no result of {event or season.season} is known", season=season.season, event=event
        )
    in_race = pl.col("position").filter(pl.col("session") == "race")
    found = (
        results.join(season.events.select("event", "round"), on="event", how="left")
        .sort("round", "session", nulls_last=True, maintain_order=True)
        .group_by("driver", maintain_order=True)
        .agg(
            pl.col("number").drop_nulls().first(),
            teams=pl.col("team").drop_nulls().unique(maintain_order=True).str.join(", "),
            starts=pl.len(),
            first_round=pl.col("round").min(),
            last_round=pl.col("round").max(),
            best=in_race.min(),
            points=pl.col("points").sum(),
        )
        .join(_names(season, "nationality"), on="driver", how="left", maintain_order="left")
        .sort("points", "best", "driver", descending=[True, False, False], nulls_last=True)
    )
    return TOOK_PART.check(found)


def outcome_rows(season: Season, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one result, with the name of the driver, places gained and gap to the winner."""
    last = rows["grid"].max()
    behind_all = pl.when("pit_lane_start").then(pl.lit(last, pl.Int16) + 1)
    started = pl.coalesce("grid", behind_all)
    return rows.join(_names(season), on="driver", how="left", maintain_order="left").with_columns(
        gained=started - pl.col("position"),
        gap=pl.when(pl.col("position") > 1).then(pl.col("time") - pl.col("time").first()),
    )


def _pole(season: Season, event: str, session: str) -> tuple[str, Any] | None:
    table = season.qualifying if session == "race" else season.sprint_qualifying
    first = table.filter(event=event, position=1)
    if first.is_empty():
        return None
    row = first.row(0, named=True)
    last_part = next((row[part] for part in ("q3", "q2", "q1") if row[part] is not None), None)
    return row["driver"], row["time"] if row["time"] is not None else last_part


def _names(season: Season, *more: str) -> pl.DataFrame:
    """Code and whole name of every driver of a season."""
    whole = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
    return season.drivers.select("driver", whole.alias("name"), *more)


def _lap_that_counts(form: str) -> tuple[pl.Expr, pl.Expr]:
    """Time that counts by a format of qualifying, and the part against whose best it stands."""
    parts = [pl.col(name) for name in ("q1", "q2", "q3")]
    if form == "aggregate":
        return parts[0] + parts[1], pl.lit(0)
    if form in ("two session", "one session", "one lap", "four laps"):
        return pl.min_horizontal(parts), pl.lit(0)
    reached = (pl.when(part.is_not_null()).then(number) for number, part in enumerate(parts, 1))
    return pl.coalesce(*reversed(parts)), pl.max_horizontal(*reached)
