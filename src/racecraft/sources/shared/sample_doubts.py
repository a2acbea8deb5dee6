"""What is doubtful about samples of telemetry and positions, as rows of doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.race import CORNERS, DOUBTS
from racecraft.sources.shared.frame_doubts import frame_doubts

if TYPE_CHECKING:
    from collections.abc import Iterable

FROZEN_S = 3.0  # a moving car whose place or pedals stay the same to the last digit so long
MOVING_KMH = 60.0
JUMP_M = 30.0  # further than speed and time allow, between two positions
APART_S = 2.0  # samples further apart say nothing of each other


def sample_doubts(
    telemetry: pl.DataFrame, positions: pl.DataFrame, corners: pl.DataFrame | None = None
) -> pl.DataFrame:
    """``DOUBTS`` about channels that froze and positions that cannot be, one row a car and kind.

    Parameters
    ----------
    telemetry, positions
        ``TELEMETRY`` and ``POSITIONS`` of the same clock; either may be empty.
    corners
        ``CORNERS`` in the frame of the positions, where they are known.
    """
    marked = CORNERS.empty() if corners is None else corners
    return DOUBTS.rows(
        [
            *_frozen_cars(telemetry),
            *_of_positions(telemetry, positions),
            *frame_doubts(telemetry, positions, marked),
        ]
    )


def impossible_doubt(table: str, car: str, name: str, values: int) -> dict[str, object]:
    """Doubt about values of a channel that no car can have, which are left out."""
    reason = f"{values} values of {name} that no car can have are left out"
    return {"table": table, "car": car, "reason": reason}


def _frozen_cars(telemetry: pl.DataFrame) -> Iterable[dict[str, object]]:
    """Cars of which a speed that is not full, nor none, stays the same for long."""
    moving = telemetry.sort("car", "time").filter(
        pl.col("speed_kmh") > MOVING_KMH, pl.col("throttle").is_not_null()
    )
    runs = _runs(moving, ["speed_kmh", "throttle", "brake"])
    part = runs.filter(pl.col("throttle").is_between(0, 99, closed="none"))
    for car, count, longest in _per_car(part):
        reason = f"channels stand still {count} times while it moves, up to {longest:.1f} s"
        yield {"table": "telemetry", "car": car, "reason": reason}


def _of_positions(telemetry: pl.DataFrame, positions: pl.DataFrame) -> Iterable[dict[str, object]]:
    if positions.is_empty():
        return
    placed = positions.sort("car", "time")
    if telemetry.height:
        speed = telemetry.select("car", "time", "speed_kmh").drop_nulls().sort("time")
        placed = (
            placed.sort("time")
            .join_asof(speed, on="time", by="car", tolerance="2s", check_sortedness=False)
            .sort("car", "time")
        )
        still = _runs(placed.filter(pl.col("speed_kmh") > MOVING_KMH), ["x_m", "y_m"])
        for car, count, longest in _per_car(still):
            reason = f"stand still {count} times while it moves, up to {longest:.1f} s"
            yield {"table": "positions", "car": car, "reason": f"positions {reason}"}
    else:
        placed = placed.with_columns(speed_kmh=pl.lit(400.0))
    jumps = placed.with_columns(
        step=(pl.col("x_m").diff() ** 2 + pl.col("y_m").diff() ** 2).sqrt().over("car"),
        taken=(pl.col("time").diff().dt.total_microseconds() / 1e6).over("car"),
    ).filter(
        pl.col("taken") < APART_S,
        pl.col("step") > JUMP_M + pl.col("taken") * pl.col("speed_kmh").fill_null(400.0) / 3.6,
    )
    for car, count, furthest in (
        jumps.group_by("car", maintain_order=True).agg(pl.len(), pl.col("step").max()).rows()
    ):
        reason = f"{count} jumps of the position, up to {furthest:.0f} m: not used"
        yield {"table": "positions", "car": car, "reason": reason}


def _runs(table: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Runs of rows of a car with the same values in these columns that last too long."""
    changed = pl.any_horizontal(
        pl.col("car").ne_missing(pl.col("car").shift()),
        pl.col("time").diff() > pl.duration(seconds=APART_S),
        *(pl.col(name).ne_missing(pl.col(name).shift()) for name in columns),
    )
    runs = table.with_columns(run=changed.cum_sum()).group_by("run", maintain_order=True)
    lasts = (pl.col("time").max() - pl.col("time").min()).dt.total_microseconds() / 1e6
    return runs.agg(
        pl.col("car").first(), *(pl.col(name).first() for name in columns), lasts=lasts
    ).filter(pl.col("lasts") >= FROZEN_S)


def _per_car(runs: pl.DataFrame) -> list[tuple[str, int, float]]:
    found = runs.group_by("car", maintain_order=True).agg(pl.len(), pl.col("lasts").max())
    return found.rows()
