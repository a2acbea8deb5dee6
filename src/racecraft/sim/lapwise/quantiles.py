"""Laws of chance as tables of equally likely values, to be picked from by random bits."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.lapwise.columns import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray


def normal_quantiles(steps: int = STEPS) -> NDArray[np.float64]:
    """Quantiles of the standard normal law at the middle of equal steps, scaled to variance 1.

    Shape ``(steps,)``; the largest is 3.3 for 1024 steps.
    """
    below = NormalDist().inv_cdf
    middle = np.array([below((step + 0.5) / steps) for step in range(steps)])
    return np.asarray(middle / middle.std())


def exponential_quantiles(
    steps: int = STEPS,
) -> NDArray[np.float64]:
    """Quantiles of the exponential law of mean 1 at the middle of equal steps, ``(steps,)``."""
    waits = -np.log((np.arange(steps) + 0.5) / steps)
    return np.asarray(waits / waits.mean())
