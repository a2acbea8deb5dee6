"""Why it happened, as far as the tables know: who stopped when, who met whom, who stood alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.control import flags_by_lap
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.stops import stops
from racecraft.analysis.order.timing import earliest, timing
from racecraft.analysis.telemetry.distance import placed
from racecraft.analysis.telemetry.launch import lost_speed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.model.race import Race

ALONE = 2  # cars at most that a restart is told to have had on its grid
OUT_AT_ONCE = 4  # cars that are told to have dropped out as a flag came
OTHERS = 5  # cars at least that stopped instead
CLOSE_S = 3.0  # who was so close to a car in trouble may have been in it
LATE = 15  # laps before the flag: what happens earlier is punished in the race
CLOSE_PLACES, HAIR_S, NOSE_S = 3, 0.2, 1.0  # places, what they, and a win, were won by
GREEN_LAPS = 3  # before the flag, without which a finish is close of itself
TOUCH_M, CLEAR_M = 12.0, 4.0  # who was so close may have been met, the next so much further away


def stopped_under(race: Race, first: int, last: int) -> dict[str, str]:
    """Cars that stopped on these laps and raced on, with the compound that was fitted, or ''."""
    rows = stops(race).filter(pl.col("lap").is_between(first, last), kind="stop")
    return {car: compound or "" for car, compound in rows["car", "compound"].rows()}


def out_as_it_came(race: Race, lap: int) -> dict[str, str]:
    """A few cars that dropped out on a lap of the leader or the one before, and why; else nothing.

    Laps are those of the leader, for a car that was lapped drops out on an earlier one of its own.
    """
    at = timing(race)
    status = dict(race.classification["car", "status"].rows())
    ends = np.fmax.accumulate(earliest(at.at_line))
    done = (ends[:, None] <= np.fmax.reduce(at.at_line, axis=0)).sum(axis=0)
    out = {
        car: status.get(car) or ""
        for i, car in enumerate(at.cars)
        if not at.finished[i] and lap - 2 <= done[i] < lap and (done[i] or lap == 1)
    }
    away = set(race.classification.filter(position_text="W")["car"])
    out = {car: why for car, why in out.items() if car not in away}
    return out if len(out) <= OUT_AT_ONCE else {}


def raced_beyond(race: Race, lap: int) -> set[str]:
    """Cars that were timed after a lap, or took the flag."""
    at = timing(race)
    done = (at.last_step + 1) // len(at.lines)
    return {car for i, car in enumerate(at.cars) if at.finished[i] or done[i] > lap}


def alone_on_the_grid(race: Race, lap: int) -> dict[str, object]:
    """Who took a restart from the grid on a lap that nearly everybody else began in the pit lane.

    Returns
    -------
    dict
        ``alone`` and ``stopped``: cars, and how many others; empty where most took the restart.
    """
    if lap < 3:
        return {}
    at = timing(race)
    entered = set(race.pit_visits.filter(lap=lap - 1)["car"])
    there = [car for car in at.cars if car in raced_beyond(race, lap - 1)]
    alone = tuple(car for car in there if car not in entered)
    others = len(there) - len(alone)
    if not 0 < len(alone) <= ALONE or others < OTHERS:
        return {}
    return {"alone": alone, "stopped": others}


def collided(gone: Mapping[str, str]) -> bool:
    """Whether two that dropped out together did so by a collision, by their results."""
    return len(gone) == 2 and all("collision" in status.lower() for status in gone.values())


def only_two_by_collision(race: Race, out: Mapping[str, int]) -> list[set[str]]:
    """Pairs of cars that dropped out on one lap by a collision, as nobody else did on it.

    Of the first lap nobody knows who hit whom.

    Parameters
    ----------
    out
        Laps completed by the cars that dropped out.
    """
    status = dict(race.classification["car", "status"].rows())
    by_lap: dict[int, set[str]] = {}
    for car, lap in out.items():
        if lap and (status.get(car) or "").lower() == "collision":
            by_lap.setdefault(lap, set()).add(car)
    return [cars for cars in by_lap.values() if len(cars) == 2]


def penalised_near(race: Race, car: str, lap: int) -> str | None:
    """Who ran close to a car that met trouble late on, and was put back after the flag."""
    at = timing(race)
    if not max(at.laps - LATE, 1) < lap <= at.laps:
        return None
    punished = overtakes(race).filter(kind="classification")["passed"].unique().to_list()
    before = at.at_line[lap - 2]
    near = {
        other: abs(float(before[at.cars.index(other)] - before[at.cars.index(car)])) / 1e6
        for other in punished
        if other != car and other in at.cars
    }
    near = {other: gap for other, gap in near.items() if gap <= CLOSE_S}
    return min(near, key=lambda other: near[other], default=None)


def met_at_start(race: Race) -> dict[str, str]:
    """Cars that lost speed at the start as in a contact, and who was clearly nearest to each."""
    if race.telemetry is None:
        return {}
    track = placed(race)
    if track is None:
        return {}
    found: dict[str, str] = {}
    for car, when in lost_speed(race)["car", "time_s"].rows():
        at = {
            other: float(np.interp(when * 1e6, own.time, own.place_m))
            for other, own in track.cars.items()
            if len(own.time) > 1
        }
        apart = sorted((abs(at[other] - at[car]), other) for other in at if other != car)
        if car in at and apart and apart[0][0] <= TOUCH_M:
            alone = len(apart) < 2 or apart[1][0] - apart[0][0] >= CLEAR_M
            found |= {car: apart[0][1]} if alone else {}
    return found


def close_finishes(race: Race) -> list[tuple[str, str, int, float]]:
    """Places on the podium that were won at the flag by a hair: ahead, behind, place, seconds."""
    at = timing(race)
    order = [int(i) for i in np.argsort(at.at_line[-1]) if at.finished[i]][: CLOSE_PLACES + 1]
    found = []
    for place, (ahead, behind) in enumerate(pairwise(order), 1):
        margin = float(at.at_line[-1, behind] - at.at_line[-1, ahead]) / 1e6
        if margin <= (NOSE_S if place == 1 and raced_to_flag(race) else HAIR_S):
            found.append((at.cars[ahead], at.cars[behind], place, margin))
    return found


def raced_to_flag(race: Race) -> bool:
    """Whether the last laps were green."""
    laps = timing(race).laps
    return not any(lap > laps - GREEN_LAPS for lap in flags_by_lap(race))


def told_apart(cars: Sequence[str], laps: Mapping[str, int]) -> list[tuple[int, list[str]]]:
    """Laps on which cars did something, in order, and which of these did; empty where one lap."""
    by_lap: dict[int, list[str]] = {}
    for car in cars:
        if car in laps:
            by_lap.setdefault(laps[car], []).append(car)
    return sorted(by_lap.items()) if len(by_lap) > 1 else []
