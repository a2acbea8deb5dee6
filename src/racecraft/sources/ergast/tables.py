"""The Ergast schema, however it came: what its tables must hold, checked cell by cell.

A dump of CSV files and the answers of the jolpica API hold the same tables. They arrive here as
frames of text; what is wrong with a cell is said with the name of its table and its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.sources.shared.csv_cells import (
    CLOCK,
    COUNT,
    DATE,
    MILLISECONDS,
    NUMBER,
    TEXT,
    WHOLE,
    Expected,
    Kind,
)
from racecraft.sources.shared.known_tables import Home, Schema

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CODE = Kind(
    lambda cell: cell.str.to_uppercase().str.extract(r"^([A-Z]{3})$"), "a code of three letters"
)

_ID = Expected(TEXT, needed=True)
_RESULTS = {
    "raceId": _ID,
    "driverId": _ID,
    "constructorId": _ID,
    "number": Expected(WHOLE),
    "grid": Expected(WHOLE),
    "positionText": _ID,
    "positionOrder": Expected(COUNT, needed=True),
    "points": Expected(NUMBER, needed=True),
    "laps": Expected(WHOLE, needed=True),
    "milliseconds": Expected(MILLISECONDS),
    "fastestLap": Expected(COUNT),
    "fastestLapTime": Expected(CLOCK),
    "statusId": Expected(TEXT),
}
_STANDINGS = {
    "raceId": _ID,
    "points": Expected(NUMBER, needed=True),
    "position": Expected(COUNT),
    "wins": Expected(WHOLE),
}

# What each table must and may hold; other columns are left alone.
COLUMNS: dict[str, dict[str, Expected]] = {
    "races": {
        "raceId": _ID,
        "year": Expected(COUNT, needed=True),
        "round": Expected(COUNT, needed=True),
        "circuitId": _ID,
        "name": _ID,
        "date": Expected(DATE),
    },
    "circuits": {
        "circuitId": _ID,
        "name": _ID,
        "location": Expected(TEXT),
        "country": Expected(TEXT),
    },
    "drivers": {
        "driverId": _ID,
        "driverRef": Expected(TEXT),
        "number": Expected(WHOLE),
        "code": Expected(CODE),
        "forename": Expected(TEXT),
        "surname": _ID,
        "dob": Expected(DATE),
        "nationality": Expected(TEXT),
    },
    "constructors": {
        "constructorId": _ID,
        "constructorRef": Expected(TEXT),
        "name": _ID,
        "nationality": Expected(TEXT),
    },
    "results": _RESULTS,
    "sprint_results": _RESULTS,
    "status": {"statusId": _ID, "status": _ID},
    "qualifying": {
        "raceId": _ID,
        "driverId": _ID,
        "position": Expected(COUNT, needed=True),
        "q1": Expected(CLOCK),
        "q2": Expected(CLOCK),
        "q3": Expected(CLOCK),
    },
    "pit_stops": {
        "raceId": _ID,
        "driverId": _ID,
        "stop": Expected(COUNT, needed=True),
        "lap": Expected(COUNT, needed=True),
        "duration": Expected(CLOCK),
        "milliseconds": Expected(MILLISECONDS),
    },
    "driver_standings": {**_STANDINGS, "driverId": _ID},
    "constructor_standings": {**_STANDINGS, "constructorId": _ID},
    "lap_times": {
        "raceId": _ID,
        "driverId": _ID,
        "lap": Expected(COUNT, needed=True),
        "position": Expected(COUNT),
        "time": Expected(CLOCK),
        "milliseconds": Expected(MILLISECONDS),
    },
}
REQUIRED = ("races", "circuits", "drivers", "constructors", "results")

# Rows that may not come twice. A driver may stand in one result twice: he shared two cars.
_KEYS = {
    "races": ("raceId",),
    "circuits": ("circuitId",),
    "drivers": ("driverId",),
    "constructors": ("constructorId",),
    "status": ("statusId",),
    "results": ("raceId", "driverId", "positionOrder"),
    "sprint_results": ("raceId", "driverId"),
    "qualifying": ("raceId", "driverId"),
    "pit_stops": ("raceId", "driverId", "stop"),
    "driver_standings": ("raceId", "driverId"),
    "constructor_standings": ("raceId", "constructorId"),
    "lap_times": ("raceId", "driverId", "lap"),
}
_HOMES = {
    "circuitId": Home("circuits", "circuitId"),
    "raceId": Home("races", "raceId"),
    "driverId": Home("drivers", "driverId"),
    "constructorId": Home("constructors", "constructorId"),
}
_SCHEMA = Schema(COLUMNS, _KEYS, _HOMES)


def read_tables(
    text: Mapping[str, pl.DataFrame],
    *,
    files: Mapping[str, str],
    seasons: Collection[int] | None = None,
    place: str = "line",
) -> dict[str, pl.DataFrame]:
    """Tables of values, checked one by one and against each other.

    Parameters
    ----------
    text
        Table by name, all text, with the ``line`` of each row; `COLUMNS` says what is read.
        Tables beyond `REQUIRED` may be absent.
    files
        What to call each table in errors.
    seasons
        Years to keep; left out, all.
    place
        What to call a row in errors.

    Raises
    ------
    UnreadableError
        A cell holds something else than expected, a row comes twice, or names a race, driver,
        team or circuit that is not there.
    """
    tables = _SCHEMA.checked(text, files=files, place=place)
    if seasons is None:
        return tables
    races = tables["races"].filter(pl.col("year").is_in(list(seasons)))
    return {
        name: table.join(races, on="raceId", how="semi") if "raceId" in table.columns else table
        for name, table in tables.items()
    }
