"""The rows of a season, gathered from its tables with the stable names of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.history.rows import PitStop, Qualified, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from racecraft.model.season import Season

    Ids = Mapping[str, str]


def results(season: Season, ids: Ids, teams: Ids) -> Iterator[Result]:
    """Results of all races and sprints in the order of classification."""
    rounds = _rounds(season)
    head = ["event", "session", "order", "position", "position_text", "driver"]
    table = season.results.select(
        *head,
        pl.col("number").cast(pl.Int16, strict=False),
        "team",
        "grid",
        "laps",
        _seconds("time"),
        pl.col("status").fill_null(""),
        pl.col("points").fill_null(0.0),
        "fastest_lap",
        _seconds("fastest_lap_time"),
    ).sort("event", "session", "order")
    for event, session, order, position, text, driver, number, team, *rest in table.iter_rows():
        person, entrant = ids.get(driver, driver), teams.get(team, team)
        place = (season.season, rounds[event], session, order, position, text or "")
        yield Result(*place, driver, person, number, team or "", entrant or "", *rest)


def qualifying(season: Season, ids: Ids) -> Iterator[Qualified]:
    """Qualifying of all events, first place first."""
    rounds = _rounds(season)
    parts = [_seconds(f"q{part}") for part in (1, 2, 3)]
    table = season.qualifying.select("event", "position", "driver", *parts)
    table = table.sort("event", "position", nulls_last=True)
    for event, position, driver, *times in table.iter_rows():
        yield Qualified(
            season.season, rounds[event], position, driver, ids.get(driver, driver), *times
        )


def pit_stops(season: Season, ids: Ids) -> Iterator[tuple[int, str, PitStop]]:
    """Round, ``driver_id`` and each stop."""
    rounds = _rounds(season)
    table = season.pit_stops.select("event", "driver", "stop", "lap", _seconds("duration"))
    for event, driver, *stop in table.sort("event", "driver", "stop").iter_rows():
        yield rounds[event], ids.get(driver, driver), PitStop(*stop)


def _rounds(season: Season) -> dict[str, int]:
    return dict(season.events["event", "round"].rows())


def _seconds(column: str) -> pl.Expr:
    return (pl.col(column).dt.total_microseconds() / 1e6).round(6)
