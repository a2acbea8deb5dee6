"""Where did the seconds of one lap go?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.fights.explain import name_of, segment_words
from racecraft.analysis.order.control import slowed, standing_starts
from racecraft.analysis.order.drivers import driver_on
from racecraft.analysis.order.gaps import car_of
from racecraft.analysis.order.reference import losses
from racecraft.analysis.order.stops import lane_laps
from racecraft.analysis.order.timing import median, timing
from racecraft.analysis.pace.fit import HINDERED, TRACK, TYRE, PaceFit, fit_pace
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.once import once_per
from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race


BREAKDOWN = Table(
    "breakdown",
    key=("cause",),
    columns=(
        Column("cause", pl.String, "what the seconds went to"),
        Column("seconds", pl.Float64, "how many; together they are the lap time"),
        Column("error_s", pl.Float64, "standard error"),
        Column("note", pl.String, "what is meant"),
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Breakdown(Shown):
    """One lap, by cause.

    Attributes
    ----------
    car, driver, lap, lap_time_s
        Which lap it is about, and who drove it.
    parts
        ``BREAKDOWN``; its seconds add up to the lap time.
    sentence
        The parts that matter, in words.
    """

    car: str
    driver: str | None
    lap: int
    lap_time_s: float
    parts: pl.DataFrame
    sentence: str


def breakdown(race: Race, driver: str, lap: int, *, sigmas: float = 3.0) -> Breakdown:
    """Seconds of a lap by cause: car and driver, fuel, tyre, traffic, track, and what went wrong.

    Parameters
    ----------
    race
        As for `pace`.
    driver
        A code.
    lap
        The lap.
    sigmas
        Deviations of the noise from which a loss is called the driver's own error; by chance alone
        a clean lap in fifty loses more than three.

    Raises
    ------
    ArgumentError
        The race has no such lap.
    NotFoundError
        The driver took no part.
    NotEnoughDataError
        The lap has no time, was driven in the wet, or the race tells too little of pace.

    Notes
    -----
    The first five parts are what `pace` expects. What is left is the start on a lap from the grid,
    the pit lane on in- and out-laps, the flag on a lap under one; where a lap has both, the pit
    lane takes what such laps take in this race under green, and the flag the rest. On any other lap
    it is the driver's own error where it is a loss of more than so many deviations of the noise,
    told with the segment in which most of it was lost, and else unexplained. Whether another car
    had a part in the error, lap times do not say.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> lap = breakdown(sample_race(), "PER", 71)
    >>> round(sum(lap.parts["seconds"]), 3) == lap.lap_time_s
    True
    """
    model = fit_pace(race)
    row = _row(race, model, driver, lap)
    notes = {
        "driver": "driver and car, half the fuel, new tyres of the fastest compound",
        "fuel": "fuel on board, against half of it",
        "tyre": "compound, age and this set, against new ones of the fastest compound",
        "traffic": _traffic_note(model, row),
        "track": "the track at this time, against its average over the race",
    }
    columns = _columns(model, row)
    parts = [
        {"cause": cause, "seconds": float(columns[cause] @ model.fit.coefficients)
            + (model.level if cause == "driver" else 0.0),
         "error_s": float(model.fit.error(columns[cause][None])[0]), "note": note}
        for cause, note in notes.items()
    ]  # fmt: skip
    expected = model.level + float(model.columns[row] @ model.fit.coefficients)
    time = float(model.laps.seconds[row])
    rest = _left_over(race, model, row, time - expected, sigmas)
    error = float(model.fit.error(model.columns[row][None])[0])
    parts += [
        {"cause": cause, "seconds": seconds, "error_s": error, "note": note}
        for cause, (seconds, note) in rest.items()
    ]
    table = BREAKDOWN.rows(parts)
    return Breakdown(
        driver,
        driver_on(race, driver, lap),
        lap,
        time,
        table,
        _sentence(race, driver, lap, time, table),
    )


def _row(race: Race, model: PaceFit, driver: str, lap: int) -> int:
    car = car_of(race, driver)
    at = timing(race)
    if not 1 <= lap <= at.laps:
        raise ArgumentError(
            f"no lap {lap} in a race of {at.laps}", hint=f"its laps are 1 to {at.laps}"
        )
    found = np.flatnonzero((model.laps.car == car) & (model.laps.lap == lap))
    if not len(found):
        raise NotEnoughDataError(
            f"lap {lap} of {driver} was not timed", race=race.name, driver=driver, lap=lap
        )
    row = int(found[0])
    if not model.fitted[model.laps.car == car].any():
        raise NotEnoughDataError(
            f"{driver} drove too few clean laps to tell what a lap of his was made of",
            race=race.name,
            driver=driver,
        )
    if model.laps.phase[row] < 0 or model.laps.compound[row] < 0:
        raise NotEnoughDataError(
            f"lap {lap} of {driver} was driven in the wet, and pace is fitted to dry laps",
            race=race.name,
            driver=driver,
            lap=lap,
        )
    return row


def _columns(model: PaceFit, row: int) -> dict[str, NDArray[np.float64]]:
    """Columns of one lap by cause, each against what the cause is measured by."""
    best = np.zeros(model.columns.shape[1])
    best[model.column_of("compound", model.best_compound)] = 1.0
    average_track = model.only(*TRACK)[model.fitted].mean(axis=0)
    return {
        "driver": model.only("driver")[row] + best + average_track,
        "fuel": model.only("fuel")[row],
        "tyre": model.only(*TYRE)[row] - best,
        "traffic": model.only(*HINDERED)[row],
        "track": model.only(*TRACK)[row] - average_track,
    }


def _left_over(
    race: Race, model: PaceFit, row: int, rest: float, sigmas: float
) -> dict[str, tuple[float, str]]:
    """What the model does not expect of a lap, by cause."""
    at, laps = timing(race), model.laps
    lap, car = int(laps.lap[row]), int(laps.car[row])
    flagged = slowed(race).share(at.begun[lap - 1, car], at.at_line[lap - 1, car]) > 0
    in_lane = bool(lane_laps(race)[lap - 1, car])
    if lap in standing_starts(race):
        return {"start": (rest, "from standstill, in the pack")}
    if in_lane and flagged:
        lane = _lane_cost(race)[_is_out_lap(race, lap, car)]
        pit = rest if np.isnan(lane) else min(lane, max(rest, 0.0))
        return {
            "pit": (pit, "in- or out-lap, as it is in this race under green"),
            "neutralised": (rest - pit, "under a flag"),
        }
    if in_lane:
        return {"pit": (rest, "in- or out-lap")}
    if flagged:
        return {"neutralised": (rest, "under a flag")}
    if rest > sigmas * model.fit.scale:
        note = f"more than {sigmas:g} deviations of {model.fit.scale:.2f} s"
        return {"own_error": (rest, note + _worst_segment(race, lap, car))}
    return {"unexplained": (rest, f"noise of a lap: {model.fit.scale:.2f} s")}


@once_per
def _lane_cost(race: Race) -> dict[bool, float]:
    """Seconds beyond what is expected of an in-lap (False) and an out-lap (True) under green."""
    model, at = fit_pace(race), timing(race)
    laps = model.laps
    begun, end = (time[laps.lap - 1, laps.car] for time in (at.begun, at.at_line))
    green = ~(slowed(race).share(begun, end) > 0) & (laps.phase >= 0)
    lane = lane_laps(race)[laps.lap - 1, laps.car] & green
    out = np.array(
        [_is_out_lap(race, int(n), int(c)) for n, c in zip(laps.lap, laps.car, strict=True)], bool
    )
    beyond = laps.seconds - model.level - model.fit.value(model.columns)
    return {kind: float(median(beyond[lane & (out == kind)])) for kind in (False, True)}


def _is_out_lap(race: Race, lap: int, car: int) -> bool:
    in_lane = lane_laps(race)
    return bool(lap > 1 and in_lane[lap - 1, car] and in_lane[lap - 2, car])


def _worst_segment(race: Race, lap: int, car: int) -> str:
    """Segment in which most was lost against the driver's own reference, in words."""
    at = timing(race)
    if len(at.lines) == 1:
        return ""
    first = (lap - 1) * len(at.lines)
    lost = losses(race)[first : first + len(at.lines), car]
    if np.isnan(lost).all():
        return ""
    where = segment_words(race, at.lines[int(np.nanargmax(lost))])
    return f", {np.nanmax(lost) / 1e6:.2f} s of it{where}"


def _traffic_note(model: PaceFit, row: int) -> str:
    interval = model.laps.interval_s[row]
    ahead = (
        f"{interval:.1f} s behind the next car when the lap began"
        if np.isfinite(interval)
        else "no car ahead when the lap began"
    )
    between = [
        f"{count[row]} of other classes {what}"
        for count, what in ((model.laps.passed, "passed"), (model.laps.let_by, "let by"))
        if count is not None and count[row]
    ]
    return ", ".join([ahead, *between])


def _sentence(race: Race, driver: str, lap: int, time: float, parts: pl.DataFrame) -> str:
    matter = parts.filter(pl.col("cause") != "driver", pl.col("seconds").abs() >= 0.05)
    told = [
        f"{cause.replace('_', ' ')} {seconds:+.2f}"
        for cause, seconds in matter.sort(pl.col("seconds").abs(), descending=True)[
            "cause", "seconds"
        ].rows()
    ]
    own = parts.filter(cause="driver")["seconds"][0]
    words = f": {', '.join(told)}" if told else ", and nothing else of note"
    return f"{name_of(race, driver)}, lap {lap}, {time:.3f} s: driver and car {own:.2f}{words}."
