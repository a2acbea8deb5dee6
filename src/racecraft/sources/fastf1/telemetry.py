"""What the cars of a FastF1 session measured, and where the corners of its circuit are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.race import CORNERS, TELEMETRY
from racecraft.sources.fastf1.frames import NUMBER, TEXT, columns
from racecraft.sources.shared.car_samples import METRES, PLACE_ROWS, positions_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

FIRST_S = -10.0  # samples from so long before lights out are kept
CHANNELS = {"Speed": "speed_kmh", "Throttle": "throttle", "Brake": "brake", "nGear": "gear",
            "DRS": "drs"}  # fmt: skip
MOST = {"Speed": 450.0, "Throttle": 100.0, "Brake": 1.0, "nGear": 9.0}  # beyond: no reading
DRS_OPEN = (10.0, 12.0, 14.0)  # values of the channel while the flap is open


def telemetry_of(
    car_data: Mapping[str, Any], drivers: Mapping[str, str], start: timedelta, file: str
) -> pl.DataFrame:
    """``TELEMETRY`` of the car data of a session.

    Parameters
    ----------
    car_data
        FastF1's ``Session.car_data``: frames by the number on the car.
    drivers
        Codes by number.
    start
        Session clock at lights out.
    file
        Name of the session, for errors.

    Raises
    ------
    UnreadableError
        A channel is missing, or holds what is no number; says whose, and which.
    """
    parts = [
        _of_car(car_data[number], code, start, f"{file}, car data of {number}")
        for number, code in drivers.items()
        if number in car_data
    ]
    return TELEMETRY.check(pl.concat([TELEMETRY.empty(), *parts]))


def positions_of(
    pos_data: Mapping[str, Any], drivers: Mapping[str, str], start: timedelta, file: str
) -> pl.DataFrame:
    """``POSITIONS`` of the position data of a session; parameters and errors as `telemetry_of`.

    pos_data
        FastF1's ``Session.pos_data``: frames by the number on the car, in tenths of a metre.
    """
    parts = []
    for number, code in drivers.items():
        if number not in pos_data:
            continue
        frame, name = pos_data[number], f"{file}, position data of {number}"
        time = _cells(frame, "SessionTime", "timedelta64[us]", name).astype(np.int64)
        values = {axis: _cells(frame, axis.upper(), "float64", name) for axis in "xyz"}
        rows = pl.DataFrame({"time": time, **values}).filter(
            pl.col("time") != np.iinfo(np.int64).min
        )
        parts.append(
            rows.select(
                pl.col("time").cast(pl.Duration("us")) - start,
                pl.col("x", "y", "z").fill_nan(None),
                car=pl.lit(code),
            )
        )
    return positions_table(
        pl.concat([pl.DataFrame(schema=PLACE_ROWS), *(part.select(*PLACE_ROWS) for part in parts)])
    )


def corners_of(frame: Any, file: str) -> pl.DataFrame:
    """``CORNERS`` of the corners of a FastF1 ``CircuitInfo``; those without a distance left out.

    Raises
    ------
    UnreadableError
        A column is missing, or a cell is no number.
    """
    table = columns(
        frame,
        {"Number": NUMBER, "Letter": TEXT, "Distance": NUMBER, "X": NUMBER, "Y": NUMBER},
        file=f"{file}, corners",
        needed=("Number",),
    )
    return CORNERS.check(
        table.drop_nulls(["Number", "Distance"])
        .select(
            corner=pl.concat_str(
                pl.col("Number").cast(pl.Int64).cast(pl.String), pl.col("Letter").fill_null("")
            ),
            distance_m="Distance",
            x_m=pl.col("X") * METRES,
            y_m=pl.col("Y") * METRES,
        )
        .unique("corner", keep="first", maintain_order=True)
    )


def _of_car(frame: Any, driver: str, start: timedelta, file: str) -> pl.DataFrame:
    """Samples of one car, one for each moment, from shortly before lights out."""
    time = _cells(frame, "SessionTime", "timedelta64[us]", file).astype(np.int64)
    values = {name: _cells(frame, name, "float64", file) for name in CHANNELS}
    for name, most in MOST.items():
        with np.errstate(invalid="ignore"):
            wrong = ~((values[name] >= 0) & (values[name] <= most))
        values[name] = np.where(wrong, np.nan, values[name])
    unknown = np.isnan(values["DRS"]).all()
    table = pl.DataFrame({"time": time, **{CHANNELS[n]: v for n, v in values.items()}})
    return TELEMETRY.check(
        table.filter(pl.col("time") != np.iinfo(np.int64).min)  # NaT
        .with_columns(pl.col("time").cast(pl.Duration("us")) - start)
        .filter(pl.col("time") >= pl.duration(seconds=FIRST_S))
        .unique("time", keep="first")
        .sort("time")
        .with_columns(pl.col(*CHANNELS.values()).fill_nan(None))
        .with_columns(
            car=pl.lit(driver),
            brake=pl.col("brake") > 0,
            drs=pl.lit(None, pl.Boolean) if unknown else pl.col("drs").is_in(DRS_OPEN),
        )
    )


def _cells(frame: Any, name: str, dtype: str, file: str) -> np.ndarray:
    if name not in frame.columns:
        raise UnreadableError(f"{file}: no column {name}", file=file, column=name)
    try:
        return np.asarray(frame[name], dtype)
    except (TypeError, ValueError) as error:
        expected = "durations" if dtype.startswith("timedelta") else "numbers"
        raise UnreadableError(
            f"{file}, {name}: {str(error).splitlines()[0][:60]}; expected {expected}",
            file=file,
            column=name,
        ) from error
