"""Races whose lap times are made of parts that are known, for what takes them apart again."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import polars as pl

from racecraft.model.race import Race
from racecraft.model.terms import THE_LINE

LOAD_KG = 110.0
IN_LAP_S, OUT_LAP_S = 4.0, 18.0
KNOTS_S = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0)


@dataclass(frozen=True)
class Truth:
    """What lap times are made of."""

    cars: int = 20
    laps: int = 60
    base_s: float = 90.0
    driver_s: float = 0.6  # standard deviation between drivers
    fuel_s_per_kg: float = 0.033
    drift_s: float = -0.4  # from start to flag
    weather_s: float = 0.03  # a lap
    stint_s: float = 0.1
    noise_s: float = 0.2
    warm_up_s: float = 0.4
    compound_s: dict[str, float] = field(
        default_factory=lambda: {"soft": 0.0, "medium": 0.4, "hard": 0.8}
    )
    wear_s: dict[str, float] = field(
        default_factory=lambda: {"soft": 0.07, "medium": 0.04, "hard": 0.02}
    )
    cliff: dict[str, tuple[int, float]] = field(default_factory=dict)  # age, seconds a lap
    traffic_s: tuple[float, ...] = (0.8, 0.5, 0.3, 0.2, 0.1, 0.0)  # at KNOTS_S
    grid_s: float = 0.3  # between cars on the grid
    stopping: bool = True

    def drivers(self, seed: int) -> np.ndarray:
        """Seconds by which each driver is slower than the average of them."""
        drawn = np.random.default_rng([seed, 1]).normal(0, self.driver_s, self.cars)
        return np.sort(drawn - drawn.mean())

    def weather(self, seed: int) -> np.ndarray:
        """Seconds of track on every lap of the leader, drift left out."""
        return np.cumsum(np.random.default_rng([seed, 2]).normal(0, self.weather_s, self.laps + 2))


def codes(cars: int) -> list[str]:
    return [f"{chr(65 + i // 10)}{chr(65 + i % 10)}X" for i in range(cars)]


def made_race(truth: Truth, seed: int) -> Race:
    """Race of these parts: two stops for every other car, one for the rest."""
    rng = np.random.default_rng([seed, 3])
    drivers, weather = truth.drivers(seed), truth.weather(seed)
    names = codes(truth.cars)
    compounds = list(truth.compound_s)
    rows, visits, tyres = [], [], []
    stops = {car: _stops(truth, car, rng) for car in range(truth.cars)}
    stint = dict.fromkeys(range(truth.cars), 0)
    fitted = dict.fromkeys(range(truth.cars), 1)
    own = {car: rng.normal(0, truth.stint_s, 4) for car in range(truth.cars)}
    tyres += [(names[car], 1, compounds[car % len(compounds)]) for car in range(truth.cars)]
    queue = [(0.0, car, 1) for car in range(truth.cars)]
    ahead, leader_lap = -np.inf, 1
    while queue:
        time, car, lap = heapq.heappop(queue)
        out_lap = lap - 1 in stops[car]
        interval = time - ahead if lap > 1 else np.inf
        if lap > 1 and not out_lap:
            ahead = time
        leader_lap = max(leader_lap, lap)
        compound = compounds[(car + stint[car]) % len(compounds)]
        age = lap - fitted[car]
        seconds = (
            truth.base_s
            + drivers[car]
            + truth.fuel_s_per_kg * LOAD_KG * (0.5 - (lap - 0.5) / truth.laps)
            + truth.drift_s * ((leader_lap - 0.5) / truth.laps - 0.5)
            + weather[leader_lap]
            + own[car][stint[car]]
            + truth.compound_s[compound]
            + truth.wear_s[compound] * age
            + (truth.warm_up_s if age == 1 and stint[car] else 0.0)
            + float(np.interp(interval, KNOTS_S, truth.traffic_s))
            + truth.noise_s * rng.standard_t(4)
        )
        if compound in truth.cliff:
            begin, steep = truth.cliff[compound]
            seconds += steep * max(age - begin, 0)
        if lap == 1:
            seconds += 5 + truth.grid_s * car
        if lap in stops[car]:
            seconds += IN_LAP_S
        if out_lap:
            seconds += OUT_LAP_S
        end = time + seconds
        rows.append((names[car], lap, end))
        if lap in stops[car]:
            visits.append((names[car], lap, end - 2.0, end + 20.0))
            stint[car] += 1
            fitted[car] = lap + 1
            tyres.append((names[car], lap + 1, compounds[(car + stint[car]) % len(compounds)]))
        if lap < truth.laps:
            heapq.heappush(queue, (end, car, lap + 1))
    return _race(names, rows, visits, tyres)


def _stops(truth: Truth, car: int, rng: np.random.Generator) -> set[int]:
    if not truth.stopping:
        return set()
    count = 1 + car % 2
    return {int(truth.laps * (i + 1) / (count + 1) + rng.integers(-6, 7)) for i in range(count)} - {
        0
    }


def _race(names: list[str], rows: list, visits: list, tyres: list) -> Race:
    return Race(
        season=2023,
        round=1,
        name="Made Grand Prix",
        source="own",
        entries=pl.DataFrame({"car": names, "team": [n[0] + n[1] for n in names]}),
        lines=pl.DataFrame({"line": [THE_LINE], "order": [1]}),
        crossings=pl.DataFrame(
            [
                {"car": d, "lap": n, "line": THE_LINE, "basis": "timed",
                 "time": timedelta(microseconds=round(t * 1e6))}
                for d, n, t in rows
            ]
        ),
        pit_visits=pl.DataFrame(
            [
                {"car": d, "lap": n, "time_in": timedelta(seconds=a),
                 "time_out": timedelta(seconds=b), "duration": timedelta(seconds=b - a)}
                for d, n, a, b in visits
            ],
            schema=None if visits else {"car": pl.String, "lap": pl.Int16},
        ),
        tyres=pl.DataFrame(
            [{"car": d, "lap": n, "compound": c, "age": 0} for d, n, c in tyres]
        ),
    )  # fmt: skip
