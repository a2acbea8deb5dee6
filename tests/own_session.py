"""A made-up session in the shape of FastF1's, of the standard library alone.

Two cars, three laps on a session clock that shows one hour at lights out, and a safety car.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

NAN = float("nan")
HOUR = 3600.0
TIMED = ("Time", "LapTime", "PitOutTime", "PitInTime", "LapStartTime", "Sector1SessionTime",
         "Sector2SessionTime")  # fmt: skip


class Frame(dict[str, list[Any]]):
    """As much of a pandas frame as is read of one."""

    def __getitem__(self, name: str) -> Any:
        return SimpleNamespace(tolist=lambda: list(super(Frame, self).__getitem__(name)))

    @property
    def columns(self) -> list[str]:
        return list(self)

    def __len__(self) -> int:
        return max(map(len, self.values()), default=0)


def clock(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def table(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Columns of rows; durations are given in seconds."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {
        name: [clock(row.get(name)) if name in TIMED else row.get(name) for row in rows]
        for name in names
    }


def laps() -> list[dict[str, Any]]:
    rows = []
    for driver, number, times in (("VER", "1", (90, 180, 275)), ("HAM", "44", (91, 181, 277))):
        for lap, time in enumerate(times, 1):
            begun = times[lap - 2] if lap > 1 else 0
            rows.append(
                {
                    "Time": HOUR + time, "Driver": driver, "DriverNumber": number,
                    "LapTime": float(time - begun), "LapNumber": float(lap), "Stint": 1.0,
                    "PitOutTime": None, "PitInTime": None, "LapStartTime": HOUR + begun,
                    "Sector1SessionTime": HOUR + begun + 30 if lap > 1 else None,
                    "Sector2SessionTime": HOUR + begun + 60, "Compound": "SOFT",
                    "TyreLife": float(lap), "FreshTyre": True, "Team": f"Team of {driver}",
                    "TrackStatus": "1", "Position": 1.0 if driver == "VER" else 2.0,
                    "Deleted": None,
                }
            )  # fmt: skip
    return rows


def results() -> list[dict[str, Any]]:
    keys = ("Abbreviation", "DriverNumber", "FirstName", "LastName", "TeamName", "Position",
            "ClassifiedPosition", "GridPosition", "Time", "Status", "Points", "Laps")  # fmt: skip
    rows = [
        ("VER", "1", "Max", "Verstappen", "Red Bull", 1.0, "1", 1.0, 275.0, "Finished", 25.0, 3.0),
        ("HAM", "44", "Lewis", "Hamilton", "Mercedes", 2.0, "2", 0.0, 2.0, "Finished", 18.0, 3.0),
        ("LEC", "16", "Charles", "Leclerc", "Ferrari", 3.0, "W", 2.0, None, "Withdrew", 0.0, NAN),
    ]
    return [dict(zip(keys, row, strict=True)) for row in rows]


def session(**changed: Any) -> SimpleNamespace:
    """The session; parts may be replaced, and those that are ... left out."""
    parts: dict[str, Any] = {
        "name": "Race",
        "event": {
            "EventDate": datetime(2023, 11, 5),  # noqa: DTZ001 - as FastF1 has it
            "EventName": "São Paulo Grand Prix",
            "RoundNumber": 20,
        },
        "laps": Frame(table(laps())),
        "results": Frame(table(results())),
        "track_status": Frame(
            table(
                [
                    {"Time": HOUR - 100, "Status": "1"},
                    {"Time": HOUR + 100, "Status": "4"},
                    {"Time": HOUR + 150, "Status": "1"},
                    {"Time": HOUR + 200, "Status": "2"},
                ]
            )
        ),
        "race_control_messages": Frame(
            Time=[datetime(2023, 11, 5, 17, 1, 40), datetime(2023, 11, 5, 17, 2)],  # noqa: DTZ001
            Lap=[2, None],
            Category=["SafetyCar", "Other"],
            Flag=[None, None],
            Sector=[NAN, NAN],
            RacingNumber=[None, "44"],
            Message=["SAFETY CAR DEPLOYED", "CAR 44 NOTED"],
        ),
        "t0_date": None,
    }
    kept = {name: part for name, part in (parts | changed).items() if part is not ...}
    return SimpleNamespace(**kept)
