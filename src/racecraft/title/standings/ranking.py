"""Totals and places of many championships at once: plain arrays, one row per run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EQUAL = 1e-6  # points: totals closer than that are the same


def totals(scores: Floats, part_of: Sequence[int] | Ints, best: Sequence[int]) -> Floats:
    """Points that count: the best results of each part of the season.

    Parameters
    ----------
    scores
        Points by session, shape ``(..., sessions)``.
    part_of
        Part of the season of each session, shape ``(sessions,)``.
    best
        How many results count in each part; a part of which all count may say any larger number.

    Returns
    -------
    array
        Shape ``(...)``.

    Examples
    --------
    >>> totals(np.array([[9.0, 6.0, 4.0, 9.0]]), part_of=[0, 0, 1, 1], best=[1, 2])
    array([22.])
    """
    if len(best) == 1 and best[0] >= scores.shape[-1]:
        return np.asarray(scores.sum(axis=-1))
    part = np.asarray(part_of)
    total = np.zeros(scores.shape[:-1])
    for number, keep in enumerate(best):
        own = scores[..., part == number]
        if keep < own.shape[-1]:
            own = np.sort(own, axis=-1)[..., own.shape[-1] - keep :]
        total += own.sum(axis=-1)
    return np.asarray(total)


def places(points: Floats, counts: Ints) -> Ints:
    """Places by points, ties broken by countback; who cannot be told apart shares a place.

    Parameters
    ----------
    points
        Totals, shape ``(runs, entrants)``.
    counts
        Times that each came first, second, ... in a race, shape ``(runs, entrants, places)``.

    Returns
    -------
    array
        Shape ``(runs, entrants)``, from 1.

    References
    ----------
    FIA Formula One Sporting Regulations, Article 7.2 ("Dead heat").

    Examples
    --------
    >>> places(np.array([[10.0, 10.0, 10.0]]), np.array([[[1, 0], [0, 2], [1, 0]]]))
    array([[1, 3, 1]])
    """
    rounded = np.round(points / EQUAL).astype(np.int64)
    order = np.argsort(-rounded, axis=-1, kind="stable")
    tied = (np.diff(np.take_along_axis(rounded, order, -1), axis=-1) == 0).any(axis=-1)
    found = np.empty(points.shape, dtype=np.int64)
    found[~tied] = _ranked(order[~tied], None, rounded[~tied])
    if tied.any():
        own = counts[tied]
        keys = [-own[..., place] for place in reversed(range(own.shape[-1]))]
        order = np.lexsort([*keys, -rounded[tied]], axis=-1)
        found[tied] = _ranked(order, own, rounded[tied])
    return found


def _ranked(order: Ints, counts: Ints | None, points: Ints) -> Ints:
    """Places of an order; a place is shared by those equal in everything."""
    runs, entrants = order.shape
    place = np.broadcast_to(np.arange(1, entrants + 1), (runs, entrants)).copy()
    if counts is not None and entrants > 1:
        in_order = np.take_along_axis(counts, order[..., None], axis=1)
        same = (np.diff(in_order, axis=1) == 0).all(axis=-1)
        same &= np.diff(np.take_along_axis(points, order, -1), axis=-1) == 0
        starts = np.where(np.pad(~same, ((0, 0), (1, 0)), constant_values=True), place, 0)
        place = np.maximum.accumulate(starts, axis=1)
    found = np.empty_like(place)
    np.put_along_axis(found, order, place, axis=1)
    return found
