"""How fast was each driver, and what were his laps made of?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from racecraft.analysis.order.drivers import with_drivers
from racecraft.analysis.order.timing import timing
from racecraft.analysis.pace.doubts import pace_doubts
from racecraft.analysis.pace.fit import HINDERED, TRACK, TYRE, PaceFit, fit_pace, fit_without
from racecraft.analysis.pace.terms import CLEAR, INTERVALS, fuel_prior, traffic_columns
from racecraft.analysis.pace.tyre_curves import tyre_curves
from racecraft.model.race import CAR, LAP, Race
from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table

SHOWN_INTERVALS = (*INTERVALS, CLEAR)

PACE = Table(
    "pace",
    key=("car",),
    columns=(
        CAR,
        Column("class", pl.String, "class it races in; null where all race in one"),
        Column("laps", pl.Int16, "clean laps it rests on"),
        Column("pace_s", pl.Float64, "lap time with half the fuel, the average tyres of the race, "
               "no traffic, and the average track"),
        Column("error_s", pl.Float64, "standard error, against the average of the field"),
        Column("behind_s", pl.Float64, "slower than the fastest of its class"),
        Column("field_pct", pl.Float64, "slower than the median of its class, in percent; negative "
               "when faster"),
        Column("field_pct_error", pl.Float64, "standard error"),
    ),
)  # fmt: skip

PACE_BY_DRIVER = Table(
    "pace_by_driver",
    key=("car", "driver"),
    columns=(
        CAR,
        Column("driver", pl.String, "who drove it"),
        Column("class", pl.String, "class it races in; null where all race in one"),
        Column("laps", pl.Int16, "clean laps it rests on"),
        Column("pace_s", pl.Float64, "pace of the car on his laps, as in `pace`"),
        Column("error_s", pl.Float64, "standard error: his stints and laps differ by chance"),
        Column("behind_s", pl.Float64, "slower than the fastest driver of the class"),
    ),
)

TERMS = Table(
    "terms",
    key=("term",),
    columns=(
        Column("term", pl.String, "what acts on lap times"),
        Column("value", pl.Float64, "how much"),
        Column("error", pl.Float64, "standard error; null of a spread, which is learnt"),
        Column("unit", pl.String, "s, s/kg or s/lap"),
        Column("meaning", pl.String, "in words"),
    ),
)

TRAFFIC = Table(
    "traffic",
    key=("interval_s",),
    columns=(
        Column("interval_s", pl.Float64, "behind the next car on the road when the lap begins"),
        Column("loss_s", pl.Float64, "lost on that lap"),
        Column("error_s", pl.Float64, "standard error"),
        Column("laps", pl.Int16, "clean laps nearer to this interval than to the others"),
    ),
)

TRACK_EVOLUTION = Table(
    "track_evolution",
    key=("lap",),
    columns=(
        Column("lap", pl.Int16, "lap of the leader"),
        Column("track_s", pl.Float64, "slower than the average track of the race"),
        Column("error_s", pl.Float64, "standard error"),
    ),
)

FITTED_LAPS = Table(
    "fitted_laps",
    key=("car", "lap"),
    columns=(
        CAR,
        LAP,
        Column("lap_time_s", pl.Float64, "lap time"),
        Column("clean", pl.Boolean, "green and dry, at racing speed, no in-, out- or starting lap"),
        Column("fitted", pl.Boolean, "the model was fitted to this lap"),
        Column("expected_s", pl.Float64, "what the model expects; null in the wet"),
        Column("expected_error_s", pl.Float64, "standard error of that"),
        Column("low_s", pl.Float64, "nineteen clean laps in twenty are slower"),
        Column("high_s", pl.Float64, "nineteen clean laps in twenty are faster"),
        Column("driver_s", pl.Float64, "driver and car, with half the fuel, on new tyres of the "
               "fastest compound"),
        Column("fuel_s", pl.Float64, "fuel, against half of it"),
        Column("tyre_s", pl.Float64, "tyres, against new ones of the fastest compound"),
        Column("traffic_s", pl.Float64, "traffic"),
        Column("track_s", pl.Float64, "track, against its average"),
    ),
)  # fmt: skip

T_95 = 2.132  # 95 % quantile of Student's t with the four degrees of freedom of the noise


@dataclass(frozen=True, eq=False, repr=False)
class Pace(Shown):
    """What a race's lap times were made of.

    Attributes
    ----------
    race
        The race it is about.
    drivers
        ``PACE``, fastest first.
    by_driver
        ``PACE_BY_DRIVER``: that of everybody who shared a car; empty where nobody did.
    terms
        ``TERMS``: fuel, drift of the track, the spread of stints and of single laps.
    tyres
        ``TYRE_CURVES``: how each compound wore, at the ages that were driven.
    traffic
        ``TRAFFIC``: what a car ahead costs, by how far ahead it is.
    track
        ``TRACK_EVOLUTION``: what the track gained or lost, lap by lap.
    laps
        ``FITTED_LAPS``: every timed lap, and what the model makes of it.
    doubts
        ``DOUBTS``: what the data could not tell apart, or did not show.
    """

    race: Race
    drivers: pl.DataFrame
    by_driver: pl.DataFrame
    terms: pl.DataFrame
    tyres: pl.DataFrame
    traffic: pl.DataFrame
    track: pl.DataFrame
    laps: pl.DataFrame
    doubts: pl.DataFrame


def pace(race: Race, *, without: pl.DataFrame | None = None) -> Pace:
    r"""Pace of every driver of a race, and what its lap times were made of.

    Parameters
    ----------
    race
        Needs ``crossings``; ``tyres`` tell the compounds apart, ``control`` and ``pit_visits`` say
        which laps are clean.
    without
        Laps that are not to be fitted, in the columns `car` and `lap`: to be predicted.

    Raises
    ------
    NotEnoughDataError
        There are fewer than 40 clean dry laps of three drivers with five or more each, such as in
        a race in the wet, or of three laps.

    Notes
    -----
    .. math::

        t = \mu + d + s + f\,m + w_c(a) + h(i) + e(l) + \epsilon

    for driver-and-car :math:`d`, his stint :math:`s` (level and slope), fuel mass :math:`m`, the
    wear :math:`w_c` of a compound of age :math:`a`, which never falls, the loss :math:`h` at an
    interval :math:`i` behind the next car on the road, the track :math:`e` on lap :math:`l` of the
    leader, and noise :math:`\epsilon` with heavy tails. The coefficients have Gaussian priors,
    whose widths are learnt from the race where the race can tell. Fuel burns and a track changes
    evenly at the same time; the prior on fuel says how much of it is fuel.

    References
    ----------
    `robust_fit` for the method; ``docs/decisions`` for the priors.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> pace(sample_race()).drivers["car"].head(2).sort().to_list()
    ['NOR', 'VER']
    """
    model = fit_pace(race) if without is None else fit_without(race, without)
    return Pace(
        race=race,
        drivers=_drivers(race, model),
        by_driver=_by_driver(race, model),
        terms=_terms(race, model),
        tyres=tyre_curves(model),
        traffic=_traffic(model),
        track=_track(model),
        laps=_laps(model),
        doubts=pace_doubts(race, model),
    )


def driver_pace(race: Race) -> pl.DataFrame:
    """Pace of every driver alone: ``PACE``, the table `drivers` of `pace`, in a third less time.

    Raises
    ------
    NotEnoughDataError
        As `pace`.
    """
    return _drivers(race, fit_pace(race))


def _drivers(race: Race, model: PaceFit) -> pl.DataFrame:
    of = dict(race.entries.select("car", "class").iter_rows())
    pace = pl.col("pace_s")
    laps, fit = model.laps, model.fit
    cars = np.unique(laps.car[model.fitted])
    own = fit.coefficients[fit.where["driver"]][cars]
    average = model.columns[model.fitted].mean(axis=0)
    for name in ("driver", *HINDERED):
        average[fit.where.get(name, slice(0))] = 0.0
    level = model.level + float(average @ fit.coefficients)
    against_field = np.zeros((len(cars), model.columns.shape[1]))
    against_field[:, model.column_of("driver") + cars] = np.eye(len(cars)) - 1 / len(cars)
    error = fit.error(against_field)
    return PACE.check(
        pl.DataFrame(
            {
                "car": [laps.cars[car] for car in cars],
                "laps": np.bincount(laps.car[model.fitted])[cars],
                "class": pl.Series([of[laps.cars[car]] for car in cars], dtype=pl.String),
                "pace_s": level + own,
                "error_s": error,
            }
        )
        .with_columns(
            behind_s=pace - pace.min().over("class"),
            field_pct=100 * (pace / pace.median().over("class") - 1),
            field_pct_error=100 * pl.col("error_s") / pace.median().over("class"),
        )
        .sort(pace.min().over("class"), "class", "pace_s", "car")
    )


def _by_driver(race: Race, model: PaceFit) -> pl.DataFrame:
    """Pace of everybody who drove a car that several shared: that of the car on his laps.

    The car's, and what its stints and laps were off it while he drove: every stint is one driver's.
    """
    if race.drivers_in_car.is_empty():
        return PACE_BY_DRIVER.empty()
    laps, fitted = model.laps, model.fitted
    rest = laps.seconds - model.level - model.part(*model.fit.where)
    rows = pl.DataFrame(
        {
            "car": [laps.cars[car] for car in laps.car[fitted]],
            "lap": laps.lap[fitted].astype(np.int16),
            "stint": laps.stint[fitted],
            "off": (model.part("stint") + rest)[fitted],
        }
    )
    stint_spread = model.fit.deviation["stint"]
    own = (
        with_drivers(race, rows)
        .drop_nulls("driver")
        .group_by("car", "driver")
        .agg(
            laps=pl.len(),
            off=pl.col("off").median(),
            error_s=(
                stint_spread**2 / pl.col("stint").n_unique() + model.fit.scale**2 / pl.len()
            ).sqrt(),
        )
    )
    together = _drivers(race, model).select("car", "class", car_s="pace_s")
    pace = pl.col("pace_s")
    return PACE_BY_DRIVER.check(
        own.join(together, on="car")
        .with_columns(pace_s=pl.col("car_s") + pl.col("off"))
        .with_columns(behind_s=pace - pace.min().over("class"))
        .sort(pace.min().over("class"), "class", "pace_s", "driver")
    )


def _terms(race: Race, model: PaceFit) -> pl.DataFrame:
    fit = model.fit
    laps = timing(race).laps

    def one(term: str, column: int, factor: float, unit: str, meaning: str) -> dict[str, object]:
        error = float(np.sqrt(fit.covariance[column, column]))
        return {"term": term, "value": float(fit.coefficients[column]) * factor,
                "error": error * abs(factor), "unit": unit, "meaning": meaning}  # fmt: skip

    fuel, drift = model.column_of("fuel"), model.column_of("drift")
    both = np.zeros((1, len(fit.coefficients)))
    both[0, fuel], both[0, drift] = -fuel_prior(race).load_kg / laps, 1 / laps
    rows = [
        one("fuel", fuel, 1.0, "s/kg", "a kilogram of fuel on board"),
        one("drift", drift, 1 / laps, "s/lap", "even change of the track, negative when faster"),
        {"term": "fuel_and_drift", "value": float(fit.value(both)[0]),
         "error": float(fit.error(both)[0]), "unit": "s/lap",
         "meaning": "both together, which the data knows better than either"},
        one("warm_up", model.column_of("warm_up"), 1.0, "s", "first flying lap on a set"),
    ]  # fmt: skip
    rows += [
        one(name, model.column_of(name), 1.0, "s", meaning)
        for name, meaning in (
            ("passed", "each car of another class passed on a lap"),
            ("let_by", "each car of another class that passed on a lap"),
        )
        if name in fit.where
    ]
    spreads = {
        "stint": ("s", "between stints of a driver, beyond fuel, compound and age"),
        "stint_slope": ("s/lap", "between the wear of stints on one compound"),
        "weather": ("s/lap", "change of the track from lap to lap"),
    }
    rows += [
        {"term": f"{name}_spread", "value": fit.deviation[name], "unit": unit, "meaning": meaning}
        for name, (unit, meaning) in spreads.items()
    ]
    rows.append({"term": "noise", "value": fit.scale, "unit": "s",
                 "meaning": "what a lap differs for no reason known here"})  # fmt: skip
    return TERMS.rows(rows)


def _traffic(model: PaceFit) -> pl.DataFrame:
    shown = np.array(SHOWN_INTERVALS)
    columns = np.zeros((len(shown), model.columns.shape[1]))
    columns[:, model.fit.where["traffic"]] = traffic_columns(shown)
    near = np.searchsorted((shown[1:] + shown[:-1]) / 2, model.laps.interval_s[model.fitted])
    return TRAFFIC.check(
        pl.DataFrame(
            {
                "interval_s": shown,
                "loss_s": model.fit.value(columns),
                "error_s": model.fit.error(columns),
                "laps": np.bincount(near, minlength=len(shown)),
            }
        )
    )


def _track(model: PaceFit) -> pl.DataFrame:
    laps = model.laps
    seen, first = np.unique(laps.leader_lap[model.fitted], return_index=True)
    columns = model.only(*TRACK)[model.fitted]
    shown = columns[first] - columns.mean(axis=0)
    return TRACK_EVOLUTION.check(
        pl.DataFrame(
            {"lap": seen, "track_s": model.fit.value(shown), "error_s": model.fit.error(shown)}
        )
    )


def _laps(model: PaceFit) -> pl.DataFrame:
    laps, fit = model.laps, model.fit
    dry = (laps.phase >= 0) & (laps.compound >= 0)
    expected = model.level + fit.value(model.columns)
    error = fit.error(model.columns)
    reach = T_95 * np.sqrt(error**2 + fit.scale**2)
    best = fit.coefficients[model.column_of("compound", model.best_compound)]
    track = model.part(*TRACK)
    average_track = track[model.fitted].mean()
    values = {
        "expected_s": expected,
        "expected_error_s": error,
        "low_s": expected - reach,
        "high_s": expected + reach,
        "driver_s": model.level + model.part("driver") + best + average_track,
        "fuel_s": model.part("fuel"),
        "tyre_s": model.part(*TYRE) - best,
        "traffic_s": model.part(*HINDERED),
        "track_s": track - average_track,
    }
    return FITTED_LAPS.check(
        pl.DataFrame(
            {
                "car": [laps.cars[car] for car in laps.car],
                "lap": laps.lap,
                "lap_time_s": laps.seconds,
                "clean": laps.clean,
                "fitted": model.fitted,
                **{name: np.where(dry, value, np.nan) for name, value in values.items()},
            }
        ).with_columns(pl.col(*values).fill_nan(None))
    )
