"""Logistic regression by Newton's method with a ridge, cross-validated by set of articles."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from press_rows import HEADS, RED, UNTUNED

from racecraft.press.judging.confidence import KNOWN, has_second_step, head_of, score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from press_rows import Row

RIDGE = 4.0
SEEN = 8  # readings that must have a feature for it to get a weight
STEPS = 30
# What the second step is told: what the first one says, how likely the network finds that the words
# say so, what else would be true, and every doubt.
OF_RED = (
    KNOWN, "read_seen odds", "read_seen otherwise", "share_true", "event_assumed", "event_right",
    "other_event", "other_moment", "doubts", "doubtless",
)  # fmt: skip
DOUBT, BY_NETWORK = "doubt", "read_seen"
OF_TUNED = 0.3  # weight of a red mark on a text for which rules were changed
FOLDS = 4  # of sets, by which what the first step says of texts it has not seen is told
BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def model_of(rows: Sequence[Row]) -> dict[str, Any]:
    """The model of confidence, as `racecraft.press.judging.confidence` has it.

    Ticks are fitted on other sets than the untuned ones: in some of those not all is annotated.
    """
    by_head: dict[str, list[Row]] = {head: [] for head in (*HEADS, "guess")}
    for row in rows:
        by_head[head_of(row.head, row.features)].append(row)
    red = by_head.pop(RED)
    heads = {
        head: fitted([row for row in mine if row.set not in UNTUNED], is_of_first)
        for head, mine in by_head.items()
    }
    heads[RED] = fitted(red, is_of_first)
    return {"heads": heads, "red": fitted(with_first(red), is_of_red)}


def with_first(rows: Sequence[Row]) -> list[Row]:
    """Red marks on what rules have read, each with what a first step without its set says of it."""
    sets = sorted({row.set for row in rows})
    fold_of = {name: n % FOLDS for n, name in enumerate(sets)}
    found = []
    for fold in range(FOLDS):
        first = fitted([row for row in rows if fold_of[row.set] != fold], is_of_first)
        found += [
            replace(
                row, features={**row.features, KNOWN: score(first, row.features)},
                weight=1.0 if row.set in UNTUNED else OF_TUNED,
            )
            for row in rows
            if fold_of[row.set] == fold and has_second_step(row.head, row.features)
        ]  # fmt: skip
    return found


def is_of_first(name: str) -> bool:
    """Whether ticks, and the first step of red marks, are told a feature: not by the network."""
    return not name.startswith((DOUBT, BY_NETWORK))


def is_of_red(name: str) -> bool:
    """Whether the second step is told a feature."""
    return name in OF_RED or name.startswith(DOUBT)


def fitted(rows: Sequence[Row], is_told: Callable[[str], bool] = bool) -> dict[str, Any]:
    """Intercept and weights of a head, by the names of the features that it is told: of all."""
    names = [name for name in _names(rows) if is_told(name)]
    right = np.array([row.right for row in rows], dtype=float)
    weights = _newton(_matrix(rows, names), right, np.array([row.weight for row in rows]))
    named = {name: round(float(w), 4) for name, w in zip(names, weights[1:], strict=True)}
    return {"intercept": round(float(weights[0]), 4), "weights": named}


def left_out_by_set(rows: Sequence[Row], is_told: Callable[[str], bool] = bool) -> np.ndarray:
    """Probability of each reading by a head that has not seen its set, shape (rows,)."""
    held_out = np.full(len(rows), 0.5)
    for name in sorted({row.set for row in rows}):
        inside = np.array([row.set == name for row in rows])
        train = [row for row in rows if row.set != name]
        test = [row for row in rows if row.set == name]
        held_out[inside] = predicted(fitted(train, is_told), test)
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


def _newton(x: np.ndarray, y: np.ndarray, each: np.ndarray) -> np.ndarray:
    """Weights that maximise the likelihood less a ridge on all but the intercept."""
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 1e-3
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (each * (y - p)) - ridge * weights
        hessian = (x * (each * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights
