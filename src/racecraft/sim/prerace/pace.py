"""How fast are drivers and cars, in percent of a lap or a race, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.sim.attrition import Floats

KEPT_SEASONS = 2  # a driver or team that has been away for longer begins anew
ANY_DAY = 5.0  # percent: spread of how far the whole field is behind the best
OUTLIERS = 4.0  # degrees of freedom of Student's law of the noise
MOST_WEIGHT = 1.5
REWEIGHTED = 3  # times


@dataclass(frozen=True, kw_only=True)
class PaceLaw:
    """How pace varies, in percent; chosen by the races of 1997 to 2013.

    Attributes
    ----------
    driver, car
        Spread of those never seen before.
    new_driver, new_car
        How far behind they are expected to be.
    driver_by_weekend, car_by_weekend, driver_by_season, car_by_season
        Spread of the change from one weekend to the next, and over a winter.
    car_kept
        Share of its distance that the next car of a team keeps.
    day, noise
        Spread of what both cars of a team share on one day, and of each car's own.
    """

    driver: float
    car: float
    new_driver: float
    new_car: float
    driver_by_weekend: float
    car_by_weekend: float
    driver_by_season: float
    car_by_season: float
    car_kept: float
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


class Pace:
    """What is known of the pace of drivers and cars: a normal law, weekend after weekend."""

    def __init__(self, law: PaceLaw) -> None:
        self.law = law
        self.mean: Floats = np.zeros(0)
        self.covariance: Floats = np.zeros((0, 0))
        self._number: dict[tuple[str, str], int] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self._season: int | None = None

    def expect(self, season: int, drivers: Sequence[str], teams: Sequence[str]) -> Floats:
        """Pace of cars on a weekend to come, shape ``(cars,)``; a weekend passes."""
        law = self.law
        if season != self._season:
            self._winter(season)
        self._meet(drivers, teams)
        self._spread(law.driver_by_weekend, law.car_by_weekend)
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

    def _winter(self, season: int) -> None:
        law = self.law
        kept = [name for name in self._number if self._seen[name] > season - 1 - KEPT_SEASONS]
        at = [self._number[name] for name in kept]
        share = np.array([law.car_kept if kind == "team" else 1.0 for kind, _ in kept])
        self.mean = self.mean[at] * share
        self.covariance = self.covariance[np.ix_(at, at)] * np.outer(share, share)
        self._number = {name: i for i, name in enumerate(kept)}
        self._spread(law.driver_by_season, law.car_by_season)
        self._season = season

    def _meet(self, drivers: Sequence[str], teams: Sequence[str]) -> None:
        law = self.law
        names = [*(("driver", d) for d in drivers), *(("team", t) for t in teams)]
        new = [name for name in dict.fromkeys(names) if name not in self._number]
        expected = {"driver": law.new_driver, "team": law.new_car}
        spread = {"driver": law.driver**2, "team": law.car**2}
        self._number |= {name: len(self._number) + i for i, name in enumerate(new)}
        self._seen |= dict.fromkeys(names, self._season or 0)
        old = len(self.mean)
        self.mean = np.append(self.mean, [expected[kind] for kind, _ in new])
        wider = np.diag(np.append(np.zeros(old), [spread[kind] for kind, _ in new]))
        wider[:old, :old] = self.covariance
        self.covariance = wider

    def _spread(self, driver: float, team: float) -> None:
        variance = {"driver": driver**2, "team": team**2}
        self.covariance = self.covariance + np.diag([variance[kind] for kind, _ in self._number])

    def _pick(self, drivers: Sequence[str], teams: Sequence[str]) -> Floats:
        pick = np.zeros((len(drivers), len(self.mean)))
        for car, (driver, team) in enumerate(zip(drivers, teams, strict=True)):
            pick[car, self._number["driver", driver]] = 1.0
            pick[car, self._number["team", team]] = 1.0
        return pick
