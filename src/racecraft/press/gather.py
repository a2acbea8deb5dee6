"""The rows of a season, gathered from its tables with the stable names of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.press.rows import Driver, PitStop, Qualified, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.model.season import Season


def codes(season: Season) -> dict[str, str]:
    """``driver_id`` by three-letter code."""
    return dict(season.drivers["driver", "driver_id"].rows())


def team_ids(season: Season) -> dict[str, str]:
    """``team_id`` by the name of the team as entered."""
    return dict(season.teams["team", "team_id"].rows())


def drivers(season: Season) -> Iterator[Driver]:
    """Everybody who took part, with the code of this season alone."""
    for *facts, code in season.drivers.select(*Driver._fields[:-1], "driver").rows():
        yield Driver._make((*facts, {season.season: code}))


def results(season: Season) -> Iterator[Result]:
    """Results of all races and sprints in the order of classification."""
    ids, teams, rounds = codes(season), team_ids(season), _rounds(season)
    head = ["event", "session", "order", "position", "position_text", "driver", "number", "team"]
    table = season.results.select(
        *head,
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


def qualifying(season: Season) -> Iterator[Qualified]:
    """Qualifying of all events, first place first."""
    ids, rounds = codes(season), _rounds(season)
    parts = [_seconds(f"q{part}") for part in (1, 2, 3)]
    table = season.qualifying.select("event", "position", "driver", *parts)
    table = table.sort("event", "position", nulls_last=True)
    for event, position, driver, *times in table.iter_rows():
        yield Qualified(
            season.season, rounds[event], position, driver, ids.get(driver, driver), *times
        )


def pit_stops(season: Season) -> Iterator[tuple[int, str, PitStop]]:
    """Round, ``driver_id`` and each stop."""
    ids, rounds = codes(season), _rounds(season)
    table = season.pit_stops.select("event", "driver", "stop", "lap", _seconds("duration"))
    for event, driver, *stop in table.sort("event", "driver", "stop").iter_rows():
        yield rounds[event], ids.get(driver, driver), PitStop(*stop)


def _rounds(season: Season) -> dict[str, int]:
    return dict(season.events["event", "round"].rows())


def _seconds(column: str) -> pl.Expr:
    return pl.col(column).dt.total_microseconds() / 1e6
