"""Telemetry as OpenF1 tells it: what cars measured, and where they were."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import polars as pl

from racecraft.show.web.openf1.session import At, Row

OPEN, SHUT = 12, 0  # of the flap, as the feed has it


def car_data(at: At, numbers: Collection[int]) -> list[Row]:
    """What some cars measured."""
    return [
        {
            **row,
            "speed": _whole(sample["speed_kmh"]),
            "rpm": None,
            "n_gear": sample["gear"],
            "throttle": _whole(sample["throttle"]),
            "brake": None if sample["brake"] is None else 100 * sample["brake"],
            "drs": None if sample["drs"] is None else OPEN if sample["drs"] else SHUT,
        }
        for row, sample in _samples(at, "telemetry", numbers)
    ]


def location(at: At, numbers: Collection[int]) -> list[Row]:
    """Where some cars were, in tenths of a metre of a frame of the circuit."""
    return [
        {**row, **{name: _whole(sample[f"{name}_m"], 10) for name in ("x", "y", "z")}}
        for row, sample in _samples(at, "positions", numbers)
    ]


SAMPLED: dict[str, Callable[[At, Collection[int]], list[Row]]] = {
    "car_data": car_data,
    "location": location,
}


def _samples(at: At, name: str, numbers: Collection[int]) -> Iterator[tuple[Row, Row]]:
    """Samples of some cars in order of time, each with what every row has."""
    samples = None if at.race is None else at.race.samples[name]
    if samples is None:
        return
    cars = {car: number for car, number in at.numbers().items() if number in numbers}
    for sample in samples.filter(pl.col("car").is_in(list(cars))).sort("time").collect().to_dicts():
        own = {"driver_number": cars[sample["car"]], "date": at.date(sample["time"])}
        yield {**at.keys, **own}, sample


def _whole(value: float | None, scale: int = 1) -> int | None:
    return None if value is None or value != value else round(scale * value)
