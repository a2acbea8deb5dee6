"""Sets of tyres of a laps table whose record of them is late, ahead, or silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pytest

from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.stops import stops
from racecraft.sources.fastf1.laps_csv import parse

if TYPE_CHECKING:
    from racecraft.model.race import Race

LAPS, LAP_S = 40, 90
HEADING = (
    "Time,Driver,DriverNumber,LapNumber,LapTime,Stint,TyreLife,Compound,PitInTime,PitOutTime,"
    "Position,RoundNumber,EventName"
)

Record = dict[int, tuple[int, str]]  # from which lap on: number of the stint, compound


@dataclass(frozen=True)
class Car:
    """What is written of a car: its record of tyres, and its visits, lap and seconds."""

    record: Record
    visits: dict[int, float]
    aged: tuple[int, ...] = ()  # laps on which the stint goes on, on the same tyres


def race(**cars: Car) -> Race:
    rows = [HEADING]
    for number, (code, car) in enumerate(cars.items(), 1):
        age = 0
        stint, compound = car.record.get(1, ("", "UNKNOWN"))
        for lap in range(1, LAPS + 1):
            end = 3600 + LAP_S * lap + number
            age += 1
            if lap in car.record:
                stint, compound = car.record[lap]
                age = age if lap in car.aged else 1
            entered = end - 5 if lap in car.visits else ""
            left = end - LAP_S - 5 + car.visits[lap - 1] if lap - 1 in car.visits else ""
            life = age if stint else ""
            rows.append(
                f"{end},{code},{number},{lap},{LAP_S},{stint},{life},{compound},{entered},{left},"
                f"{number},1,Own Grand Prix"
            )
    return parse("\n".join(rows).encode(), season=2022)[0]


def sets_of(found: Race, car: str) -> list[tuple[int, str]]:
    return found.tyres.filter(car=car).sort("lap")["lap", "compound"].rows()


def stops_of(found: Race, car: str) -> list[tuple[int, str, bool | None]]:
    return stops(found).filter(car=car)["lap", "kind", "tyres_changed"].rows()


ON_TIME = Car({1: (1, "MEDIUM"), 21: (2, "HARD")}, {20: 22.0})
WHOLE = {1: (1, "MEDIUM"), 11: (2, "HARD"), 26: (3, "SOFT")}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        # The feed fell silent on lap 5 and caught up on lap 30, and lost one set of the two.
        ({1: (1, "MEDIUM"), 30: (3, "SOFT")}, [(1, "medium"), (26, "soft")]),
        # It caught up with both at once.
        (
            {1: (1, "MEDIUM"), 30: (2, "HARD"), 31: (3, "SOFT")},
            [(1, "medium"), (11, "hard"), (26, "soft")],
        ),
        # It told of the third set where the second went on, and left that out.
        ({1: (1, "MEDIUM"), 11: (3, "SOFT")}, [(1, "medium"), (26, "soft")]),
        # It told of the third set while the second was on.
        (
            {1: (1, "MEDIUM"), 11: (2, "HARD"), 14: (3, "SOFT")},
            [(1, "medium"), (11, "hard"), (26, "soft")],
        ),
        # The start was not told of.
        (
            {2: (1, "MEDIUM"), 11: (2, "HARD"), 26: (3, "SOFT")},
            [(1, "medium"), (11, "hard"), (26, "soft")],
        ),
        # All in order.
        (WHOLE, [(1, "medium"), (11, "hard"), (26, "soft")]),
    ],
)  # fmt: skip
def test_sets_belong_to_visits(record: Record, expected: list[tuple[int, str]]) -> None:
    found = race(HAM=ON_TIME, VER=Car(record, {10: 21.5, 25: 22.5}))
    assert sets_of(found, "VER") == expected
    assert {kind for _, kind, _ in stops_of(found, "VER")} == {"stop"}
    moved = found.doubts.filter(table="tyres")
    assert moved.is_empty() == (record == WHOLE)


def test_a_stop_that_the_record_missed_is_a_stop_on_tyres_unknown() -> None:
    found = race(HAM=ON_TIME, VER=Car({1: (1, "MEDIUM")}, {25: 21.0}))
    assert stops_of(found, "VER") == [(25, "stop", None)]
    after = laps(found).filter(pl.col("lap") == 27, car="VER").row(0, named=True)
    assert (after["stint"], after["compound"], after["tyre_age"]) == (2, None, None)
    [reason] = found.doubts.filter(table="tyres", car="VER")["reason"]
    assert "not known" in reason


def test_a_record_that_missed_all_stops_makes_no_drive_throughs() -> None:
    """One car is on record, and happens to have been slower than all others."""
    silent = {f"C{i}": Car({1: (1, "SOFT")}, {20: 22.0 + i / 10}) for i in range(8)}
    slow = Car({1: (1, "SOFT"), 31: (2, "HARD")}, {30: 24.0})
    assert set(stops(race(HAM=slow, **silent))["kind"]) == {"stop"}


def test_a_penalty_is_told_by_its_length_or_by_tyres_that_age_on() -> None:
    kept = {1: (1, "SOFT"), 21: (2, "SOFT")}
    found = race(
        HAM=ON_TIME,
        SAI=ON_TIME,
        ALO=Car({1: (1, "SOFT")}, {20: 16.0}),
        VER=Car(kept, {20: 31.0}, aged=(21,)),
    )
    assert stops_of(found, "ALO") == [(20, "drive_through", False)]
    assert stops_of(found, "VER") == [(20, "stop", False)]
    assert found.doubts.filter(table="tyres").is_empty()
