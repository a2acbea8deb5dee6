"""Logistic regression by Newton's method with a ridge, cross-validated by set of articles."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from press_rows import HEADS

from racecraft.press.judging.confidence import KNOWN, head_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from press_rows import Row

RIDGE = 4.0
SEEN = 8  # readings that must have a feature for it to get a weight
STEPS = 30
# What the second step is told beside the first one's answer: how far the figure is off, what else
# would be true, how it is tied to its sentence, and what of that was left unread.
OF_NEW_TEXTS = (
    "near", "off_by_one", "off_by_few", "off", "no_figures", "decimals", "figure", "rounded",
    "other_person", "other_event", "other_session", "other_moment", "other_season", "other_type",
    "scope_doubted", "share_true", "share_false", "value_contested", "subject_contested",
    "other_values", "other_subjects", "other_kind_told", "events_in_sentence", "to_come",
    "read_bond", "read_bond to another", "read_tie outside", "read_tie after", "read_tie marks",
    "read_tie names", "read_tie figures", "read_tie commas", "read_tie parts", "read_tie verbs",
    "read_tie other clause", "read_tie unread words", "read_tie first", "read_tie taken",
    "read_tie subject", "read_tie governed", "read_tie against", "read_tie relatives",
    "read_figures unread", "read_figures unread around", "read_names unread",
    "read_names unread around", "read_words unread", "read_share unread", "read_laps told",
    "read_years told", "read_places told", "read_figures told", "read_verbs told",
    "read_supposed around", "read_negated around",
)  # fmt: skip
BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def model_of(rows: Sequence[Row], unseen: Sequence[Row]) -> dict[str, Any]:
    """Both steps of the model of confidence, as `racecraft.press.judging.confidence` has it."""
    heads = {
        head: fitted([row for row in rows if head_of(row.head, row.features) == head])
        for head in (*HEADS, "guess")
    }
    return {"heads": heads, "unseen": fitted(unseen, (KNOWN, *OF_NEW_TEXTS))}


def fitted(rows: Sequence[Row], features: Sequence[str] = ()) -> dict[str, Any]:
    """Intercept and weights of a head, by the names of features: of these, or of all."""
    names = [name for name in _names(rows) if not features or name in features]
    right = np.array([row.right for row in rows], dtype=float)
    weights = _newton(_matrix(rows, names), right, np.array([row.weight for row in rows]))
    named = {name: round(float(w), 4) for name, w in zip(names, weights[1:], strict=True)}
    return {"intercept": round(float(weights[0]), 4), "weights": named}


def left_out_by_set(rows: Sequence[Row], features: Sequence[str] = ()) -> np.ndarray:
    """Probability of each reading by a head that has not seen its set, shape (rows,)."""
    held_out = np.full(len(rows), 0.5)
    for name in sorted({row.set for row in rows}):
        inside = np.array([row.set == name for row in rows])
        train = [row for row in rows if row.set != name]
        test = [row for row in rows if row.set == name]
        held_out[inside] = predicted(fitted(train, features), test)
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
