"""One session of TracingInsights: a folder for every driver, with his laps and his telemetry.

``EVENT/SESSION/DRIVER/laptimes.json`` holds lap and sector times, tyres, places and the status of
the track; ``N_tel.json`` what the car measured on lap N, and where it was; ``corners.json`` where
the corners are. There is no clock of the session: laps are added up from lights out. Lap 1 is not
timed either, but its telemetry is cut where the lap ends, as that of every lap.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import NotFoundError, UnreadableError
from racecraft.model.race import DOUBTS, PIT_VISITS
from racecraft.sources.fastf1.laps_table import race_from_laps
from racecraft.sources.http import client as web
from racecraft.sources.shared.sample_doubts import sample_doubts
from racecraft.sources.source import tell
from racecraft.sources.tracinginsights.samples import (
    TEL,
    corners_of,
    number,
    positions_of,
    samples_of,
    telemetry_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.terms import SessionName
    from racecraft.sources.source import Progress

SOURCE = "tracinginsights"
SITES = (
    "https://raw.githubusercontent.com/TracingInsights",
    "https://raw.githubusercontent.com/TracingInsights-Archive",
)
BRANCH = "main"
FOLDERS: dict[SessionName, str] = {"race": "Race", "sprint": "Sprint"}
LARGEST_FILE = 50_000_000  # bytes; the telemetry of a lap takes a hundred thousand
MOST_CARS = 40
SHORTEST_S, LONGEST_S = 30, 600  # seconds that a lap can take
NEARLY = 0.9  # share of the lap that its telemetry covers at least

_LAPS = {
    "lap": "LapNumber", "time": "LapTime", "life": "TyreLife", "stint": "Stint", "pos": "Position",
}  # fmt: skip


def fetch_folder(folder: Path, *, telemetry: bool, progress: Progress | None) -> dict[str, bytes]:
    """Files of a session by their names from its folder; of the telemetry lap 1, or every lap.

    Raises
    ------
    UnreadableError
        There is no such folder, or no laps in it.
    """
    if not folder.is_dir():
        raise UnreadableError(f"{folder}: no folder; expected drivers and their laptimes.json")
    files = {}
    paths = sorted(folder.glob("*/laptimes.json"))[:MOST_CARS]
    if not paths:
        raise UnreadableError(
            f"{folder}: no DRIVER/laptimes.json; expected the folder of a race or a sprint",
            hint="such as '2025/Dutch Grand Prix/Race'",
            path=str(folder),
        )
    wanted = [*folder.glob("*.json"), *paths]
    wanted += [*folder.glob("*/*_tel.json")] if telemetry else [*folder.glob("*/1_tel.json")]
    for done, path in enumerate(wanted, 1):
        if path.stat().st_size <= LARGEST_FILE:
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
        tell(progress, f"reading {folder.name}", done, len(wanted))
    return files


def fetch_repository(
    season: int,
    event: str,
    session: SessionName,
    *,
    telemetry: bool,
    progress: Progress | None,
    sites: tuple[str, ...] = SITES,
) -> dict[str, bytes]:
    """Files of a session from the repository of its season.

    Raises
    ------
    NotFoundError
        There is no such repository, or no such session in it.
    UnreachableError
        No answer.
    """
    with web.connect() as client:
        for site in sites:
            base = f"{site}/{season}/{BRANCH}/{event}/{FOLDERS[session]}"
            drivers = _got(client, f"{base}/drivers.json")
            if drivers is not None:
                break
        else:
            raise NotFoundError(
                f"TracingInsights has no {session} of the {event} in {season}",
                season=season,
                event=event,
                session=session,
            )
        files = {"drivers.json": drivers}
        codes = [driver["driver"] for driver in _object("drivers.json", drivers)["drivers"]]
        codes = [code for code in codes if re.fullmatch(r"\w{2,4}", str(code))][:MOST_CARS]
        names = ["corners.json", *(f"{code}/laptimes.json" for code in codes)]
        names += [f"{code}/1_tel.json" for code in codes]
        done = 0
        while names:
            name = names.pop(0)
            content = _got(client, f"{base}/{name}")
            done += 1
            tell(progress, name, done, done + len(names))
            if content is None:
                continue
            files[name] = content
            if telemetry and name.endswith("laptimes.json"):
                laps = len(_object(name, content).get("lap", []))
                names += [f"{name[:-13]}{lap}_tel.json" for lap in range(2, laps + 1)]
    return files


def parse(files: Mapping[str, bytes], *, season: int, event: str, session: SessionName) -> Race:
    r"""Race of the files of a session.

    Raises
    ------
    UnreadableError
        A file is not what it should be; says which. Or no car has laps.

    Notes
    -----
    :math:`t_n = t_1 + \sum_{i=2}^{n} lap_i`, with :math:`t_1` the time of the last sample of lap 1,
    which is filled in at the instant at which the lap ends. So the gaps at the flag of the 2025
    Dutch Grand Prix are the official ones to the millisecond. After a lap without a time the clock
    of a car is lost.
    """
    told, broken = _readable(files)
    teams = {
        str(driver.get("driver")): driver.get("team")
        for driver in told.get("drivers.json", {}).get("drivers", [])
        if isinstance(driver, dict)
    }
    rows: list[dict[str, object]] = []
    doubts: list[dict[str, object]] = [
        {"table": "telemetry", "car": car, "lap": lap, "reason": "what was measured on this lap "
         "cannot be read: left out"} for car, lap in broken
    ]  # fmt: skip
    for name, laps in told.items():
        if name.endswith("/laptimes.json"):
            car = name.partition("/")[0]
            first = _lap_one(told.get(f"{car}/1_tel.json"))
            rows += _rows_of_car(car, laps, first, teams.get(car), event, name)
            if first is not None:
                doubts.append(
                    {"table": "crossings", "car": car, "lap": 1, "reason": "lap 1 is not timed: "
                     "its time is that of the last sample of its telemetry"}
                )  # fmt: skip
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    if table["Time"].is_null().all():
        raise UnreadableError(
            f"{event}: no lap 1 whose time is known; expected DRIVER/1_tel.json beside the laps",
            hint="without it the cars have no clock in common",
        )
    race = race_from_laps(table, season=season, session=session, file=event, source=SOURCE)
    visits, unsure = _visits(race)
    race = race.with_tables(
        corners=corners_of(told.get("corners.json", {})),
        pit_visits=visits,
        doubts=pl.concat([race.doubts, DOUBTS.rows([*doubts, *unsure])]),
    )
    samples, unsure = samples_of(told, race)
    if samples is None:
        return race
    telemetry, positions = telemetry_of(samples), positions_of(samples)
    more = [DOUBTS.rows(unsure), sample_doubts(telemetry, positions, race.corners)]
    return replace(
        race.with_tables(doubts=pl.concat([race.doubts, *more])),
        telemetry=telemetry.lazy(),
        positions=None if positions.is_empty() else positions.lazy(),
    )


_SCHEMA: dict[str, Any] = {
    "Driver": pl.String, "Team": pl.String, "EventName": pl.String, "Compound": pl.String,
    "TrackStatus": pl.String, "RoundNumber": pl.Float64, "LapNumber": pl.Float64,
    "TyreLife": pl.Float64, "Stint": pl.Float64, "Position": pl.Float64,
    "LapTime": pl.Duration("us"),
    "Time": pl.Duration("us"), "LapStartTime": pl.Duration("us"),
    "Sector1SessionTime": pl.Duration("us"), "Sector2SessionTime": pl.Duration("us"),
}  # fmt: skip


def _readable(
    files: Mapping[str, bytes],
) -> tuple[dict[str, dict[str, Any]], list[tuple[str, int]]]:
    """What the files say, and of which cars and laps the samples cannot be read: one of hundreds.

    Raises
    ------
    UnreadableError
        A file of laps, drivers or corners is not what it should be, or of lap 1, by which a car
        gets its clock.
    """
    told, broken = {}, []
    for name, content in files.items():
        try:
            told[name] = _object(name, content)
        except UnreadableError:
            found = TEL.fullmatch(name)
            if found is None or int(found[2]) == 1:
                raise
            broken.append((found[1], int(found[2])))
    return told, broken


def _rows_of_car(
    car: str,
    laps: dict[str, Any],
    first: timedelta | None,
    team: object,
    event: str,
    file: str,
) -> Iterator[dict[str, object]]:
    """Rows as in FastF1's laps table, on a clock that begins at lights out."""
    count = len(laps.get("lap", []))
    if not count or any(
        not isinstance(laps.get(name), list) or len(laps[name]) != count for name in ("time", "lap")
    ):
        raise UnreadableError(f"{file}: expected lists 'lap' and 'time' of equal length", file=file)
    end: timedelta | None = timedelta(0)
    for i in range(count):
        cell = {
            name: number(values[i]) if isinstance(values, list) and i < len(values) else None
            for name, values in laps.items()
        }
        text = {
            name: str(laps[name][i]) if _listed(laps, name, i) else None
            for name in ("compound", "status")
        }
        sectors = [cell.get(name) for name in ("s1", "s2", "s3")]
        time = cell.get("time")
        if time is None and None not in sectors:
            time = sum(s for s in sectors if s is not None)
        began, lap_time = end, _seconds(time)
        taken = lap_time if lap_time is not None or cell["lap"] != 1 else first
        end = None if began is None or taken is None else began + taken
        s1, s2, s3 = map(_seconds, sectors)
        after_2 = end - s3 if end is not None and s3 is not None else None
        after_1 = began + s1 if began is not None and s1 is not None else None
        if after_1 is None and after_2 is not None and s2 is not None:
            after_1 = after_2 - s2
        yield {
            "Driver": car, "Team": team if isinstance(team, str) else None, "EventName": event,
            "Compound": text["compound"], "TrackStatus": text["status"], "RoundNumber": None,
            **{theirs: cell.get(mine) for mine, theirs in _LAPS.items() if mine != "time"},
            "LapTime": lap_time, "Time": end, "LapStartTime": began,
            "Sector1SessionTime": after_1, "Sector2SessionTime": after_2,
        }  # fmt: skip


