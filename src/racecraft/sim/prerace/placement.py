"""Chance of every car to take every place, computed exactly from laws of independent cars."""

from __future__ import annotations

from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.sim.attrition import Floats

    Law = Callable[[Floats], Floats]

CELLS = 160  # of the axis on which cars are compared
STEPS_OUT = 12  # of the race in which a car may drop out
LOW, HIGH = 7.0, 3.5  # how far the axis reaches below the worst car and above the best
ROUNDS = 30  # of raking; the margins then agree to a millionth
_AT = np.linspace(-9.0, 9.0, 3601)
_NORMAL = np.array([0.5 * (1 + erf(x / sqrt(2))) for x in _AT])
SPREAD = 1.28  # of Gumbel's law, so that strengths mean the same in both
BAD_DAYS, BAD_BY, BAD_SPREAD = 0.05, 1.0, 3.0


def attrition_law(at: Floats) -> Floats:
    """Chance to have dropped back by then, as in `racecraft.sim.attrition`: Gumbel's law."""
    return np.asarray(1 - np.exp(-np.exp(at)))


def normal_law(at: Floats) -> Floats:
    """The same where good and bad days are alike: Thurstone's law."""
    return np.asarray(np.interp(at / SPREAD, _AT, _NORMAL))


def restless_law(at: Floats) -> Floats:
    """Attrition with one day in twenty on which anything may happen."""
    wild = np.interp((at + BAD_BY) / BAD_SPREAD, _AT, _NORMAL)
    return np.asarray((1 - BAD_DAYS) * attrition_law(at) + BAD_DAYS * wild)


def placements(strengths: Floats, retiring: Floats, law: Law = attrition_law) -> Floats:
    """Chance of every car to take every place, shape ``(cars, places)``.

    Parameters
    ----------
    strengths
        Of the cars, shape ``(cars,)``.
    retiring
        Chance of each not to be classified, shape ``(cars,)``.
    law
        Distribution of how long a car of strength 0 keeps up, on the axis of the strengths.

    Returns
    -------
    ndarray
        Rows and columns each sum to 1. Cars that are not classified take the last places, the
        one that drove furthest first.

    Examples
    --------
    >>> placements(np.array([1.0, 0.0]), np.zeros(2)).round(2)
    array([[0.73, 0.27],
           [0.27, 0.73]])
    """
    own, ahead = _axis(strengths - strengths.max(), retiring, law)
    return rake(np.maximum(places_on_axis(own, ahead), 1e-12))


def places_on_axis(own: Floats, ahead: Floats) -> Floats:
    r"""Chance of every place, shape ``(cars, places)``; rows sum to 1, columns nearly.

    Parameters
    ----------
    own, ahead
        Chance of each car to be in each cell of an axis, and to be ahead of it; ``(cars, cells)``.

    Notes
    -----
    Given that car i is at x, the number of cars ahead of it is a sum of independent yes-or-no
    trials with chances :math:`a_j(x)`. Its law is the inverse Fourier transform of
    :math:`\prod_{j \ne i} (1 - a_j + a_j z)` at roots of unity z; their number is odd, so that no
    factor vanishes and the one of car i can be divided out.
    """
    cars = len(own)
    points = cars + 1 - cars % 2
    roots = np.exp(-2j * np.pi * np.arange(points) / points)
    factors = 1 + ahead[:, :, None] * (roots - 1)
    together = np.prod(factors, axis=0)
    chances = np.einsum("ig,igk->ik", own, together / factors)
    return np.asarray(np.fft.ifft(chances, axis=1).real[:, :cars])


def _axis(strengths: Floats, retiring: Floats, law: Law) -> tuple[Floats, Floats]:
    """Chance of each car to fall into each cell of the axis, and to stay beyond its middle."""
    edges = np.linspace(strengths.min() - LOW, HIGH, CELLS + 1)
    below = law(edges[None, :] - strengths[:, None])
    below[:, 0], below[:, -1] = 0.0, 1.0
    running = (1 - retiring)[:, None]
    own = np.diff(below, axis=1) * running
    ahead = (1 - (below[:, 1:] + below[:, :-1]) / 2) * running
    middle = (np.arange(STEPS_OUT) + 0.5) / STEPS_OUT
    out = np.repeat(retiring[:, None] / STEPS_OUT, STEPS_OUT, axis=1)
    still = running + retiring[:, None] * (1 - middle)
    return np.hstack([own, out]), np.hstack([ahead, still])


def rake(places: Floats, winning: Floats | None = None) -> Floats:
    """Scale chances until those of every car and of every place sum to 1.

    Parameters
    ----------
    places
        Positive, shape ``(cars, places)``.
    winning
        Chances of first place that are kept; left out, they are scaled like the others.
    """
    if len(places) == 1:
        return np.ones((1, 1))
    found = places.copy()
    first = 0 if winning is None else 1
    if winning is not None:
        found[:, 0] = winning
    rest = found[:, first:]
    left = 1.0 if winning is None else (1 - found[:, 0])[:, None]
    for _ in range(ROUNDS):
        rest /= rest.sum(axis=0)
        rest *= left / rest.sum(axis=1, keepdims=True)
    return found
