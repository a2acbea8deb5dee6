"""How did each compound wear, and when did it fall off?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.pace.terms import bend_columns
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.pace.fit import PaceFit

TYRE_CURVES = Table(
    "tyre_curves",
    key=("compound", "tyre_age"),
    columns=(
        Column("compound", pl.String, "tyre compound"),
        Column("tyre_age", pl.Int16, "laps the set has done, this one included"),
        Column("wear_s", pl.Float64, "slower than on a new set of the same compound"),
        Column("wear_error_s", pl.Float64, "standard error"),
        Column("loss_s", pl.Float64, "slower than on a new set of the fastest compound"),
        Column("loss_error_s", pl.Float64, "standard error"),
        Column("laps", pl.Int16, "clean laps at this age"),
        Column("cliff", pl.Boolean, "beyond the age at which the tyre falls off"),
    ),
)

# A cliff is where wear goes on this much faster than before, surely: seconds a lap, and standard
# errors. In races made without one, none was found on any of 120 compounds.
CLIFF_S = 0.05
CLIFF_ERRORS = 3.0
FEWEST_BEFORE = 5  # laps of age
FEWEST_BEYOND = 5  # clean laps


def tyre_curves(model: PaceFit) -> pl.DataFrame:
    """Wear of every compound at the ages that were driven: ``TYRE_CURVES``."""
    laps, fit = model.laps, model.fit
    best = model.column_of("compound", model.best_compound)
    tables = []
    for number, compound in enumerate(laps.compounds):
        driven = laps.age[model.fitted & (laps.compound == number)]
        if not len(driven):
            continue
        ages = np.arange(driven.min(), driven.max() + 1)
        count = np.bincount(driven - ages[0], minlength=len(ages))
        columns = _curve(model, number, ages)
        offset = columns.copy()
        offset[:, model.column_of("compound", number)] += 1
        offset[:, best] -= 1
        tables.append(
            pl.DataFrame(
                {
                    "compound": [compound] * len(ages),
                    "tyre_age": ages + 1,
                    "wear_s": fit.value(columns),
                    "wear_error_s": fit.error(columns),
                    "loss_s": fit.value(offset),
                    "loss_error_s": fit.error(offset),
                    "laps": count,
                    "cliff": ages > _cliff(model, number, ages, count),
                }
            )
        )
    return TYRE_CURVES.check(pl.concat(tables))


def _curve(model: PaceFit, compound: int, ages: NDArray[np.int64]) -> NDArray[np.float64]:
    """Columns of the wear of one compound at some ages, shape (ages, coefficients)."""
    columns = np.zeros((len(ages), model.columns.shape[1]))
    columns[:, model.column_of("wear", compound)] = ages
    bends = bend_columns(ages)
    first = model.column_of("wear_bends", compound * bends.shape[1])
    columns[:, first : first + bends.shape[1]] = bends
    return columns


def _cliff(
    model: PaceFit, compound: int, ages: NDArray[np.int64], count: NDArray[np.int64]
) -> float:
    """Age beyond which a compound wears faster than before, most surely; infinity if never.

    By the difference of two slopes: from there to the oldest set with laps to speak of, and from
    the youngest to there.
    """
    first = int(ages[0])
    beyond = np.cumsum(count[::-1])[::-1]
    last = int(ages[beyond >= FEWEST_BEYOND].max(initial=first))
    bends = np.arange(first + FEWEST_BEFORE, last - 1)
    if not len(bends):
        return np.inf
    at_first, at_last = _curve(model, compound, np.array([first, last]))
    at_bend = _curve(model, compound, bends)
    after = (at_last - at_bend) / (last - bends)[:, None]
    before = (at_bend - at_first) / (bends - first)[:, None]
    steeper = model.fit.value(after - before)
    sure = steeper / np.maximum(model.fit.error(after - before), 1e-9)
    sure = np.where(steeper >= CLIFF_S, sure, 0.0)
    return float(bends[sure.argmax()]) if sure.max() >= CLIFF_ERRORS else np.inf
