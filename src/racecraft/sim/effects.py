"""What is known of drivers and cars, weekend after weekend: a normal law over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.sim.attrition import Floats

KEPT_SEASONS = 2  # a driver or team that has been away for longer begins anew


@dataclass(frozen=True, kw_only=True)
class Spreads:
    """How drivers and cars vary.

    Attributes
    ----------
    driver, car
        Spread of those never seen before.
    driver_by_weekend, car_by_weekend
        Spread of the change from one weekend to the next.
    driver_by_season, car_by_season
        Spread of the change over a winter.
    car_kept
        Share of a car's advantage that the next car of its team keeps.
    """

    driver: float
    car: float
    driver_by_weekend: float
    car_by_weekend: float
    driver_by_season: float
    car_by_season: float
    car_kept: float


class Effects:
    """Effects of drivers and of teams' cars, which add up to that of a car.

    Attributes
    ----------
    mean, covariance
        Shapes ``(n,)`` and ``(n, n)``, in the order in which they were first seen.
    """

    def __init__(self, spreads: Spreads) -> None:
        self.mean: Floats = np.zeros(0)
        self.covariance: Floats = np.zeros((0, 0))
        self._spreads = spreads
        self._number: dict[tuple[str, str], int] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self._season: int | None = None

    def begin(self, season: int) -> None:
        """Pass the winter before a season."""
        spreads = self._spreads
        kept = [
            name
            for name in self._number
            if self._season is None or self._seen[name] > season - 1 - KEPT_SEASONS
        ]
        at = [self._number[name] for name in kept]
        share = np.array([spreads.car_kept if kind == "team" else 1.0 for kind, _ in kept])
        self.mean = self.mean[at] * share
        self.covariance = self.covariance[np.ix_(at, at)] * np.outer(share, share)
        self._number = {name: i for i, name in enumerate(kept)}
        self._spread(driver=spreads.driver_by_season, team=spreads.car_by_season)
        self._season = season

    def reach_season(self, season: int) -> None:
        """Pass the winter before a season, if that is not done yet."""
        if season != self._season:
            self.begin(season)

    def _pass_a_week(self) -> None:
        spreads = self._spreads
        self._spread(driver=spreads.driver_by_weekend, team=spreads.car_by_weekend)

    def _expected(self) -> Mapping[str, float]:
        """What is expected of a driver and of a team that were never seen before."""
        return {"driver": 0.0, "team": 0.0}

    def _meet(self, drivers: Sequence[str], teams: Sequence[str]) -> None:
        """Take in who has not been seen before."""
        names = [*(("driver", d) for d in drivers), *(("team", t) for t in teams)]
        new = [name for name in dict.fromkeys(names) if name not in self._number]
        expected = self._expected()
        spread = {"driver": self._spreads.driver**2, "team": self._spreads.car**2}
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
