"""How strong is every driver and every car, how sure is that, and how fast does it change?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.attrition import Order, mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from racecraft.sim.attrition import Floats
    from racecraft.sim.past_weekends import Weekend

TINY = 1e-6  # keeps covariances regular
KEPT_SEASONS = 2  # a driver or team that has been away for longer begins anew


@dataclass(frozen=True, kw_only=True)
class Law:
    """How strengths vary, in the unit of the attrition model.

    A car of strength 1 beats one of strength 0 in 73 of 100 races. All but `sprint` and the last
    two make the races of 1991 to 2013 most likely, each forecast from those before it
    (`benchmarks/odds_constants.py`).

    Attributes
    ----------
    driver, car
        Spread of those never seen before.
    newcomer
        Strength expected of a new driver.
    driver_by_weekend, car_by_weekend
        Spread of the change from one weekend to the next.
    driver_by_season, car_by_season
        Spread of the change over a winter.
    car_kept
        Share of a car's advantage that the next car keeps.
    day
        Spread of what is good or bad for both cars of a team on one weekend.
    qualifying, sprint
        What an order in qualifying or in a sprint says, against that of a race. There was no
        sprint to fit it on.
    ahead, ahead_by_strength
        With what share of these spreads the rest of a season is forecast for an average car, and
        how much less for a stronger one: ``ahead * exp(-ahead_by_strength * strength)``. Chosen
        by the final places of all drivers of 1991 to 2013, which are less certain at the back,
        and more at the front, than the spreads of single races say.
    """

    driver: float = 0.43
    car: float = 2.3
    newcomer: float = 0.75
    driver_by_weekend: float = 0.056
    car_by_weekend: float = 0.17
    driver_by_season: float = 0.2
    car_by_season: float = 0.79
    car_kept: float = 0.78
    day: float = 0.29
    qualifying: float = 0.5
    sprint: float = 1.0
    ahead: float = 1.2
    ahead_by_strength: float = 0.2


LAW = Law()


class Strengths:
    """What is known of drivers and cars: a normal law over all of them, weekend after weekend.

    Attributes
    ----------
    mean, covariance
        Shapes ``(n,)`` and ``(n, n)``, in the order in which they were first seen.
    """

    def __init__(self, law: Law = LAW) -> None:
        self.law = law
        self.mean: Floats = np.zeros(0)
        self.covariance: Floats = np.zeros((0, 0))
        self._number: dict[tuple[str, str], int] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self._season: int | None = None

    def cars(self, drivers: Sequence[str], teams: Sequence[str]) -> tuple[Floats, Floats]:
        """Mean and covariance of the strengths of cars, shapes ``(cars,)``, ``(cars, cars)``."""
        self._meet(drivers, teams)
        pick = self._pick(drivers, teams)
        return pick @ self.mean, pick @ self.covariance @ pick.T

    def begin(self, season: int) -> None:
        """Pass the winter before a season."""
        law = self.law
        kept = [
            name
            for name in self._number
            if self._season is None or self._seen[name] > season - 1 - KEPT_SEASONS
        ]
        at = [self._number[name] for name in kept]
        share = np.array([law.car_kept if kind == "team" else 1.0 for kind, _ in kept])
        self.mean = self.mean[at] * share
        self.covariance = self.covariance[np.ix_(at, at)] * np.outer(share, share)
        self._number = {name: i for i, name in enumerate(kept)}
        self._spread(driver=law.driver_by_season, team=law.car_by_season)
        self._season = season

    def reach_season(self, season: int) -> None:
        """Pass the winter before a season, if that is not done yet."""
        if season != self._season:
            self.begin(season)

    def today(self, drivers: Sequence[str], teams: Sequence[str]) -> tuple[Floats, Floats]:
        """Mean and covariance of strengths on the next weekend, with what is good that day."""
        law = self.law
        mean, covariance = self.cars(drivers, teams)
        return mean, covariance + (
            law.driver_by_weekend**2 * np.eye(len(mean))
            + (law.car_by_weekend**2 + law.day**2) * np.equal.outer(teams, teams)
            + TINY * np.eye(len(mean))
        )

    def learn(self, weekend: Weekend, *, scored: bool = False) -> float:
        """Learn from a weekend; log-probability of its race beforehand, where `scored`.

        Notes
        -----
        The strengths move a little, then Laplace's approximation takes in what was seen: race,
        sprint and qualifying speak of the same cars on the same day.
        """
        self.reach_season(weekend.season)
        drivers, teams = weekend.drivers, weekend.teams
        self._meet(drivers, teams)
        self._spread(driver=self.law.driver_by_weekend, team=self.law.car_by_weekend)
        pick = self._pick(drivers, teams)
        reach = self.covariance @ pick.T
        day = self.law.day**2 * np.equal.outer(teams, teams) + TINY * np.eye(len(teams))
        mean, covariance = pick @ self.mean, pick @ reach + day
        evidence = 0.0
        if scored and len(weekend.race) > 1:
            evidence = mode(mean, covariance, [Order(weekend.race, 1.0)]).evidence
        orders = [
            Order(cars, weight)
            for cars, weight in (
                (weekend.race, 1.0),
                (weekend.sprint, self.law.sprint),
                (weekend.qualifying, self.law.qualifying),
            )
            if len(cars) > 1 and weight > 0
        ]
        found = mode(mean, covariance, orders)
        self.mean = self.mean + reach @ np.linalg.solve(covariance, found.strengths - mean)
        narrowed = found.curvature @ np.linalg.inv(
            np.eye(len(drivers)) + covariance @ found.curvature
        )
        after = self.covariance - reach @ narrowed @ reach.T
        self.covariance = (after + after.T) / 2
        return evidence

    def _meet(self, drivers: Sequence[str], teams: Sequence[str]) -> None:
        """Take in who has not been seen before."""
        law, first = self.law, not self._number
        names = [*(("driver", d) for d in drivers), *(("team", t) for t in teams)]
        new = [name for name in dict.fromkeys(names) if name not in self._number]
        expected = {"driver": 0.0 if first else law.newcomer, "team": 0.0}
        spread = {"driver": law.driver**2, "team": law.car**2}
        self._number |= {name: len(self._number) + i for i, name in enumerate(new)}
        self._seen |= dict.fromkeys(names, self._season or 0)
        old = len(self.mean)
        self.mean = np.append(self.mean, [expected[kind] for kind, _ in new])
        wider = np.diag(np.append(np.zeros(old), [spread[kind] for kind, _ in new]))
        wider[:old, :old] = self.covariance
        self.covariance = wider

    def _spread(self, *, driver: float, team: float) -> None:
        variance = {"driver": driver**2, "team": team**2}
        self.covariance = self.covariance + np.diag([variance[kind] for kind, _ in self._number])

    def _pick(self, drivers: Sequence[str], teams: Sequence[str]) -> Floats:
        """Matrix that makes cars of drivers and teams, shape ``(cars, n)``."""
        pick = np.zeros((len(drivers), len(self.mean)))
        for car, (driver, team) in enumerate(zip(drivers, teams, strict=True)):
            pick[car, self._number["driver", driver]] = 1.0
            pick[car, self._number["team", team]] = 1.0
        return pick


def strengths(weekends: Iterable[Weekend], law: Law = LAW) -> Strengths:
    """Strengths of drivers and cars after weekends, the oldest first.

    References
    ----------
    A Kalman filter with a Laplace step in place of the normal observation; the likelihood is that
    of `attrition`.
    """
    found = Strengths(law)
    for weekend in weekends:
        found.learn(weekend)
    return found
