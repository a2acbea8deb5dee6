"""Many runs of a race: chances are read off one array, so that they never disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError, NotFoundError
from racecraft.model.shown import notebook_page
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.sim.lapwise.title_runs import TitleRuns
    from racecraft.sim.lapwise.world import Outcome

PODIUM = 3

CHANCES = Table(
    "chances",
    key=("lap", "car"),
    columns=(
        Column("lap", pl.Int16, "laps done by the leader; 0 on the grid"),
        Column("car", pl.String, "car: in Formula One the code of its driver"),
        Column("position", pl.Int16, "position then; null for a car that is out"),
        Column("win", pl.Float64, "chance to win"),
        Column("podium", pl.Float64, "chance of one of the first three places"),
        Column("points_finish", pl.Float64, "chance to score"),
        Column("expected_points", pl.Float64, "points to be expected"),
        Column("dnf", pl.Float64, "chance to drop out"),
        Column("places", pl.List(pl.Float64), "chance of first place, second place, ..."),
        Column("error", pl.Float64, "standard error of `win` that is due to chance in the runs"),
        Column("points_error", pl.Float64, "the same of `expected_points`"),
    ),
)


class Swing(NamedTuple):
    """How much something changed, over the same runs, and the standard error of that."""

    change: float
    error: float

    @property
    def within_noise(self) -> bool:
        """Whether it is less than two standard errors."""
        return abs(self.change) < 2 * self.error


@dataclass(frozen=True, eq=False, kw_only=True)
class Runs:
    """What came of many runs of a race.

    Attributes
    ----------
    cars
        Keys of the cars.
    order
        Cars still in the race when it began, in order.
    lap, laps
        Laps done when it began, and laps of the race.
    outcome
        The runs; `outcome.finish` has the place of each car in each run, ``(runs, cars)``.
    scale
        Points by place.
    seed
        The same seed gives the same runs.
    seconds
        Time that the runs took.
    notes
        What should be known with the answer.
    partial
        Cut short: there are fewer runs than were asked for.
    title
        What the runs make of the championship; None where that was not asked for or is not known.
    counts
        What each run counts, ``(runs,)`` with mean 1; None where all count alike. Every chance is a
        mean with it.
    """

    cars: tuple[str, ...]
    order: tuple[str, ...]
    lap: int
    laps: int
    outcome: Outcome
    scale: tuple[float, ...]
    seed: int
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    partial: bool = False
    title: TitleRuns | None = None
    counts: NDArray[np.float64] | None = None

    def __repr__(self) -> str:
        """Say how many runs of what."""
        return f"<Runs {self.runs} from lap {self.lap} of {self.laps}, {len(self.cars)} cars>"

    def _repr_html_(self) -> str:
        """Show the chances of every car as a notebook shows them."""
        return notebook_page(repr(self), {"chances": self.table()}, "chances")

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.finish)

    @property
    def finish(self) -> NDArray[np.uint8]:
        """Place of each car in each run, shape ``(runs, cars)``."""
        return self.outcome.finish

    @property
    def car_laps(self) -> int:
        """Laps driven by all cars in all runs, those of cars that drop out included."""
        return self.runs * len(self.order) * (self.laps - self.lap)

    @property
    def points(self) -> NDArray[np.float64]:
        """Points by run and car, ``(runs, cars)``; a car that drops out scores none."""
        worth = np.zeros(max(len(self.scale), len(self.cars)) + 2)
        worth[1 : len(self.scale) + 1] = self.scale
        return np.asarray(np.where(self.outcome.out_lap == 0, worth[self.finish], 0.0))

    def chance(self, car: str, position: int | None = None, *, within: int | None = None) -> float:
        """Chance of a place, or of a place `within` the first so many; left out, to win.

        Raises
        ------
        NotFoundError
            The car took no part.
        ArgumentError
            There is no such place.
        """
        place = within if within is not None else 1 if position is None else position
        if not 1 <= place <= len(self.cars):
            raise ArgumentError(
                f"no place {place} in a race of {len(self.cars)} cars",
                hint=f"1 to {len(self.cars)}",
            )
        mine = self.finish[:, self.column(car)]
        return float(self.mean(mine <= place if within is not None else mine == place))

    def mean(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Mean over the runs of something by run, ``(runs, ...)``."""
        if self.counts is None:
            return np.asarray(values.mean(axis=0))
        return np.asarray(self.counts @ values / self.runs)

    @property
    def effective(self) -> float:
        """As how many runs that count alike they are as sure."""
        return self.runs / (1.0 if self.counts is None else float((self.counts**2).mean()))

    def column(self, car: str) -> int:
        """Column of a car in the arrays."""
        if car not in self.cars:
            raise NotFoundError(
                f"no car {car!r} in this race", hint=f"one of {', '.join(sorted(self.cars))}"
            )
        return self.cars.index(car)

    def table(self) -> pl.DataFrame:
        """``CHANCES`` of every car: who is most likely to win first."""
        return CHANCES.check(self.rows())

    def rows(self) -> pl.DataFrame:
        """The rows of `table`, not yet checked: for many laps they are checked at once."""
        n, count = len(self.cars), self.effective
        scoring = sum(value > 0 for value in self.scale)
        places, points = self._places(), self.points
        win, podium = places[:, 0], places[:, :PODIUM].sum(axis=1)
        expected = self.mean(points)
        now = {car: place for place, car in enumerate(self.order, 1)}
        position = [now.get(car) for car in self.cars]
        first = np.array([place or 0 for place in position], np.float64)
        best = np.lexsort(np.stack([first, -expected, -podium, -win]))
        columns = {
            "win": win,
            "podium": podium,
            "points_finish": places[:, :scoring].sum(axis=1),
            "expected_points": expected,
            "dnf": self.mean(self.outcome.out_lap > 0),
            "error": np.sqrt(win * (1 - win) / count),
            "points_error": points.std(axis=0) / np.sqrt(count),
        }
        return pl.DataFrame(
            {
                "lap": pl.Series([self.lap] * n, dtype=pl.Int16),
                "car": [self.cars[car] for car in best],
                "position": pl.Series([position[car] for car in best], dtype=pl.Int16),
                "places": pl.Series(places[best].tolist(), dtype=pl.List(pl.Float64)),
                **{name: values[best] for name, values in columns.items()},
            }
        )

    def _places(self) -> NDArray[np.float64]:
        """Chance of each car to come home in each place, ``(cars, cars)``."""
        n = len(self.cars)
        cell = np.arange(n) * n + self.finish.astype(np.int64) - 1
        counts = None if self.counts is None else np.repeat(self.counts, n)
        found = np.bincount(cell.ravel(), counts, minlength=n * n).reshape(n, n)
        return np.minimum(found / self.runs, 1.0)


