"""What was each lap like?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import positions
from racecraft.analysis.order.classes import class_positions
from racecraft.analysis.order.control import control
from racecraft.analysis.order.drivers import with_drivers
from racecraft.analysis.order.reference import stint_numbers
from racecraft.analysis.order.stops import fitted_sets, stops
from racecraft.analysis.order.timing import Timing, durations, timing
from racecraft.model.race import CAR, LAP, Race
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LAPS = Table(
    "laps",
    key=("car", "lap"),
    columns=(
        CAR,
        LAP,
        Column("time", TIME, "end of the lap, since lights out"),
        Column("lap_time", TIME, "since the end of the lap before; of lap 1 since lights out; null "
               "where either is not known"),
        Column("position", pl.Int16, "position at the end of the lap"),
        Column("class_position", pl.Int16, "the same in its class"),
        Column("driver", pl.String, "who drove it; null where several shared the car and nobody "
               "says"),
        Column("stint", pl.Int16, "number of the stint, from 1"),
        Column("compound", pl.String, "tyre compound"),
        Column("tyre_age", pl.Int16, "laps the set has done, this one included"),
        Column("in_lap", pl.Boolean, "ends in the pit lane"),
        Column("out_lap", pl.Boolean, "begins in the pit lane"),
        Column("state", pl.String, "gravest state of the track during the lap; null if green"),
        Column("deleted", pl.Boolean, "lap time deleted by the stewards"),
    ),
)  # fmt: skip


def laps(race: Race, drivers: Sequence[str] = ()) -> pl.DataFrame:
    """Every completed lap of every car, or of some.

    Parameters
    ----------
    race
        A race or sprint.
    drivers
        Only laps of these cars; left out, of all.

    Returns
    -------
    DataFrame
        ``LAPS``, in order of driver and lap.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Notes
    -----
    A lap time is the difference of two crossings of the Line; across a hole there is none.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> laps(toy_race()).filter(car="HAM")["lap_time"].dt.total_seconds().to_list()
    [94, 87, 88, 88, 89]
    """
    at = timing(race)
    lap, car = np.nonzero(~np.isnan(at.at_line))
    lap_time = at.at_line - at.begun
    if race.clock != "lights_out":
        lap_time[0] = np.nan
    place, in_class = (
        places[len(at.lines) - 1 :: len(at.lines)]
        for places in (positions(race), class_positions(race))
    )
    frame = pl.DataFrame(
        {
            "car": [at.cars[c] for c in car],
            "lap": lap + 1,
            "time": durations(at.at_line[lap, car]),
            "lap_time": durations(lap_time[lap, car]),
            "position": place[lap, car],
            "class_position": in_class[lap, car],
            "stint": stint_numbers(race)[lap, car],
            "state": pl.Series(_states(race, at)[lap, car].tolist(), dtype=pl.String),
        },
        schema_overrides={"lap": pl.Int16},
    )
    visits = stops(race).select("car", "lap", in_lap=pl.lit(value=True))
    out_laps = visits.select("car", lap=(pl.col("lap") + 1).cast(pl.Int16), out_lap="in_lap")
    tyres = fitted_sets(race).sort("lap").select("car", "lap", "compound", "age", fitted="lap")
    frame = (
        frame.join(visits, on=["car", "lap"], how="left")
        .join(out_laps, on=["car", "lap"], how="left")
        .join(race.lap_chart.select("car", "lap", "deleted"), on=["car", "lap"], how="left")
        .sort("lap")
        .join_asof(tyres, on="lap", by="car", check_sortedness=False)
    )
    if drivers:
        frame = frame.filter(pl.col("car").is_in(list(drivers)))
    return LAPS.check(
        with_drivers(race, frame)
        .with_columns(
            pl.col("in_lap", "out_lap").fill_null(value=False),
            tyre_age=pl.col("age") + pl.col("lap") - pl.col("fitted") + 1,
        )
        .sort("car", "lap")
    )


def _states(race: Race, at: Timing) -> NDArray[np.object_]:
    """Gravest state that held during each lap, shape (laps, cars); None for green."""
    worst: NDArray[np.object_] = np.empty(at.at_line.shape, object)
    periods = control(race)
    for state in STATES:
        for begin, end in periods.filter(pl.col("state") == state)["from", "to"].rows():
            begin_us = begin.total_seconds() * 1e6
            end_us = np.inf if end is None else end.total_seconds() * 1e6
            worst[(at.begun < end_us) & (at.at_line > begin_us)] = state
    return worst
