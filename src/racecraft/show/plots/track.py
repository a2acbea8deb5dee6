"""The track as a map: corners, timing lines, speed, and where cars were at a moment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.telemetry.track import has_positions, positions_at, track
from racecraft.errors import NotEnoughDataError
from racecraft.model.clock import clock
from racecraft.show.charts.shapes import family_names, race_name
from racecraft.show.palette import INK, QUIET
from racecraft.show.plots.canvas import SMALL, WIDTH, colour, drawing, ink, title
from racecraft.sources.outlines.outline import located, read_outline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from racecraft.model.race import Race

BY_TIME = "timing lines lie on the outline by time"
NO_LINE = "the outline alone, on which nobody knows the Line"
AWAY = 0.035  # of the map's size: from a corner to its number


def track_map(
    race: Race,
    *,
    at: timedelta | None = None,
    cars: Sequence[str] | None = None,
    outline: str | Path | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Map of the track with its corners and timing lines; at a moment, with cars on it.

    Parameters
    ----------
    race
        Needs ``crossings``, ``telemetry`` and ``positions``.
    at
        A moment since lights out; left out, the track alone.
    cars
        Cars that are shown then; left out, all.
    outline
        File with the outline of the circuit, for a race without positions; what is known by time
        alone is said in the title.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The race has no positions, or nobody knows where those cars were.
    ArgumentError
        Matplotlib is not installed; or cars are to be on an outline of which nobody knows the Line.
    UnreadableError, NotFoundError
        The file holds no outline, or not of this circuit.
    """
    file = None if outline is None else Path(outline)
    circuit = None if file is None else read_outline(file, race.name)
    line = track(race, outline=circuit and circuit.points)
    drawn = circuit is not None and not has_positions(race)
    if drawn and circuit is not None and not circuit.from_line:
        line = line.with_columns(pl.lit(None, pl.String).alias("line"))
    x, y = line["x_m"].to_numpy(), line["y_m"].to_numpy()
    whole = bool(np.hypot(x[0] - x[-1], y[0] - y[-1]) < 60.0)
    size = float(max(np.ptp(x), np.ptp(y)))
    high = min(max(np.ptp(y) / max(np.ptp(x), 1.0), 0.45), 1.2)
    with drawing(ax, (WIDTH, 0.9 + 5.0 * high)) as axes:
        if whole:
            x, y = np.append(x, x[0]), np.append(y, y[0])
        axes.plot(x, y, color="#3a3a3a", linewidth=7, solid_joinstyle="round", zorder=1)
        axes.plot(x, y, color="#dadada", linewidth=4, solid_joinstyle="round", zorder=2)
        _corners(axes, line, size)
        _lines(axes, line)
        if at is not None:
            points = located(circuit, file) if drawn and circuit and file else None
            _cars(axes, race, at, cars, points)
        axes.set_aspect("equal")
        axes.axis("off")
        told = [f"{clock(at, 1)} after lights out"] if at is not None else []
        if drawn:
            by_time = line["line"].null_count() < line.height
            told.append("no positions: " + (BY_TIME if by_time else NO_LINE))
        elif at is None:
            told.append("corners by number; bars: timing")
        title(axes, f"{race_name(race)}: the track", "; ".join(told))
        figure: Figure = axes.figure
    return figure


def _corners(axes: Any, line: pl.DataFrame, size: float) -> None:
    """Numbers of the corners, outside of them."""
    middle = np.array([line["x_m"].mean(), line["y_m"].mean()])
    for x, y, name in line.drop_nulls("corner")["x_m", "y_m", "corner"].iter_rows():
        out = np.array([x, y]) - middle
        out = out / max(float(np.hypot(*out)), 1.0) * AWAY * size
        axes.annotate(name, (x + out[0], y + out[1]), ha="center", va="center", color="#5a5a5a",
                      fontsize=SMALL - 1)  # fmt: skip


def _lines(axes: Any, line: pl.DataFrame) -> None:
    """Timing lines as bars across the track; the Line is black."""
    x, y = line["x_m"].to_numpy(), line["y_m"].to_numpy()
    for i, name in enumerate(line["line"]):
        if name is None:
            continue
        before, after = max(i - 1, 0), min(i + 1, len(x) - 1)
        along = np.array([x[after] - x[before], y[after] - y[before]])
        across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9) * 28.0
        axes.plot([x[i] - across[0], x[i] + across[0]], [y[i] - across[1], y[i] + across[1]],
                  color=INK if name == "Line" else QUIET, linewidth=2.2, zorder=3)  # fmt: skip


def _cars(
    axes: Any,
    race: Race,
    at: timedelta,
    cars: Sequence[str] | None,
    circuit: NDArray[np.float64] | None,
) -> None:
    """Cars as dots with their names."""
    from racecraft.lookup.find import find_car

    there = positions_at(race, at, outline=circuit)
    wanted = [find_car(race, car) for car in cars] if cars is not None else there["car"].to_list()
    shown = there.filter(pl.col("car").is_in(wanted))
    if shown.is_empty():
        raise NotEnoughDataError(f"nobody knows where the cars were {clock(at, 1)} after the start")
    names = family_names(race)
    for car, x, y in shown["car", "x_m", "y_m"].iter_rows():
        number = wanted.index(car)
        axes.plot(x, y, "o", color=colour(number), markersize=8, markeredgecolor="white", zorder=5)
        below = 5 if number % 2 == 0 else -14
        axes.annotate(names.get(car, car), (x, y), (7, below), textcoords="offset points",
                      color=ink(number), fontsize=SMALL, fontweight="bold", zorder=6)  # fmt: skip
