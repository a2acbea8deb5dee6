"""In which class does each car race, and in which place there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.timing import timing
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from racecraft.model.race import Race


@once_per
def classes(race: Race) -> list[str | None]:
    """Class of every car of `timing`, in order; None where all race in one, or nobody says."""
    entered = dict(race.entries.select("car", "class").iter_rows())
    return [entered.get(car) for car in timing(race).cars]


def has_classes(race: Race) -> bool:
    """Whether cars of more than one class are in the race."""
    return len(set(classes(race))) > 1


def fields(race: Race, *, overall: bool = False) -> Iterator[NDArray[np.int64]]:
    """Columns of the cars that race each other: those of each class, or all of them."""
    names = classes(race)
    if overall:
        yield np.arange(len(names))
        return
    for name in dict.fromkeys(names):
        yield np.array([i for i, own in enumerate(names) if own == name], np.int64)


@once_per
def class_positions(race: Race) -> NDArray[np.int64]:
    """Place in its class at every step, shape (steps, cars); 0 where a car did not reach it."""
    time = timing(race).time
    place = np.zeros(time.shape, np.int64)
    for cars in fields(race):
        own = time[:, cars]
        rank = np.argsort(np.argsort(own, axis=1, kind="stable"), axis=1, kind="stable") + 1
        place[:, cars] = np.where(np.isnan(own), 0, rank)
    return place


def with_class(race: Race, table: pl.DataFrame, car: str = "car") -> pl.DataFrame:
    """Rows of a table with the ``class`` of the car that a column names."""
    of = race.entries.select(pl.col("car").alias(car), "class")
    return table.join(of, on=car, how="left", maintain_order="left")


def placed_in_class(race: Race, table: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order of a result, with ``class`` and ``class_position``, from 1 in each class.

    Rows whose `position` is null have no place in their class either.
    """
    own = with_class(race, table.drop("class", strict=False))
    placed = pl.col("position").is_not_null()
    rank = placed.cast(pl.Int16).cum_sum().over("class")
    return own.with_columns(class_position=pl.when(placed).then(rank))
