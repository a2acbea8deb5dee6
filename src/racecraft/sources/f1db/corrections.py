"""What is known to be wrong in f1db, put right; docs/record.md says how it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One cell of one table: what is there, what should be, and why."""

    table: str
    season: int
    round: int
    column: str
    wrong: object
    right: object
    why: str
    driver_id: str | None = None


CORRECTIONS = (
    Correction(
        table="races", season=2021, round=16, column="date",
        wrong=date(2021, 10, 3), right=date(2021, 10, 10),
        why="the Turkish Grand Prix was moved by a week",
    ),
    Correction(
        table="races", season=2023, round=21, column="date",
        wrong=date(2023, 11, 19), right=date(2023, 11, 18),
        why="run on Saturday evening in Las Vegas; the table has the day in Greenwich",
    ),
)  # fmt: skip


def corrected(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Tables in which every cell that is still wrong is put right."""
    right = dict(tables)
    for one in CORRECTIONS:
        table = right[one.table]
        here = (
            (pl.col("season") == one.season)
            & (pl.col("round") == one.round)
            & (pl.col(one.column) == pl.lit(one.wrong, table.schema[one.column]))
        )
        if one.driver_id is not None:
            here &= pl.col("driver_id") == one.driver_id
        value = pl.lit(one.right, table.schema[one.column])
        right[one.table] = table.with_columns(
            pl.when(here).then(value).otherwise(one.column).alias(one.column)
        )
    return right
