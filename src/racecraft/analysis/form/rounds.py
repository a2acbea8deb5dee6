"""How fast was every driver in the qualifying sessions and races of a season?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.pace.clean_laps import driven_laps
from racecraft.analysis.pace.fit import one_linear_algebra_thread
from racecraft.analysis.pace.pace import driver_pace
from racecraft.analysis.pace.robust_fit import Effect, robust_fit
from racecraft.errors import NotEnoughDataError
from racecraft.model.clock import seconds
from racecraft.model.season import DRIVER, EVENT
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import Progress

# Percent. Where a race's laps are not known, a driver's fastest lap stands for its pace: over the
# races of 2018, 2019, 2021 and 2022 it is off by this standard deviation (benchmarks/form.py).
FASTEST_LAP_ERROR = 0.75
WHOLE_RACE = 0.75  # of the winner's laps; who drove fewer set no fastest lap on low fuel
SLOWEST = 1.07  # of the fastest of a part of qualifying: F1 Sporting Regulations, Article 39

# A wet session shows in its times. Limits set by eye on the 149 events of 2018 to 2024: most parts
# of qualifying are up to 2 % faster than the part before, most races' fastest laps 2 to 8 % slower
# than qualifying, and 19 events are beyond. A session wet from end to end beside another such one
# does not show.
SLOWER, FASTER = 1.01, 0.965
WET_RACE = 1.085

PACES = Table(
    "paces",
    key=("event", "session", "driver"),
    columns=(
        EVENT,
        Column("session", pl.String, "qualifying, race or sprint"),
        DRIVER,
        Column("pct", pl.Float64, "slower than the median driver, in percent"),
        Column("error_pct", pl.Float64, "standard error"),
        Column("wet", pl.Boolean, "driven in the wet, or partly; null where the times do not say"),
        Column("basis", pl.String, "what it rests on: parts, laps or fastest_lap"),
    ),
)


RACE_PACES = Table(
    "race_paces",
    key=("driver",),
    columns=(
        DRIVER,
        Column("pct", pl.Float64, "slower than the median driver, in percent"),
        Column("error_pct", pl.Float64, "standard error"),
        Column("wet", pl.Boolean, "driven in the wet, or partly, as the laps say"),
    ),
)


def race_paces(race: Race) -> pl.DataFrame:
    """Pace of every driver of a race against the median driver, as `pace` has it: ``RACE_PACES``.

    Empty where `pace` declines.
    """
    with one_linear_algebra_thread():
        try:
            found = driver_pace(race)
        except NotEnoughDataError:
            return RACE_PACES.empty()
    wet = bool((driven_laps(race).phase < 0).any())
    return RACE_PACES.check(
        found.select(driver="car", pct="field_pct", error_pct="field_pct_error", wet=pl.lit(wet))
    )


def form_rounds(
    season: Season,
    races: Iterable[Race],
    *,
    paces_of: Callable[[Race], pl.DataFrame] = race_paces,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Pace of every driver in every session of a season, against the median driver: ``PACES``.

    Parameters
    ----------
    races
        Races and sprints of the season whose laps are known; elsewhere fastest laps have to do.
    paces_of
        What gives the ``RACE_PACES`` of a race, such as kept ones.
    progress
        Called after each race with what is done, how much of it, and of how much.
    """
    races = list(races)
    with one_linear_algebra_thread(), ThreadPoolExecutor() as pool:
        told = pool.map(partial(_of_laps, season, paces_of), races)
        fitted = []
        for number, table in enumerate(told, 1):
            if progress is not None:
                progress("pace", number, len(races))
            if table is not None:
                fitted.append(table)
    done = {(table["event"][0], table["session"][0]) for table in fitted}
    events = season.events["event"]
    others = [
        _of_fastest_laps(season, event, session)
        for event in events
        for session in ("race", "sprint")
        if (event, session) not in done
    ]
    qualifying = [_of_qualifying(season, event) for event in events]
    return PACES.check(pl.concat([PACES.empty(), *fitted, *others, *qualifying]))


