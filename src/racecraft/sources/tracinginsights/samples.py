"""What the cars of TracingInsights measured, and where they were, lap by lap."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.race import CORNERS, POSITIONS, TELEMETRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.race import Race

METRES = 0.1  # of a unit of x, y and z
MOST = {"speed": 450.0, "throttle": 100.0, "gear": 8.0}  # that a car can have
DRS_OPEN = (10.0, 12.0, 14.0)
AGREES = timedelta(seconds=1)  # the end of the samples of a lap with that of the lap

TEL = re.compile(r"(\w{2,4})/(\d{1,3})_tel\.json")


def corners_of(document: dict[str, Any]) -> pl.DataFrame:
    """``CORNERS`` of a document of corners; those without a place left out."""
    numbers = document.get("CornerNumber")
    if not isinstance(numbers, list):
        return CORNERS.empty()
    cells = [document.get(name) for name in ("Distance", "X", "Y")]
    columns = [
        [number(cell) for cell in values] if isinstance(values, list) else [] for values in cells
    ]
    known = {}
    for row, name in enumerate(numbers):
        distance, x, y = (values[row] if row < len(values) else None for values in columns)
        if distance is not None or None not in (x, y):
            at = (None, None) if x is None or y is None else (x * METRES, y * METRES)
            known[f"{name}"] = {"distance_m": distance, "x_m": at[0], "y_m": at[1]}
    return CORNERS.rows([{"corner": corner, **where} for corner, where in known.items()])


def samples_of(
    told: Mapping[str, Any], race: Race
) -> tuple[pl.DataFrame | None, list[dict[str, object]]]:
    """Samples of the laps whose telemetry is there, on the clock of the race; and doubts."""
    line = {(car, lap): end for car, lap, end in
            race.crossings.filter(line="Line")["car", "lap", "time"].rows()}  # fmt: skip
    parts, doubts = [], []
    for name, document in told.items():
        found = TEL.fullmatch(name)
        if found is None or not isinstance(document.get("tel"), dict):
            continue
        car, lap = found[1], int(found[2])
        began = timedelta(0) if lap == 1 else line.get((car, lap - 1))
        if began is None:
            continue
        samples, doubt = _of_lap(document["tel"], car, began)
        ended = line.get((car, lap))
        if ended is None or samples.is_empty():
            doubt.append("of a lap that was not completed: it may be none at all")
        elif abs(samples["time"].max() - ended) > AGREES:
            doubt.append("ends at another time than the lap")
        doubts += [{"table": "telemetry", "car": car, "lap": lap, "reason": why} for why in doubt]
        parts.append(samples)
    if not parts:
        return None, doubts
    return pl.concat(parts).unique(["car", "time"], keep="first").sort("car", "time"), doubts


def telemetry_of(samples: pl.DataFrame) -> pl.DataFrame:
    """``TELEMETRY`` of samples."""
    return TELEMETRY.check(samples.with_columns(measured="read_car"))


def positions_of(samples: pl.DataFrame) -> pl.DataFrame:
    """``POSITIONS`` of samples, where they are known."""
    known = samples.drop_nulls(["x_m", "y_m"])
    return POSITIONS.check(known.with_columns(measured="read_place"))


def number(cell: object) -> float | None:
    """A number; "None" and whatever else is none is unknown."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    try:
        number = float(cell)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e9 else None


def _of_lap(tel: dict[str, Any], car: str, began: timedelta) -> tuple[pl.DataFrame, list[str]]:
    """Samples of a lap, merged of two feeds: whichever is not whole there is filled in."""
    channels = ("time", "speed", "rpm", "throttle", "brake", "gear", "drs", "x", "y", "z")
    count = min((len(tel[name]) for name in channels if isinstance(tel.get(name), list)), default=0)
    cells = pl.DataFrame(
        {
            name: pl.Series(
                [number(v) for v in tel[name][:count]] if name in tel else [None] * count,
                dtype=pl.Float64,
            )
            for name in channels
        }
    )
    possible = {name: pl.col(name).is_between(0, most) for name, most in MOST.items()}
    wrong = cells.select(pl.col(name).is_not_null() & ~ok for name, ok in possible.items()).sum()
    doubts = [
        f"{n} values of {name} that no car can have are left out"
        for name, n in zip(possible, wrong.row(0), strict=True)
        if n
    ]
    of_car, of_place = (_whole(*names) for names in (("speed", "rpm"), ("x", "y", "z")))
    samples = cells.drop_nulls("time").select(
        car=pl.lit(car),
        time=(pl.col("time") * 1e6).round().cast(pl.Int64).cast(pl.Duration("us")) + began,
        speed_kmh=pl.when(possible["speed"]).then("speed"),
        throttle=pl.when(possible["throttle"]).then("throttle"),
        brake=pl.col("brake") > 0,
        gear=pl.when(possible["gear"]).then("gear"),
        drs=pl.col("drs").is_in(DRS_OPEN),
        **{f"{axis}_m": pl.col(axis) * METRES for axis in "xyz"},
        read_car=of_car,
        read_place=of_place,
    )
    return samples, doubts


def _whole(*names: str) -> pl.Expr:
    """Whether readings are whole numbers, as the car sends them: one that is filled in is not."""
    return pl.all_horizontal(
        (pl.col(name) == pl.col(name).round()).fill_null(True) for name in names
    )
