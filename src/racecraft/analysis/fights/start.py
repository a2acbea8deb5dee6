"""What happened at the start, from the grid to the end of lap 1?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.fights.explain import name_of
from racecraft.analysis.fights.start_words import braked_words, start_words
from racecraft.analysis.order.timing import timing
from racecraft.analysis.telemetry.launch import (
    ABREAST,
    LOST_SPEED,
    abreast,
    at_first_braking,
    launches,
    lost_speed,
)
from racecraft.model.race import CAR
from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from racecraft.analysis.telemetry.launch import Launch
    from racecraft.model.race import Race

MOST_UNTIMED = 0.5  # of the cars, beyond which nobody knows who was where at a timing line

STARTS = Table(
    "starts",
    key=("car",),
    columns=(
        CAR,
        Column("grid", pl.Int16, "place on the grid, or by where it stood; null from the pit lane, "
               "or unknown"),
        Column("at_first_line", pl.Int16, "place at the first timing line; null where there is "
               "only the Line"),
        Column("place", pl.Int16, "place at the end of lap 1; null where it did not complete it"),
        Column("gained", pl.Int16, "places gained on lap 1; negative for places lost"),
        Column("moved_s", pl.Float64, "seconds after lights out when it first moved"),
        Column("to_100_s", pl.Float64, "seconds after lights out when it reached 100 km/h"),
        Column("to_200_s", pl.Float64, "likewise, 200 km/h"),
        Column("launch_error_s", pl.Float64, "half the time between two readings of the speed"),
        Column("place_braking", pl.Int16, "place among the cars with telemetry where half of them "
               "had braked for the first corner"),
        Column("behind_braking_s", pl.Float64, "how far behind the first of them it was there"),
        Column("behind_error_s", pl.Float64, "standard error of that"),
        Column("braked_m", pl.Float64, "metres before the first corner where it braked"),
        Column("braked_error_m", pl.Float64, "standard error of that: of the place, and half the "
               "distance between the readings"),
        Column("braked_s", pl.Float64, "seconds after lights out when it braked"),
        Column("braked_kmh", pl.Float64, "speed at which it braked"),
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Start(Shown):
    """A start at whatever resolution there is.

    Attributes
    ----------
    table
        ``STARTS``: one row for each car, in order of the end of lap 1.
    abreast
        ``ABREAST``: who overlapped whom on the way to the first corner, and for how long.
    lost_speed
        ``LOST_SPEED``: losses of speed that no brakes explain.
    finest
        What it is told by: ``telemetry``, ``sectors`` or ``laps``.
    sentences
        What happened, each with how sure it is.
    story
        The same as one text.
    """

    table: pl.DataFrame
    abreast: pl.DataFrame
    lost_speed: pl.DataFrame
    finest: str
    sentences: tuple[str, ...]
    story: str


def start(race: Race) -> Start:
    """The start of a race: launches, places gained, who braked when, side by side, contact.

    Parameters
    ----------
    race
        Needs ``crossings``; with ``entries`` that say the grid, places gained; with telemetry of
        lap 1, all the rest.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Notes
    -----
    Places at the end of lap 1 are by the times at the Line; where most cars were not timed there,
    as the source has them. Where the source does not say the grid,
    it is by where the cars stood, if their telemetry tells.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> start(toy_race()).table["car", "grid", "place", "gained"].rows()
    [('VER', 1, 1, 0), ('SAI', 2, 2, 0), ('HAM', 3, 3, 0)]
    """
    found = {launch.car: launch for launch in launches(race)}
    table = _table(race, found)
    beside = abreast(race) if found else ABREAST.empty()
    lost = lost_speed(race) if found else LOST_SPEED.empty()
    sectors = len(timing(race).lines) > 1
    finest = "telemetry" if found else "sectors" if sectors else "laps"
    sentences = start_words(race, table, beside, lost)
    return Start(table, beside, lost, finest, sentences, " ".join(sentences))


def braking(race: Race) -> tuple[str, ...]:
    """Sentences about who braked when for the first corner; empty where telemetry tells nothing."""
    found = {launch.car: launch for launch in launches(race)}
    if not found:
        return ()
    return tuple(braked_words(race, _table(race, found), partial(name_of, race)))


def _table(race: Race, found: dict[str, Launch]) -> pl.DataFrame:
    at = timing(race)
    grid = _grid(race, found)
    first = _places(at.time[0]) if len(at.lines) > 1 else {}
    end = _places(at.at_line[0]) or _charted(race)
    braking = {car: (rank, *row) for rank, (car, *row) in enumerate(at_first_braking(race), 1)}
    rows = []
    for index, car in enumerate(at.cars):
        launch = found.get(car)
        place, slot = end.get(index), grid.get(car)
        row: dict[str, Any] = {
            "car": car, "grid": slot, "at_first_line": first.get(index), "place": place,
            "gained": None if place is None or slot is None else slot - place,
        }  # fmt: skip
        if launch is not None:
            row |= {name: _known(getattr(launch, name)) for name in _OF_LAUNCH}
            row["launch_error_s"] = launch.error_s
        if car in braking:
            names = ("place_braking", "behind_braking_s", "behind_error_s")
            row |= dict(zip(names, braking[car], strict=True))
        rows.append(row)
    return STARTS.rows(rows).sort("place", "grid", "car", nulls_last=True)


_OF_LAUNCH = ("moved_s", "to_100_s", "to_200_s", "braked_m", "braked_error_m", "braked_s",
              "braked_kmh")  # fmt: skip


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _places(times: np.ndarray) -> dict[int, int]:
    """Place of each car by its index; none where most were not timed, who may have been ahead."""
    if np.isnan(times).mean() > MOST_UNTIMED:
        return {}
    order = np.argsort(times, kind="stable")
    return {int(car): rank for rank, car in enumerate(order, 1) if not np.isnan(times[car])}


def _charted(race: Race) -> dict[int, int]:
    """Places at the end of lap 1 as the source has them."""
    cars = timing(race).cars
    rows = race.lap_chart.filter(lap=1).drop_nulls("position")["car", "position"].rows()
    return {cars.index(car): place for car, place in rows if car in cars}


def _grid(race: Race, found: dict[str, Launch]) -> dict[str, int]:
    """Places on the grid as reported; where none are, by where the cars stood."""
    told = {car: slot for car, slot in race.entries["car", "grid"].rows() if slot is not None}
    if told:
        return told
    stood = [launch for launch in found.values() if not np.isnan(launch.stood_m)]
    if len(stood) * 2 < len(timing(race).cars):
        return {}
    stood.sort(key=lambda launch: -launch.stood_m)
    return {launch.car: slot for slot, launch in enumerate(stood, 1)}
