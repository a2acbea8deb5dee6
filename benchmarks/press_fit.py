"""Logistic regression by Newton's method with a ridge, cross-validated by article."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from press_rows import Row

RIDGE = 4.0
FOLDS = 10
SEEN = 8  # readings that must have a feature for it to get a weight
STEPS = 30
BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def fitted(rows: Sequence[Row]) -> dict[str, Any]:
    """Intercept and weights of a head, by the names of features."""
    names = _names(rows)
    weights = _newton(_matrix(rows, names), np.array([row.right for row in rows], dtype=float))
    named = {name: round(float(w), 4) for name, w in zip(names, weights[1:], strict=True)}
    return {"intercept": round(float(weights[0]), 4), "weights": named}


def cross_validated(rows: Sequence[Row], *, folds: int = FOLDS) -> np.ndarray:
    """Probability of each reading by a model that has not seen its article, shape (rows,)."""
    articles = sorted({row.article for row in rows})
    fold_of = {article: n % folds for n, article in enumerate(articles)}
    fold = np.array([fold_of[row.article] for row in rows])
    held_out = np.full(len(rows), 0.5)
    for n in range(folds):
        train = [row for row, its in zip(rows, fold, strict=True) if its != n]
        test = [row for row, its in zip(rows, fold, strict=True) if its == n]
        if test and train:
            held_out[fold == n] = predicted(fitted(train), test)
    return held_out


def predicted(head: dict[str, Any], rows: Sequence[Row]) -> np.ndarray:
    """Probabilities by a fitted head, shape (rows,)."""
    names = list(head["weights"])
    weights = np.array([head["intercept"], *head["weights"].values()])
    return 1.0 / (1.0 + np.exp(-np.clip(_matrix(rows, names) @ weights, -30, 30)))


def reliability(rows: Sequence[Row], chances: Sequence[float] | np.ndarray) -> list[list[str]]:
    """For bins of probability: which, how many readings, how sure they were, how many right."""
    right = np.array([row.right for row in rows], dtype=float)
    said = np.asarray(chances)
    lines = []
    for low, high in itertools.pairwise(BINS):
        inside = (said >= low) & (said < high)
        if inside.any():
            lines.append([
                f"{low:.2f} to {min(high, 1):.2f}", str(inside.sum()),
                f"{said[inside].mean():.2f}", f"{right[inside].mean():.2f}",
            ])  # fmt: skip
    return lines


def _names(rows: Sequence[Row]) -> list[str]:
    seen = Counter(name for row in rows for name, value in row.features.items() if value)
    return sorted(name for name, times in seen.items() if times >= SEEN)


def _matrix(rows: Sequence[Row], names: list[str]) -> np.ndarray:
    """Features with a column of ones before them, shape (rows, 1 + names)."""
    table = np.ones((len(rows), 1 + len(names)))
    for n, row in enumerate(rows):
        table[n, 1:] = [row.features.get(name, 0.0) for name in names]
    return table


def _newton(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights that maximise the likelihood less a ridge on all but the intercept."""
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 1e-3
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (y - p) - ridge * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights
