"""Small pictures made of characters: an interval lap by lap, places lap by lap."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
HOLE = " "
PLACES = "123456789abcdefghijklmnopqrstuvwxyz"  # a is tenth


def sparkline(values: Sequence[float | None], width: int, *, top: float | None = None) -> str:
    """Values as bars of eight heights, from nothing to the largest; a hole where there is none.

    Parameters
    ----------
    values
        None where unknown.
    width
        Characters at most; where there are more values, each bar is the smallest of its share.
    top
        Value of the highest bar and of all above it; left out, the largest value.

    Examples
    --------
    >>> sparkline([0.0, 0.5, None, 1.0], 10)
    '▁▅ █'
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    highest = top or max(known) or 1.0
    return "".join(
        HOLE if value is None else BARS[min(int(value / highest * len(BARS)), len(BARS) - 1)]
        for value in thinned(values, width)
    )


def thinned(values: Sequence[float | None], width: int) -> list[float | None]:
    """Values in at most so many: the smallest of each share of them."""
    if len(values) <= width:
        return list(values)
    edges = [len(values) * i // width for i in range(width + 1)]
    shares = [values[begin:end] for begin, end in pairwise(edges)]
    return [min((v for v in share if v is not None), default=None) for share in shares]


def place_strip(places: Sequence[int | None], width: int, *, unicode: bool = True) -> str:
    """Places lap by lap: a character where the place changes, 1 to 9 and then a for tenth.

    Where it stays there is a dash, and nothing where it is not known; thinned to a width.

    Examples
    --------
    >>> place_strip([1, 1, 2, 10, None, 10], 10, unicode=False)
    '1-2a a'
    """
    if len(places) > width:
        at = np.linspace(0, len(places) - 1, width).round().astype(int)
        places = [places[i] for i in at]
    stays = "─" if unicode else "-"
    strip = ""
    for before, place in zip([None, *places], places, strict=False):
        if place is None:
            strip += HOLE
        else:
            strip += stays if place == before else PLACES[min(place, len(PLACES)) - 1]
    return strip
