"""Names by which Ergast knows drivers, teams, circuits and ways to finish."""

from __future__ import annotations

import tomllib
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from racecraft.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.season import Season

STATUS = (
    "Finished", "Disqualified", "Accident", "Collision", "Engine", "Gearbox", "Transmission",
    "Clutch", "Hydraulics", "Electrical", "+1 Lap", *(f"+{laps} Laps" for laps in range(2, 10)),
    "Spun off", "Radiator", "Suspension", "Brakes", "Differential", "Overheating", "Mechanical",
    "Tyre", "Driver Seat", "Puncture", "Driveshaft", "Retired",
)  # fmt: skip
OTHER_STATUS = 1_000  # numbers of the rest begin here


def slug(name: str) -> str:
    """Name as an identifier.

    >>> slug("Autódromo José Carlos Pace")
    'autodromo_jose_carlos_pace'
    """
    return fold(name).replace(" ", "_")


def circuit_id(circuit: str | None) -> str:
    """Identifier of a circuit.

    >>> circuit_id("Autódromo José Carlos Pace")
    'interlagos'
    """
    return _circuits().get(circuit or "", slug(circuit or "unknown"))


def status_id(status: str | None) -> str:
    """Number of a way to finish; the commonest as Ergast numbers them, of others one of its own.

    >>> status_id("Finished"), status_id("+1 Lap"), status_id("Retired")
    ('1', '11', '31')
    """
    if status in STATUS:
        return str(STATUS.index(status) + 1)
    return str(OTHER_STATUS + zlib.crc32((status or "").encode()) % 90_000)


class Names:
    """Drivers and teams of one season, as Ergast describes them."""

    def __init__(self, season: Season) -> None:
        self.drivers = {row["driver"]: _driver(row) for row in season.drivers.iter_rows(named=True)}
        self.teams = {row["team"]: _team(row) for row in season.teams.iter_rows(named=True)}

    def driver(self, code: str) -> dict[str, str]:
        """What is known of a driver; of one who is in no list, his code."""
        known = self.drivers.get(code)
        return known or {"driverId": slug(code), "code": code, "givenName": "", "familyName": code}

    def team(self, name: str | None) -> dict[str, str]:
        """What is known of a team."""
        known = self.teams.get(name or "")
        return known or {"constructorId": slug(name or "unknown"), "name": name or ""}


def _driver(row: Mapping[str, Any]) -> dict[str, str]:
    told = {
        "driverId": row["driver_id"] or slug(row["family_name"] or row["driver"]),
        "permanentNumber": _text(row["number"]),
        "code": row["driver"],
        "url": "",
        "givenName": _text(row["given_name"]),
        "familyName": _text(row["family_name"]),
        "dateOfBirth": _text(row["date_of_birth"]),
        "nationality": _text(row["nationality"]),
    }
    return (
        told
        if told["permanentNumber"]
        else {k: v for k, v in told.items() if k != "permanentNumber"}
    )


def _team(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "constructorId": row["team_id"] or slug(row["team"]),
        "url": "",
        "name": row["team"],
        "nationality": _text(row["nationality"]),
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)


@cache
def _circuits() -> dict[str, str]:
    text = (Path(__file__).parent / "circuits.toml").read_text(encoding="utf-8")
    return {name: known for known, name in tomllib.loads(text).items()}
