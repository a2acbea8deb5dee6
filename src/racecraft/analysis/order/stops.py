"""Which visits to the pit lane were stops, and which laps did they take?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.control import neutralised, stopped
from racecraft.analysis.order.timing import timing
from racecraft.analysis.order.tyre_sets import tyre_sets
from racecraft.model.once import once_per
from racecraft.model.race import CAR, TYRES
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import THE_LINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.control import Periods
    from racecraft.model.race import Race

LONGEST_STOP = timedelta(minutes=5)  # most of the field in the lane for longer: a stoppage
CROWD_SHARE = 0.5  # of the field, in the lane at about the same time
CROWD_S = 90.0  # a train behind the safety car is no longer than a lap
# A drive-through is five to seven seconds shorter than the usual stop, the quickest stop two.
NO_STANDSTILL = timedelta(seconds=3.5)
SERVED_WITHIN = 5  # laps in which an announced drive-through is served

STOPS = Table(
    "stops",
    key=("car", "stop"),
    columns=(
        CAR,
        Column("stop", pl.Int16, "number of the visit, from 1"),
        Column("lap", pl.Int16, "lap on which the pit lane was entered"),
        Column("kind", pl.String, "stop; drive_through (a penalty, served); transit (behind the "
               "safety car); red_flag (the race was stopped); retirement (into the garage)"),
        Column("duration", TIME, "time in the pit lane"),
        Column("compound", pl.String, "compound fitted; null if none, or unknown"),
        Column("tyres_changed", pl.Boolean, "a set was fitted; null where no source says"),
        Column("driver_out", pl.String, "who got out; null where nobody did, or nobody says"),
        Column("driver_in", pl.String, "who got in"),
    ),
)  # fmt: skip


@once_per
def stops(race: Race) -> pl.DataFrame:
    """Visits to the pit lane, and what each of them was.

    A visit is no stop where most of the field drives through the lane behind the safety car, or
    waits in it while the race is stopped, or where the car never leaves it again (a source that
    tells how long it was in the lane saw it leave). It is a
    drive-through only where race control announced one, or where it was too short for a standstill
    and no tyres were changed. A repair of a quarter of an hour is a stop. Whether tyres were
    changed is unknown at a stop of which the source tells no set, unless it says that they were
    kept.

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
    if race.pit_visits.is_empty():
        return STOPS.empty()
    visits = _with_times(race).with_columns(
        stop=pl.int_range(1, pl.len() + 1).over("car", order_by="lap")
    )
    visits = _with_driver_change(race, _with_tyres(race, visits).sort("car", "lap"))
    short = _too_short_for_a_standstill(visits)
    known = pl.col("car").is_in(race.tyres["car"].unique().to_list())
    may_have_kept = ~pl.col("tyres_changed").fill_null(~known) & pl.col("driver_in").is_null()
    quick = visits.select(may_have_kept & short).to_series()
    crowded = pl.lit(_share_of_field_in_lane(race, visits)) > CROWD_SHARE
    none_stood = pl.lit(_share_of_field_in_lane(race, visits, quick)) > CROWD_SHARE
    during_red = pl.lit(_share(visits, stopped(race))) > 0
    behind_sc = pl.lit(_share(visits, neutralised(race))) > 0
    left_again = (pl.col("duration") < LONGEST_STOP).fill_null(value=False)
    kind = (
        pl.when(pl.col("time_out").is_null() & ~pl.col("drove_on") & ~left_again)
        .then(pl.lit("retirement"))
        .when(during_red | (crowded & (pl.col("duration") > LONGEST_STOP)))
        .then(pl.lit("red_flag"))
        .when(may_have_kept & ((crowded & behind_sc) | (short & none_stood)))
        .then(pl.lit("transit"))
        .when(may_have_kept & (pl.lit(_announced(race, visits)) | short))
        .then(pl.lit("drive_through"))
        .otherwise(pl.lit("stop"))
    )
    drove_through = pl.col("kind").is_in(["transit", "drive_through"])
    return STOPS.check(
        visits.with_columns(kind=kind).with_columns(
            tyres_changed=pl.when(drove_through)
            .then(pl.lit(value=False))
            .otherwise("tyres_changed")
        )
    )


@once_per
def fitted_sets(race: Race) -> pl.DataFrame:
    """``TYRES`` of `tyre_sets`, and an unknown set after each stop that none is told of."""
    known = race.tyres["car"].unique().to_list()
    lost = (
        stops(race)
        .filter(pl.col("car").is_in(known), kind="stop")
        .filter(pl.col("tyres_changed").is_null())
    )
    unknown = [{"car": car, "lap": lap + 1} for car, lap in lost["car", "lap"].rows()]
    return (
        pl.concat([tyre_sets(race), TYRES.rows(unknown)])
        .unique(["car", "lap"], keep="first", maintain_order=True)
        .sort("car", "lap")
    )


@once_per
def pit_laps(race: Race) -> NDArray[np.bool_]:
    """In-laps and out-laps of stops, shape (laps, cars); stoppages and transits are none."""
    return _laps_of(race, ("stop", "drive_through", "retirement"))


