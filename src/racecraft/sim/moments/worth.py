"""Whose chance the sentence of a moment gives: who mattered most, moving as the sentence says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.sim.moments.told_once import CUTS, gainers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.sim.moments.happening import Happening

CHANCE, POINTS = 0.03, 1.0  # least changes that are worth telling
MUCH, WORTH_OF_A_WIN = 0.1, 15.0  # of a chance to win; in points
WON_BY_FIRST = ("pass", "re-pass", "lead change", "undercut", "overcut", "battle")
LOST = ("retirement", "incident", "puncture", "slow stop", "wrong tyre", "disqualification")
TROUBLE = ("retirement", "trouble")  # how a lead is lost by the one who had it
GAINED = ("good stop", "from the grid", "fastest lap")


def worth(one: Happening, cars: Sequence[str], chance: dict[str, Any]) -> dict[str, Any] | None:
    """What a moment did to the chance of one of its cars; None where it did little.

    Parameters
    ----------
    cars
        Whom it concerns.
    chance
        By car: ``win`` and ``points``, each before and after it.

    Returns
    -------
    dict
        ``car``, ``of`` (``win``, ``win by then`` or ``points``), ``before`` and ``after``.
    """
    win = {car: chance[car]["win"] for car in cars}
    points = {car: chance[car]["points"] for car in cars}
    of, car = "win", whose(one, cars, win, CHANCE)
    if car is None and one.kind == "lead change":  # it was won or lost before, or has yet to be
        of, car = "win by then", cars[0]
    elif one.kind != "lead change" and (car is None or _is_little(one, car, chance[car])):
        scored = whose(one, cars, points, POINTS)
        if scored is not None and (car is None or _is_gainer(one, scored)):
            of, car = "points", scored
    if car is None:
        return None
    before, after = chance[car]["points" if of == "points" else "win"]
    return {"car": car, "of": of, "before": round(before, 4), "after": round(after, 4)}


def whose(
    one: Happening, cars: Sequence[str], chance: dict[str, tuple[float, float]], least: float
) -> str | None:
    """Car whose chance is given: of those that moved as the sentence says the one that most did.

    Who passed is asked before who was passed, but where a lead was lost by trouble. None where
    nobody moved that way by so much.
    """
    change = {car: chance[car][1] - chance[car][0] for car in cars}
    ways = _ways(one)
    told = [
        car for car in cars if abs(change[car]) >= least and change[car] * ways.get(car, 0) >= 0
    ]
    won = one.kind in WON_BY_FIRST and one.facts.get("cause") not in TROUBLE
    first = [car for car in told if won and ways.get(car) == 1]
    return max(first or told, key=lambda car: abs(change[car]), default=None)


def _is_little(one: Happening, car: str, chance: dict[str, tuple[float, float]]) -> bool:
    """Whether the chance to win is not what mattered: of whom it is not told first, or little."""
    win, points = (abs(chance[of][1] - chance[of][0]) for of in ("win", "points"))
    return not _is_gainer(one, car) or (win < MUCH and points > WORTH_OF_A_WIN * win)


def _is_gainer(one: Happening, car: str) -> bool:
    """Whether a car is one that the sentence is about first: who gained, where somebody did."""
    ways = _ways(one)
    by_trouble = one.facts.get("cause") in TROUBLE
    return one.kind not in WON_BY_FIRST or by_trouble or ways.get(car) == 1


def _ways(one: Happening) -> dict[str, int]:
    """Of each car whether it gained (1) or lost (-1) by what the sentence tells of it."""
    if one.kind == "start":
        moves: Any = one.facts["moves"]
        return {car: (now < was) - (now > was) for car, (was, now) in moves.items()}
    if one.kind in CUTS:
        return dict.fromkeys(one.cars, -1) | dict.fromkeys(one.cars[: gainers(one)], 1)
    if one.kind in WON_BY_FIRST:
        return dict.fromkeys(one.cars[:-1], 1) | dict.fromkeys(one.cars[-1:], -1)
    if one.kind == "penalty":
        return dict.fromkeys(one.cars[:1], -1) | dict.fromkeys(one.cars[1:], 1)
    return dict.fromkeys(one.cars, (one.kind in GAINED) - (one.kind in LOST))
