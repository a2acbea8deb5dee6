"""The chance to win, lap by lap, of all who could, with the moments that changed it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.errors import NotEnoughDataError
from racecraft.model.words.book import words_of
from racecraft.show.charts.shapes import (
    Band,
    Mark,
    Trace,
    family_names,
    flag_bands,
    need_laps,
    race_name,
)
from racecraft.show.moments import RUNS, SEED
from racecraft.sim.lapwise.runs import CHANCES
from racecraft.sim.moments.words import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season

    Progress = Callable[[str, int, int], None]

CONTENDER = 0.12  # chance to win at the end of some lap from which on a car has its own line
CONTENDERS = 6
MARKS, LEAST_SWING, FIRST_OF_ALL = 6, 0.04, 3


@dataclass(frozen=True)
class WinChart:
    """What a chart of the chances to win shows; x is laps done, y a chance from 0 to 1.

    Attributes
    ----------
    title
        Which race.
    laps
        Of the race; a point beyond them is the classification, where the stewards changed who won.
    traces
        Contenders, the winner first; one more of all others together, if it matters.
    bands, marks
        Flags, and moments in order of time.
    basis
        What the chances are from, in words.
    """

    title: str
    laps: int
    traces: tuple[Trace, ...]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    basis: str


def win_chart(
    race: Race, chances: pl.DataFrame, moments: pl.DataFrame, *, lang: str = "en"
) -> WinChart:
    """What a chart of the chances to win shows.

    Parameters
    ----------
    race
        Needs ``crossings``.
    chances
        ``CHANCES`` after every lap.
    moments
        ``MOMENTS``; may be empty.
    lang
        In which the marks are told.

    Raises
    ------
    NotEnoughDataError
        There are chances after less than two laps.
    """
    need_laps(race)
    laps: list[int] = chances["lap"].unique().sort().to_list()
    if len(laps) < 2:
        raise NotEnoughDataError(
            "chances after one lap are no line", hint="chances(race) has those of every lap"
        )
    win = {
        car: dict(rows.select("lap", "win").iter_rows())
        for (car,), rows in chances.group_by("car", maintain_order=True)
    }
    winner, flag = _winner(race), laps[-1]
    if winner in win and max(win[winner].get(laps[-1], 0.0), 0.0) < 0.5:
        for car, own in win.items():
            own[laps[-1] + 1] = float(car == winner)
        laps = [*laps, laps[-1] + 1]
    names = family_names(race)
    peak = {car: max(own.values()) for car, own in win.items()}
    ranked = sorted(win, key=lambda car: (car != winner, -peak[car]))
    shown = [car for car in ranked if peak[car] >= CONTENDER or car == winner][:CONTENDERS]
    traces = [_trace(car, names.get(car, car), win[car], laps, i) for i, car in enumerate(shown)]
    rest = {lap: sum(win[car].get(lap, 0.0) for car in win if car not in shown) for lap in laps}
    if max(rest.values()) >= CONTENDER:
        traces.append(_trace("", words_of(lang)["charts"]["others"], rest, laps, None))
    return WinChart(
        title=race_name(race),
        laps=flag,
        traces=tuple(traces),
        bands=flag_bands(race),
        marks=_marks(moments, win, shown, lang),
        basis=_basis(moments),
    )


def chances_of(
    race: Race,
    *,
    season: Season | None = None,
    history: Sequence[Season] = (),
    progress: Progress | None = None,
) -> pl.DataFrame:
    """``CHANCES`` after every lap: simulated, or where that is not installed by a formula."""
    from importlib.util import find_spec

    need_laps(race)
    if find_spec("numba") is None:
        return chances_by_formula(race)
    from racecraft.sim.lapwise.simulate import chances

    return chances(race, runs=RUNS, seed=SEED, season=season, history=history, progress=progress)


def chances_by_formula(race: Race) -> pl.DataFrame:
    """``CHANCES`` after every lap by the formula of gaps and laps left; places are not known."""
    from racecraft.sim.moments.outlook import by_formula

    outlook = by_formula(race)
    rows = [
        {
            "lap": lap, "car": car, "position": None,
            "win": float(outlook.win[lap, i]), "podium": float(outlook.podium[lap, i]),
            "expected_points": float(outlook.points[lap, i]), "error": 0.0,
        }
        for lap in range(len(outlook.win) - 1)
        for i, car in enumerate(outlook.cars)
    ]  # fmt: skip
    return CHANCES.rows(rows)


def _trace(
    car: str, name: str, win: dict[int, float], laps: Sequence[int], colour: int | None
) -> Trace:
    return Trace(
        car,
        name,
        tuple(float(lap) for lap in laps),
        tuple(float(win.get(lap, np.nan)) for lap in laps),
        colour,
    )


def _winner(race: Race) -> str:
    """Who won by the classification; nobody where there is none."""
    first = race.classification.filter(pl.col("position") == 1)["car"]
    return "" if first.is_empty() else str(first[0])


def _marks(
    moments: pl.DataFrame, win: dict[str, dict[int, float]], shown: Sequence[str], lang: str
) -> tuple[Mark, ...]:
    """Moments that changed a chance to win, or weigh most, numbered in order of time.

    Each stands on the line of the car whose chance it changed most, half a lap before its lap was
    done.
    """
    if moments.is_empty():
        return ()
    heavy = moments.filter(
        (pl.col("win_swing").abs() >= LEAST_SWING) | (pl.col("rank") <= FIRST_OF_ALL)
    ).head(MARKS)
    on_lap = words_of(lang)["charts"]["on_lap"]
    found: list[Mark] = []
    for row in heavy.sort("lap", "rank").iter_rows(named=True):
        lap = int(row["lap"])
        cars = [car for car in row["drivers"].split() if car in shown] or list(shown[:1])
        car = max(cars, key=lambda car: abs(_at(win[car], lap) - _at(win[car], lap - 1)))
        middle = (_at(win[car], lap) + _at(win[car], lap - 1)) / 2
        told = in_words(row["facts"], lang, chances=False).rstrip(".")
        words = re.sub(f"{on_lap.format(lap=lap)}(?!\\d)", "", told, count=1)
        if found and found[-1].lap == lap:  # of one lap, one number
            found[-1] = replace(found[-1], words=f"{found[-1].words}; {words}")
        else:
            found.append(Mark(len(found) + 1, max(lap - 0.5, 0.0), middle, car, lap, words))
    return tuple(found)


def _at(win: dict[int, float], lap: int) -> float:
    known = [value for when, value in sorted(win.items()) if when <= max(lap, 0)]
    return known[-1] if known else 0.0


def _basis(moments: pl.DataFrame) -> str:
    if moments.is_empty() or moments["basis"][0] == "simulated":
        return f"share of {RUNS:,} simulated races from the end of every lap"
    return "by a formula of gaps and laps left"
