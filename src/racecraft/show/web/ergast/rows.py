"""Rows of one season as Ergast tells them, each with the facts that a path can filter by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

import racecraft as rc
from racecraft.errors import NotFoundError, RacecraftError
from racecraft.model.clock import clock
from racecraft.show.web.ergast.names import Names, circuit_id, status_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.show.web.shelf import Shelf

MILLI = 1_000


@dataclass(frozen=True)
class Row:
    """One thing that Ergast tells.

    Attributes
    ----------
    race
        The race it belongs to, as `Races` describes it.
    facts
        What it can be filtered by, as text.
    told
        What is told of it.
    group
        What within the race it belongs to: the lap of a lap time.
    """

    race: dict[str, Any]
    facts: dict[str, str]
    told: dict[str, Any]
    group: str = ""
    also: dict[str, Any] = field(default_factory=dict)


def races(season: Season) -> list[Row]:
    """Every race of a season, in order of rounds."""
    found = []
    for event in (
        season.events.filter(pl.col("round").is_not_null()).sort("round").iter_rows(named=True)
    ):
        told = _race(season, event)
        found.append(Row(told, {"round": told["round"], "circuits": _circuit_of(told)}, told))
    return found


def results(season: Season, session: str = "race") -> list[Row]:
    """Every result of the races, or of the sprints."""
    at, names = _by_event(season), Names(season)
    found = []
    for _, table in season.results.filter(session=session).group_by("event", maintain_order=True):
        fastest = sorted(row for row in table["fastest_lap_time"].drop_nulls())
        first = table.filter(pl.col("time").is_not_null()).sort("order")["time"].head(1).to_list()
        for row in table.sort("order").iter_rows(named=True):
            if row["event"] in at:
                rank = (
                    fastest.index(row["fastest_lap_time"]) + 1 if row["fastest_lap_time"] else None
                )
                found.append(_result(at[row["event"]], names, row, rank, first))
    return _in_rounds(found)


def qualifying(season: Season) -> list[Row]:
    """Every place in qualifying."""
    at, names = _by_event(season), Names(season)
    raced = {
        (row["event"], row["driver"]): row
        for row in season.results.filter(session="race").iter_rows(named=True)
    }
    found = []
    for row in season.qualifying.sort("position", nulls_last=True).iter_rows(named=True):
        race, own = at.get(row["event"]), raced.get((row["event"], row["driver"]), {})
        if race is None:
            continue
        driver, team = names.driver(row["driver"]), names.team(own.get("team"))
        parts = {"Q1": row["q1"] or row["time"], "Q2": row["q2"], "Q3": row["q3"]}
        told = {
            "number": _text(own.get("number")),
            "position": _text(row["position"]),
            "Driver": driver,
            "Constructor": team,
            **{name: _lap(time) for name, time in parts.items() if time is not None},
        }
        facts = {
            **_facts(race, driver["driverId"], team["constructorId"]),
            "qualifying": _text(row["position"]),
        }
        found.append(Row(race, facts, told))
    return _in_rounds(found)


def laps(shelf: Shelf, season: Season, number: str) -> list[Row]:
    """Every lap of the race of a round; none where its timing is not stored."""
    race, names = _numbered(season, number), Names(season)
    timed = _timing(shelf, season, number)
    if timed is None:
        return []
    rows = shelf.of_race("laps", timed, rc.laps).filter(pl.col("lap_time").is_not_null())
    found = []
    for row in rows.sort("lap", "position", nulls_last=True).iter_rows(named=True):
        who = names.driver(row["driver"] or row["car"])["driverId"]
        told = {"driverId": who, "position": _text(row["position"]), "time": _lap(row["lap_time"])}
        lap = str(row["lap"])
        found.append(Row(race, {**_facts(race, who), "laps": lap}, told, lap))
    return found


def pit_stops(shelf: Shelf, season: Season, number: str) -> list[Row]:
    """Every stop of the race of a round, as reported, or as its timing shows them."""
    race, names = _numbered(season, number), Names(season)
    event = season.events.filter(round=int(number))["event"][0]
    rows = season.pit_stops.filter(event=event).select("driver", "stop", "lap", "duration")
    if rows.is_empty() and (timed := _timing(shelf, season, number)) is not None:
        made = shelf.of_race("stops", timed, rc.stops).filter(kind="stop").sort("car", "lap")
        rows = made.select(
            pl.col("car").alias("driver"),
            pl.int_range(1, pl.len() + 1).over("car").alias("stop"),
            "lap",
            "duration",
        )
    found = []
    for row in rows.sort("lap", "stop").iter_rows(named=True):
        who = names.driver(row["driver"])["driverId"]
        told = {
            "driverId": who, "lap": _text(row["lap"]), "stop": _text(row["stop"]), "time": "",
            "duration": "" if row["duration"] is None else clock(row["duration"]),
        }  # fmt: skip
        facts = {**_facts(race, who), "laps": told["lap"], "pitstops": told["stop"]}
        found.append(Row(race, facts, told))
    return found


def standings(shelf: Shelf, season: Season, number: str | None, *, teams: bool) -> list[Row]:
    """Standings after a round, or after the last one, as added up by the rules of the year."""
    kind: Championship = "constructors" if teams else "drivers"
    run = season.results.filter(session="race")["event"].unique()
    rounds = season.events.filter(pl.col("event").is_in(run.implode()))["round"].drop_nulls()
    if rounds.is_empty():
        return []
    after = int(number) if number is not None else int(rounds.max() or 0)  # type: ignore[arg-type]
    try:
        table = shelf.of_season(
            f"standings {after} {kind}", season, lambda of: rc.standings(of, after=after, kind=kind)
        )
    except RacecraftError:
        return []
    names, race = Names(season), _numbered(season, str(after))
    entered = _teams_of(season, after)
    found = []
    for row in table.iter_rows(named=True):
        place = _text(row["position"])
        told = {
            "position": place, "positionText": place or "-", "points": _points(row["points"]),
            "wins": _text(row["wins"]),
        }  # fmt: skip
        if not place:
            del told["position"]
        if teams:
            team = names.team(row["team"])
            facts = {"constructors": team["constructorId"], "constructorstandings": place}
            found.append(Row(race, facts, {**told, "Constructor": team}))
            continue
        driver = names.driver(row["driver"])
        drove = [names.team(team) for team in entered.get(row["driver"], [])]
        facts = {"drivers": driver["driverId"], "driverstandings": place}
        facts["constructors"] = " ".join(team["constructorId"] for team in drove)
        found.append(Row(race, facts, {**told, "Driver": driver, "Constructors": drove}))
    return found


def _result(
    race: dict[str, Any],
    names: Names,
    row: Mapping[str, Any],
    rank: int | None,
    first: list[timedelta],
) -> Row:
    driver, team = names.driver(row["driver"]), names.team(row["team"])
    told: dict[str, Any] = {
        "number": _text(row["number"]),
        "position": _text(row["order"]),
        "positionText": row["position_text"] or _text(row["position"]) or "R",
        "points": _points(row["points"]),
        "Driver": driver,
        "Constructor": team,
        "grid": _text(row["grid"]) or "0",
        "laps": _text(row["laps"]) or "0",
        "status": row["status"] or "",
    }
    if row["time"] is not None and first:
        behind = row["time"] - first[0]
        said = clock(row["time"]) if row["order"] == 1 else f"+{clock(behind)}"
        told["Time"] = {"millis": str(_millis(row["time"])), "time": said}
    if row["fastest_lap_time"] is not None:
        told["FastestLap"] = {
            "rank": _text(rank),
            "lap": _text(row["fastest_lap"]),
            "Time": {"time": _lap(row["fastest_lap_time"])},
        }
    facts = {
        **_facts(race, driver["driverId"], team["constructorId"]),
        "grid": told["grid"],
        "results": told["position"],
        "sprint": told["position"],
        "fastest": _text(rank),
        "status": status_id(row["status"]),
    }
    return Row(race, facts, told, also={"driver": driver, "team": team})


def _race(season: Season, event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "season": str(season.season),
        "round": str(event["round"]),
        "url": "",
        "raceName": event["name"] or event["event"],
        "Circuit": {
            "circuitId": circuit_id(event["circuit"]),
            "url": "",
            "circuitName": event["circuit"] or "",
            "Location": {"locality": event["locality"] or "", "country": event["country"] or ""},
        },
        "date": _text(event["date"]),
    }


def _by_event(season: Season) -> dict[str, dict[str, Any]]:
    return {
        event["event"]: _race(season, event)
        for event in season.events.iter_rows(named=True)
        if event["round"] is not None
    }


def _numbered(season: Season, number: str) -> dict[str, Any]:
    for row in races(season):
        if row.race["round"] == str(int(number)):
            return row.race
    raise NotFoundError(f"no round {number} in {season.season}", season=season.season)


def _timing(shelf: Shelf, season: Season, number: str) -> Any:
    try:
        return shelf.race(season.season, int(number), series=season.series)
    except RacecraftError:
        return None


def _teams_of(season: Season, after: int) -> dict[str, list[str]]:
    """Teams that every driver has driven for until a round, in order."""
    raced = season.results.join(season.events.select("event", "round"), on="event")
    raced = raced.filter(pl.col("round") <= after).sort("round", maintain_order=True)
    return {
        driver: list(dict.fromkeys(teams))
        for driver, teams in raced.group_by("driver").agg(pl.col("team").drop_nulls()).iter_rows()
    }


def _facts(race: Mapping[str, Any], driver: str, team: str | None = None) -> dict[str, str]:
    facts = {"round": race["round"], "drivers": driver, "circuits": _circuit_of(race)}
    return facts if team is None else {**facts, "constructors": team}


def _circuit_of(race: Mapping[str, Any]) -> str:
    return str(race["Circuit"]["circuitId"])


def _in_rounds(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: int(row.race["round"]))


def _lap(time: timedelta) -> str:
    return clock(time)


def _millis(time: timedelta) -> int:
    return round(time.total_seconds() * MILLI)


def _points(points: float | None) -> str:
    return f"{points or 0:g}"


def _text(value: object) -> str:
    return "" if value is None else str(value)
