"""What does the track look like, and where on it was every car at some moment?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.timing import durations, timing
from racecraft.analysis.telemetry.along import outlined, outlined_at
from racecraft.analysis.telemetry.corners import markers_of
from racecraft.analysis.telemetry.distance import placed
from racecraft.analysis.telemetry.from_grid import SLOT_M
from racecraft.analysis.telemetry.line import reference_line
from racecraft.analysis.telemetry.samples import samples_of
from racecraft.errors import NotEnoughDataError
from racecraft.model.race import CAR
from racecraft.model.table import TIME, Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.distance import Track
    from racecraft.analysis.telemetry.line import ReferenceLine
    from racecraft.model.race import Race

LONGEST_STEP_M = 10.0  # between two points of a track
LONGEST_HOLE_S = 2.0  # between two positions; beyond it the timing lines say where a car was

_HERE = (
    Column("x_m", pl.Float64, "in the frame of the positions"),
    Column("y_m", pl.Float64, "likewise"),
    Column("z_m", pl.Float64, "likewise, upwards; null where unknown"),
)

TRACK = Table(
    "track",
    key=("distance_m",),
    columns=(
        Column("distance_m", pl.Float64, "from the Line; negative before it, on a track that is "
               "no whole lap"),
        *_HERE,
        Column("line", pl.String, "timing line at this point; null where there is none"),
        Column("corner", pl.String, "number of the corner at this point, likewise"),
    ),
)  # fmt: skip

POSITIONS_AT = Table(
    "positions_at",
    key=("time", "car"),
    columns=(
        Column("time", TIME, "since lights out"),
        CAR,
        *_HERE,
        Column("basis", pl.String, "position, between two of the car's own within two seconds; "
               "timing, evenly along the track between two timing lines; or outline, as far along "
               "one as the car was through its lap"),
    ),
)  # fmt: skip


def track(race: Race, *, outline: NDArray[np.float64] | None = None) -> pl.DataFrame:
    """The track of a race as a line of points every five metres or so.

    Parameters
    ----------
    race
        Needs ``crossings``, ``telemetry`` and ``positions``.
    outline
        Points of the circuit in metres, shape (points, 2), for a race without positions: then
        timing lines lie on it to the scale of time, and corners are not known.

    Returns
    -------
    DataFrame
        ``TRACK``: one lap from the Line, or the longest piece that is known; timing lines and
        corners at the points nearest to them.

    Raises
    ------
    NotEnoughDataError
        The race has no positions, or too few to lay a line through.

    Notes
    -----
    Timing lines lie where cars are, by their positions, when they are timed: the median of all laps
    that have both.
    """
    line = reference_line(race)
    if line is None and outline is not None:
        return TRACK.check(outlined(race, outline))
    if line is None:
        raise NotEnoughDataError(
            f"{race.season} {race.name} has no positions to draw its track by",
            hint="'racecraft data add tracinginsights SEASON EVENT --telemetry' fetches them; or "
            "give the outline of the circuit",
            race=race.name,
        )
    on_lap = (
        (line.distance_m >= 0) & (line.distance_m < line.length_m)
        if line.closed
        else np.ones(len(line.x_m), bool)
    )
    distance = line.distance_m[on_lap]
    laid = placed(race)
    lines = {} if laid is None else {each.name: each.distance_m for each in laid.lines}
    names, markers = markers_of(race)
    return TRACK.check(
        pl.DataFrame(
            {
                "distance_m": distance,
                "x_m": line.x_m[on_lap],
                "y_m": line.y_m[on_lap],
                "z_m": line.z_m[on_lap],
                "line": _nearest(distance, list(lines), np.array(list(lines.values()))),
                "corner": _nearest(distance, names, markers),
            }
        ).with_columns(pl.col("z_m").fill_nan(None))
    )


def has_positions(race: Race) -> bool:
    """Whether a line can be laid through positions of a race."""
    return reference_line(race) is not None


def positions_at(
    race: Race,
    times: timedelta | Sequence[timedelta],
    *,
    outline: NDArray[np.float64] | None = None,
) -> pl.DataFrame:
    """Where every car was at some moments.

    Parameters
    ----------
    race
        Needs ``crossings``; ``positions`` or, of another lap at least, a track.
    times
        Since lights out, one or many.
    outline
        As in `track`.

    Returns
    -------
    DataFrame
        ``POSITIONS_AT``, in order of time; cars of which nobody knows then are left out.

    Raises
    ------
    NotEnoughDataError
        The race has no positions at all.
    """
    line = reference_line(race)
    sent = samples_of(race)
    asked = [times] if isinstance(times, timedelta) else list(times)
    if line is None and not any(len(own.place_time) for own in sent.values()):
        if outline is None:
            track(race)  # says so
        else:
            there = [outlined_at(race, outline, time) for time in asked]
            return POSITIONS_AT.check(pl.concat(there).sort("time", "car"))
    when = np.array([t / timedelta(microseconds=1) for t in asked], float)
    at, parts = timing(race), []
    laid = placed(race)
    for index, car in enumerate(at.cars):
        where = np.full((3, len(when)), np.nan)
        basis = np.full(len(when), "position", object)
        if line is not None and laid is not None and line.closed:
            where, basis[:] = _by_timing(race, index, line, laid, when), "timing"
        if car in sent and len(sent[car].place_time) > 1:
            own = sent[car]
            after = np.clip(np.searchsorted(own.place_time, when), 1, len(own.place_time) - 1)
            near = own.place_time[after] - own.place_time[after - 1] <= LONGEST_HOLE_S * 1e6
            near &= (when >= own.place_time[0]) & (when <= own.place_time[-1])
            for row, values in enumerate((own.x_m, own.y_m, own.z_m)):
                where[row, near] = np.interp(when, own.place_time, values)[near]
            basis[near] = "position"
        parts.append(
            pl.DataFrame(
                {
                    "time": durations(np.round(when)), "car": [car] * len(when),
                    "x_m": where[0], "y_m": where[1], "z_m": where[2],
                    "basis": pl.Series(basis, dtype=pl.String),
                }
            )
        )  # fmt: skip
    known = pl.concat(parts).with_columns(pl.col("x_m", "y_m", "z_m").fill_nan(None))
    return POSITIONS_AT.check(known.drop_nulls("x_m").unique(["time", "car"]).sort("time", "car"))


def _by_timing(
    race: Race, car: int, line: ReferenceLine, laid: Track, when: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Points of the track between the lines at which a car was timed, shape (3, times)."""
    at = timing(race)
    known = {each.name: each.distance_m for each in laid.lines}
    last = at.lines[-1]
    lap_ends = np.array([name == last for name in at.line_names])
    off = np.array([known.get(name, np.nan) for name in at.line_names], float)
    place = (at.lap - 1 + lap_ends) * line.length_m + off
    time = at.time[:, car]
    there = ~np.isnan(time) & ~np.isnan(place)
    if not there.any():
        return np.full((3, len(when)), np.nan)
    slot = race.entries.filter(car=at.cars[car])["grid"].to_list()
    grid = -SLOT_M * (slot[0] if slot and slot[0] else 0)
    knots = np.append(0.0, time[there]), np.append(grid, place[there])
    distance = np.interp(when, *knots, left=np.nan, right=np.nan)
    on_lap = distance % line.length_m
    xyz = [np.interp(on_lap, line.distance_m, v) for v in (line.x_m, line.y_m, line.z_m)]
    return np.where(np.isnan(distance), np.nan, np.stack(xyz))


def _nearest(
    distance: NDArray[np.float64], names: list[str], where: NDArray[np.float64]
) -> pl.Series:
    """Names at the points nearest to where they belong; null elsewhere."""
    found: list[str | None] = [None] * len(distance)
    for name, place in zip(names, where, strict=True):
        nearest = int(np.abs(distance - place).argmin())
        if abs(distance[nearest] - place) < LONGEST_STEP_M:
            found[nearest] = name
    return pl.Series(found, dtype=pl.String)
