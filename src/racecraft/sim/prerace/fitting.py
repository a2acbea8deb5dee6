"""What the features of cars are worth, learnt from orders, winners and retirements by Newton."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.sim.attrition import Floats

    Bools = NDArray[np.bool_]

STEPS = 15
CLOSE = 1e-5


class Worth(NamedTuple):
    """Coefficients and their covariance, shapes ``(features,)``, ``(features, features)``."""

    mean: Floats
    covariance: Floats


class Prior(NamedTuple):
    """What the coefficients are before anything is seen, and how sure that is, ``(features,)``."""

    mean: Floats
    precision: Floats


def orders(
    features: Floats, classified: Bools, weights: Floats, prior: Prior, front: Floats | None = None
) -> Worth:
    """Worth of features for the order in which cars come in, by the attrition likelihood.

    Parameters
    ----------
    features
        Of the cars of each race in the order of its result, shape ``(races, cars, features)``.
    classified
        Cars that have a place; the others have no say. Shape ``(races, cars)``.
    weights
        Of the races, shape ``(races,)``.
    prior
        Normal.
    front
        What it counts who takes the second place and not the first, the third and not one of
        those before, ...; the last value counts from there on. Left out, all count alike.
    """
    place = np.cumsum(classified, axis=1)
    weight = weights[:, None] * (classified & (place > 1))
    if front is not None:
        weight = weight * front[np.clip(place - 2, 0, len(front) - 1)]
    worth = prior.mean.copy()
    for _ in range(STEPS):
        strength = features @ worth
        lowest = np.where(classified, strength, np.inf).min(axis=1, keepdims=True)
        lowest[~np.isfinite(lowest)] = 0.0
        rate = np.where(classified, np.exp(-np.minimum(strength - lowest, 500.0)), 0.0)
        together = np.maximum(np.cumsum(rate, axis=1), 1e-300)
        expected = np.cumsum(rate[..., None] * features, axis=1) / together[..., None]
        gradient = ((expected - features) * weight[..., None]).sum(axis=(0, 1))
        inverse = np.cumsum((weight / together)[:, ::-1], axis=1)[:, ::-1] * rate
        curvature = _outer(features, inverse) - _outer(expected, weight)
        worth, step, covariance = _newton(worth, gradient, curvature, prior)
        if step < CLOSE:
            break
    return Worth(worth, covariance)


def winners(features: Floats, started: Bools, weights: Floats, prior: Prior) -> Worth:
    """Worth of features for winning, by a conditional logit; parameters as in `orders`."""
    worth = prior.mean.copy()
    for _ in range(STEPS):
        strength = np.where(started, features @ worth, -np.inf)
        chance = np.exp(strength - strength.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        expected = np.einsum("rn,rnk->rk", chance, features)
        gradient = weights @ (features[:, 0] - expected)
        curvature = _outer(features, weights[:, None] * chance) - np.einsum(
            "r,ri,rj->ij", weights, expected, expected
        )
        worth, step, covariance = _newton(worth, gradient, curvature, prior)
        if step < CLOSE:
            break
    return Worth(worth, covariance)


def chances(features: Floats, happened: Floats, weights: Floats, prior: Prior) -> Worth:
    """Worth of features for something that happens or not, by a logistic regression.

    Parameters
    ----------
    features
        Shape ``(cases, features)``; `happened` (0 or 1) and `weights` have shape ``(cases,)``.
    """
    worth = prior.mean.copy()
    for _ in range(STEPS):
        chance = logistic(features @ worth)
        gradient = features.T @ (weights * (happened - chance))
        curvature = (features * (weights * chance * (1 - chance))[:, None]).T @ features
        worth, step, covariance = _newton(worth, gradient, curvature, prior)
        if step < CLOSE:
            break
    return Worth(worth, covariance)


def logistic(at: Floats) -> Floats:
    """Chance whose log-odds are given."""
    return np.asarray(1 / (1 + np.exp(-np.clip(at, -30, 30))))


def _outer(features: Floats, weights: Floats) -> Floats:
    """Weighted sum of the outer products of feature vectors."""
    flat = features.reshape(-1, features.shape[-1])
    return np.asarray((flat * weights.reshape(-1, 1)).T @ flat)


def _newton(
    worth: Floats, gradient: Floats, curvature: Floats, prior: Prior
) -> tuple[Floats, float, Floats]:
    covariance = np.asarray(np.linalg.inv(curvature + np.diag(prior.precision)), dtype=np.float64)
    step = covariance @ (gradient - prior.precision * (worth - prior.mean))
    step = np.clip(step, -2.0, 2.0)
    return worth + step, float(np.abs(step).max()), covariance
