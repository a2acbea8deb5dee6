"""Which lap times does a race explain, and how surely: the fit behind `pace` and `breakdown`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

from racecraft.analysis.pace.clean_laps import driven_laps
from racecraft.analysis.pace.robust_fit import Fit, robust_fit
from racecraft.analysis.pace.terms import effects
from racecraft.errors import NotEnoughDataError
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import polars as pl
    from numpy.typing import NDArray

    from racecraft.analysis.pace.clean_laps import DrivenLaps
    from racecraft.model.race import Race

FEWEST_LAPS = 5  # clean laps of a driver who counts
FEWEST_DRIVERS = 3  # below it there is no field to be compared with
FEWEST_IN_ALL = 40
FEWEST_ON_SET = 8  # clean laps on a compound that the others are measured by

TYRE = ("compound", "wear", "wear_bends", "warm_up", "stint", "stint_slope")
TRACK = ("drift", "weather", "phase")
HINDERED = ("traffic", "passed", "let_by")  # the cars ahead, and those of other classes


@dataclass(frozen=True, eq=False)
class PaceFit:
    """A race's lap times, fitted.

    Attributes
    ----------
    laps
        Every timed lap.
    fitted
        Which of them were fitted, shape (laps,).
    columns
        Columns of all effects for every timed lap, shape (laps, coefficients).
    fit
        The coefficients, of seconds about `level`.
    level
        Median of the fitted laps, seconds.
    """

    laps: DrivenLaps
    fitted: NDArray[np.bool_]
    columns: NDArray[np.float64]
    fit: Fit
    level: float

    def only(self, *names: str) -> NDArray[np.float64]:
        """Columns of these effects, the others zero; shape (laps, coefficients)."""
        kept = np.zeros_like(self.columns)
        for name in (name for name in names if name in self.fit.where):
            kept[:, self.fit.where[name]] = self.columns[:, self.fit.where[name]]
        return kept

    def part(self, *names: str) -> NDArray[np.float64]:
        """Seconds that these effects account for on every timed lap."""
        parts = [self.fit.where[name] for name in names if name in self.fit.where]
        total = sum(self.columns[:, part] @ self.fit.coefficients[part] for part in parts)
        return np.asarray(total)

    @property
    def best_compound(self) -> int:
        """Index of the compound that is fastest when new, of those enough laps were driven on."""
        laps = self.laps
        count = np.bincount(laps.compound[self.fitted], minlength=len(laps.compounds))
        offset = self.fit.coefficients[self.fit.where["compound"]]
        return int(np.argmin(np.where(count >= FEWEST_ON_SET, offset, np.inf)))

    def column_of(self, name: str, number: int = 0) -> int:
        """Column of one coefficient of an effect."""
        return int(self.fit.where[name].start) + number


@once_per
def fit_pace(race: Race) -> PaceFit:
    """Fit of all clean laps of a race.

    Raises
    ------
    NotEnoughDataError
        Too few laps, drivers or dry laps; the message says which.
    """
    return fit_without(race, None)


def fit_without(race: Race, without: pl.DataFrame | None) -> PaceFit:
    """Fit of the clean laps of a race but those named by driver and lap.

    Raises
    ------
    NotEnoughDataError
        As `fit_pace`.
    """
    laps = driven_laps(race)
    fitted = laps.clean.copy()
    if without is not None:
        left_out = set(without.select("car", "lap").iter_rows())
        named = zip(laps.car, laps.lap, strict=True)
        fitted &= np.array([(laps.cars[c], int(n)) not in left_out for c, n in named], bool)
    fitted &= np.bincount(laps.car[fitted], minlength=len(laps.cars))[laps.car] >= FEWEST_LAPS
    _check(race, laps, fitted)
    level = float(np.median(laps.seconds[fitted]))
    parts = effects(race, laps, fitted)
    with one_linear_algebra_thread():
        fit = robust_fit(
            laps.seconds[fitted] - level,
            [replace(part, columns=part.columns[fitted]) for part in parts],
        )
    columns = np.concatenate([part.columns for part in parts], axis=1)
    return PaceFit(laps, fitted, columns, fit, level)


def one_linear_algebra_thread() -> AbstractContextManager[object]:
    """While it lasts, matrices are worked on by one thread: these are too small for more."""
    one: AbstractContextManager[object] = _linear_algebra().limit(limits=1, user_api="blas")
    return one


@cache
def _linear_algebra() -> ThreadpoolController:
    return ThreadpoolController()


def _check(race: Race, laps: DrivenLaps, fitted: NDArray[np.bool_]) -> None:
    """Raise what is lacking, if anything is."""
    name = f"{race.season} {race.name}"
    drivers = len(np.unique(laps.car[fitted]))
    if fitted.sum() >= FEWEST_IN_ALL and drivers >= FEWEST_DRIVERS:
        return
    wet = int((laps.phase < 0).sum())
    if wet > len(laps.lap) / 2:
        raise NotEnoughDataError(
            f"{name} was driven in the wet on {wet} of {len(laps.lap)} timed laps, and pace is "
            "fitted to dry ones",
            race=race.name,
            wet=wet,
        )
    raise NotEnoughDataError(
        f"{name} has {int(fitted.sum())} clean laps of {drivers} drivers with {FEWEST_LAPS} or "
        f"more; pace needs {FEWEST_IN_ALL} of {FEWEST_DRIVERS}",
        hint="a clean lap is green and dry, at racing speed, and neither in- nor out-lap",
        race=race.name,
        laps=int(fitted.sum()),
        drivers=drivers,
    )
