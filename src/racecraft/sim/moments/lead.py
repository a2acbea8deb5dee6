"""Who led when, and whom he took the lead from."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.control import flags_by_lap
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.stops import fitted_sets, stops
from racecraft.analysis.order.timing import timing
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from racecraft.model.race import Race

OUT_WITHIN = 1  # laps after losing the lead in which a car that is out stood still
CLOSE_S = 2.0  # who was no further behind may have passed on the next lap
UNDERCUT_S, UNDERCUT_LAPS = 10.0, 6  # behind; laps between the stops
FRONT = 6
LENT = 8  # laps that a stop lends the lead to others who have yet to stop


def leaders(race: Race) -> list[tuple[str, int, int]]:
    """Who led at the end of which laps: car, first lap, last lap.

    Nobody leads who is on his way into the garage: of such a lap sources have the entry of the pit
    lane for its end.
    """
    at = timing(race)
    times = np.where(np.isnan(at.at_line), np.inf, at.at_line)
    for car, lap in stops(race).filter(kind="retirement")["car", "lap"].rows():
        own = at.cars.index(car) if car in at.cars and lap <= at.laps else None
        if own is not None and not at.finished[own] and np.isfinite(times[lap - 1]).sum() > 1:
            times[lap - 1, own] = np.inf
    first = np.argmin(times, axis=1)
    stints: list[tuple[str, int, int]] = []
    for lap, car in enumerate(first, 1):
        name = at.cars[int(car)]
        if stints and stints[-1][0] == name:
            stints[-1] = (name, stints[-1][1], lap)
        else:
            stints.append((name, lap, lap))
    return stints


def leader_on(race: Race, lap: int) -> str:
    """Who led at the end of a lap, the first one before that."""
    return next(car for car, first, last in leaders(race) if first <= max(lap, 1) <= last)


def front_on(race: Race, lap: int) -> tuple[str, ...]:
    """The first six at the end of a lap, in order."""
    at = timing(race)
    row = at.at_line[max(lap, 1) - 1]
    order = [at.cars[int(car)] for car in np.argsort(row) if not np.isnan(row[car])]
    return tuple(order[:FRONT])


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


def taken_in_effect(race: Race) -> int:
    """Lap on which the last leader took the lead, but for what stops lent to others since.

    >>> from racecraft.sources.sample.sample import sample_race
    >>> taken_in_effect(sample_race(20))
    1
    """
    stints = leaders(race)
    causes = ["", *(_cause(race, *pair) for pair in pairwise(stints))]
    number = len(stints) - 1
    for earlier in range(number - 1, -1, -1):
        if any(cause != "pit" for cause in causes[earlier + 1 : number + 1]):
            break
        number = earlier if stints[earlier][0] == stints[number][0] else number
    return stints[number][1]


def stopped_earlier(race: Race, new: str, old: str, lap: int) -> int:
    """How many laps earlier one stopped than another who lost the lead to him by it; else 0.

    He was behind before his stop, no further than can be won by stopping.
    """
    at = timing(race)
    made = stops(race).filter(pl.col("kind") == "stop", pl.col("lap") <= lap)
    last = dict(made.group_by("car").agg(pl.col("lap").max())["car", "lap"].rows())
    if not {new, old} <= last.keys() or last[old] < lap - 1 or last[new] < 2:
        return 0
    one, other = (at.at_line[last[new] - 2, at.cars.index(car)] for car in (new, old))
    near = 0 < one - other <= UNDERCUT_S * 1e6
    return last[old] - last[new] if near and 0 < last[old] - last[new] <= UNDERCUT_LAPS else 0


def out_of_the_pits(race: Race, car: str, lap: int) -> bool:
    """Whether a car that completed a lap in the pit lane drove out of it again."""
    return (car, lap) in _came_out(race)


@once_per
def _came_out(race: Race) -> set[tuple[str, int]]:
    """Cars that drove out of the pit lane again, and the lap that they completed in it."""
    return set(stops(race).filter(pl.col("kind") != "retirement")["car", "lap"].rows())


def may_have_passed(race: Race, new: str, old: str, lap: int) -> bool:
    """Whether a car may have passed another on the track on the lap at whose end that one stopped.

    It was close behind at the end of the lap before, and racing.
    """
    at = timing(race)
    in_lap = not race.pit_visits.filter(car=old, lap=lap).is_empty()
    if lap < 2 or not in_lap or lap in flags_by_lap(race):
        return False
    one, other = (at.at_line[lap - 2, at.cars.index(car)] for car in (new, old))
    return bool(one - other <= CLOSE_S * 1e6)


def newer_tyres(race: Race, one: str, other: str, lap: int) -> int:
    """Laps that the tyres of one car were newer than those of another on a lap; 0 if not known."""
    sets = fitted_sets(race).filter(pl.col("car").is_in([one, other]), pl.col("lap") <= lap)
    since = dict(sets.group_by("car").agg(pl.col("lap").max())["car", "lap"].rows())
    return since[one] - since[other] if {one, other} <= since.keys() else 0


def _cause(race: Race, old: tuple[str, int, int], new: tuple[str, int, int]) -> str:
    """What put a car in the lead; of a leader who drove into the pits for good, that he is out.

    Whoever stopped, and dropped out on the lap on which he came out of the pits, lost it by that.
    """
    at = timing(race)
    car = at.cars.index(old[0])
    last = (int(at.last_step[car]) + 1) // len(at.lines)
    if not at.finished[car] and last <= new[1] + OUT_WITHIN:
        return "pit" if out_of_the_pits(race, old[0], old[2]) else "retirement"
    kinds = overtakes(race).filter(position=1, passer=new[0], lap=new[1])["kind"].to_list()
    return kinds[-1] if kinds else ""
