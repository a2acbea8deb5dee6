"""What all races so far tell of the cars of the next: strength, pace, reliability."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.attrition import Order, mode
from racecraft.sim.prerace.pace import QUALIFYING, RACE, Pace
from racecraft.sim.strength import LAW, Strengths

if TYPE_CHECKING:
    from racecraft.sim.attrition import Floats
    from racecraft.sim.prerace.field import Field

QUIET_QUALIFYING = 0.45  # percent: usual spread about what was expected; a wider one says less
FIELD = (4.0, 16.0)  # retirements and finishes before anything is known
RETIREMENT_HALF_LIFE = 25.0  # races
LIKE_THE_FIELD, LIKE_THE_TEAM, LIKE_THE_CIRCUIT = 60.0, 100.0, 30.0  # starts
CIRCUIT_KEPT = 0.9  # from one year to the next
ROUGH_SHARE = 0.15  # retirements where a circuit is new


@dataclass(frozen=True, eq=False, kw_only=True)
class Outset:
    """What is known of the cars of one race before it; all have shape ``(cars,)``.

    Attributes
    ----------
    strength, strength_today
        Of the attrition model, before the weekend and after its qualifying and sprint.
    doubt
        Standard deviation of `strength`.
    race_pace, lap_pace
        Expected distance to the best in a race and in qualifying, in percent.
    lap_today
        That in the qualifying that was run, in percent; less where it was unusual.
    slots
        Places on the grid.
    field_retires, team_retires, driver_retires, circuit_retires
        Log-odds that a car drops out: of the field, and how much more those of the team, of the
        driver, and of the races at this circuit.
    first_race
        1 in the first race of a season, else 0.
    """

    strength: Floats
    strength_today: Floats
    doubt: Floats
    race_pace: Floats
    lap_pace: Floats
    lap_today: Floats
    slots: Floats
    field_retires: Floats
    team_retires: Floats
    driver_retires: Floats
    circuit_retires: Floats
    first_race: Floats


class Knowledge:
    """What is known after some races; race by race one asks, then tells how it ended."""

    def __init__(self) -> None:
        self.strengths = Strengths(LAW)
        self.lap = Pace(QUALIFYING)
        self.race = Pace(RACE)
        self._field = np.array(FIELD)
        self._teams: dict[str, Floats] = defaultdict(lambda: np.zeros(2))
        self._drivers: dict[str, Floats] = defaultdict(lambda: np.zeros(2))
        self._circuits: dict[str, Floats] = defaultdict(lambda: np.zeros(2))

    def outset(self, field: Field) -> Outset:
        """What is known before a race, from those before and its own weekend."""
        weekend = field.weekend()
        strengths = self.strengths
        lap_pace = self.lap.expect(field.season, field.drivers, field.teams)
        race_pace = self.race.expect(field.season, field.drivers, field.teams)
        strengths.reach_season(field.season)
        mean, covariance = strengths.cars(field.drivers, field.teams)
        today = strengths.today(weekend.drivers, weekend.teams)
        orders = [
            Order(cars, weight)
            for cars, weight in ((field.sprint, LAW.sprint), (field.qualifying, LAW.qualifying))
            if len(cars) > 1
        ]
        seen = mode(*today, orders).strengths if orders else mean
        rate = self._field[0] / self._field.sum()
        odds = float(np.log(rate / (1 - rate)))
        return Outset(
            strength=mean,
            strength_today=seen,
            doubt=np.sqrt(np.diag(covariance)),
            race_pace=race_pace,
            lap_pace=lap_pace,
            lap_today=_lap_today(field.pace, lap_pace),
            slots=field.slots,
            field_retires=np.full(field.cars, odds),
            team_retires=_log_odds(
                [self._teams.get(one) for one in field.teams], rate, LIKE_THE_FIELD
            ),
            driver_retires=_log_odds(
                [self._drivers.get(one) for one in field.drivers], rate, LIKE_THE_TEAM
            ),
            circuit_retires=np.full(field.cars, self._rough(field.circuit)),
            first_race=np.full(field.cars, float(field.round == 1)),
        )

    def pass_by(self, field: Field) -> None:
        """Take in a race of which nothing is asked beforehand."""
        for pace in (self.lap, self.race):
            pace.expect(field.season, field.drivers, field.teams)
        self.strengths.reach_season(field.season)
        self.learn(field)

    def learn(self, field: Field) -> None:
        """Take in how a race ended; `outset` of the same race comes first."""
        result = field.result
        if result is None:
            return
        self.lap.learn(field.drivers, field.teams, np.minimum(field.pace, 6.0))
        self.race.learn(field.drivers, field.teams, result.behind)
        self.strengths.learn(field.weekend())
        expected = field.cars * self._field[0] / self._field.sum()
        kept = 0.5 ** (1 / RETIREMENT_HALF_LIFE)
        self._field = self._field * kept
        for counts in (self._teams, self._drivers):
            for name in counts:
                counts[name] = counts[name] * kept
        for car in range(field.cars):
            seen = np.array([not result.classified[car], result.classified[car]], dtype=float)
            self._field = self._field + seen
            self._teams[field.teams[car]] += seen
            self._drivers[field.drivers[car]] += seen
        if field.circuit:
            out = float((~result.classified).sum())
            before = self._circuits[field.circuit]
            self._circuits[field.circuit] = CIRCUIT_KEPT * before + [out, expected]

    def _rough(self, circuit: str) -> float:
        """How much more cars drop out at a circuit than elsewhere, in log-odds."""
        out, expected = self._circuits.get(circuit, np.zeros(2))
        extra = LIKE_THE_CIRCUIT * ROUGH_SHARE
        return float(np.log((out + extra) / (expected + extra)))


def _lap_today(pace: Floats, expected: Floats) -> Floats:
    """Distance to the best in qualifying; who set no lap is where he was expected.

    Where the field is spread about what was expected of it far wider than usual, as in rain, all
    distances shrink.
    """
    known = ~np.isnan(pace)
    if known.sum() <= len(pace) / 2:
        return np.asarray(expected - expected.min(), dtype=np.float64)
    apart = pace - expected
    usual = np.median(apart[known])
    filled = np.where(known, pace, expected + usual)
    apart = (filled - np.median(filled)) - (expected - np.median(expected))
    spread = 1.48 * np.median(np.abs(apart))
    shrunk = filled * min(1.0, QUIET_QUALIFYING / max(spread, 1e-9))
    return np.asarray(shrunk - shrunk.min(), dtype=np.float64)


def _log_odds(counts: list[Floats | None], rate: float, credit: float) -> Floats:
    """Log-odds beyond those of the field, of counts (for, against) helped by the field's."""
    found = np.array([np.zeros(2) if one is None else one for one in counts])
    share = (found[:, 0] + credit * rate) / (found.sum(axis=1) + credit)
    return np.asarray(np.log(share / (1 - share)) - np.log(rate / (1 - rate)))
