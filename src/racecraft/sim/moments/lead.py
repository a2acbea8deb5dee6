"""Who led when, and whom he took the lead from."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.timing import timing

if TYPE_CHECKING:
    from racecraft.model.race import Race

OUT_WITHIN = 1  # laps after losing the lead in which a car that is out stood still
LENT = 8  # laps that a stop lends the lead to others who have yet to stop


def leaders(race: Race) -> list[tuple[str, int, int]]:
    """Who led at the end of which laps: car, first lap, last lap."""
    at = timing(race)
    first = np.nanargmin(np.where(np.isnan(at.at_line), np.inf, at.at_line), axis=1)
    stints: list[tuple[str, int, int]] = []
    for lap, car in enumerate(first, 1):
        name = at.cars[int(car)]
        if stints and stints[-1][0] == name:
            stints[-1] = (name, stints[-1][1], lap)
        else:
            stints.append((name, lap, lap))
    return stints


def lead_changes(race: Race) -> list[tuple[str, str, int, int, str]]:
    """Changes of the lead: new, old, lap, until which lap, and the cause; less what was only lent.

    A leader who stops lends the lead to those who have yet to stop: where it is back with him
    within `LENT` laps, and only stops changed it, nothing changed. The last change of all is told
    whatever it was.
    """
    stints = leaders(race)
    causes = ["", *(_cause(race, *pair) for pair in pairwise(stints))]
    held: list[int] = []
    number = 0
    while number < len(stints):
        held.append(number)
        back = [
            later
            for later in range(number + 2, len(stints) - 1)
            if stints[later][0] == stints[number][0]
            and stints[later][1] - stints[number][2] <= LENT
            and all(cause == "pit" for cause in causes[number + 1 : later + 1])
        ]
        number = max(back, default=number) + 1
    return [
        (stints[new][0], stints[old][0], stints[new][1], stints[new][2], causes[new])
        for old, new in pairwise(held)
        if stints[new][0] != stints[old][0]
    ]


def _cause(race: Race, old: tuple[str, int, int], new: tuple[str, int, int]) -> str:
    """What put a car in the lead; of a leader who drove into the pits for good, that he is out."""
    at = timing(race)
    car = at.cars.index(old[0])
    last = (int(at.last_step[car]) + 1) // len(at.lines)
    if not at.finished[car] and last <= new[1] + OUT_WITHIN:
        return "retirement"
    kinds = overtakes(race).filter(position=1, passer=new[0], lap=new[1])["kind"].to_list()
    return kinds[-1] if kinds else ""
