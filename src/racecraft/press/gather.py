"""The rows of a season, gathered from its tables with the stable names of everybody."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.race import fold
from racecraft.press.rows import Driver, PitStop, Qualified, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from racecraft.model.season import Season

    Ids = Mapping[str, str]


def driver_ids(seasons: Iterable[Season]) -> dict[int, dict[str, str]]:
    """``driver_id`` by season and three-letter code.

    Where a source has none, that of the same name in another season, or else the family name.
    """
    columns = ("driver", "driver_id", "given_name", "family_name")
    return _ids(
        (season.season, code, some_id, f"{given} {family}", family or code)
        for season in seasons
        for code, some_id, given, family in season.drivers.select(columns).rows()
    )


def team_ids(seasons: Iterable[Season]) -> dict[int, dict[str, str]]:
    """``team_id`` by season and the name of the team as entered; made up like `driver_ids`."""
    return _ids(
        (season.season, name, some_id, name, name.removesuffix(" F1 Team"))
        for season in seasons
        for name, some_id in season.teams["team", "team_id"].rows()
    )


def drivers(season: Season, ids: Ids) -> Iterator[Driver]:
    """Everybody who took part, with the code of this season alone."""
    for code, _, *facts in season.drivers.select("driver", *Driver._fields[:-1]).rows():
        yield Driver._make((ids[code], *facts, {season.season: code}))


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


def _ids(rows: Iterable[tuple[int, str, str | None, str, str]]) -> dict[int, dict[str, str]]:
    """Ids by season and key, from rows of season, key, id, name, and what to make one up from."""
    rows = list(rows)
    unknown = any(some_id is None for _, _, some_id, _, _ in rows)
    known = {fold(name): some_id for _, _, some_id, name, _ in rows if some_id} if unknown else {}
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for season, key, some_id, name, short in rows:
        found[season][key] = some_id or known.get(fold(name)) or fold(short).replace(" ", "_")
    return dict(found)


def _rounds(season: Season) -> dict[str, int]:
    return dict(season.events["event", "round"].rows())


def _seconds(column: str) -> pl.Expr:
    return (pl.col(column).dt.total_microseconds() / 1e6).round(6)
