"""Whether a figure in an article agrees with the true one, as it was written and hedged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError
from racecraft.press.lexicon.numbers import IN_HALVES

if TYPE_CHECKING:
    from racecraft.press.claim import Hedge
    from racecraft.press.judging.question import Question

# How far a hedged figure may be from the truth and still be fair: the rules by which the articles
# that the checker is measured on were annotated.
OVER = 1.25
ALMOST = 0.9
ABOUT = 0.1
MINUTE = 60.0  # seconds


def agrees(
    claimed: float, true: float, *, hedge: Hedge = "exact", decimals: int = 0, step: float = 0.0
) -> bool:
    """Whether `true`, rounded or truncated as it was written, is `claimed`; or fits its hedge.

    What words tell in halves ("half a second") is rounded to halves, half a minute is about one.
    ``over`` v is fair up to 1.25 v, ``almost`` from 0.9 v, ``about`` within a tenth, ``under`` at
    anything less. What is told in steps, such as minutes, may be over by one: more than a minute.

    Examples
    --------
    >>> agrees(3.1, 3.195, decimals=1), agrees(3.2, 3.195, decimals=1), agrees(12, 12.019)
    (True, True, True)
    >>> agrees(19, 19.387, hedge="over"), agrees(30, 25.022, hedge="almost")
    (True, False)
    >>> agrees(0.5, 0.446, decimals=IN_HALVES), agrees(0.5, 0.446, decimals=1)
    (True, False)
    """
    claimed, true = abs(claimed), abs(true)
    unit = 2.0 if decimals == IN_HALVES else 10.0**decimals
    if decimals == IN_HALVES and claimed >= MINUTE / 2 and hedge == "exact":
        hedge = "about"  # half a minute
    match hedge:
        case "over":
            return claimed <= true <= max(OVER * claimed, claimed + max(step, 1 / unit))
        case "at least":
            return true >= claimed
        case "at most":
            return true <= claimed
        case "under":
            return true <= claimed
        case "almost":
            return ALMOST * claimed <= true <= claimed
        case "about" if abs(true - claimed) <= ABOUT * claimed:
            return True
        case _:
            exact = true * unit
            written = round(claimed * unit)
            return written in (math.floor(exact + 1e-6), math.floor(exact + 0.5 + 1e-6))


def agrees_with(claim: Question, true: float) -> bool:
    """Whether the figure of a claim agrees with the true one.

    Raises
    ------
    NotEnoughDataError
        The claim gives no figure.
    """
    if isinstance(claim.value, bool) or not isinstance(claim.value, (int, float)):
        raise NotEnoughDataError("the claim gives no figure")
    decimals = claim.details.get("decimals")
    if decimals is None:
        text = repr(float(claim.value)).partition(".")[2].rstrip("0")
        decimals = len(text)
    in_minutes = claim.unit == "seconds" and claim.value % MINUTE == 0
    step = MINUTE if in_minutes else 0.0
    return agrees(float(claim.value), true, hedge=claim.hedge, decimals=decimals, step=step)
