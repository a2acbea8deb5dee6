"""Shapes that charts are made of, in the units of the race: laps, places, seconds, chances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.control import flags_by_lap
from racecraft.errors import NotEnoughDataError
from racecraft.model.terms import FORMULA_ONE, series_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.model.race import Race

FLAGS = {"SC": "safety car", "VSC": "virtual safety car", "red": "red flag"}
SHORT = {"SC": "SC", "VSC": "VSC", "red": "red"}


@dataclass(frozen=True)
class Trace:
    """A line of a chart: whose it is, and its points; NaN where nothing is known."""

    car: str
    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    colour: int | None = None  # of the palette; None for those there for comparison only

    @property
    def last(self) -> tuple[float, float]:
        """The last point that is known."""
        known = [(x, y) for x, y in zip(self.x, self.y, strict=True) if not np.isnan(y)]
        return known[-1]


@dataclass(frozen=True)
class Band:
    """Laps under a flag: from the beginning of the first to the end of the last."""

    first: float
    last: float
    state: str

    @property
    def words(self) -> str:
        """What it is called."""
        return FLAGS[self.state]


@dataclass(frozen=True)
class Mark:
    """A numbered point of a chart, and what its legend says."""

    number: int
    x: float
    y: float
    car: str
    lap: int
    words: str


def flag_bands(race: Race) -> tuple[Band, ...]:
    """Laps under safety car, virtual safety car or red flag, neighbours joined."""
    bands: list[Band] = []
    for lap, state in flags_by_lap(race).items():
        if bands and bands[-1].state == state and bands[-1].last == lap - 1:
            bands[-1] = Band(bands[-1].first, lap, state)
        else:
            bands.append(Band(lap - 1, lap, state))
    return tuple(bands)


def need_laps(race: Race) -> None:
    """Refuse a race without timing.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.
    """
    if race.crossings.is_empty():
        raise NotEnoughDataError(
            f"{race.season} {race.name} has no timing; there is nothing to draw",
            hint="racecraft data add fetches or reads it",
            race=race.name,
        )


def race_name(race: Race) -> str:
    """Season, event and what it was, if not the race of a Formula 1 weekend."""
    series = "" if race.series == FORMULA_ONE else f"{series_name(race.series)} "
    sprint = ", sprint" if race.session == "sprint" else ""
    return f"{series}{race.season} {race.name}{sprint}"


def family_names(race: Race) -> dict[str, str]:
    """What each car is called on a chart: its driver's family name, or its key.

    Two drivers of one name are told apart by their keys.
    """
    named = dict(race.entries.select("car", "family_name").iter_rows())
    shared = set(race.drivers_in_car["car"]) if not race.drivers_in_car.is_empty() else set()
    names = list(named.values())
    return {
        car: name if name and car not in shared and names.count(name) == 1 else car
        for car, name in named.items()
    }


def apart(wanted: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Positions of labels, each as near to where it is wanted as `least` between them allows.

    Examples
    --------
    >>> apart([1.0, 1.0, 5.0], 1.0, 0.0, 10.0)
    [0.5, 1.5, 5.0]
    """
    order = np.argsort(np.asarray(wanted), kind="stable")
    groups: list[list[float]] = []  # sum of what is wanted less its offset, and how many
    for index in order:
        groups.append([wanted[index], 1])
        while len(groups) > 1 and _begin(groups[-1], least) < _end(groups[-2], least):
            total, count = groups.pop()
            groups[-1] = [groups[-1][0] + total, groups[-1][1] + count]
    placed: list[float] = []
    for group in groups:
        first = max(low, _begin(group, least) + least / 2)
        placed += [first + least * i for i in range(int(group[1]))]
    for i in range(len(placed) - 1, -1, -1):
        most = high if i == len(placed) - 1 else placed[i + 1] - least
        placed[i] = min(placed[i], most)
    found = [0.0] * len(wanted)
    for index, value in zip(order, placed, strict=True):
        found[index] = float(value)
    return found


def places_by_lap(race: Race) -> dict[str, dict[int, int]]:
    """Place of every car at the end of every lap; lap 0 is the grid where it is known."""
    from racecraft.analysis.order.laps import laps

    places: dict[str, dict[int, int]] = {}
    for car, lap, place in laps(race)["car", "lap", "position"].iter_rows():
        if place is not None:
            places.setdefault(car, {})[lap] = place
    for car, slot in _grid(race).items():
        if car in places:
            places[car][0] = slot
    return places


def last_lap(places: Mapping[str, Mapping[int, int]]) -> int:
    """Laps of the race."""
    return max((lap for own in places.values() for lap in own), default=0)


def _grid(race: Race) -> dict[str, int]:
    """Grid slot of each car; who starts from the pit lane stands behind it."""
    known = race.entries.select("car", "grid", "pit_lane_start").sort("grid", nulls_last=True)
    if known["grid"].null_count() == known.height:
        return {}
    slots = {car: slot for car, slot, _ in known.iter_rows() if slot is not None}
    last = max(slots.values())
    from_pits = known.filter(pl.col("grid").is_null() & pl.col("pit_lane_start"))["car"]
    return slots | {car: last + i for i, car in enumerate(from_pits, 1)}


def _begin(group: Sequence[float], least: float) -> float:
    return group[0] / group[1] - least * group[1] / 2


def _end(group: Sequence[float], least: float) -> float:
    return group[0] / group[1] + least * group[1] / 2
