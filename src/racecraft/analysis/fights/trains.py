"""Which cars ran nose to tail, three or more in a row?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.fights.battles import SEASON_COLUMNS, battles
from racecraft.analysis.order.changes import positions
from racecraft.analysis.order.classes import fields
from racecraft.analysis.order.control import neutralised
from racecraft.analysis.order.timing import Timing, timing
from racecraft.errors import ArgumentError
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race

REGULAR = 0.5  # share of the lines at which a car must be in the train to be listed

TRAINS = Table(
    "trains",
    key=("series", "season", "session", "head", "start_lap"),
    columns=(
        *SEASON_COLUMNS,
        Column("head", pl.String, "car at the front of the train"),
        Column("position", pl.Int16, "its position at the end"),
        Column("start_lap", pl.Int16, "lap on which it formed"),
        Column("end_lap", pl.Int16, "lap on which it was last seen"),
        Column("laps", pl.Int16, "laps it lasted"),
        Column("longest", pl.Int16, "most cars in it at one line"),
        Column("drivers", pl.String, "cars in it at half of the lines or more, in order"),
        Column("battles", pl.String, "battles within it while it lasted: pairs of cars"),
    ),
)


def trains(
    race: Race, *, within_s: float = 1.0, min_laps: int = 3, overall: bool = False
) -> pl.DataFrame:
    """Every train of a race: three or more cars nose to tail behind the same head.

    Parameters
    ----------
    race
        Needs ``crossings``.
    within_s
        Seconds; largest interval from each car to the next.
    min_laps
        Laps over which the same car heads three or more; a break of less than a lap does not end
        it.
    overall
        Cars of all classes make a train, not only those of one.

    Returns
    -------
    DataFrame
        ``TRAINS``, longest first.

    Raises
    ------
    ArgumentError
        A limit that is not positive.
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> trains(toy_race(), within_s=3.0).select("head", "drivers", "longest").rows()
    [('VER', 'VER HAM SAI', 3)]
    """
    if within_s <= 0 or min_laps < 1:
        raise ArgumentError(
            f"no train within {within_s:g} s of {min_laps} laps", hint="both must be positive"
        )
    at = timing(race)
    green = ~(neutralised(race).share(at.time - at.segment, at.time) > 0)
    fights = battles(race, overall=overall)
    rows = []
    for cars in fields(race, overall=overall):
        time = at.time[:, cars]
        by_time = np.argsort(time, axis=1, kind="stable")
        in_order = np.take_along_axis(time, by_time, axis=1)
        linked = (np.diff(in_order, axis=1) <= within_s * 1e6) & np.take_along_axis(
            green[:, cars], by_time, axis=1
        )[:, 1:]
        rows += [
            _row(race, at, head, steps, cars[by_time], linked, fights)
            for head, steps in _heads(at, cars[by_time], linked)
            if len(steps) >= min_laps * len(at.lines)
        ]
    return TRAINS.rows(rows).sort("laps", "longest", descending=True, maintain_order=True)


def _heads(
    at: Timing, by_time: NDArray[np.int64], linked: NDArray[np.bool_]
) -> list[tuple[int, NDArray[np.int64]]]:
    """Cars at the head of a train with the steps at which they were, broken where it broke up."""
    if linked.shape[1] < 2:
        return []
    begins = linked[:, :-1] & linked[:, 1:]
    begins[:, 1:] &= ~linked[:, :-2]
    step, place = np.nonzero(begins)
    head = by_time[step, place]
    found = []
    for car in np.unique(head):
        steps = step[head == car]
        cuts = np.flatnonzero(np.diff(steps) > len(at.lines)) + 1
        found += [(int(car), part) for part in np.split(steps, cuts)]
    return found


def _members(
    at_step: int, head: int, by_time: NDArray[np.int64], linked: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Cars of the train behind a head at one line, the head first."""
    place = int(np.flatnonzero(by_time[at_step] == head)[0])
    broken = np.flatnonzero(~linked[at_step, place:])
    count = int(broken[0]) if len(broken) else linked.shape[1] - place
    return np.asarray(by_time[at_step, place : place + count + 1])


def _row(
    race: Race,
    at: Timing,
    head: int,
    steps: NDArray[np.int64],
    by_time: NDArray[np.int64],
    linked: NDArray[np.bool_],
    fights: pl.DataFrame,
) -> dict[str, object]:
    members = [_members(int(step), head, by_time, linked) for step in steps]
    seen = np.bincount(np.concatenate(members), minlength=len(at.cars))
    regular = np.flatnonzero(seen >= REGULAR * len(steps))
    where = positions(race)[steps[-1]]
    regular = regular[np.argsort(np.where(where[regular] > 0, where[regular], 99), kind="stable")]
    names = [at.cars[head], *(at.cars[int(car)] for car in regular if car != head)]
    start, end = int(at.lap[steps[0]]), int(at.lap[steps[-1]])
    inside = fights.filter(
        pl.col("first").is_in(names),
        pl.col("second").is_in(names),
        pl.col("start_lap") <= end,
        pl.col("end_lap") >= start,
    )
    return {
        "series": race.series,
        "season": race.season,
        "round": race.round,
        "session": race.session,
        "head": at.cars[head],
        "position": where[head],
        "start_lap": start,
        "end_lap": end,
        "laps": end - start + 1,
        "longest": max(len(cars) for cars in members),
        "drivers": " ".join(names),
        "battles": ", ".join(
            f"{first}-{second}" for first, second in inside["first", "second"].rows()
        ),
    }
