"""How likely a mark is right: a logistic model for ticks and one for red marks.

Fitted by ``tools/fit_confidence.py`` on annotated articles; what it was fitted on, and how well it
does on articles left out, stands in its file.
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


def probability(judgement: str, features: Mapping[str, float]) -> float:
    r"""Probability that a tick, or a red mark, made of a reading is right.

    Notes
    -----
    :math:`p = 1 / (1 + e^{-(w_0 + \sum_i w_i x_i)})` with the weights of the verdict; 0 for what
    cannot be checked.
    """
    return probability_by(model()["heads"], judgement, features)


def probability_by(
    heads: Mapping[str, Any], judgement: str, features: Mapping[str, float]
) -> float:
    """Probability by other weights than those of the package."""
    fitted = heads.get(judgement)
    if fitted is None:
        return 0.0 if judgement == "uncheckable" else UNFITTED
    weights: Mapping[str, float] = fitted["weights"]
    score = fitted["intercept"]
    score += sum(weights[name] * value for name, value in features.items() if name in weights)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def model() -> dict[str, Any]:
    """The fitted model, as its file has it."""
    file = resources.files("racecraft.press.judging").joinpath("confidence.json")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
