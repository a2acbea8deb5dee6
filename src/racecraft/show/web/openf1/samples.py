"""Telemetry as OpenF1 tells it: what cars measured, and where they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.show.web.openf1.session import At, Row

if TYPE_CHECKING:
    from collections.abc import Iterator


def car_data(at: At) -> list[Row]:
    """What cars measured."""
    return [
        {
            **row,
            "speed": _whole(sample["speed_kmh"]),
            "rpm": None,
            "n_gear": sample["gear"],
            "throttle": _whole(sample["throttle"]),
            "brake": None if sample["brake"] is None else 100 * sample["brake"],
            "drs": None if sample["drs"] is None else 12 * sample["drs"],
        }
        for row, sample in _samples(at)
    ]


def location(at: At) -> list[Row]:
    """Where cars were, in tenths of a metre of a frame of the circuit."""
    return [
        {**row, **{name: _whole(sample[f"{name}_m"], 10) for name in ("x", "y", "z")}}
        for row, sample in _samples(at)
        if sample["x_m"] is not None
    ]


def _samples(at: At) -> Iterator[tuple[Row, Row]]:
    """Rows of telemetry in order of time, each with what every row has."""
    if at.race is None or at.race.telemetry is None:
        return
    numbers = at.numbers()
    for sample in at.race.telemetry.sort("time").collect().iter_rows(named=True):
        if sample["car"] in numbers:
            yield (
                {
                    **at.keys, "driver_number": numbers[sample["car"]],
                    "date": at.date(sample["time"]),
                },
                sample,
            )  # fmt: skip


def _whole(value: float | None, scale: int = 1) -> int | None:
    return None if value is None or value != value else round(scale * value)
