"""From readings of a car as the timing sends them to tables: units, bounds, and doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.race import DOUBTS, POSITIONS, TELEMETRY
from racecraft.sources.shared.sample_doubts import impossible_doubt, sample_doubts

if TYPE_CHECKING:
    from racecraft.model.race import Race

FIRST_S = -10.0  # samples from so long before lights out are kept
METRES = 0.1  # of a unit of x, y and z, as the timing sends them
MOST = {"speed": 450.0, "throttle": 100.0, "gear": 9.0}  # beyond: no reading
DRS_OPEN = (10, 12, 14)  # values of the channel while the flap is open

CAR_ROWS: dict[str, Any] = {
    "car": pl.String, "time": pl.Duration("us"), "speed": pl.Float64, "throttle": pl.Float64,
    "brake": pl.Float64, "gear": pl.Float64, "drs": pl.Int64,
}  # fmt: skip
PLACE_ROWS: dict[str, Any] = {
    "car": pl.String, "time": pl.Duration("us"), "x": pl.Float64, "y": pl.Float64, "z": pl.Float64,
}  # fmt: skip


def with_car_samples(race: Race, cars: pl.DataFrame, places: pl.DataFrame) -> Race:
    """Race with what its cars sent, and doubts about what of it cannot be.

    Parameters
    ----------
    race
        Its cars are kept, others, such as the safety car, left out.
    cars
        Readings with the columns of ``CAR_ROWS``: km/h, percent; time since lights out.
    places
        Positions with those of ``PLACE_ROWS``, in tenths of a metre. All zero is no position.
    """
    known = pl.col("car").is_in(race.entries["car"].to_list())
    late = pl.col("time") >= pl.duration(milliseconds=int(1000 * FIRST_S))
    cars, places = (
        rows.filter(known, late).unique(["car", "time"], keep="first").sort("car", "time")
        for rows in (cars, places)
    )
    telemetry, impossible = _telemetry(cars)
    positions = positions_table(places)
    doubts = [race.doubts, impossible, sample_doubts(telemetry, positions, race.corners)]
    return race.with_tables(doubts=pl.concat(doubts)).with_samples(
        {
            "telemetry": telemetry.lazy() if telemetry.height else race.telemetry,
            "positions": positions.lazy() if positions.height else race.positions,
        }
    )


def positions_table(places: pl.DataFrame) -> pl.DataFrame:
    """``POSITIONS`` of rows such as ``PLACE_ROWS``, in tenths of a metre, without all zeros."""
    late = pl.col("time") >= pl.duration(milliseconds=int(1000 * FIRST_S))
    placed = places.filter(late, ~((pl.col("x") == 0) & (pl.col("y") == 0) & (pl.col("z") == 0)))
    once = placed.drop_nulls(["x", "y"]).unique(["car", "time"], keep="first")
    return POSITIONS.check(
        once.sort("car", "time").select(
            "car", "time", measured=pl.lit(True),
            **{f"{axis}_m": pl.col(axis) * METRES for axis in "xyz"},
        )
    )  # fmt: skip


def _telemetry(cars: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    possible = {name: pl.col(name).is_between(0, most) for name, most in MOST.items()}
    wrong = cars.group_by("car", maintain_order=True).agg(
        (~ok).sum().alias(name) for name, ok in possible.items()
    )
    doubts = [
        impossible_doubt("telemetry", row["car"], name, row[name])
        for row in wrong.iter_rows(named=True)
        for name in possible
        if row[name]
    ]
    table = cars.with_columns(pl.when(ok).then(name).alias(name) for name, ok in possible.items())
    flaps = table["drs"].is_not_null().any()
    told = table.select(
        "car", "time", "throttle", "gear", speed_kmh="speed", brake=pl.col("brake") > 0,
        drs=pl.col("drs").is_in(DRS_OPEN) if flaps else pl.lit(None, pl.Boolean),
        measured=pl.lit(True),
    )  # fmt: skip
    return TELEMETRY.check(told), DOUBTS.rows(doubts)
