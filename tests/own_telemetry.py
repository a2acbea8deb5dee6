"""Telemetry of cars that are driven as somebody says: where they brake, how they come out.

A lap of 5 km with six corners. Between two of them a car accelerates evenly from where its driver
opens the throttle, goes no faster than it can, and brakes evenly to be slow enough at the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from own_race import race_of

if TYPE_CHECKING:
    from racecraft.model.race import Race

LENGTH_M = 5000.0
MARKERS = {"1": 400.0, "2": 1200.0, "3": 1400.0, "4": 2600.0, "5": 3500.0, "6": 4600.0}
SLOWEST_KMH = {"1": 110.0, "2": 150.0, "3": 90.0, "4": 180.0, "5": 130.0, "6": 100.0}
TOP_KMH = 320.0
SPEEDING_UP, BRAKING = 9.0, 30.0  # m/s²
OPENED_M, RAMP_M = 10.0, 20.0  # past the corner; on to full throttle
SAMPLE_S = 0.24


@dataclass
class Lap:
    """What a driver does otherwise on one lap."""

    opens_later_m: dict[str, float] = field(default_factory=dict)
    slower_kmh: dict[str, float] = field(default_factory=dict)
    top_kmh: float = TOP_KMH  # faster in a tow


def profile(lap: Lap) -> tuple[np.ndarray, ...]:
    """Metres, speed in m/s, throttle and brake of a lap; it begins as it ends."""
    place = np.arange(0.0, LENGTH_M + 1)
    names = list(MARKERS)
    at = np.array([MARKERS[n] for n in names])
    slow = np.array([SLOWEST_KMH[n] - lap.slower_kmh.get(n, 0.0) for n in names]) / 3.6
    opens = np.array([OPENED_M + lap.opens_later_m.get(n, 0.0) for n in names])
    last = np.searchsorted(at, place, side="right") - 1  # -1: before the first corner
    past = place - np.where(last < 0, at[-1] - LENGTH_M, at[last])
    run = np.maximum(past - opens[last], 0.0)
    speeding = np.sqrt(slow[last] ** 2 + 2 * SPEEDING_UP * run)
    following = (last + 1) % len(at)
    ahead = np.where(last + 1 == len(at), at[0] + LENGTH_M, at[following]) - place
    stopping = np.sqrt(slow[following] ** 2 + 2 * BRAKING * ahead)
    speed = np.minimum(np.minimum(speeding, lap.top_kmh / 3.6), stopping)
    brake = stopping <= np.minimum(speeding, lap.top_kmh / 3.6)
    throttle = np.where(brake | (run <= 0), 0.0, np.clip(run / RAMP_M, 0, 1) * 100)
    return place, speed, throttle, brake


def drive(laps: list[Lap], wait_s: float, phase_s: float) -> tuple[list[float], pl.DataFrame]:
    """Times at the Line, and samples, of a car that stands for some seconds and then goes."""
    metres, moments, speeds, throttles, brakes = [0.0], [wait_s], [0.0], [0.0], [False]
    line = []
    for number, lap in enumerate(laps):
        place, speed, throttle, brake = profile(lap)
        took = np.concatenate([[0.0], np.cumsum(2 / (speed[1:] + speed[:-1]))])
        moments += list(moments[-1] + took[1:])
        metres += list(number * LENGTH_M + place[1:])
        speeds += list(speed[1:])
        throttles += list(throttle[1:])
        brakes += list(brake[1:])
        line.append(round(moments[-1], 6))
    speeds[0] = speeds[1]
    when = np.arange(-2.0 + phase_s, moments[-1] + 2, SAMPLE_S)
    nearest = np.clip(np.searchsorted(moments, when), 0, len(moments) - 1)
    standing = when < wait_s
    samples = pl.DataFrame(
        {
            "time": [timedelta(seconds=s) for s in when.tolist()],
            "speed_kmh": np.round(np.where(standing, 0, np.interp(when, moments, speeds) * 3.6)),
            "throttle": np.where(standing, 0, np.array(throttles)[nearest]),
            "brake": np.array(brakes)[nearest] & ~standing,
            "gear": np.full(len(when), 4),
            "drs": np.zeros(len(when), bool),
        }
    )
    return line, samples


def measured_race(laps: dict[str, list[Lap]], *, wait_s: dict[str, float]) -> Race:
    """Race of these laps with its telemetry."""
    times, samples = {}, []
    for number, (driver, driven) in enumerate(laps.items()):
        line, frame = drive(driven, wait_s[driver], phase_s=0.07 * number)
        times[driver] = line
        samples.append(frame.with_columns(car=pl.lit(driver)))
    return race_of(
        times,
        corners=pl.DataFrame({"corner": list(MARKERS), "distance_m": list(MARKERS.values())}),
        telemetry=pl.concat(samples)
        .select("car", "time", "speed_kmh", "throttle", "brake", "gear", "drs")
        .lazy(),
    )
