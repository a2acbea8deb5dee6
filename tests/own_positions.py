"""Positions of cars on a round track, made of how far along it each of their samples was taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.telemetry.distance import placed
from racecraft.model.race import POSITIONS

if TYPE_CHECKING:
    from racecraft.model.race import Race


def on_a_circle(race: Race, *, jitter_m: float = 0.0, every: int = 1) -> Race:
    """The race with a position for every so many samples; off along the track by some jitter."""
    track = placed(replace(race, positions=None))
    chance = np.random.default_rng(5)
    parts = []
    for car, own in track.cars.items():
        place = own.place_m[::every] + chance.normal(0, jitter_m, len(own.place_m[::every]))
        x, y = circle(place, track.length_m)
        when = own.time[::every].astype(np.int64)
        parts.append(
            pl.DataFrame({"time": when, "x_m": x, "y_m": y, "z_m": np.zeros(len(x))}).with_columns(
                pl.col("time").cast(pl.Duration("us")), car=pl.lit(car), measured=True
            )
        )
    return replace(race, positions=POSITIONS.check(pl.concat(parts)).lazy())


def circle(place_m: np.ndarray, length_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Point of a round track at a distance from the Line, driven to the left."""
    angle = 2 * np.pi * np.asarray(place_m) / length_m
    radius = length_m / (2 * np.pi)
    return 500 + radius * np.cos(angle), -200 + radius * np.sin(angle)
