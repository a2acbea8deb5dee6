"""Which causes, each with a prior, explain what was measured when some of it is wrong?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.pace.normal_equations import NormalEquations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TAIL = 4.0  # degrees of freedom of the noise: four deviations off is one lap in sixty
PRIOR_WEIGHT = 4.0  # an effect's first guess of its own size weighs as many coefficients
ROUNDS = 30
LEVERAGE_ANEW = (0, 1, 2, 4, 8, 16)  # rounds: later it hardly changes from one to the next
SETTLED = 0.01  # relative change of the noise and of what is learnt that ends the rounds
LEAST_S = 1e-3  # no noise is smaller than what timing resolves


@dataclass(frozen=True, eq=False)
class Effect:
    """Columns of one cause, and what is believed of their coefficients beforehand.

    Attributes
    ----------
    name
        Name of the cause.
    columns
        Shape (laps, coefficients).
    mean
        Expected coefficients, shape (coefficients,) or a number.
    deviation
        Standard deviation of the coefficients about it: one for all, or each its own.
    learnt
        Whether the deviation is a first guess, to be learnt from the coefficients themselves.
    rising
        The coefficients are not negative.
    grouped
        Every lap has one of these columns, and those of all grouped effects are of the same laps.
    """

    name: str
    columns: NDArray[np.float64]
    mean: NDArray[np.float64] | float = 0.0
    deviation: NDArray[np.float64] | float = 1.0
    learnt: bool = False
    rising: bool = False
    grouped: bool = False


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients with their covariance, and the spread of the noise.

    `where` says which coefficients belong to each effect; `scale` is that of Student's t
    distribution, and `deviation` those learnt.
    """

    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    where: dict[str, slice]
    scale: float
    weights: NDArray[np.float64]
    deviation: dict[str, float]

    def value(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums of the coefficients, each row of the columns one sum; shape (rows,)."""
        return np.asarray(columns @ self.coefficients)

    def error(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Standard errors of such sums, shape (rows,)."""
        variance = np.einsum("ij,ij->i", columns @ self.covariance, columns)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def robust_fit(measured: NDArray[np.float64], effects: Sequence[Effect]) -> Fit:
    r"""Fit what was measured by a sum of effects and noise with heavy tails.

    Notes
    -----
    :math:`y = \sum_k X_k b_k + \epsilon`, :math:`b_k \sim N(m_k, s_k^2)`, :math:`\epsilon` of
    Student's t distribution with four degrees of freedom. In turn, the weight of a lap is
    :math:`5 / (4 + r^2/\sigma^2)`; the noise is what the residuals say, for as many laps as are
    left after those that the coefficients took; and a deviation that is to be learnt is what the
    coefficients say, for as many of them as the laps tell something of. Coefficients that
    may not be negative are held at zero where they would be; their standard errors are those of
    free ones. The information of a lap is that of the t distribution, 5/7 of a Gaussian one's.

    References
    ----------
    Lange, Little, Taylor: Robust statistical modeling using the t distribution, JASA 84 (1989), for
    the weights; MacKay: Bayesian interpolation, Neural Computation 4 (1992), for what is learnt.
    """
    columns = np.concatenate([effect.columns for effect in effects], axis=1)
    edges = np.cumsum([0, *(effect.columns.shape[1] for effect in effects)])
    where = {e.name: slice(a, b) for e, a, b in zip(effects, edges, edges[1:], strict=False)}
    mean = np.concatenate([np.broadcast_to(e.mean, e.columns.shape[1]) for e in effects])
    rising = np.concatenate([np.full(e.columns.shape[1], e.rising) for e in effects])
    spread = {e.name: e.deviation for e in effects}
    weights = np.ones(len(measured))
    scale2 = _first_scale(measured - columns @ mean)
    target = measured - columns @ mean
    blocks = np.array([np.r_[where[e.name]] for e in effects if e.grouped], np.int64)
    equations = NormalEquations(columns, blocks)
    leverage, settled = np.zeros(len(measured)), False
    for number in range(ROUNDS):
        precision = _precision(effects, spread)
        solved = equations.solve(
            weights / scale2, precision, target, np.where(rising, -mean, -np.inf)
        )
        anew = settled or number in LEVERAGE_ANEW
        if anew:
            leverage = equations.leverage(solved)
        shift = solved.shift
        residual = target - columns @ shift
        told = 1 - solved.variance * precision
        before = (scale2, *spread.values())
        scale2 = max(
            float(weights @ residual**2) / max(len(measured) - float(told.sum()), 1.0), LEAST_S**2
        )
        weights = (TAIL + 1) / (TAIL + (residual**2 + leverage) / scale2)
        for effect in effects:
            if effect.learnt:
                part = where[effect.name]
                spread[effect.name] = _deviation(effect, shift[part], told[part])
        after = (scale2, *spread.values())
        settled = all(np.allclose(a, b, rtol=SETTLED) for a, b in zip(before, after, strict=True))
        if settled and anew:
            break
    told_of = weights / scale2 * (TAIL + 1) / (TAIL + 3)
    last = equations.solve(
        told_of, _precision(effects, spread), target, np.full(len(mean), -np.inf)
    )
    covariance = equations.covariance(last)
    learnt_spread = {e.name: float(np.mean(spread[e.name])) for e in effects if e.learnt}
    return Fit(mean + shift, covariance, where, float(np.sqrt(scale2)), weights, learnt_spread)


def _deviation(
    effect: Effect, coefficients: NDArray[np.float64], told: NDArray[np.float64]
) -> float:
    """Deviation of an effect by its coefficients, so much of each of which the laps tell."""
    guess = float(np.mean(np.square(effect.deviation)))
    square = float(np.sum(coefficients**2)) + PRIOR_WEIGHT * guess
    return float(np.sqrt(square / (max(float(told.sum()), 0.0) + PRIOR_WEIGHT)))


def _first_scale(residual: NDArray[np.float64]) -> float:
    middle = np.abs(residual - np.median(residual))
    return float(max(1.4826 * np.median(middle), LEAST_S) ** 2)


def _precision(
    effects: Sequence[Effect], spread: dict[str, NDArray[np.float64] | float]
) -> NDArray[np.float64]:
    parts = [np.broadcast_to(1.0 / np.square(spread[e.name]), e.columns.shape[1]) for e in effects]
    return np.concatenate(parts).astype(float)
