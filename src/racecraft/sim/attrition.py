"""How likely is an order of cars, and which strengths does it speak for?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

STEPS = 40  # of Newton; five are usual
CLOSE = 1e-6  # nats


class Order(NamedTuple):
    """Cars in the order in which they came in, and how much that says: 1 for a race."""

    cars: Ints
    weight: float


class Likelihood(NamedTuple):
    """Log-likelihood of strengths, its gradient and its negative second derivative."""

    value: float
    gradient: Floats
    curvature: Floats


class Mode(NamedTuple):
    """The most likely strengths, the curvature there, and the log-evidence of the orders."""

    strengths: Floats
    curvature: Floats
    evidence: float


def attrition(strengths: Floats) -> Likelihood:
    r"""Likelihood of the strengths of cars listed in the order in which they came in.

    Parameters
    ----------
    strengths
        Of the winner, of the second, ...; shape ``(cars,)``.

    Notes
    -----
    The last car is drawn first, then the last but one: with :math:`r_i = e^{-\theta_i}` the
    k-th car leaves with probability :math:`r_k / \sum_{j \le k} r_j`. It is the same as a race in
    which the time until car i drops back is exponential with rate :math:`r_i`, and the one that
    lasts longest wins.

    References
    ----------
    Henderson and Kirrane, "A Comparison of Truncated and Time-Weighted Plackett-Luce Models for
    Probabilistic Forecasting of Formula One Results", Bayesian Analysis 13(2), 2018.

    Examples
    --------
    >>> round(float(np.exp(attrition(np.array([1.0, 0.0])).value)), 3)
    0.731
    """
    n = len(strengths)
    above = strengths - strengths.min()
    rate = np.exp(-above)
    together = np.cumsum(rate)
    inverse = 1 / together
    inverse[0] = 0.0  # the winner never leaves
    once = np.cumsum(inverse[::-1])[::-1]
    twice = np.cumsum((inverse**2)[::-1])[::-1]
    value = -above[1:].sum() - np.log(together[1:]).sum()
    gradient = rate * once
    curvature = -np.outer(rate, rate) * twice[np.maximum.outer(np.arange(n), np.arange(n))]
    curvature[np.diag_indices(n)] += gradient
    gradient[1:] -= 1
    return Likelihood(float(value), gradient, curvature)


def mode(mean: Floats, covariance: Floats, orders: Sequence[Order]) -> Mode:
    """Most likely strengths where they are known as a normal law and orders have been seen.

    Parameters
    ----------
    mean, covariance
        Of the strengths before, shapes ``(cars,)`` and ``(cars, cars)``.

    Notes
    -----
    Newton's method on a concave function, steps halved where they overshoot. The evidence is
    Laplace's approximation of the log-probability of the orders.
    """
    eye = np.eye(len(mean))
    found, pull = mean, np.zeros_like(mean)  # found = mean + covariance @ pull
    seen = _together(found, orders)
    height = seen.value
    for _ in range(STEPS):
        target = np.linalg.solve(
            eye + seen.curvature @ covariance,
            seen.curvature @ (found - mean) + seen.gradient,
        )
        step, before = 1.0, height
        while True:
            tried = pull + step * (target - pull)
            at = mean + covariance @ tried
            seen = _together(at, orders)
            height = seen.value - 0.5 * float(tried @ (at - mean))
            if height >= before - CLOSE or step < CLOSE:
                break
            step /= 2
        found, pull = at, tried
        if abs(height - before) < CLOSE:
            break
    spread = np.linalg.slogdet(eye + covariance @ seen.curvature)[1]
    return Mode(found, seen.curvature, height - 0.5 * float(spread))


def _together(strengths: Floats, orders: Sequence[Order]) -> Likelihood:
    n = len(strengths)
    value, gradient, curvature = 0.0, np.zeros(n), np.zeros((n, n))
    for cars, weight in orders:
        one = attrition(strengths[cars])
        value += weight * one.value
        gradient[cars] += weight * one.gradient
        curvature[np.ix_(cars, cars)] += weight * one.curvature
    return Likelihood(value, gradient, curvature)
