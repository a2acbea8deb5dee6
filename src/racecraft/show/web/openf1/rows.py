"""Rows of one session as OpenF1 tells them: who took part, laps, places, intervals, stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl

import racecraft as rc
from racecraft.model.terms import THE_LINE
from racecraft.show.web.openf1.results import (
    championship_drivers,
    championship_teams,
    session_result,
    starting_grid,
)
from racecraft.show.web.openf1.session import At, Row, difference, seconds

SECTOR_ENDS = ("S1", "S2", THE_LINE)
MADE = ("on_track", "start", "pit", "trouble", "neutralised")  # changes of place on the road


def drivers(at: At) -> list[Row]:
    """Who took part."""
    people = {row["driver"]: row for row in at.season.drivers.iter_rows(named=True)}
    teams = dict(at.season.results.filter(event=at.event).select("driver", "team").iter_rows())
    found = []
    for code, number in at.numbers().items():
        given = (people.get(code, {}).get("given_name") or "").strip()
        family = (people.get(code, {}).get("family_name") or code).strip()
        found.append(
            {
                **at.keys,
                "driver_number": number,
                "broadcast_name": f"{given[:1]} {family.upper()}".strip(),
                "full_name": f"{given} {family.upper()}".strip(),
                "first_name": given or None,
                "last_name": family,
                "name_acronym": code,
                "team_name": teams.get(code),
                "team_colour": None,
                "headshot_url": None,
                "country_code": None,
            }
        )
    return sorted(found, key=lambda row: row["driver_number"])


def laps(at: At) -> list[Row]:
    """Every lap, with its sectors where they were timed."""
    if at.race is None:
        return []
    numbers, table = at.numbers(), at.shelf.of_race("laps", at.race, rc.laps)
    ends = {
        (car, lap, line): time
        for car, lap, line, time in at.race.crossings.filter(pl.col("line").is_in(SECTOR_ENDS))
        .select("car", "lap", "line", "time")
        .iter_rows()
    }
    found = []
    for row in table.sort("lap", "car").iter_rows(named=True):
        car, lap = row["car"], row["lap"]
        if car not in numbers:
            continue
        start = timedelta(0) if lap == 1 else ends.get((car, lap - 1, THE_LINE))
        if lap == 1 and at.race.clock != "lights_out":
            start = None
        times = [start, *(ends.get((car, lap, line)) for line in SECTOR_ENDS)]
        sectors = [difference(a, b) for a, b in pairwise(times)]
        found.append(
            {
                **at.keys,
                "driver_number": numbers[car],
                "lap_number": lap,
                "date_start": at.date(start),
                "lap_duration": seconds(row["lap_time"]),
                **{f"duration_sector_{n}": time for n, time in enumerate(sectors, 1)},
                "i1_speed": None,
                "i2_speed": None,
                "st_speed": None,
                "is_pit_out_lap": bool(row["out_lap"]),
                **{f"segments_sector_{n}": None for n in (1, 2, 3)},
            }
        )
    return found


def intervals(at: At) -> list[Row]:
    """Gap to the leader and to the car ahead at every timing line, in order of time."""
    if at.race is None:
        return []
    numbers, found = at.numbers(), []
    for row in _timed(at).iter_rows(named=True):
        if row["car"] not in numbers:
            continue
        down = row["laps_down"]
        behind = f"+{down} LAP{'S' * (down > 1)}" if down else seconds(row["gap"])
        found.append(
            {
                **at.keys,
                "driver_number": numbers[row["car"]],
                "date": at.date(row["time"]),
                "gap_to_leader": behind,
                "interval": seconds(row["interval"]),
            }
        )
    return found


def position(at: At) -> list[Row]:
    """Place of every car on the grid, and whenever it changed."""
    if at.race is None:
        return []
    numbers, found = at.numbers(), []
    held: dict[str, int] = {}
    grid = at.race.entries.filter(pl.col("grid").is_not_null()).sort("grid")
    rows = [(car, timedelta(0), place) for car, place in grid.select("car", "grid").iter_rows()]
    rows += _timed(at).select("car", "time", "position").rows()
    for car, time, place in rows:
        if car in numbers and held.get(car) != place:
            held[car] = place
            found.append(
                {
                    **at.keys, "driver_number": numbers[car], "date": at.date(time),
                    "position": place,
                }
            )  # fmt: skip
    return found


def pit(at: At) -> list[Row]:
    """Visits to the pit lane."""
    if at.race is None:
        return _reported_stops(at)
    numbers = at.numbers()
    left = {
        (car, lap): out
        for car, lap, out in at.race.pit_visits.select("car", "lap", "time_out").iter_rows()
    }
    made = at.shelf.of_race("stops", at.race, rc.stops).sort("lap", "car")
    return [
        _visit(at, numbers[car], lap, time, at.date(left.get((car, lap))))
        for car, lap, time in made.select("car", "lap", "duration").iter_rows()
        if car in numbers
    ]


def stints(at: At) -> list[Row]:
    """Stints on one set of tyres."""
    if at.race is None:
        return []
    numbers, made = at.numbers(), at.shelf.of_race("stints", at.race, rc.stints)
    return [
        {
            **at.keys,
            "driver_number": numbers[row["car"]],
            "stint_number": row["stint"],
            "lap_start": row["start_lap"],
            "lap_end": row["end_lap"],
            "compound": row["compound"].upper() if row["compound"] else None,
            "tyre_age_at_start": None if row["tyre_age"] is None else row["tyre_age"] - row["laps"],
        }
        for row in made.iter_rows(named=True)
        if row["car"] in numbers
    ]


def race_control(at: At) -> list[Row]:
    """Messages of race control."""
    if at.race is None:
        return []
    numbers, found = at.numbers(), []
    for row in at.race.messages.iter_rows(named=True):
        scope = "Driver" if row["car"] else "Sector" if row["sector"] is not None else "Track"
        found.append(
            {
                **at.keys,
                "date": at.date(row["time"]),
                "category": row["category"],
                "flag": row["flag"],
                "scope": scope if row["flag"] else None,
                "message": row["text"],
                "driver_number": numbers.get(row["car"]),
                "lap_number": row["lap"],
                "sector": row["sector"],
                "qualifying_phase": None,
            }
        )
    return found


def overtakes(at: At) -> list[Row]:
    """Changes of place on the road."""
    if at.race is None:
        return []
    numbers = at.numbers()
    table = at.shelf.of_race("overtakes every_line None False False", at.race, rc.overtakes)
    crossed = at.race.crossings.select("lap", "line", "time", passer="car")
    rows = table.filter(pl.col("kind").is_in(MADE)).join(
        crossed, on=["passer", "lap", "line"], how="left", maintain_order="left"
    )
    return [
        {
            **at.keys,
            "overtaking_driver_number": numbers[row["passer"]],
            "overtaken_driver_number": numbers[row["passed"]],
            "position": row["position"],
            "date": at.date(row["time"]),
        }
        for row in rows.iter_rows(named=True)
        if row["passer"] in numbers and row["passed"] in numbers
    ]


def nothing(_: At) -> list[Row]:
    """What is in no store: the weather, and radio messages."""
    return []


OF_SESSION: dict[str, Callable[[At], list[Row]]] = {
    "drivers": drivers, "laps": laps, "intervals": intervals, "position": position, "pit": pit,
    "stints": stints, "race_control": race_control, "overtakes": overtakes,
    "session_result": session_result, "starting_grid": starting_grid,
    "championship_drivers": championship_drivers,
    "championship_teams": championship_teams, "weather": nothing, "team_radio": nothing,
}  # fmt: skip  # fmt: skip


def _timed(at: At) -> pl.DataFrame:
    """Gaps with the time of each crossing and how many laps the car is down, in order of time."""
    race = at.race
    assert race is not None  # noqa: S101 - asked for by those that have one
    crossed = race.crossings.select("car", "lap", "line", "time")
    leader = crossed.group_by("line", "lap").agg(led=pl.col("time").min()).sort("led")
    ahead = leader.select("line", "led", leading="lap")
    gaps = at.shelf.of_race("gaps", race, rc.gaps)
    timed = gaps.join(crossed, on=["car", "lap", "line"], maintain_order="left").sort("time")
    met = timed.join_asof(
        ahead,
        left_on="time",
        right_on="led",
        by="line",
        strategy="backward",
        check_sortedness=False,
    )
    return met.with_columns(laps_down=(pl.col("leading") - pl.col("lap")).clip(0).fill_null(0))


def _reported_stops(at: At) -> list[Row]:
    if at.kind != "race":
        return []
    numbers = at.numbers()
    stops = at.season.pit_stops.filter(event=at.event).sort("lap", "driver")
    return [
        _visit(at, numbers[code], lap, time, None)
        for code, lap, time in stops.select("driver", "lap", "duration").iter_rows()
        if code in numbers
    ]


def _visit(at: At, number: int, lap: int, time: timedelta | None, left: datetime | None) -> Row:
    lane = seconds(time)
    return {
        **at.keys, "driver_number": number, "lap_number": lap, "date": left,
        "lane_duration": lane, "pit_duration": lane, "stop_duration": None,
    }  # fmt: skip
