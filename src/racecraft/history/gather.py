"""The rows of a season, gathered from its tables as a history keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.history.book import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.packed import Row
    from racecraft.model.season import Season


def rows_of(season: Season, table: str) -> list[Row]:
    """Rows of one table of `LAYOUT` that was reported; standings are added up elsewhere."""
    return _GATHERED[table](season).rows()


def _results(season: Season) -> pl.DataFrame:
    """Results of all races and sprints in the order of classification."""
    table = season.results.select(
        _round(season),
        "event",
        "session",
        "order",
        "position",
        pl.col("position_text").fill_null(""),
        "driver",
        pl.col("number").cast(pl.Int16, strict=False),
        "team",
        "grid",
        "laps",
        _seconds("time").alias("time_s"),
        pl.col("status").fill_null(""),
        pl.col("points").fill_null(0.0),
        "fastest_lap",
        _seconds("fastest_lap_time").alias("fastest_lap_s"),
    )
    return table.sort("event", "session", "order").select(*LAYOUT["results"])


def _qualifying(season: Season) -> pl.DataFrame:
    """Qualifying of all events, first place first."""
    parts = [_seconds(f"q{part}").alias(f"q{part}_s") for part in (1, 2, 3)]
    table = season.qualifying.select(_round(season), "event", "position", "driver", *parts)
    return table.sort("event", "position", nulls_last=True).select(*LAYOUT["qualifying"])


def _pit_stops(season: Season) -> pl.DataFrame:
    """Every stop, by event and driver."""
    duration = _seconds("duration").alias("duration_s")
    table = season.pit_stops.select(_round(season), "event", "driver", "stop", "lap", duration)
    return table.sort("event", "driver", "stop").select(*LAYOUT["pit_stops"])


_GATHERED: dict[str, Callable[[Season], pl.DataFrame]] = {
    "events": lambda season: season.events.select(*LAYOUT["events"]),
    "drivers": lambda season: season.drivers.select(*LAYOUT["drivers"]),
    "teams": lambda season: season.teams.select(*LAYOUT["teams"]),
    "results": _results,
    "qualifying": _qualifying,
    "pit_stops": _pit_stops,
}


def _round(season: Season) -> pl.Expr:
    """Round of each row, by its event."""
    rounds = dict(season.events["event", "round"].rows())
    return pl.col("event").replace_strict(rounds, return_dtype=pl.Int16).alias("round")


def _seconds(column: str) -> pl.Expr:
    return (pl.col(column).dt.total_microseconds() / 1e6).round(6)
