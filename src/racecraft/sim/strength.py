"""How strong is every driver and every car, how sure is that, and how fast does it change?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.attrition import Order, mode
from racecraft.sim.effects import Effects, Spreads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from racecraft.sim.attrition import Floats
    from racecraft.sim.past_weekends import Weekend

TINY = 1e-6  # keeps covariances regular


@dataclass(frozen=True, kw_only=True)
class Law(Spreads):
    """How strengths vary, in the unit of the attrition model.

    A car of strength 1 beats one of strength 0 in 73 of 100 races. All but `sprint` and the last
    two make the races of 1991 to 2013 most likely, each forecast from those before it
    (`benchmarks/odds_constants.py`).

    Attributes
    ----------
    newcomer
        Strength expected of a new driver.
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


class Strengths(Effects):
    """What is known of the strength of drivers and cars, as `Effects`."""

    def __init__(self, law: Law = LAW) -> None:
        super().__init__(law)
        self.law = law

    def cars(self, drivers: Sequence[str], teams: Sequence[str]) -> tuple[Floats, Floats]:
        """Mean and covariance of the strengths of cars, shapes ``(cars,)``, ``(cars, cars)``."""
        self._meet(drivers, teams)
        pick = self._pick(drivers, teams)
        return pick @ self.mean, pick @ self.covariance @ pick.T

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
        self._pass_a_week()
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

    def _expected(self) -> Mapping[str, float]:
        newcomer = self.law.newcomer if self._number else 0.0
        return {"driver": newcomer, "team": 0.0}


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