def _of_laps(
    season: Season, paces_of: Callable[[Race], pl.DataFrame], race: Race
) -> pl.DataFrame | None:
    """Race pace as `pace` has it; None where it declines."""
    if race.season != season.season or race.event not in season.events["event"]:
        return None
    found = paces_of(race)
    if found.is_empty():
        return None
    wet = pl.lit(_inferred_wet(season, race.event, race.session), pl.Boolean)
    return PACES.check(
        found.with_columns(
            event=pl.lit(race.event),
            session=pl.lit(race.session),
            wet=pl.when(pl.col("wet")).then(True).otherwise(wet),
            basis=pl.lit("laps"),
        ).select(column.name for column in PACES.columns)
    )


def _of_qualifying(season: Season, event: str) -> pl.DataFrame:
    """Best laps of the parts, each against the field that took part in it.

    A lap is the driver, the part of qualifying, and chance; most drivers set two or three.
    """
    rows = season.qualifying.filter(event=event)
    times = rows.select(seconds(part) for part in ("q1", "q2", "q3")).to_numpy().astype(float)
    times = np.where(times <= SLOWEST * _fastest(times), times, np.nan)
    driver, part = np.nonzero(~np.isnan(times))
    if len(np.unique(driver)) < 3:
        return PACES.empty()
    percent = 100 * np.log(times[driver, part])
    set_by = driver[:, None] == np.arange(len(rows))
    set_in = part[:, None] == np.arange(3)
    fit = robust_fit(
        percent - np.median(percent),
        [
            Effect("driver", set_by.astype(float), deviation=3.0),
            Effect("part", set_in.astype(float), deviation=10.0),
        ],
    )
    took_part = np.unique(driver)
    own = fit.coefficients[fit.where["driver"]][took_part]
    against = np.zeros((len(took_part), len(fit.coefficients)))
    against[:, took_part] = np.eye(len(took_part)) - 1 / len(took_part)
    return PACES.check(
        pl.DataFrame(
            {
                "event": [event] * len(took_part),
                "session": ["qualifying"] * len(took_part),
                "driver": rows["driver"].gather(took_part),
                "pct": own - np.median(own),
                "error_pct": fit.error(against),
                "wet": [_inferred_wet(season, event, "qualifying")] * len(took_part),
                "basis": ["parts"] * len(took_part),
            }
        )
    )


def _of_fastest_laps(season: Season, event: str, session: str) -> pl.DataFrame:
    """Fastest laps of who drove most of the race, against the median of them."""
    rows = season.results.filter(event=event, session=session).with_columns(
        time=seconds("fastest_lap_time")
    )
    rows = rows.filter(
        pl.col("time").is_not_null(), pl.col("laps") >= WHOLE_RACE * pl.col("laps").max()
    )
    if rows.height < 3:
        return PACES.empty()
    return PACES.check(
        rows.unique("driver", maintain_order=True).select(
            "driver",
            event=pl.lit(event),
            session=pl.lit(session),
            pct=100 * (pl.col("time") / pl.col("time").median() - 1),
            error_pct=pl.lit(FASTEST_LAP_ERROR),
            wet=pl.lit(_inferred_wet(season, event, session)),
            basis=pl.lit("fastest_lap"),
        )
    )


def _fastest(times: np.ndarray) -> np.ndarray:
    """Fastest of each part; NaN where nobody set a time."""
    return np.asarray(np.fmin.reduce(times, axis=0)) if len(times) else np.full(3, np.nan)


def _inferred_wet(season: Season, event: str, session: str) -> bool | None:
    """Whether a session was wet by what its times show against the others of the event."""
    rows = season.qualifying.filter(event=event)
    parts = _fastest(rows.select(seconds(p) for p in ("q1", "q2", "q3")).to_numpy().astype(float))
    laps = season.results.filter(event=event, session="race").select(seconds("fastest_lap_time"))
    race = laps.to_series().min()
    best = float(np.nanmin(parts)) if not np.isnan(parts).all() else None
    if session == "qualifying":
        if best is None:
            return None
        steps = parts[1:] / parts[:-1]
        changed = bool((steps > SLOWER).any() or (steps < FASTER).any())
        return changed or (isinstance(race, float) and race < best)
    own = season.results.filter(event=event, session=session).select(seconds("fastest_lap_time"))
    fastest = own.to_series().min()
    if best is None or not isinstance(fastest, float):
        return None
    dry_qualifying = not _inferred_wet(season, event, "qualifying")
    return fastest > WET_RACE * best if dry_qualifying else None
