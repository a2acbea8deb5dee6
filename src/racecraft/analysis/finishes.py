"""Results of many seasons in one table, to be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.outcome import outcome_rows
from racecraft.model.table import TIME, Column, Table

if TYPE_CHECKING:
    from racecraft.model.season import Season

FINISHES = Table(
    "finishes",
    key=("season", "event", "session", "order", "driver"),
    columns=(
        Column("season", pl.Int16, "year of the season"),
        Column("round", pl.Int16, "round of the season"),
        Column("name", pl.String, "name of the event"),
        Column("session", pl.String, "race or sprint"),
        Column("driver", pl.String, "three-letter code, unique within its season"),
        Column("driver_name", pl.String, "name of the driver"),
        Column("team", pl.String, "team as entered"),
        Column("position", pl.Int16, "classified position; null if not classified"),
        Column("grid", pl.Int16, "place on the grid; null from the pit lane, or unknown"),
        Column("gained", pl.Int16, "places gained from the grid"),
        Column("points", pl.Float64, "points awarded"),
        Column("laps", pl.Int16, "laps completed"),
        Column("time", TIME, "race time with penalties; null for lapped cars"),
        Column("gap", TIME, "behind the winner; null for lapped cars"),
        Column("status", pl.String, "Finished, +1 Lap, or why not: Engine, Collision, ..."),
        Column("qualified", pl.Int16, "place in qualifying"),
        Column("grid_penalty", pl.String, "places lost on the grid: a number, or back"),
        Column("time_penalty", TIME, "time added to the race time by penalties"),
        Column("pit_lane_start", pl.Boolean, "started from the pit lane; null if unknown"),
        Column("shared_car", pl.Boolean, "took over, or handed over, a car during the race"),
        Column("fastest_lap", pl.Int16, "lap on which the driver's fastest lap was set"),
        Column("fastest_lap_time", TIME, "the driver's fastest lap"),
        Column("position_text", pl.String, "position, or R, D, W, E, F or N as in `results`"),
        Column("order", pl.Int16, "order in which the result lists the cars"),
        Column("number", pl.Int16, "number on the car"),
        Column("nationality", pl.String, "nationality of the driver"),
        Column("event", pl.String, "stable name of the event within its season"),
        Column("date", pl.Date, "day of the race"),
        Column("circuit", pl.String, "name of the circuit"),
        Column("locality", pl.String, "town"),
        Column("country", pl.String, "country"),
    ),
)


def finishes(season: Season) -> pl.DataFrame:
    """Every result of a season with what one may search by: ``FINISHES``.

    Examples
    --------
    >>> from racecraft.sources.record.record import record_season
    >>> won = finishes(record_season(1983)).filter(position=1)
    >>> won.filter(pl.col("grid") > 20)["name", "driver_name", "grid"].rows()
    [('United States Grand Prix West', 'John Watson', 22)]
    """
    results = season.results
    if results.is_empty():
        return FINISHES.empty()
    rows = pl.concat(
        outcome_rows(season, part)
        for part in results.partition_by("event", "session", maintain_order=True)
    )
    people = season.drivers.select("driver", "nationality")
    qualified = pl.concat(
        table.select("event", "driver", qualified="position", session=pl.lit(session))
        for table, session in ((season.qualifying, "race"), (season.sprint_qualifying, "sprint"))
    ).unique(["event", "driver", "session"], keep="first")
    return FINISHES.check(
        rows.rename({"name": "driver_name"})
        .join(season.events.drop("laps"), on="event", how="left", maintain_order="left")
        .join(people, on="driver", how="left", maintain_order="left")
        .join(qualified, on=["event", "driver", "session"], how="left", maintain_order="left")
        .with_columns(season=pl.lit(season.season, pl.Int16))
        .sort("round", "session", "order", descending=[False, True, False], nulls_last=True)
    )
