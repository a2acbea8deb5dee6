"""The tables of f1db, however they came: what they must hold, checked cell by cell.

A release as CSV, a checkout as YAML and the plain tables that the packaged record was made of all
arrive here as frames of text, with columns in snake case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.sources.shared.csv_cells import (
    CLOCK,
    COUNT,
    DATE,
    NUMBER,
    TEXT,
    WHOLE,
    Expected,
    Kind,
    wrong_cell,
)
from racecraft.sources.shared.known_tables import Home, Schema

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


PENALTY = Kind(
    lambda cell: CLOCK.read(cell.str.strip_chars().str.strip_prefix("+")), "seconds such as 5.000"
)

_ID = Expected(TEXT, needed=True)
_AT = {"season": Expected(COUNT, needed=True), "round": Expected(COUNT, needed=True)}
_ORDERED = {**_AT, "order": Expected(COUNT, needed=True), "position": _ID}
_CAR = {
    "driver_number": Expected(WHOLE),
    "driver_id": _ID,
    "constructor_id": _ID,
    "engine_manufacturer_id": Expected(TEXT),
}
_RESULTS = {
    **_ORDERED,
    **_CAR,
    "laps": Expected(WHOLE),
    "time": Expected(CLOCK),
    "time_penalty": Expected(PENALTY),
    "gap": Expected(TEXT),
    "reason_retired": Expected(TEXT),
    "points": Expected(NUMBER),
    "grid_position": Expected(TEXT),
    "shared_car": Expected(TEXT),
}
_GRID = {**_ORDERED, "driver_id": _ID, "grid_penalty": Expected(TEXT)}
_QUALIFYING = {
    **_ORDERED,
    "driver_id": _ID,
    **{part: Expected(CLOCK) for part in ("time", "q1", "q2", "q3")},
}
_STANDINGS = {
    **_AT,
    "order": Expected(COUNT, needed=True),
    "position": Expected(TEXT),
    "points": Expected(NUMBER, needed=True),
}

# What each table must and may hold; other columns are left alone.
COLUMNS: dict[str, dict[str, Expected]] = {
    "races": {
        **_AT,
        "date": Expected(DATE),
        "time": Expected(TEXT),
        "grand_prix_id": _ID,
        "circuit_id": _ID,
        "qualifying_format": Expected(TEXT),
        "laps": Expected(WHOLE),
        "scheduled_laps": Expected(WHOLE),
        "course_length": Expected(NUMBER),
        "sprint_race_laps": Expected(WHOLE),
        "sprint_race_scheduled_laps": Expected(WHOLE),
        "sprint_qualifying_format": Expected(TEXT),
    },
    "grands_prix": {"id": _ID, "full_name": _ID},
    "circuits": {
        "id": _ID,
        "full_name": Expected(TEXT),
        "place_name": Expected(TEXT),
        "country_id": Expected(TEXT),
    },
    "countries": {"id": _ID, "name": _ID, "demonym": Expected(TEXT)},
    "drivers": {
        "id": _ID,
        "first_name": Expected(TEXT),
        "last_name": _ID,
        "abbreviation": Expected(TEXT),
        "permanent_number": Expected(WHOLE),
        "date_of_birth": Expected(DATE),
        "nationality_country_id": Expected(TEXT),
    },
    "constructors": {"id": _ID, "name": _ID, "country_id": Expected(TEXT)},
    "race_results": _RESULTS,
    "sprint_race_results": _RESULTS,
    "starting_grid_positions": _GRID,
    "sprint_starting_grid_positions": _GRID,
    "qualifying_results": _QUALIFYING,
    "qualifying_1_results": _QUALIFYING,
    "qualifying_2_results": _QUALIFYING,
    "pre_qualifying_results": _QUALIFYING,
    "sprint_qualifying_results": _QUALIFYING,
    "fastest_laps": {
        **_AT,
        "driver_number": Expected(WHOLE),
        "driver_id": _ID,
        "lap": Expected(COUNT),
        "time": Expected(CLOCK),
    },
    "pit_stops": {
        **_AT,
        "driver_id": _ID,
        "stop": Expected(COUNT, needed=True),
        "lap": Expected(COUNT, needed=True),
        "time": Expected(CLOCK),
    },
    "driver_standings": {**_STANDINGS, "driver_id": _ID},
    "constructor_standings": {
        **_STANDINGS,
        "constructor_id": _ID,
        "engine_manufacturer_id": Expected(TEXT),
    },
}
REQUIRED = ("races", "grands_prix", "circuits", "countries", "drivers", "constructors",
            "race_results")  # fmt: skip

_KEYS = {
    "races": ("season", "round"),
    "grands_prix": ("id",),
    "circuits": ("id",),
    "countries": ("id",),
    "drivers": ("id",),
    "constructors": ("id",),
    "race_results": ("season", "round", "order"),
    "sprint_race_results": ("season", "round", "order"),
    "pit_stops": ("season", "round", "driver_id", "stop"),
    "driver_standings": ("season", "round", "driver_id"),
}
_HOMES = {
    "grand_prix_id": Home("grands_prix", "id"),
    "circuit_id": Home("circuits", "id"),
    "driver_id": Home("drivers", "id"),
    "constructor_id": Home("constructors", "id"),
}
_SCHEMA = Schema(COLUMNS, _KEYS, _HOMES, listed="one that f1db lists")


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
        A table is missing, a cell holds something else than expected, a row comes twice, or names
        a race, driver, constructor or circuit that is not there.
    """
    for name in REQUIRED:
        if name not in text:
            raise UnreadableError(f"no table {name}; expected those of f1db", table=name)
    if seasons is not None:
        years = [str(year) for year in seasons]
        text = {
            name: frame.filter(pl.col("season").is_in(years))
            if "season" in frame.columns
            else frame
            for name, frame in text.items()
        }
    tables = _SCHEMA.checked(text, files=files, place=place)
    races = tables["races"].select("season", "round")
    for name, table in tables.items():
        if "season" not in table.columns or name == "races":
            continue
        stray = table.join(races, on=["season", "round"], how="anti")
        if not stray.is_empty():
            row = stray.row(0, named=True)
            at = f"{files.get(name, name)}, {place} {row['line']}"
            raise wrong_cell(at, "round", row["round"], f"a race of {row['season']}")
    return tables