def _lap_one(document: dict[str, Any] | None) -> timedelta | None:
    """Time of lap 1: of the last sample of its telemetry, which is cut where the lap ends."""
    tel = (document or {}).get("tel")
    if not isinstance(tel, dict):
        return None
    time, share = (
        next((n for n in map(number, reversed(tel.get(name) or [])) if n is not None), None)
        for name in ("time", "rel_distance")
    )
    if time is None or not SHORTEST_S < time < LONGEST_S or (share or 1.0) < NEARLY:
        return None
    return _seconds(time)


def _visits(race: Race) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    """Visits to the pits by the tyres: a new set begins on the lap after."""
    rows = [{"car": car, "lap": lap - 1} for car, lap in race.tyres["car", "lap"].rows() if lap > 1]
    doubt: dict[str, object] = {
        "table": "pit_visits",
        "reason": "known by a change of tyres alone: when a car was in the pit lane, and whether "
        "the race was stopped, is not in this source",
    }
    return PIT_VISITS.rows(rows), [doubt]


def _object(file: str, content: bytes) -> dict[str, Any]:
    """A JSON object; NaN in it is unknown."""
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{file}: no JSON; expected an object", file=file) from error
    if not isinstance(document, dict):
        raise UnreadableError(f"{file}: expected an object", file=file)
    return document


def _listed(laps: Mapping[str, Any], name: str, at: int) -> bool:
    values = laps.get(name)
    return isinstance(values, list) and at < len(values) and values[at] not in (None, "None", "nan")


def _seconds(number: float | None) -> timedelta | None:
    if number is None or not 0 < number < 86_400:
        return None
    return timedelta(microseconds=round(number * 1e6))


def _got(client: Any, url: str) -> bytes | None:
    try:
        return web.get(client, url.replace(" ", "%20"))
    except NotFoundError:
        return None
