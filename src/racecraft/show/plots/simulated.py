"""Figures of what could happen: places, gaps, and the difference that a change makes."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.show.palette import INK, QUIET
from racecraft.show.plots.canvas import (
    SMALL,
    WIDTH,
    colour,
    drawing,
    names_at_the_end,
    title,
    whole_laps,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from racecraft.sim.lapwise.runs import Runs
    from racecraft.sim.lapwise.what_if import Twins

ROW = 0.26  # inches
DARK = 0.36  # chance from which on a number is written in white
FANS = 5  # cars whose gaps are shown
LOW, HIGH = 0.1, 0.9
CHANGED = 10  # cars for whom most changed
BAND = 1.96  # standard errors on either side: 95 %


def places_heat_map(
    table: pl.DataFrame | Runs, *, lap: int | None = None, words: str = "", ax: Axes | None = None
) -> Figure:
    """How likely every place of a race is, a row a car.

    Parameters
    ----------
    table
        What `racecraft.forecast` or `racecraft.chances` found, or the runs of `racecraft.simulate`.
    lap
        After which lap, of chances after several; left out, the last that the table has.
    words
        Which race.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The table has no chances after that lap, or does not know those of places.
    ArgumentError
        Matplotlib is not installed.
    """
    below = "place in the end"
    if not isinstance(table, pl.DataFrame):
        table = table.table()
    if "lap" in table.columns and not table.is_empty():
        meant = table["lap"].to_list()[-1] if lap is None else lap
        table = table.filter(pl.col("lap") == meant)
        below += f", as it looked after lap {meant}" if meant else ", as it looked on the grid"
    rows = [
        (car, list(places))
        for car, places in table.drop_nulls("places")[table_key(table), "places"].iter_rows()
    ]
    if not rows:
        raise NotEnoughDataError("no chances of places to draw")
    return heat_map(rows, words or "How likely every place is", below, ax)


def heat_map(
    rows: Sequence[tuple[str, Sequence[float]]], words: str, below: str, ax: Axes | None
) -> Figure:
    """Chances as shades of blue with their percentages, ``rows`` of a name and its places."""
    rows = sorted(rows, key=lambda row: np.dot(row[1], range(len(row[1]))) + 99 * (1 - sum(row[1])))
    count = min(max(len(places) for _, places in rows), len(rows))
    chances = np.zeros((len(rows), count))
    for y, (_, places) in enumerate(rows):
        chances[y, : len(places)] = list(places)[:count]
    with drawing(ax, (WIDTH, 1.1 + ROW * max(len(rows), 4))) as axes:
        axes.imshow(np.sqrt(chances), cmap="Blues", vmin=0, vmax=1, aspect="auto")
        size = SMALL - 1 if count <= 12 else SMALL - 3.5
        for (y, x), chance in np.ndenumerate(chances):
            if told := round(chance * 100):
                axes.annotate(
                    str(told), (x, y), ha="center", va="center_baseline", fontsize=size,
                    color="white" if chance > DARK else INK,
                )  # fmt: skip
        axes.set_xticks(range(count), [str(place + 1) for place in range(count)])
        if count > 12:
            axes.tick_params(axis="x", labelsize=SMALL - 2)
        axes.set_yticks(range(len(rows)), [name for name, _ in rows])
        axes.tick_params(length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.set_xlabel(below)
        title(axes, words, "chance of every place, per cent")
        figure: Figure = axes.figure
    return figure


def gap_fan(runs: Runs, *, cars: Sequence[str] | None = None, ax: Axes | None = None) -> Figure:
    """Gaps to the leader lap by lap in many runs: the median, and the middle eight of ten.

    Parameters
    ----------
    runs
        What `racecraft.simulate` found with ``keep=Keep(times=True)``.
    cars
        Cars that are shown; left out, the five most likely to win.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    ArgumentError
        The runs kept no times, or Matplotlib is not installed.
    NotFoundError
        A car took no part.
    """
    times = runs.outcome.times
    if not len(times):
        raise ArgumentError(
            "these runs kept no times",
            hint="simulate(..., keep=racecraft.sim.lapwise.world.Keep(times=True)) keeps them",
        )
    wanted = list(cars) if cars is not None else runs.table()["car"].head(FANS).to_list()
    columns = [runs.column(car) for car in wanted]
    leader = np.nanmin(np.where(np.isnan(times), np.inf, times), axis=2)
    laps = np.arange(runs.lap, runs.laps + 1)
    lines = np.full((len(columns), 3, len(laps)), np.nan)
    for i, column in enumerate(columns):
        behind = times[:, laps, column] - leader[:, laps]
        there = np.isfinite(behind).any(axis=0)
        lines[i][:, there] = np.nanquantile(behind[:, there], [LOW, 0.5, HIGH], axis=0)
    with drawing(ax) as axes:
        for i in range(len(columns)):
            low, middle, high = lines[i]
            axes.fill_between(laps, low, high, color=colour(i), alpha=0.18, linewidth=0)
            axes.plot(laps, middle, color=colour(i), linewidth=1.8)
        top = float(np.nanmax(lines))
        axes.set_ylim(top * 1.05 + 0.5, -0.02 * top)
        axes.set_xlim(runs.lap, runs.laps)
        axes.grid(axis="y")
        from racecraft.show.charts.shapes import Trace

        traces = [
            Trace(car, car, tuple(map(float, laps)), tuple(lines[i][1]), i)
            for i, car in enumerate(wanted)
            if np.isfinite(lines[i][1]).any()
        ]
        names_at_the_end(axes, traces, least=top * 0.055, at=runs.laps)
        axes.set_ylabel("behind the leader, s")
        whole_laps(axes, "laps done")
        title(axes, f"Gaps in {runs.runs:,} races from lap {runs.lap}",
              "the median, and eight races of ten")  # fmt: skip
        figure: Figure = axes.figure
    return figure


def what_if(twins: Twins, *, words: str = "", ax: Axes | None = None) -> Figure:
    """What a change is worth: points to be expected with it and without, with its error.

    Parameters
    ----------
    twins
        What `racecraft.what_if` found.
    words
        What was changed.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    ArgumentError
        Matplotlib is not installed.
    """
    rows = twins.table().head(CHANGED).sort("points_change", descending=True)
    with drawing(ax, (WIDTH, 1.3 + ROW * max(len(rows), 4))) as axes:
        y = np.arange(len(rows))
        change = rows["points_change"].to_numpy()
        axes.barh(y, change, color=[colour(0) if one > 0 else colour(1) for one in change],
                  height=0.62)  # fmt: skip
        axes.errorbar(change, y, xerr=BAND * rows["points_error"].to_numpy(), fmt="none",
                      ecolor=INK, elinewidth=1)  # fmt: skip
        axes.axvline(0, color=QUIET, linewidth=0.8)
        axes.set_yticks(y, rows["car"])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.set_xlabel("change of the points to be expected; bars: 95 %")
        below = f"{twins.before.runs:,} races from lap {twins.before.lap}, twice"
        title(axes, textwrap.shorten(words, 90) or "What the change is worth", below)
        figure: Figure = axes.figure
    return figure


def table_key(table: pl.DataFrame) -> str:
    """Column that says whose chances they are."""
    return next(name for name in ("car", "driver", "team") if name in table.columns)
