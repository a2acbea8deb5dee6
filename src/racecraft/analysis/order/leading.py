"""Who led, overall and in each class, and for how many laps?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.classes import with_class
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.timing import timing
from racecraft.model.race import CAR
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from racecraft.model.race import Race

LAPS_LED = Table(
    "laps_led",
    key=("car", "driver"),
    columns=(
        CAR,
        Column("driver", pl.String, "who drove it on these laps; empty where nobody says"),
        Column("laps", pl.Int16, "laps at whose end the car was first of all"),
        Column("class", pl.String, "class of the car; null where all race in one"),
        Column("class_laps", pl.Int16, "laps at whose end it was first of its class"),
    ),
)


def laps_led(race: Race) -> pl.DataFrame:
    """Laps led by every car and each of its drivers, overall and in their class.

    A lap is led by whoever ends it first, as lap charts count it.

    Returns
    -------
    DataFrame
        ``LAPS_LED``, whoever led most laps first; the sum over the drivers of a car is the car's.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> laps_led(toy_race()).select("car", "laps").rows()
    [('VER', 5)]
    """
    led = (
        laps(race)
        .filter((pl.col("position") == 1) | (pl.col("class_position") == 1))
        .group_by("car", pl.col("driver").fill_null(""), maintain_order=True)
        .agg(laps=(pl.col("position") == 1).sum(), class_laps=(pl.col("class_position") == 1).sum())
        .sort("laps", "class_laps", descending=True, maintain_order=True)
    )
    return LAPS_LED.check(with_class(race, led))


def leader_lap_at(race: Race, times: pl.Series) -> pl.Series:
    """Lap that the leader was on at given times since lights out; null for a null.

    Parameters
    ----------
    times
        Durations.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from racecraft.sources.sample.toy import toy_race
    >>> leader_lap_at(toy_race(), pl.Series([timedelta(0), timedelta(seconds=100)])).to_list()
    [1, 2]
    """
    at = timing(race)
    ends = at.ended
    done = np.searchsorted(ends, times.dt.total_microseconds().fill_null(0).to_numpy(), "right")
    on = pl.Series(times.name, np.minimum(done + 1, at.laps), dtype=pl.Int16)
    return on.to_frame().select(pl.when(times.is_not_null()).then(on)).to_series()
