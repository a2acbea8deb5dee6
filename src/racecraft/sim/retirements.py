"""How often does a car drop out, and who sets the fastest lap?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.sim.attrition import Floats
    from racecraft.sim.past_weekends import Weekend

FIELD = (4.0, 16.0)  # retirements and finishes before anything is known
LAP_BY_PLACE = 0.7  # before anything is known each place is so much less likely than the one ahead
LAPS_BEFORE = 5.0  # fastest laps that this is worth
LAP_HALF_LIFE = 40.0  # races
PLACES = 30


@dataclass(frozen=True, kw_only=True)
class Risk:
    """How the chance to drop out is learned.

    Chosen from a coarse grid by the races of 1991 to 2013, each forecast from those before it
    (`benchmarks/odds_constants.py`).

    Attributes
    ----------
    half_life
        Races until a retirement counts half.
    like_the_field
        Starts of the field, at the rate of so strong a car, that a team is credited with.
    like_the_team
        Starts of the team that a driver is credited with.
    by_strength
        Log-odds by which a car drops out less often, for each unit of strength that it has more
        than the average of the field.
    """

    half_life: float = 7.0
    like_the_field: float = 30.0
    like_the_team: float = 100.0
    by_strength: float = 0.17


RISK = Risk()


@dataclass(frozen=True, eq=False, kw_only=True)
class Retirements:
    """Chance of each car not to be classified in a race, as a beta law; shapes ``(cars,)``."""

    for_it: Floats
    against_it: Floats

    @property
    def mean(self) -> Floats:
        """Expected chance, shape ``(cars,)``."""
        return self.for_it / (self.for_it + self.against_it)


def retirements(
    weekends: Sequence[Weekend],
    drivers: Sequence[str],
    teams: Sequence[str],
    strengths: Floats,
    risk: Risk = RISK,
) -> Retirements:
    """Chance of cars to drop out, from the races so far, the oldest first.

    Parameters
    ----------
    weekends
        Races so far.
    drivers, teams
        Of the cars.
    strengths
        Of the cars, shape ``(cars,)``.
    risk
        How it is learned.

    Notes
    -----
    A driver is credited with so many starts at the rate of his team, and the team with so many at
    the rate of the field, less where the car is strong; every start counts half after
    `Risk.half_life` races. Strong cars drop out less often than their own record can tell.
    """
    ages = 0.5 ** (np.arange(len(weekends))[::-1] / risk.half_life)
    field = np.array(FIELD)
    counts: dict[tuple[str, str], Floats] = defaultdict(lambda: np.zeros(2))
    for weekend, weight in zip(weekends, ages, strict=True):
        out = set(weekend.retired.tolist())
        for car in weekend.started.tolist():
            seen = weight * np.array([car in out, car not in out], dtype=float)
            field = field + seen
            counts["driver", weekend.drivers[car]] += seen
            counts["team", weekend.teams[car]] += seen
    against = field[1] / field[0] * np.exp(risk.by_strength * (strengths - strengths.mean()))
    rate = np.array([np.ones(len(drivers)), against]) / (1 + against)
    chance = np.empty((2, len(drivers)))
    for car, (driver, team) in enumerate(zip(drivers, teams, strict=True)):
        of_team = counts["team", team] + risk.like_the_field * rate[:, car]
        chance[:, car] = counts["driver", driver] + risk.like_the_team * of_team / of_team.sum()
    return Retirements(for_it=chance[0], against_it=chance[1])


def fastest_lap(weekends: Sequence[Weekend]) -> Floats:
    """Chance that the fastest lap of a race is set by the car in each place, ``(PLACES,)``."""
    ages = 0.5 ** (np.arange(len(weekends))[::-1] / LAP_HALF_LIFE)
    counts = LAP_BY_PLACE ** np.arange(PLACES)
    counts *= LAPS_BEFORE / counts.sum()
    for weekend, weight in zip(weekends, ages, strict=True):
        if weekend.fastest is not None and weekend.fastest <= PLACES:
            counts[weekend.fastest - 1] += weight
    return np.asarray(counts / counts.sum())
