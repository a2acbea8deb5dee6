"""Are positions in the frame that they are said to be in? Speed, corners and other cars tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

APART_S = 2.0  # samples further apart say nothing of the way between them
MOVING_KMH = 60.0
FEWEST = 50  # steps by which the scale of a car's positions is told
SCALE = 1.25  # the way between positions, over what the speed says, or the other way round
CELL_M = 50.0  # cars on one track come by each other this close
ELSEWHERE = 0.5  # of the places of a car, at which no other one came by
OFF_M = 60.0  # from where cars drove to a corner, in the median of all corners


def frame_doubts(
    telemetry: pl.DataFrame, positions: pl.DataFrame, corners: pl.DataFrame
) -> Iterator[dict[str, object]]:
    """Rows of ``DOUBTS`` about positions that can be in no metres, or on another track.

    Parameters
    ----------
    telemetry, positions, corners
        ``TELEMETRY``, ``POSITIONS`` and ``CORNERS``; each may be empty. A track that is mirrored
        as a whole, without corners that lie elsewhere, looks like any other.
    """
    if positions.is_empty():
        return
    for car, ratio in _scales(telemetry, positions):
        reason = f"positions {ratio:.2g} times as far apart as the speed says: another scale"
        yield {"table": "positions", "car": car, "reason": reason}
    for car in _elsewhere(positions):
        reason = "positions where no other car came by: in another frame, or of another track"
        yield {"table": "positions", "car": car, "reason": reason}
    off = _off_the_corners(positions, corners)
    if off > OFF_M:
        reason = f"corners lie {off:.0f} m from where cars drove: mirrored, or of another track"
        yield {"table": "positions", "reason": reason}


def _scales(telemetry: pl.DataFrame, positions: pl.DataFrame) -> list[tuple[str, float]]:
    """Cars whose positions lie further apart than speed and time say, or closer; how many times."""
    if telemetry.is_empty():
        return []
    speed = telemetry.select("car", "time", "speed_kmh").drop_nulls().sort("time")
    steps = (
        positions.sort("time")
        .join_asof(speed, on="time", by="car", tolerance="2s", check_sortedness=False)
        .sort("car", "time")
        .select(
            "car",
            "speed_kmh",
            step=(pl.col("x_m").diff() ** 2 + pl.col("y_m").diff() ** 2).sqrt().over("car"),
            taken=(pl.col("time").diff().dt.total_microseconds() / 1e6).over("car"),
        )
        .filter(pl.col("taken") < APART_S, pl.col("speed_kmh") > MOVING_KMH)
        .filter(pl.col("step") > 0)  # a place that stands still is told of by itself
        .with_columns(ratio=pl.col("step") / (pl.col("taken") * pl.col("speed_kmh") / 3.6))
    )
    known = steps.group_by("car", maintain_order=True).agg(pl.len(), pl.col("ratio").median())
    scales = known.filter(pl.col("len") >= FEWEST)["car", "ratio"].rows()
    return [(car, ratio) for car, ratio in scales if not 1 / SCALE < ratio < SCALE]


def _elsewhere(positions: pl.DataFrame) -> list[str]:
    """Cars that were mostly where no other came by; none where most are, or there are but two."""
    places = positions.select("car", "x_m", "y_m").drop_nulls()
    if places["car"].n_unique() < 3:
        return []
    cell = [(pl.col(name) / CELL_M).floor().cast(pl.Int64).alias(name) for name in ("x_m", "y_m")]
    cells = places.select("car", *cell).unique()
    near = pl.concat(
        cells.with_columns(pl.col("x_m") + dx, pl.col("y_m") + dy)
        for dx in (-1, 0, 1) for dy in (-1, 0, 1)
    ).unique()  # fmt: skip
    others = near.group_by("x_m", "y_m").agg(pl.col("car").n_unique().alias("cars"))
    alone = cells.join(others, on=["x_m", "y_m"], how="left").with_columns(pl.col("cars") < 2)
    share = alone.group_by("car", maintain_order=True).agg(pl.col("cars").mean())
    found = share.filter(pl.col("cars") > ELSEWHERE)["car"].sort().to_list()
    return found if 2 * len(found) < share.height else []


def _off_the_corners(positions: pl.DataFrame, corners: pl.DataFrame) -> float:
    """Metres from a corner to where cars drove, in the median of all; 0 where nothing tells."""
    marked = corners.drop_nulls(["x_m", "y_m"]).select("x_m", "y_m").to_numpy()
    driven = positions.drop_nulls(["x_m", "y_m"]).select("x_m", "y_m").to_numpy()
    if not len(marked) or not len(driven):
        return 0.0
    nearest: list[float] = [_distance(driven, corner) for corner in marked]
    return float(np.median(nearest))


def _distance(places: NDArray[np.float64], to: NDArray[np.float64]) -> float:
    return float(np.sqrt(((places - to) ** 2).sum(axis=1).min()))
