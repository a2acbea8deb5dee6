"""Did something change along a series, and when?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# Percent of a lap time, as all of a form is.
LEVEL = 2.0  # standard deviation of a driver's level against the field
STEP = 0.5  # of a change of it
SLOPE = 0.5  # of a trend from the first round to the last
SPREADS = np.geomspace(0.05, 1.5, 24)  # from round to round, all equally likely
BELIEVED = {"same": 0.5, "trend": 0.25, "change": 0.25}  # before the season
FEWEST_ROUNDS = 6
FEWEST_EACH_SIDE = 3


@dataclass(frozen=True)
class ChangePoint:
    """What a series supports.

    Attributes
    ----------
    index
        First value after the change that is most probable.
    probability
        That there was a change at all, rather than none, or an even trend.
    before, after
        Level before and after it.
    level, level_error
        Level if nothing changed.
    trend, trend_error
        Change from the first to the last value if it was even.
    trend_probability
        That there was an even trend, rather than a change or none.
    """

    index: int
    probability: float
    before: float
    after: float
    level: float
    level_error: float
    trend: float
    trend_error: float
    trend_probability: float


def change_point(values: NDArray[np.float64], errors: NDArray[np.float64]) -> ChangePoint | None:
    r"""Most probable change of level in a series; None for one too short.

    Parameters
    ----------
    values
        In order, shape (n,).
    errors
        Their standard errors, shape (n,).

    Notes
    -----
    Three accounts of the series compete: one level, a level with an even trend, and two levels with
    the change at any place with three values on either side, all as likely. In each the values
    scatter about it by their errors and by a spread from one to the next, which is not known. What
    each account makes of the series is integrated over all levels and spreads, by Gaussian priors
    of the widths above, so that the one with more to choose from pays for it. A value more than
    three robust deviations from the median, such as a qualifying that ended in a wall, counts as if
    it were there.

    References
    ----------
    Barry, Hartigan: A Bayesian analysis for change point problems, JASA 88 (1993).
    """
    count = len(values)
    if count < FEWEST_ROUNDS:
        return None
    places = np.arange(FEWEST_EACH_SIDE, count - FEWEST_EACH_SIDE + 1)
    even = np.linspace(-0.5, 0.5, count)
    after = [(np.arange(count) >= place).astype(float) for place in places]
    evidence = _evidence(_without_outliers(values), errors)
    same = evidence(np.ones((count, 1)), [LEVEL])
    trend = evidence(np.stack([np.ones(count), even], 1), [LEVEL, SLOPE])
    steps = [evidence(np.stack([np.ones(count), step], 1), [LEVEL, STEP]) for step in after]
    change = np.array([step.log for step in steps])
    logs = {"same": same.log, "trend": trend.log, "change": _mean_of_logs(change)}
    top = max(logs.values())
    weight = {name: BELIEVED[name] * np.exp(log - top) for name, log in logs.items()}
    total = sum(weight.values())
    best = int(change.argmax())
    level, step = steps[best].mean
    return ChangePoint(
        index=int(places[best]),
        probability=float(weight["change"] / total),
        before=float(level),
        after=float(level + step),
        level=float(same.mean[0]),
        level_error=float(same.error[0]),
        trend=float(trend.mean[1]),
        trend_error=float(trend.error[1]),
        trend_probability=float(weight["trend"] / total),
    )


@dataclass(frozen=True)
class LevelChange:
    """Level before a known place in a series, how much it is higher after it, and the errors."""

    before: float
    change: float
    error: float


def change_at(values: NDArray[np.float64], errors: NDArray[np.float64], place: int) -> LevelChange:
    """Change of level at a known place of a series.

    As `change_point` has it, but for the place and for the width of the prior of the change, which
    is as wide as that of the level: nothing is believed of it beforehand.
    """
    after = (np.arange(len(values)) >= place).astype(float)
    columns = np.stack([np.ones(len(values)), after], 1)
    found = _evidence(_without_outliers(values), errors)(columns, [LEVEL, LEVEL])
    return LevelChange(float(found.mean[0]), float(found.mean[1]), float(found.error[1]))


def _without_outliers(values: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = np.median(values)
    reach = 3 * 1.4826 * np.median(np.abs(values - middle))
    return np.clip(values, middle - reach, middle + reach) if reach else values


@dataclass(frozen=True, eq=False)
class _Account:
    """What one account makes of a series: logarithm of its evidence, coefficients, errors."""

    log: float
    mean: NDArray[np.float64]
    error: NDArray[np.float64]


def _evidence(
    values: NDArray[np.float64], errors: NDArray[np.float64]
) -> Callable[[NDArray[np.float64], list[float]], _Account]:
    def account(columns: NDArray[np.float64], widths: list[float]) -> _Account:
        prior = np.diag(np.square(widths))
        noise = np.eye(len(values)) * (errors**2 + SPREADS[:, None] ** 2)[:, None]
        total = noise + columns @ prior @ columns.T
        known = np.concatenate([values[:, None], columns @ prior], axis=1)
        solved = np.linalg.solve(total, known)
        logs = -0.5 * (values @ solved[..., 0].T + np.linalg.slogdet(total)[1])
        gathered = prior @ columns.T @ solved
        means, gains = gathered[..., 0], gathered[..., 1:]
        variances = np.diag(prior) - np.einsum("saa->sa", gains)
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        mean = weights @ means
        error = np.sqrt(weights @ (variances + (means - mean) ** 2))
        return _Account(_mean_of_logs(logs), np.asarray(mean), np.asarray(error))

    return account


def _mean_of_logs(logs: NDArray[np.float64]) -> float:
    """Logarithm of the mean of what these are logarithms of."""
    return float(logs.max() + np.log(np.exp(logs - logs.max()).mean()))
