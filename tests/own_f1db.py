"""A season of f1db of our own: two races, as a release would hold it and as a checkout would."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, object]

RACES: list[Row] = [
    {"id": 1150, "round": 1, "date": "2026-03-08", "grandPrixId": "australia",
     "qualifyingFormat": "KNOCKOUT", "circuitId": "melbourne", "courseLength": 5.278, "laps": 58},
    {"id": 1151, "round": 2, "date": "2026-11-22", "time": "06:00", "grandPrixId": "las-vegas",
     "qualifyingFormat": "KNOCKOUT", "circuitId": "las-vegas", "courseLength": 6.201, "laps": 20,
     "scheduledLaps": 50},
]  # fmt: skip
SOMEBODY: dict[str, list[Row]] = {
    "grands-prix": [
        {"id": "australia", "fullName": "Australian Grand Prix"},
        {"id": "las-vegas", "fullName": "Las Vegas Grand Prix"},
    ],
    "circuits": [
        {"id": "melbourne", "fullName": "Melbourne Grand Prix Circuit", "placeName": "Melbourne",
         "countryId": "australia"},
        {"id": "las-vegas", "fullName": "Las Vegas Strip Circuit", "placeName": "Las Vegas",
         "countryId": "united-states-of-america"},
    ],
    "countries": [
        {"id": "australia", "name": "Australia", "demonym": "Australian"},
        {"id": "united-states-of-america", "name": "United States", "demonym": "American"},
        {"id": "germany", "name": "Germany", "demonym": "German"},
        {"id": "netherlands", "name": "Netherlands", "demonym": "Dutch"},
        {"id": "elsewhere", "name": "Elsewhere", "demonym": "Elsewherean"},
    ],
    "drivers": [
        {"id": "max-verstappen", "firstName": "Max", "lastName": "Verstappen",
         "abbreviation": "VER", "permanentNumber": 3, "dateOfBirth": "1997-09-30",
         "nationalityCountryId": "netherlands"},
        {"id": "nico-hulkenberg", "firstName": "Nico", "lastName": "Hülkenberg",
         "abbreviation": "HUL", "permanentNumber": 27, "dateOfBirth": "1987-08-19",
         "nationalityCountryId": "germany"},
        {"id": "new-comer", "firstName": "New", "lastName": "Comer", "abbreviation": "COM",
         "permanentNumber": 99, "dateOfBirth": "2008-01-01", "nationalityCountryId": "elsewhere"},
    ],
    "constructors": [
        {"id": "red-bull", "name": "Red Bull", "countryId": "germany"},
        {"id": "audi", "name": "Audi", "countryId": "germany"},
    ],
}  # fmt: skip
VER, HUL, COM = (
    {"driverNumber": number, "driverId": who, "constructorId": team,
     "engineManufacturerId": engine}
    for number, who, team, engine in (
        (3, "max-verstappen", "red-bull", "red-bull-ford"),
        (27, "nico-hulkenberg", "audi", "audi"),
        (99, "new-comer", "audi", "audi"),
    )
)  # fmt: skip
SESSIONS: dict[str, dict[int, list[Row]]] = {
    "race-results": {
        1: [
            {"position": 1, **HUL, "laps": 58, "time": "1:30:00.000", "points": 25,
             "gridPosition": 3},
            {"position": 2, **VER, "laps": 58, "time": "1:30:05.500", "timePenalty": "5.000",
             "gap": "+5.500", "points": 18, "gridPosition": 1},
            {"position": "DNF", **COM, "laps": 7, "reasonRetired": "Battery", "gridPosition": "PL"},
        ],
        2: [
            {"position": 1, **VER, "laps": 20, "time": "0:35:00.000", "points": 13,
             "gridPosition": 1},
            {"position": 2, **HUL, "laps": 20, "time": "0:35:01.000", "gap": "+1.000",
             "points": 10, "gridPosition": 2},
            {"position": 3, **COM, "laps": 19, "gap": "+1 lap", "points": 8, "gridPosition": 3},
        ],
    },
    "starting-grid-positions": {
        1: [
            {"position": 1, **VER}, {"position": 3, **HUL, "gridPenalty": "3"},
            {"position": "PL", **COM},
        ],
    },
    "qualifying-results": {
        1: [
            {"position": 1, **VER, "q1": "1:20.000", "q2": "1:19.000", "q3": "1:18.000"},
            {"position": 2, **HUL, "q1": "1:20.100"},
        ],
    },
    "fastest-laps": {1: [{"position": 1, **HUL, "lap": 40, "time": "1:22.222"}]},
    "pit-stops": {1: [{"position": 1, **VER, "stop": 1, "lap": 20, "time": "22.500"}]},
    "driver-standings": {
        1: [{"position": 1, "driverId": "nico-hulkenberg", "points": 25},
            {"position": 2, "driverId": "max-verstappen", "points": 18}],
    },
}  # fmt: skip


def write_release(folder: Path) -> Path:
    """Write it as the CSV files of a release."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in SOMEBODY.items():
        (folder / f"f1db-{name}.csv").write_text(csv_of(rows), encoding="utf-8")
    races = [{"year": 2026, **row} for row in RACES]
    (folder / "f1db-races.csv").write_text(csv_of(races), encoding="utf-8")
    for name, by_round in SESSIONS.items():
        rows = [
            {"raceId": 1149 + number, "year": 2026, "round": number, "positionDisplayOrder": order,
             "positionNumber": row["position"] if isinstance(row["position"], int) else "",
             "positionText": row["position"],
             **{_in_release(key): cell for key, cell in row.items() if key != "position"}}
            for number, listed in by_round.items()
            for order, row in enumerate(listed, 1)
        ]  # fmt: skip
        (folder / f"f1db-races-{name}.csv").write_text(csv_of(rows), encoding="utf-8")
    (folder / "f1db-seasons.csv").write_text("year\n2026\n", encoding="utf-8")
    return folder


def write_checkout(folder: Path) -> Path:
    """Write it as the YAML files of a checkout."""
    data = folder / "src" / "data"
    for name, rows in SOMEBODY.items():
        for row in rows:
            _write(data / name / f"{row['id']}.yml", yaml_of(row))
    for race in RACES:
        number = race["round"]
        where = data / "seasons/2026/races" / f"{number:02}-{race['grandPrixId']}"
        _write(where / "race.yml", yaml_of(race))
        for name, by_round in SESSIONS.items():
            if number in by_round:
                listed = "".join(
                    "- " + yaml_of(row).replace("\n", "\n  ").rstrip(" ")
                    for row in by_round[int(str(number))]
                )
                _write(where / f"{name}.yml", listed)
    return folder


def csv_of(rows: list[Row]) -> str:
    """Rows as CSV, with every column that any of them has."""
    out = io.StringIO()
    names = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(out, list(names))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def yaml_of(row: Row) -> str:
    """One row as YAML, times in quotes."""
    return "".join(
        f'{name}: "{cell}"\n' if ":" in str(cell) else f"{name}: {cell}\n"
        for name, cell in row.items()
    )


def _in_release(name: str) -> str:
    return "gridPositionText" if name == "gridPosition" else name


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
