"""Chances before a race: features of the cars, their worth learnt from the races before it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from racecraft.sim.prerace import fitting
from racecraft.sim.prerace.knowledge import Knowledge
from racecraft.sim.prerace.placement import (
    attrition_law,
    normal_law,
    placements,
    rake,
    restless_law,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.sim.attrition import Floats, Ints
    from racecraft.sim.prerace.field import Field
    from racecraft.sim.prerace.fitting import Worth
    from racecraft.sim.prerace.knowledge import Outset
    from racecraft.sim.prerace.placement import Law

Moment = Literal["before", "after"]  # qualifying
Worths = dict[tuple[str, float], fitting.Worth]

LOOK_BACK = 280  # races whose orders are looked at
BURN_IN = 12  # first races, in which nothing is known yet
SLOW, FAST = 100.0, 30.0  # races until an order counts half
WIN_SLOW, WIN_FAST = 100.0, 40.0
RETIREMENTS = 150.0
USUAL_HALF_LIFE = 100.0
USUAL_BEFORE = 0.1  # of a race, that every place was taken in before anything is seen
NEIGHBOURS = 0.6  # ranks
MOST_CARS = 60
WIN_SHARE = 0.2  # of the models of the winner alone in the chances to win
RANK_SHARE, SLOT_SHARE = 0.10, 0.05  # of how often the n-th favourite, and slot, took each place


class Part(NamedTuple):
    """One of the models that are averaged.

    Attributes
    ----------
    law, scale
        Distribution of how long a car keeps up, and what strengths are multiplied with.
    half_life
        Races until an order counts half.
    front
        What the places count in the fit: all alike, the front more, or the first six alone.
    """

    law: Law
    scale: float
    half_life: float
    front: Literal["all", "more", "six"]


FRONT = {
    "all": np.ones(1),
    "more": np.concatenate([np.ones(3), (4 / np.arange(5, 40)) ** 2]),
    "six": np.concatenate([np.ones(5), np.zeros(1)]),
}
PARTS = (
    Part(attrition_law, 1.0, SLOW, "all"),
    Part(normal_law, 1.25, SLOW, "more"),
    Part(restless_law, 1.15, FAST, "more"),
    Part(normal_law, 1.25, SLOW, "six"),
    Part(restless_law, 1.15, SLOW, "six"),
)
# worth of the features before anything is seen: about that of the races up to 2013
ORDER_PRIOR = {"before": (0.6, 0.6, 0.3), "after": (0.6, 0.5, 0.75, 0.4, -0.2)}
WIN_PRIOR = {"before": (0.8, 0.8, 0.5), "after": (0.7, 0.5, 0.9, 0.7, -0.2)}
RETIREMENT_PRIOR = {
    "before": (0.0, 1.0, 1.0, 1.0, -0.1, 0.4, 0.3, 0.3),
    "after": (0.0, 1.0, 1.0, 1.0, -0.05, 0.4, 0.3, 0.3, 0.15),
}
ORDER_SURE, WIN_SURE, RETIREMENT_SURE = 2.0, 2.0, 20.0


def order_features(outset: Outset, moment: Moment) -> Floats:
    """What an order is explained by, shape ``(cars, features)``."""
    if moment == "before":
        return np.stack((outset.strength, -outset.race_pace, -outset.lap_pace), axis=1)
    return np.stack(
        (
            outset.strength_today,
            -outset.race_pace,
            -np.log(outset.slots),
            -outset.lap_today,
            -outset.lap_pace,
        ),
        axis=1,
    )


def retirement_features(outset: Outset, moment: Moment) -> Floats:
    """What a retirement is explained by, shape ``(cars, features)``."""
    columns = [
        np.ones_like(outset.strength),
        outset.field_retires,
        outset.team_retires,
        outset.driver_retires,
        outset.strength - outset.strength.mean(),
        outset.circuit_retires,
        outset.first_race,
        outset.doubt,
    ]
    if moment == "after":
        columns.append(np.log(outset.slots))
    return np.stack(columns, axis=1)


@dataclass(frozen=True, eq=False, kw_only=True)
class Seen:
    """A race that was run: what was known of it before, and how it ended."""

    outset: Outset
    order: np.ndarray
    classified: np.ndarray


@dataclass(frozen=True, eq=False, kw_only=True)
class Chances:
    """Chances of the cars of a field before its race.

    Attributes
    ----------
    places
        Chance of every car to take every place, shape ``(cars, places)``.
    retiring
        Chance not to be classified, shape ``(cars,)``.
    draws
        `places` with the worth of the features drawn from what is known of it, shape
        ``(draws, cars, places)``.
    """

    places: Floats
    retiring: Floats
    draws: Floats


class UsualPlaces:
    """How often cars of a rank took each place lately; neighbours help each other."""

    def __init__(self) -> None:
        self._counts: Floats = np.zeros((MOST_CARS, MOST_CARS))

    def learn(self, ranks: Ints, order: Ints) -> None:
        """Take in a race: ranks of the cars from 0, and the order in which they came in."""
        self._counts *= 0.5 ** (1 / USUAL_HALF_LIFE)
        self._counts[ranks[order], np.arange(len(order))] += 1

    def of(self, ranks: Ints) -> Floats:
        """Chance of every car to take every place, shape ``(cars, places)``."""
        apart = np.subtract.outer(ranks, np.arange(MOST_CARS))
        nearby = np.exp(-0.5 * (apart / NEIGHBOURS) ** 2)
        return rake(nearby @ self._counts[:, : len(ranks)] + USUAL_BEFORE)


class Outlook:
    """Learns race by race; every race is seen with what was learnt from those before it."""

    def __init__(self, moment: Moment = "after") -> None:
        self.moment: Moment = moment
        self.knowledge = Knowledge()
        self.seen: deque[Seen] = deque(maxlen=LOOK_BACK)
        self.by_rank, self.by_slot = UsualPlaces(), UsualPlaces()
        self.races = 0

    def learn(self, field: Field) -> None:
        """Take in a race that was run."""
        outset = self.knowledge.outset(field)
        self.take_in(field, outset)

    def take_in(self, field: Field, outset: Outset) -> None:
        """Take in a race whose outset is known."""
        result = field.result
        self.knowledge.learn(field)
        self.races += 1
        if result is None:
            return
        self.by_rank.learn(self._rank(outset), result.order)
        self.by_slot.learn(_ranks(-outset.slots), result.order)
        if self.races > BURN_IN:
            self.seen.append(
                Seen(
                    outset=outset,
                    order=result.order,
                    classified=result.classified[result.order],
                )
            )

    def chances(self, outset: Outset, *, draws: int = 0, seed: int = 0) -> Chances:
        """Chances before a race.

        Parameters
        ----------
        outset
            What `knowledge` says of it.
        draws
            How often the worth of features is drawn from what is known of it.
        seed
            Of these draws.
        """
        worth = self._worth()
        best = self._places(outset, worth)
        generator = np.random.default_rng(seed)
        drawn = [self._places(outset, worth, generator)[0] for _ in range(draws)]
        return Chances(places=best[0], retiring=best[1], draws=np.array(drawn))

    def _rank(self, outset: Outset) -> Ints:
        """Who is favourite, from 0, by what features are worth before anything is seen."""
        return _ranks(order_features(outset, self.moment) @ np.array(ORDER_PRIOR[self.moment]))

    def _usual(self, outset: Outset) -> Floats:
        """How often such favourites, and cars on such slots, took each place."""
        by_rank = self.by_rank.of(self._rank(outset))
        if self.moment == "before":
            return by_rank
        by_slot = self.by_slot.of(_ranks(-outset.slots))
        return (RANK_SHARE * by_rank + SLOT_SHARE * by_slot) / (RANK_SHARE + SLOT_SHARE)

    def _places(
        self,
        outset: Outset,
        worth: Worths,
        generator: np.random.Generator | None = None,
    ) -> tuple[Floats, Floats]:
        features = order_features(outset, self.moment)
        coefficients = {name: _drawn(one, generator) for name, one in worth.items()}
        retiring = fitting.logistic(
            retirement_features(outset, self.moment) @ coefficients["retirements", RETIREMENTS]
        )
        places = np.mean(
            [
                placements(
                    part.scale * (features @ coefficients[part.front, part.half_life]),
                    retiring,
                    part.law,
                )
                for part in PARTS
            ],
            axis=0,
        )
        usual = RANK_SHARE + SLOT_SHARE
        places = (1 - usual) * places + usual * self._usual(outset)
        winning = np.mean(
            [_softmax(features @ coefficients["winners", one]) for one in (WIN_SLOW, WIN_FAST)],
            axis=0,
        )
        winning = (1 - WIN_SHARE) * places[:, 0] + WIN_SHARE * winning
        return rake(places, winning), retiring

    def _worth(self) -> Worths:
        """Worth of the features for orders, winners and retirements, by half-life."""
        moment = self.moment
        order_prior = _prior(ORDER_PRIOR[moment], ORDER_SURE)
        win_prior = _prior(WIN_PRIOR[moment], WIN_SURE)
        out_prior = _prior(RETIREMENT_PRIOR[moment], RETIREMENT_SURE)
        if not self.seen:
            certain: dict[tuple[str, float], fitting.Prior] = {
                **{(part.front, part.half_life): order_prior for part in PARTS},
                **{("winners", half): win_prior for half in (WIN_SLOW, WIN_FAST)},
                ("retirements", RETIREMENTS): out_prior,
            }
            return {
                name: fitting.Worth(prior.mean, np.diag(1 / prior.precision))
                for name, prior in certain.items()
            }
        features, started, classified = _packed(self.seen, moment)
        ages = np.arange(len(self.seen))[::-1]
        found: Worths = {}
        for front, half_life in sorted({(part.front, part.half_life) for part in PARTS}):
            weights = 0.5 ** (ages / half_life)
            found[front, half_life] = fitting.orders(
                features, classified, weights, order_prior, FRONT[front]
            )
        for half_life in (WIN_SLOW, WIN_FAST):
            weights = 0.5 ** (ages / half_life)
            found["winners", half_life] = fitting.winners(features, started, weights, win_prior)
        cases = np.concatenate(
            [retirement_features(one.outset, moment)[one.order] for one in self.seen]
        )
        weights = np.repeat(0.5 ** (ages / RETIREMENTS), [len(one.order) for one in self.seen])
        out = ~np.concatenate([one.classified for one in self.seen])
        found["retirements", RETIREMENTS] = fitting.chances(
            cases, out.astype(float), weights, out_prior
        )
        return found


def outlook(fields: Iterable[Field], moment: Moment = "after") -> Outlook:
    """What races that were run, the oldest first, tell of the next."""
    found = Outlook(moment)
    for field in fields:
        found.learn(field)
    return found


def _packed(seen: Iterable[Seen], moment: Moment) -> tuple[Floats, np.ndarray, np.ndarray]:
    """Features of all races in the order of their results, and who started and was classified."""
    own = [order_features(one.outset, moment)[one.order] for one in seen]
    shape = (len(own), max(len(one) for one in own))
    features = np.zeros((*shape, own[0].shape[1]))
    started, classified = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for race, (table, one) in enumerate(zip(own, seen, strict=True)):
        features[race, : len(table)] = table
        started[race, : len(table)] = True
        classified[race, : len(table)] = one.classified
    return features, started, classified


def _drawn(worth: Worth, generator: np.random.Generator | None) -> Floats:
    if generator is None:
        return worth.mean
    return generator.multivariate_normal(worth.mean, worth.covariance, method="cholesky")


def _prior(mean: tuple[float, ...], sure: float) -> fitting.Prior:
    return fitting.Prior(np.array(mean), np.full(len(mean), sure))


def _ranks(scores: Floats) -> Ints:
    """Ranks from 0, the highest score first."""
    return np.argsort(np.argsort(-scores, kind="stable"))


def _softmax(strengths: Floats) -> Floats:
    chance = np.exp(strengths - strengths.max())
    return np.asarray(chance / chance.sum())
