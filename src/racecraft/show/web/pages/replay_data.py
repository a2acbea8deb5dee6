"""A race to be played again: every crossing, small enough to send, and what happened when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.fights.battle_words import fought_for, laps_words
from racecraft.analysis.fights.battles import battles
from racecraft.analysis.order.changes import grid
from racecraft.analysis.order.control import control
from racecraft.analysis.order.stops import fitted_sets, stops
from racecraft.analysis.order.timing import timing
from racecraft.model.clock import SECOND_US
from racecraft.show.web.pages.cars import cars_of
from racecraft.show.web.pages.outline import outline_of
from racecraft.show.web.pages.race_charts import along_the_lap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from racecraft.model.race import Race

MILLISECOND_US = 1_000
BATTLES = 24  # the fiercest, that are marked
MARKS = 24  # moments, the heaviest
WORDS = {"SC": "Safety car", "VSC": "Virtual safety car", "FCY": "Full course yellow",
         "red": "Red flag"}  # fmt: skip


def replay_object(race: Race, moments: pl.DataFrame) -> dict[str, Any]:
    """All that a replay needs.

    Parameters
    ----------
    race
        Needs ``crossings``.
    moments
        ``MOMENTS`` of the race; empty where they are not known.

    Returns
    -------
    dict
        `cars`, by number where no grid is known, each with `steps` (from 0, counted over the lines
        of all laps, as differences) and
        `times` (at them, in units of `unit_us`, as differences), `grid`, and `finished`; `lines`
        with where on the lap they are; `laps`; `flag`, the time of the chequered flag; `tyres`,
        `pits`, `periods` and `marks`; `outline` of the circuit, or None. Times outside `cars` are
        seconds since lights out.
    """
    at = timing(race)
    unit = MILLISECOND_US if _in_milliseconds(at.time) else 1
    along = along_the_lap(race)
    places = grid(race, at)
    known = {one["car"]: one for one in cars_of(race)}
    cars = []
    for column, car in enumerate(at.cars):
        steps = np.flatnonzero(~np.isnan(at.time[:, column]))
        times = np.rint(at.time[steps, column] / unit).astype(np.int64)
        cars.append(
            {
                **known[car],
                "grid": None if np.isnan(places[column]) else int(places[column]),
                "finished": bool(at.finished[column]),
                "steps": np.diff(steps, prepend=0).tolist(),
                "times": np.diff(times, prepend=0).tolist(),
            }
        )
    if np.isnan(places).all():  # by number, as the order of the result would tell it
        cars.sort(key=lambda car: (len(car["car"]), car["car"]))
    return {
        "unit_us": unit,
        "laps": at.laps,
        "flag": _seconds(at.flag),
        "end": _seconds(float(np.nanmax(at.time))),
        "lines": [{"line": line, "at": along[line]} for line in at.lines],
        "cars": cars,
        "outline": outline_of(race),
        "tyres": _tyres(race),
        "pits": _pits(race),
        "periods": _periods(race),
        "marks": [*_moments(race, moments), *_battles(race)],
    }


def moment_time(race: Race, lap: int, line: str, cars: str) -> float | None:
    """Seconds since lights out at which a moment was seen: when its cars were at its line."""
    at = timing(race)
    lap = min(max(lap, 1), at.laps)
    step = at.step_of(lap, line if line in at.lines else at.lines[-1])
    own = [at.cars.index(car) for car in cars.split() if car in at.cars]
    for columns in (own, list(range(len(at.cars)))):
        times = at.time[step, columns]
        if len(times) and not np.isnan(times).all():
            return _seconds(float(np.nanmin(times)))
    return None


def _in_milliseconds(times: NDArray[np.float64]) -> bool:
    return bool((times[~np.isnan(times)] % MILLISECOND_US == 0).all())


def _seconds(microseconds: float) -> float | None:
    return None if np.isnan(microseconds) else round(microseconds / SECOND_US, 6)


def _tyres(race: Race) -> dict[str, list[list[Any]]]:
    """First lap and compound of every set, by car."""
    found: dict[str, list[list[Any]]] = {}
    for car, lap, compound in fitted_sets(race)["car", "lap", "compound"].rows():
        found.setdefault(car, []).append([lap, compound])
    return found


def _pits(race: Race) -> dict[str, list[int]]:
    """Laps that ended in the pit lane, by car."""
    found: dict[str, list[int]] = {}
    for car, lap in stops(race).select("car", "lap").iter_rows():
        found.setdefault(car, []).append(lap)
    return found


def _periods(race: Race) -> list[dict[str, Any]]:
    return [
        {
            "from": max(since.total_seconds(), 0.0),
            "to": None if until is None else until.total_seconds(),
            "state": state,
            "text": WORDS[state],
        }
        for since, until, state in control(race).select("from", "to", "state").iter_rows()
        if state in WORDS
    ]


def _moments(race: Race, moments: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for row in moments.sort("rank").head(MARKS).iter_rows(named=True):
        time = moment_time(race, row["lap"], row["line"], row["drivers"])
        if time is not None:
            yield {
                "kind": "moment",
                "time": time,
                "lap": row["lap"],
                "text": row["sentence"],
                "weight": row["weight"],
                "cars": row["drivers"].split(),
            }


def _battles(race: Race) -> Iterator[dict[str, Any]]:
    """Battles by when they began: at the first line of their first lap."""
    at = timing(race)
    fought = battles(race).sort("intensity", descending=True).head(BATTLES)
    for row in fought.iter_rows(named=True):
        pair = [row["first"], row["second"]]
        begun = at.begun[row["start_lap"] - 1, [at.cars.index(car) for car in pair]]
        if not np.isnan(begun).all():
            yield {
                "kind": "battle",
                "time": _seconds(float(np.nanmin(begun))),
                "lap": row["start_lap"],
                "text": f"{pair[0]} and {pair[1]} for {fought_for(row)} on "
                f"{laps_words(row['start_lap'], row['end_lap'])}.",
                "weight": row["intensity"],
                "cars": pair,
            }
