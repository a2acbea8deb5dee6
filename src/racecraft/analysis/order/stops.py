"""Which visits to the pit lane were stops, and which laps did they take?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.control import neutralised, stopped
from racecraft.analysis.order.timing import once_per_race, timing
from racecraft.model.race import CAR
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import THE_LINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.control import Periods
    from racecraft.model.race import Race

LONGEST_REPAIR = timedelta(
    minutes=5
)  # a visit without times that took longer was a stoppage of the race
TRANSIT_SHARE = 0.5  # of the field through the lane on one lap, behind the safety car

STOPS = Table(
    "stops",
    key=("car", "stop"),
    columns=(
        CAR,
        Column("stop", pl.Int16, "number of the visit, from 1"),
        Column("lap", pl.Int16, "lap on which the pit lane was entered"),
        Column("kind", pl.String, "stop; drive_through (no tyres changed); transit (behind the "
               "safety car); red_flag (the race was stopped)"),
        Column("duration", TIME, "time in the pit lane"),
        Column("compound", pl.String, "compound fitted; null if none, or unknown"),
        Column("tyres_changed", pl.Boolean, "a set was fitted; null where tyres are unknown"),
    ),
)  # fmt: skip


@once_per_race
def stops(race: Race) -> pl.DataFrame:
    """Visits to the pit lane, and what each of them was.

    A visit is no stop where the whole field drives through the lane behind the safety car, or
    waits in it under a red flag, or where the tyres go on ageing: a penalty, served.

    Returns
    -------
    DataFrame
        ``STOPS``, in order of driver and lap.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> stops(toy_race()).height
    0
    """
    visits = _with_times(race).with_columns(
        stop=pl.int_range(1, pl.len() + 1).over("car", order_by="lap"),
        out_lap=(pl.col("lap") + 1).cast(pl.Int16),
        field_share=pl.len().over("lap") / max(race.entries.height, 1),
    )
    fitted = race.tyres.select("car", "compound", out_lap="lap", fitted=pl.lit(value=True))
    visits = visits.join(fitted, on=["car", "out_lap"], how="left").sort("car", "lap")
    known = pl.col("car").is_in(race.tyres["car"].unique().to_list())
    changed = pl.when(known).then(pl.col("fitted").fill_null(value=False))
    during_red = _share(visits, stopped(race)) > 0
    behind_sc = _share(visits, neutralised(race)) > 0
    kind = (
        pl.when(pl.lit(during_red) | (pl.col("duration") > LONGEST_REPAIR))
        .then(pl.lit("red_flag"))
        .when(~changed & behind_sc & (pl.col("field_share") > TRANSIT_SHARE))
        .then(pl.lit("transit"))
        .when(~changed)
        .then(pl.lit("drive_through"))
        .otherwise(pl.lit("stop"))
    )
    return STOPS.check(visits.with_columns(tyres_changed=changed, kind=kind))


@once_per_race
def pit_laps(race: Race) -> NDArray[np.bool_]:
    """In-laps and out-laps of stops, shape (laps, cars); stoppages and transits are none."""
    return _laps_of(race, ("stop", "drive_through"))


@once_per_race
def lane_laps(race: Race) -> NDArray[np.bool_]:
    """In-laps and out-laps of all visits to the pit lane, shape (laps, cars)."""
    return _laps_of(race, ("stop", "drive_through", "transit", "red_flag"))


def _laps_of(race: Race, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    at = timing(race)
    laps = np.zeros((at.laps + 2, len(at.cars)), np.bool_)
    for driver, lap in stops(race).filter(pl.col("kind").is_in(kinds))["car", "lap"].rows():
        if driver in at.cars and lap <= at.laps:
            laps[lap - 1 : lap + 1, at.cars.index(driver)] = True
    return laps[: at.laps]


def _with_times(race: Race) -> pl.DataFrame:
    """Visits with times of entry and exit; where they are not known, about the end of the lap."""
    line_times = race.crossings.filter(pl.col("line") == THE_LINE).select(
        "car", "lap", lap_end="time"
    )
    visits = race.pit_visits.join(line_times, on=["car", "lap"], how="left")
    begin = pl.coalesce("time_in", "lap_end", "time_out")
    return visits.with_columns(
        begin=begin, end=pl.coalesce("time_out", begin + pl.col("duration"), begin)
    )


def _share(visits: pl.DataFrame, periods: Periods) -> pl.Series:
    """Share of each visit that lies within the periods; 0 where its time is not known."""
    begin, end = (
        visits[name].to_physical().cast(pl.Float64).to_numpy() for name in ("begin", "end")
    )
    return pl.Series(np.nan_to_num(periods.share(begin, end + 1)))
