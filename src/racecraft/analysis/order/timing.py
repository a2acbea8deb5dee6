"""Every crossing of a race as one array: a row for each line of each lap, a column for each car."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.errors import NotEnoughDataError
from racecraft.model.once import once_per
from racecraft.model.terms import BASES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race


@dataclass(frozen=True, eq=False)
class Timing:
    """Crossings as arrays.

    A step is one line of one lap, in the order in which a car reaches them; step 0 is the first
    line of lap 1. Times are float64 microseconds since lights out, which is exact; NaN where a car
    did not reach the line, or nobody timed it.
    """

    cars: list[str]
    lines: list[str]  # in order on the lap
    time: NDArray[np.float64]  # (steps, cars)
    basis: NDArray[np.int8]  # (steps, cars), index into BASES; 0 where there is no crossing

    @property
    def steps(self) -> int:
        """Number of lines of all laps."""
        return len(self.time)

    @cached_property
    def lap(self) -> NDArray[np.int64]:
        """Lap of each step, from 1; shape (steps,)."""
        return np.arange(self.steps) // len(self.lines) + 1

    @property
    def laps(self) -> int:
        """Laps of the car that went furthest."""
        return self.steps // len(self.lines)

    @cached_property
    def line_names(self) -> NDArray[np.object_]:
        """Name of the line of each step, shape (steps,)."""
        return np.array(self.lines * self.laps, object)

    def step_of(self, lap: int, line: str) -> int:
        """Step of a line on a lap."""
        return (lap - 1) * len(self.lines) + self.lines.index(line)

    @cached_property
    def at_line(self) -> NDArray[np.float64]:
        """Times at the Line, shape (laps, cars)."""
        return self.time[len(self.lines) - 1 :: len(self.lines)]

    @cached_property
    def ended(self) -> NDArray[np.float64]:
        """When a car first ended each lap, never falling, shape (laps,).

        Minus infinity of laps before a race was joined, on which nobody was heard.
        """
        ends = np.fmax.accumulate(earliest(self.at_line))
        return np.where(np.isnan(ends), -np.inf, ends)

    @cached_property
    def begun(self) -> NDArray[np.float64]:
        """Times at which laps began, shape (laps, cars); zero for lap 1."""
        first = np.zeros((1, len(self.cars)))
        return np.concatenate([first, self.at_line[:-1]])

    @cached_property
    def segment(self) -> NDArray[np.float64]:
        """Time from the line before to this line, shape (steps, cars)."""
        return np.diff(self.time, axis=0, prepend=0.0)

    @cached_property
    def last_step(self) -> NDArray[np.int64]:
        """Last step that each car reached, shape (cars,); -1 for a car that reached none."""
        reached = ~np.isnan(self.time)
        return np.where(reached.any(axis=0), self.steps - 1 - reached[::-1].argmax(axis=0), -1)

    @cached_property
    def flag(self) -> float:
        """Time at which the winner took the flag; NaN where nobody was timed there."""
        return float(np.fmin.reduce(self.time[-1]))

    @cached_property
    def finished(self) -> NDArray[np.bool_]:
        """Whether each car crossed the Line at or after the flag, shape (cars,)."""
        at_line = (self.last_step + 1) % len(self.lines) == 0
        last = np.take_along_axis(self.time, self.last_step[None], axis=0)[0]
        return np.asarray((self.last_step >= 0) & at_line & (last >= self.flag))


@once_per
def timing(race: Race) -> Timing:
    """Crossings of a race as arrays.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> timing(toy_race()).time.shape
    (15, 3)
    """
    if race.crossings.is_empty():
        raise NotEnoughDataError(
            f"{race.season} {race.name} has no crossings",
            hint="its timing is not stored; see racecraft data add --help",
            race=race.name,
        )
    lines = race.lines.sort("order")["line"].to_list()
    cars = race.entries["car"].to_list() or race.crossings["car"].unique().sort().to_list()
    crossings = race.crossings
    car = _index(crossings["car"], cars)
    line = _index(crossings["line"], lines)
    lap = crossings["lap"].to_numpy().astype(np.int64)
    step = (lap - 1) * len(lines) + line
    shape = (int(lap.max()) * len(lines), len(cars))
    time = np.full(shape, np.nan)
    time[step, car] = crossings["time"].to_physical().to_numpy()
    basis = np.zeros(shape, np.int8)
    basis[step, car] = _index(crossings["basis"].fill_null(BASES[0]), list(BASES))
    return Timing(cars, lines, time, basis)


@once_per
def untimed(race: Race) -> frozenset[str]:
    """Cars that were not timed at all, though the result has laps of them."""
    drove = race.classification.filter(pl.col("laps") > 0)["car"]
    return frozenset(drove) - frozenset(race.crossings["car"].unique())


@once_per
def mostly_untimed(race: Race) -> bool:
    """Whether most cars that drove were not timed: then who was where, nobody knows."""
    return 2 * len(untimed(race)) > race.classification.filter(pl.col("laps") > 0).height


def _index(names: pl.Series, among: list[str]) -> NDArray[np.int64]:
    return names.cast(pl.Enum(among)).to_physical().to_numpy().astype(np.int64)


def earliest(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """First time of each row; NaN where there is none."""
    return np.asarray(np.fmin.reduce(times, axis=1))


def median(values: NDArray[np.float64], axis: int | None = None) -> NDArray[np.float64]:
    """Median of what is known; NaN where nothing is.

    Races are read in threads, in which warnings cannot be silenced one by one: none is raised.
    """
    if not (values.size if axis is None else values.shape[axis]):
        return np.full(np.delete(values.shape, axis) if axis is not None else (), np.nan)
    nothing = np.isnan(values).all(axis=axis)
    known = np.where(np.isnan(values).all(axis=axis, keepdims=True), 0.0, values)
    return np.asarray(np.where(nothing, np.nan, np.nanmedian(known, axis=axis)))


def low_quantile(values: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Quantile of each column over what is known; NaN where nothing is.

    As `numpy.nanquantile`, which takes the columns one by one.
    """
    known = (~np.isnan(values)).sum(axis=0)
    ordered = np.sort(values, axis=0)  # what is not known comes last
    place = share * np.maximum(known - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    low, high = (np.take_along_axis(ordered, at[None], axis=0)[0] for at in (below, above))
    part, step = place - below, high - low
    between = np.where(part < 0.5, low + step * part, high - step * (1 - part))
    return np.asarray(np.where(known > 0, between, np.nan))


def durations(microseconds: NDArray[np.float64]) -> pl.Series:
    """Column of durations; NaN becomes null."""
    return pl.Series(microseconds.astype("timedelta64[us]"))
