"""The outcome of a race by its result alone: for the races whose timing is not stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import NotFoundError
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


@dataclass(frozen=True, eq=False)
class Outcome:
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


def outcome_rows(season: Season, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one result, with the name of the driver, places gained and gap to the winner."""
    names = season.drivers.select(
        "driver", name=pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
    )
    last = rows["grid"].max()
    behind_all = pl.when("pit_lane_start").then(pl.lit(last, pl.Int16) + 1)
    started = pl.coalesce("grid", behind_all)
    return rows.join(names, on="driver", how="left", maintain_order="left").with_columns(
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
