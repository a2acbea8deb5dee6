"""Least squares, logits and shrinkage, as small as the fits of the simulator need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROUNDS = 25
STEPS = 60
CLOSE = 1e-6
HUBER = 2.0


class Line(NamedTuple):
    """Coefficients, their covariance, and the spread of what is left."""

    coefficients: Floats
    covariance: Floats
    spread: float

    @property
    def errors(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance))


def within(values: Floats, *groups: Ints) -> Floats:
    """Values without the mean of each group, of all groupings at once; ``(rows,)`` or 2D."""
    left = np.array(values, float)
    flat = left.reshape(len(left), -1)
    counts = [np.maximum(np.bincount(group), 1) for group in groups]
    for _ in range(ROUNDS):
        for group, count in zip(groups, counts, strict=True):
            for column in flat.T:
                column -= (np.bincount(group, column) / count)[group]
    return left


def least_squares(
    design: Floats, target: Floats, weights: Floats | None = None, penalty: Floats | None = None
) -> Line:
    """Least squares made robust: whatever is more than two spreads off counts less."""
    given = np.ones(len(target)) if weights is None else weights
    ridge = np.diag(np.zeros(design.shape[1]) if penalty is None else penalty)
    counted, spread = given, 1.0
    found: Floats = np.zeros(design.shape[1])
    curvature: Floats = np.diag(np.ones(design.shape[1]))
    for _ in range(8):
        curvature = design.T @ (design * counted[:, None]) + ridge + 1e-9 * np.eye(len(ridge))
        found = np.asarray(np.linalg.solve(curvature, design.T @ (counted * target)), np.float64)
        left = np.abs(target - design @ found)
        spread = max(float(np.median(left[given > 0])) * 1.4826, 1e-6)
        counted = given * np.minimum(1.0, HUBER * spread / np.maximum(left, 1e-9))
    covariance = np.asarray(np.linalg.inv(curvature) * spread**2, np.float64)
    return Line(found, covariance, spread)


def logit(
    design: Floats,
    outcome: Floats,
    penalty: Floats | None = None,
    *,
    offset: Floats | float = 0.0,
    start: Floats | None = None,
) -> Line:
    """Logistic regression with a ridge, by Newton's method; `offset` is added to the log-odds."""
    ridge = np.full(design.shape[1], 1e-4) if penalty is None else penalty
    found = np.zeros(design.shape[1]) if start is None else start
    curvature = np.diag(ridge)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ found + offset, -30, 30)))
        curvature = design.T @ (design * (chance * (1 - chance))[:, None]) + np.diag(ridge)
        step = np.linalg.solve(curvature, design.T @ (outcome - chance) - ridge * found)
        found = found + np.clip(step, -3, 3)
        if np.abs(step).max() < CLOSE:
            break
    return Line(found, np.linalg.inv(curvature), 1.0)


class Shrunk(NamedTuple):
    """Estimates of groups drawn towards their common mean."""

    mean: float
    mean_error: float
    spread: float
    groups: dict[Hashable, tuple[float, float]]


def shrunk(keys: Sequence[Hashable], estimates: Floats, errors: Floats) -> Shrunk:
    """Groups of estimates drawn towards the mean of all, the less the surer they are.

    Notes
    -----
    The spread between groups is DerSimonian and Laird's moment estimate.

    References
    ----------
    DerSimonian and Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7, 1986.
    """
    good = np.isfinite(estimates) & np.isfinite(errors) & (errors > 0)
    names = [key for key, fine in zip(keys, good, strict=True) if fine]
    value, weight = estimates[good], 1 / errors[good] ** 2
    if not len(value):
        return Shrunk(float("nan"), float("nan"), 0.0, {})
    pooled: dict[Hashable, list[float]] = {}
    for key, v, w in zip(names, value, weight, strict=True):
        total = pooled.setdefault(key, [0.0, 0.0])
        total[0] += v * w
        total[1] += w
    at = np.array([total[0] / total[1] for total in pooled.values()])
    w = np.array([total[1] for total in pooled.values()])
    mean = float((w * at).sum() / w.sum())
    spread2 = 0.0
    if len(at) > 1:
        excess = float((w * (at - mean) ** 2).sum()) - (len(at) - 1)
        spread2 = max(excess / max(float(w.sum() - (w**2).sum() / w.sum()), 1e-12), 0.0)
    between = 1 / (spread2 + 1 / w)
    mean = float((between * at).sum() / between.sum())
    kept = spread2 / (spread2 + 1 / w) if spread2 > 0 else np.zeros(len(w))
    groups = {
        key: (mean + float(k) * float(a - mean), float(np.sqrt(spread2 * (1 - k))))
        for key, a, k in zip(pooled, at, kept, strict=True)
    }
    return Shrunk(mean, float(np.sqrt(1 / between.sum())), float(np.sqrt(spread2)), groups)
