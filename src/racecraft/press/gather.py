"""The rows of a season, gathered from its tables with the stable names of everybody."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.race import fold
from racecraft.press.rows import Driver, PitStop, Qualified, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.model.season import Season


def codes(season: Season) -> dict[str, str]:
    """``driver_id`` by three-letter code; of a source without such names, one made of the name."""
    families = Counter(map(_id, season.drivers["family_name"]))
    return {
        code: driver_id
        or (_id(family) if families[_id(family)] == 1 else _id(f"{given or ''} {family}"))
        or code
        for code, driver_id, given, family in season.drivers[
            "driver", "driver_id", "given_name", "family_name"
        ].rows()
    }


def team_ids(season: Season) -> dict[str, str]:
    """``team_id`` by the name of the team as entered, or one made of that name."""
    rows = season.teams["team", "team_id"].rows()
    return {team: team_id or _id(team) for team, team_id in rows}


def drivers(season: Season) -> Iterator[Driver]:
    """Everybody who took part, with the code of this season alone."""
    ids = codes(season)
    for _, *facts, code in season.drivers.select(*Driver._fields[:-1], "driver").rows():
        yield Driver._make((ids[code], *facts, {season.season: code}))


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


def _id(name: str | None) -> str:
    """Name as the sources make theirs: ``perez`` of Pérez."""
    return fold(name or "").replace(" ", "_")


def _rounds(season: Season) -> dict[str, int]:
    return dict(season.events["event", "round"].rows())


def _seconds(column: str) -> pl.Expr:
    return pl.col(column).dt.total_microseconds() / 1e6
