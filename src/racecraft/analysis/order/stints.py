"""How long did each set of tyres last?"""

from __future__ import annotations

import polars as pl

from racecraft.analysis.order.laps import laps
from racecraft.model.race import CAR, Race
from racecraft.model.table import TIME, Column, Table

STINTS = Table(
    "stints",
    key=("car", "stint"),
    columns=(
        CAR,
        Column("driver", pl.String, "who drove it; null where several shared the car and nobody "
               "says"),
        Column("stint", pl.Int16, "number of the stint, from 1"),
        Column("start_lap", pl.Int16, "first lap"),
        Column("end_lap", pl.Int16, "last lap completed"),
        Column("laps", pl.Int16, "laps completed"),
        Column("compound", pl.String, "tyre compound; null where the source does not say"),
        Column("tyre_age", pl.Int16, "laps the set had done at the end"),
        Column("median_lap", TIME, "median of the green laps that are neither in- nor out-lap"),
    ),
)  # fmt: skip


def stints(race: Race) -> pl.DataFrame:
    """Every stint of every car: the laps on one set of tyres.

    A new set begins a stint, not a visit to the pit lane: a drive-through penalty, or the safety
    car leading the field through the lane, begins none.

    Returns
    -------
    DataFrame
        ``STINTS``, in order of driver and stint.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> stints(toy_race()).select("car", "start_lap", "end_lap").row(0)
    ('HAM', 1, 5)
    """
    green = pl.col("state").is_null() & ~pl.col("in_lap") & ~pl.col("out_lap")
    return STINTS.check(
        laps(race)
        .group_by("car", "stint", maintain_order=True)
        .agg(
            driver=pl.col("driver").drop_nulls().last(),
            start_lap=pl.col("lap").first(),
            end_lap=pl.col("lap").last(),
            laps=pl.len(),
            compound=pl.col("compound").first(),
            tyre_age=pl.col("tyre_age").last(),
            median_lap=pl.col("lap_time").filter(green & (pl.col("lap") > 1)).median(),
        )
    )