@once_per
def lane_laps(race: Race) -> NDArray[np.bool_]:
    """In-laps and out-laps of all visits to the pit lane, shape (laps, cars)."""
    return _laps_of(race, ("stop", "drive_through", "retirement", "transit", "red_flag"))


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
    last_lap = race.crossings.group_by("car").agg(last_lap=pl.col("lap").max())
    return visits.join(last_lap, on="car", how="left").with_columns(
        begin=begin,
        end=pl.coalesce("time_out", begin + pl.col("duration"), begin),
        drove_on=(pl.col("last_lap") > pl.col("lap")).fill_null(value=False),
    )


def _with_tyres(race: Race, visits: pl.DataFrame) -> pl.DataFrame:
    """Visits with the set fitted, for the lap after, or for the same lap if it was left in it.

    That none is recorded does not say that none was fitted, unless the source does. The first set
    that is known of a car may have been on it before a visit on lap 1.
    """
    within_lap = (pl.col("time_out") < pl.col("lap_end")).fill_null(value=False)
    first = ((pl.col("lap") == pl.col("lap").min().over("car")) & (pl.col("lap") == 2)).alias(
        "first"
    )
    new_set = tyre_sets(race).with_columns(first).filter(pl.col("lap") > 1)
    after = new_set.select("car", lap=(pl.col("lap") - 1).cast(pl.Int16), after="compound",
                           set_after=~pl.col("first"))  # fmt: skip
    same = new_set.select("car", "lap", same="compound", set_same=~pl.col("first"))
    fitted = pl.col("set_after").fill_null(value=False) | (
        within_lap & pl.col("set_same").fill_null(value=False)
    )
    return (
        visits.join(after, on=["car", "lap"], how="left")
        .join(same, on=["car", "lap"], how="left")
        .with_columns(
            compound=pl.coalesce("after", pl.when(within_lap).then("same")),
            tyres_changed=pl.when(fitted)
            .then(pl.lit(value=True))
            .when(pl.col("tyres_kept"))
            .then(pl.lit(value=False)),
        )
    )


def _with_driver_change(race: Race, visits: pl.DataFrame) -> pl.DataFrame:
    """Visits with who got out and who got in, where another one drove the lap after."""
    nobody = pl.lit(None, pl.String)
    if race.drivers_in_car.is_empty():
        return visits.with_columns(driver_out=nobody, driver_in=nobody)
    drove = race.drivers_in_car
    before = drove.rename({"driver": "driver_out"})
    after = drove.select("car", lap=(pl.col("lap") - 1).cast(pl.Int16), driver_in="driver")
    told = visits.join(before, on=["car", "lap"], how="left", maintain_order="left").join(
        after, on=["car", "lap"], how="left", maintain_order="left"
    )
    changed = pl.col("driver_out") != pl.col("driver_in")
    return told.with_columns(
        pl.when(changed).then(pl.col(name)).alias(name) for name in ("driver_out", "driver_in")
    )


def _share_of_field_in_lane(
    race: Race, visits: pl.DataFrame, counted: pl.Series | None = None
) -> pl.Series:
    """Share of the cars that came into the lane at about the time of each visit.

    All that did, or those of the visits that are ``counted``.
    """
    begin = visits["begin"].to_physical().cast(pl.Float64).to_numpy() / 1e6
    near = np.abs(begin[:, None] - begin[None, :]) <= CROWD_S
    if counted is not None:
        near &= counted.to_numpy()[None, :]
    cars = visits["car"].to_numpy()
    share = [len(set(cars[row])) / max(race.entries.height, 1) for row in near]
    return pl.Series(share, dtype=pl.Float64)


def _too_short_for_a_standstill(visits: pl.DataFrame) -> pl.Expr:
    """Whether a visit was far quicker than those on which tyres were changed, or than most."""
    may_be_stops = visits.filter(
        ~pl.col("tyres_kept").fill_null(value=False), pl.col("duration") < LONGEST_STOP
    )
    changed = may_be_stops.filter("tyres_changed")
    usual = (may_be_stops if changed.is_empty() else changed)["duration"].median()
    if not isinstance(usual, timedelta):
        return pl.lit(value=False)
    return (pl.col("duration") < usual - NO_STANDSTILL).fill_null(value=False)


def _announced(race: Race, visits: pl.DataFrame) -> pl.Series:
    """Whether race control announced a drive-through for the car within the laps before."""
    text = pl.col("text").str.to_uppercase()
    said = race.messages.filter(
        text.str.contains(r"DRIVE[- ]?THROUGH PENALTY") & ~text.str.contains("SERVED")
    ).with_columns(number=text.str.extract(r"CAR (\w+)"))
    if said.is_empty():
        return pl.Series([False] * len(visits), dtype=pl.Boolean)
    numbers = dict(race.entries["car", "number"].rows())
    found = []
    for car, lap in visits["car", "lap"].rows():
        number = pl.lit(numbers.get(car), pl.String)
        of_car = said.filter((pl.col("car") == car) | (pl.col("number") == number))
        laps = of_car["lap"].drop_nulls().to_list()
        found.append(any(0 <= lap - told <= SERVED_WITHIN for told in laps))
    return pl.Series(found, dtype=pl.Boolean)


def _share(visits: pl.DataFrame, periods: Periods) -> pl.Series:
    """Share of each visit that lies within the periods; 0 where its time is not known."""
    begin, end = (
        visits[name].to_physical().cast(pl.Float64).to_numpy() for name in ("begin", "end")
    )
    return pl.Series(np.nan_to_num(periods.share(begin, end + 1)))
