"""A race that was not driven, from a list of its cars: made ready to be simulated."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.race import ENTRIES, Race
from racecraft.model.table import Column, Table
from racecraft.sim.lapwise.course import MEDIUM, TYRES, Course
from racecraft.sim.lapwise.evidence import STANDARD_LAP
from racecraft.sim.lapwise.parameters import shipped_parameters
from racecraft.sim.lapwise.prior import USUAL_OUT, Known
from racecraft.sim.lapwise.start_from import Simulated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.sim.lapwise.course import Floats
    from racecraft.sim.lapwise.parameters import Parameters

LAPS, MOST_LAPS = 60, 120
MOST_CARS = 31  # as many as there are streams of chance on a lap
THIS_YEAR = 2023  # whose points are given where no season is asked for

ENTRY_LIST = Table(
    "entry_list",
    key=("car",),
    columns=(
        Column("car", pl.String, "key of the car"),
        Column("team", pl.String, "cars of one team share a part of what is unknown of their pace"),
        Column("grid", pl.Int16, "place on the grid; left out, the order of the list"),
        Column("lap_time_s", pl.Float64, "seconds of a lap that are expected of it; left out, "
               "what its place on the grid says"),
        Column("compound", pl.String, "tyres at the start; left out, medium"),
    ),
)  # fmt: skip


def planned(
    entries: pl.DataFrame,
    *,
    laps: int = LAPS,
    circuit: str = "",
    season: int = THIS_YEAR,
    parameters: Parameters | None = None,
) -> Simulated:
    """A race of a list of cars, made ready to be simulated from its grid.

    Parameters
    ----------
    entries
        ``ENTRY_LIST``: one row per car.
    laps
        Of the race.
    circuit
        Whose parameters are taken, by its name; left out, those of an average one.
    season
        Whose points are given.

    Raises
    ------
    ArgumentError
        A lap time, a place on the grid, tyres or a number of laps that no race could have.
    NotEnoughDataError
        There is one car, or none.

    Examples
    --------
    >>> from racecraft.sim.lapwise.simulate import simulate
    >>> cars = pl.DataFrame({"car": ["A", "B", "C"], "lap_time_s": [90.0, 90.3, 91.0]})
    >>> runs = simulate(cars, laps=50, runs=500, seed=7)
    >>> runs.chance("A") > runs.chance("B") > runs.chance("C")
    True
    """
    entries = ENTRY_LIST.check(entries)
    _check(entries, laps)
    cars = tuple(entries["car"])
    grid = _grid(entries)
    pace, lap_time = _pace(entries)
    run = _course(cars, grid, laps, _tyres(entries))
    race = Race(
        season=season, round=None, name="entry list", source="entry list",
        entries=ENTRIES.check(entries.select("car", "team", grid=pl.Series(grid, dtype=pl.Int16))),
    )  # fmt: skip
    rank = np.argsort(np.argsort(grid))
    known = Known(
        strength=np.zeros(len(cars)),
        qualifying=np.full(len(cars), np.nan),
        grid=rank / max(len(cars) - 1, 1),
        out=np.full(len(cars), USUAL_OUT),
        learnt=0,
        circuit=circuit,
        pace=pace,
    )
    return Simulated(
        race, known, parameters or shipped_parameters(), circuit, run=run, lap_time=lap_time
    )


def _check(entries: pl.DataFrame, laps: int) -> None:
    if entries.height < 2:
        raise NotEnoughDataError(
            f"a race needs two cars; in the list: {entries.height}", hint="one row per car"
        )
    if entries.height > MOST_CARS:
        raise ArgumentError(f"{entries.height} cars in the list; {MOST_CARS} are the most")
    if isinstance(laps, bool) or not isinstance(laps, int) or not 2 <= laps <= MOST_LAPS:
        raise ArgumentError(f"laps={laps!r}; expected a whole number from 2 to {MOST_LAPS}")
    for car, seconds in entries["car", "lap_time_s"].drop_nulls().iter_rows():
        if not (math.isfinite(seconds) and seconds > 0):
            raise ArgumentError(
                f"lap_time_s={seconds:g} for {car}", hint="seconds of a lap, more than 0"
            )


def _grid(entries: pl.DataFrame) -> Floats:
    """Place of each car on the grid; those without one behind all others, as listed."""
    given = entries["grid"].drop_nulls()
    if given.len() != given.n_unique() or (given < 1).any():
        raise ArgumentError("places on the grid are from 1, and each is held by one car")
    last = int(given.max() or 0)  # type: ignore[arg-type]
    places = []
    for place in entries["grid"]:
        if place is None:
            last += 1
        places.append(place or last)
    return np.array(places, float)


def _pace(entries: pl.DataFrame) -> tuple[Floats | None, float]:
    """Seconds of a standard lap against the mean, and the mean lap; None where not given."""
    seconds = entries["lap_time_s"]
    if seconds.null_count() == entries.height:
        return None, STANDARD_LAP
    if seconds.null_count():
        raise ArgumentError(
            "lap_time_s is given for some cars only", hint="give it for every car, or for none"
        )
    values = seconds.to_numpy()
    return (values - values.mean()) * STANDARD_LAP / values.mean(), float(values.mean())


def _tyres(entries: pl.DataFrame) -> list[int]:
    from racecraft.sim.lapwise.simulate import find_tyre

    return [MEDIUM if name is None else find_tyre(name) for name in entries["compound"]]


def _course(cars: tuple[str, ...], grid: Floats, laps: int, tyres: Sequence[int]) -> Course:
    """Laps of a race of which none is driven."""
    shape = (laps, len(cars))
    nothing, never = np.full(shape, np.nan), np.zeros(shape, np.bool_)
    tyre = np.full(shape, len(TYRES) - 1, np.int64)
    tyre[0] = tyres
    return Course(
        cars=cars, grid=grid, end=nothing, lap_time=nothing, tyre=tyre,
        age=np.ones(shape, np.int64), in_lap=never, out_lap=never, stopped=never,
        ahead=np.full(shape, np.inf), state=np.zeros(shape, np.int64), yellow=never,
        standing=np.arange(laps) == 0,
    )  # fmt: skip
