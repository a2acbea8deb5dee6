"""How fast are drivers and cars, in percent of a lap or a race, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.effects import Effects, Spreads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.sim.attrition import Floats

ANY_DAY = 5.0  # percent: spread of how far the whole field is behind the best
OUTLIERS = 4.0  # degrees of freedom of Student's law of the noise
MOST_WEIGHT = 1.5
REWEIGHTED = 3  # times


@dataclass(frozen=True, kw_only=True)
class PaceLaw(Spreads):
    """How pace varies, in percent; chosen by the races of 1997 to 2013.

    Attributes
    ----------
    new_driver, new_car
        How far behind those are expected to be that were never seen.
    day, noise
        Spread of what both cars of a team share on one day, and of each car's own.
    """

    new_driver: float
    new_car: float
    day: float
    noise: float


QUALIFYING = PaceLaw(
    driver=0.20, car=1.82, new_driver=2.23, new_car=1.09,
    driver_by_weekend=0.016, car_by_weekend=0.080, driver_by_season=0.022, car_by_season=0.30,
    car_kept=0.94, day=0.012, noise=0.405,
)  # fmt: skip
RACE = PaceLaw(
    driver=0.032, car=0.374, new_driver=1.63, new_car=0.144,
    driver_by_weekend=0.0056, car_by_weekend=0.038, driver_by_season=0.012, car_by_season=0.22,
    car_kept=0.80, day=0.010, noise=0.296,
)  # fmt: skip


class Pace(Effects):
    """What is known of the pace of drivers and cars, as `Effects`."""

    def __init__(self, law: PaceLaw) -> None:
        super().__init__(law)
        self.law = law

    def expect(self, season: int, drivers: Sequence[str], teams: Sequence[str]) -> Floats:
        """Pace of cars on a weekend to come, shape ``(cars,)``; a weekend passes."""
        self.reach_season(season)
        self._meet(drivers, teams)
        self._pass_a_week()
        return np.asarray(self._pick(drivers, teams) @ self.mean)

    def learn(self, drivers: Sequence[str], teams: Sequence[str], seen: Floats) -> None:
        """Take in what was seen on a weekend, NaN where nothing was; shape ``(cars,)``.

        Notes
        -----
        A Kalman step; the whole field may be any distance behind the best. Noise is Student's,
        by weights that are found in a few rounds.
        """
        law = self.law
        known = np.flatnonzero(~np.isnan(seen))
        if len(known) < 2:
            return
        own = [drivers[int(i)] for i in known]
        their = [teams[int(i)] for i in known]
        pick = self._pick(own, their)
        apart = seen[known] - pick @ self.mean
        shared = pick @ self.covariance @ pick.T + ANY_DAY**2
        shared += law.day**2 * np.equal.outer(their, their)
        noise = np.full(len(known), law.noise**2)
        for _ in range(REWEIGHTED):
            left = noise * np.linalg.solve(shared + np.diag(noise), apart)
            weight = (OUTLIERS + 1) / (OUTLIERS + left**2 / law.noise**2)
            noise = law.noise**2 / np.minimum(weight, MOST_WEIGHT)
        reach = self.covariance @ pick.T
        gain = np.linalg.solve(shared + np.diag(noise), reach.T).T
        self.mean = self.mean + gain @ apart
        after = self.covariance - gain @ reach.T
        self.covariance = (after + after.T) / 2

    def _expected(self) -> Mapping[str, float]:
        return {"driver": self.law.new_driver, "team": self.law.new_car}