def swing(before: Runs, after: Runs, car: str, what: str = "points") -> Swing:
    """Change for a car from one set of runs to another of the same seed, run by run.

    Parameters
    ----------
    what
        ``win``, ``podium``, ``points``, ``place`` (less is better) or ``title``: the best place in
        the championship that is open to its driver.

    Raises
    ------
    ArgumentError
        The runs are not those of one seed and one race, or there is no such measure.
    """
    if before.seed != after.seed or before.cars != after.cars:
        raise ArgumentError("only runs of one race with one seed can be compared run by run")
    count = min(before.runs, after.runs)
    change = measured(after, car, what)[:count] - measured(before, car, what)[:count]
    return Swing(float(change.mean()), float(change.std() / np.sqrt(max(count, 1))))


def measured(runs: Runs, car: str, what: str) -> NDArray[np.float64]:
    """Win, podium, points, place or title of a car in every run, times what the run counts.

    Shape ``(runs,)``; its mean is the chance, or what is to be expected. The title is NaN where
    the championship, or the driver's place in it, is not known.
    """
    values = _by_run(runs, car, what)
    return values if runs.counts is None else np.asarray(values * runs.counts)


def _by_run(runs: Runs, car: str, what: str) -> NDArray[np.float64]:
    column = runs.column(car)
    mine = runs.finish[:, column]
    if what == "points":
        return np.asarray(runs.points[:, column])
    if what == "title":
        reached = runs.title.reached(car) if runs.title is not None else None
        return np.full(runs.runs, np.nan) if reached is None else reached
    measures = {"win": mine == 1, "podium": mine <= PODIUM, "place": mine}
    if what not in measures:
        raise ArgumentError(
            f"no measure {what!r}", hint=f"one of points, title, {', '.join(measures)}"
        )
    return np.asarray(measures[what], np.float64)
