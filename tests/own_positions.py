"""Positions of cars on a round track, made of how far along it each of their samples was taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.telemetry.distance import by_positions_alone, placed
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


def gap_errors(race: Race, line: str, *, alone: bool) -> np.ndarray:
    """Seconds by which gaps of consecutive cars at a line, by their positions, are off timed ones.

    By positions alone; or by what the other timing lines make of them, this one taken out.
    """
    place = next(each.distance_m for each in placed(race).lines if each.name == line)
    without = race.with_tables(crossings=race.crossings.filter(pl.col("line") != line))
    track = by_positions_alone(race) if alone else placed(without)
    timed = race.crossings.filter(line=line).sort("lap", "time")
    errors = []
    for (lap,), rows in timed.group_by("lap", maintain_order=True):
        at = np.array([(lap - (line != "Line")) * track.length_m + place * (line != "Line")])
        passed = [
            float(track.cars[car].at(at, track.cars[car].time)[0]) / 1e6
            if car in track.cars
            else np.nan
            for car in rows["car"]
        ]
        told = rows["time"].dt.total_microseconds().to_numpy() / 1e6
        known = ~np.isnan(passed)
        errors += list(np.diff(np.array(passed)[known]) - np.diff(told[known]))
    return np.array(errors)
