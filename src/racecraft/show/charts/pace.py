"""The pace of a race, car by car, as a chart shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.pace.pace import Pace, pace
from racecraft.show.charts.shapes import family_names

if TYPE_CHECKING:
    from racecraft.model.race import Race


def pace_of(race: Race | Pace) -> Pace:
    """Pace of a race, as it is given or fitted now."""
    return race if isinstance(race, Pace) else pace(race)


def pace_rows(told: Pace) -> list[tuple[str, float, float]]:
    """Name, seconds a lap behind the fastest of its class, and standard error.

    Class by class, the fastest class first; where there are several, a name ends with its class.
    """
    names = family_names(told.race)
    rows = told.drivers.drop_nulls("behind_s").with_columns(
        quickest=pl.col("pace_s").min().over("class")
    )
    several = has_classes(told)
    return [
        (f"{names.get(car, car)} {of}" if several and of else names.get(car, car), behind, error)
        for car, of, behind, error in rows.sort("quickest", "class", "behind_s", "car")
        .select("car", "class", "behind_s", "error_s")
        .iter_rows()
    ]


def has_classes(told: Pace) -> bool:
    """Whether cars of several classes have a pace, each against the fastest of its own."""
    return told.drivers.drop_nulls("behind_s")["class"].n_unique() > 1
