"""How likely a mark is right: a logistic model for ticks, and one in two steps for red marks.

The first step learns from annotated articles how readings go wrong; but the rules were written with
those in view, so that it promises more than it keeps. The second step tells from what the first one
says, from what the network finds, and from the reasons to doubt a reading (`doubts`), how sure a
red mark is; it is learned above all from texts for which no rule was ever changed. Fitted by
``tools/fit_confidence.py``; what it was fitted on stands in its file.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UNFITTED = 0.5
KNOWN = "known"  # what the first step says, as the logarithm of the odds
MOST = 30.0  # of a score, and its negative the least


def probability(judgement: str, features: Mapping[str, float]) -> float:
    r"""Probability that a tick, or a red mark, made of a reading is right.

    Notes
    -----
    :math:`p = 1 / (1 + e^{-(w_0 + \sum_i w_i x_i)})` with the weights of the verdict; in the second
    step one of the :math:`x_i` is :math:`\ln p / (1 - p)` of the first. 0 for what cannot be
    checked.
    """
    return probability_by(model(), judgement, features)


def probability_by(
    fitted: Mapping[str, Any], judgement: str, features: Mapping[str, float]
) -> float:
    """Probability by other weights than those of the package."""
    first = fitted["heads"].get(head_of(judgement, features))
    if first is None:
        return 0.0 if judgement == "uncheckable" else UNFITTED
    known = score(first, features)
    if has_second_step(judgement, features):
        return _chance(score(fitted["red"], {**features, KNOWN: known}))
    return _chance(known)


def head_of(judgement: str, features: Mapping[str, float]) -> str:
    """Which weights a reading is told by; a guess that is true has its own."""
    return "guess" if judgement == "supported" and features.get("guessed") else judgement


def has_second_step(judgement: str, features: Mapping[str, float]) -> bool:
    """Whether it is a red mark on what rules have read: the network says nothing of a model's."""
    return judgement == "contradicted" and not features.get("by_model")


def score(head: Mapping[str, Any], features: Mapping[str, float]) -> float:
    """What weights say of features, as the logarithm of the odds."""
    weights: Mapping[str, float] = head["weights"]
    found = head["intercept"]
    found += sum(weights[name] * value for name, value in features.items() if name in weights)
    return float(max(-MOST, min(MOST, found)))


def _chance(told: float) -> float:
    return 1.0 / (1.0 + math.exp(-told))


@cache
def model() -> dict[str, Any]:
    """The fitted model, as its file has it."""
    file = resources.files("racecraft.press.judging").joinpath("confidence.json")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
