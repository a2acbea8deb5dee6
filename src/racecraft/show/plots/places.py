"""Places and gaps, lap by lap: lap chart, gaps, the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.order.gaps import gaps as all_gaps
from racecraft.errors import NotEnoughDataError
from racecraft.model.clock import seconds
from racecraft.model.terms import THE_LINE
from racecraft.show.charts.lap_chart import classified_cars
from racecraft.show.charts.lap_chart import lap_chart as lap_chart_of
from racecraft.show.charts.shapes import (
    Trace,
    family_names,
    flag_bands,
    need_laps,
    places_by_lap,
    race_name,
)
from racecraft.show.palette import FAINT, QUIET
from racecraft.show.plots.canvas import (
    SMALL,
    WIDTH,
    bands_behind,
    colour,
    drawing,
    ink,
    names_at_the_end,
    title,
    whole_laps,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from racecraft.model.race import Race

FIRST_HOME = 7
LEAST_ROW = 0.19  # inches for a car
NEAR_THE_END = 4  # laps: a car that stopped so late is named with those that finished
MOST_GAP_S = 60.0  # what is shown of a gap, unless all that are shown are larger


def lap_chart(race: Race, *, cars: Sequence[str] | None = None, ax: Axes | None = None) -> Figure:
    """Places of all cars at the end of every lap, those that mattered in colour.

    Parameters
    ----------
    race
        Needs ``crossings``.
    cars
        Cars in colour beside the first three; left out, the first seven home.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The race has no timing.
    ArgumentError
        Matplotlib is not installed.
    """
    chart = lap_chart_of(race, cars or ())
    with drawing(ax, (WIDTH, 1.1 + LEAST_ROW * max(chart.cars, 6))) as axes:
        axes.set_xlim(0, chart.laps)
        axes.set_ylim(chart.cars + 0.6, 0.4)
        bands_behind(axes, chart.bands)
        for trace in chart.traces:
            grey = trace.colour is None
            axes.plot(
                trace.x, trace.y, color=FAINT if grey else colour(trace.colour),
                linewidth=1.2 if grey else 2.2, zorder=2 if grey else 3, clip_on=False,
            )  # fmt: skip
            if chart.out.get(trace.car, chart.laps) < chart.laps - NEAR_THE_END:
                _stopped(axes, trace)
        home = [
            trace
            for trace in chart.traces
            if chart.out.get(trace.car, chart.laps) >= chart.laps - NEAR_THE_END
        ]
        names_at_the_end(axes, home, least=1.0, at=chart.laps)
        axes.set_yticks([1, *range(5, chart.cars + 1, 5)])
        axes.set_ylabel("place")
        whole_laps(axes, "laps done; 0 is the grid, a cross the end of a race")
        title(axes, f"{chart.title}: places", pad=10 if chart.bands else 0)
        figure: Figure = axes.figure
    return figure


def gaps(race: Race, *, drivers: Sequence[str] | None = None, ax: Axes | None = None) -> Figure:
    """Gap to the leader at the end of every lap; of two cars the interval between them.

    Parameters
    ----------
    race
        Needs ``crossings``.
    drivers
        Cars that are shown; left out, the first seven home.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotFoundError
        A car took no part.
    NotEnoughDataError
        The race has no timing.
    ArgumentError
        Matplotlib is not installed.
    """
    need_laps(race)
    if drivers is not None and len(drivers) == 2:
        return _interval(race, (drivers[0], drivers[1]), ax)
    table = all_gaps(race).filter(pl.col("line") == THE_LINE)
    shown = _wanted(race, table, drivers)
    names = family_names(race)
    traces = []
    for i, car in enumerate(shown):
        own = table.filter(car=car).sort("lap").select("lap", gap=seconds("gap"))
        traces.append(
            Trace(car, names.get(car, car), tuple(map(float, own["lap"])), tuple(own["gap"]), i)
        )
    with drawing(ax) as axes:
        laps = max(trace.x[-1] for trace in traces)
        largest = np.nanmax([np.nanmax(trace.y) for trace in traces])
        least = max(np.nanmin([trace.y[-1] for trace in traces]) + 5.0, MOST_GAP_S)
        top = min(float(largest) * 1.05 + 0.5, least)
        axes.set_xlim(1, laps)
        axes.set_ylim(top, -top * 0.02)
        axes.grid(axis="y")
        bands_behind(axes, flag_bands(race))
        for trace in reversed(traces):
            axes.plot(trace.x, trace.y, color=colour(trace.colour), linewidth=1.8, zorder=3)
        ending = [trace for trace in traces if trace.y[-1] <= top]
        names_at_the_end(axes, ending, least=top * 0.055, at=laps)
        beyond = [trace.name for trace in traces if trace.y[-1] > top]
        axes.set_ylabel("behind the leader, s")
        whole_laps(axes)
        note = f"beyond the chart at the end: {', '.join(beyond)}" if beyond else ""
        title(axes, f"{race_name(race)}: gaps", note, pad=10 if flag_bands(race) else 0)
        figure: Figure = axes.figure
    return figure


def start(race: Race, *, ax: Axes | None = None) -> Figure:
    """From the grid to the end of the first lap, line by line: who gained, and who lost.

    Parameters
    ----------
    race
        Needs ``crossings`` and the grid in ``entries``.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The race has no timing, or no grid is known.
    ArgumentError
        Matplotlib is not installed.
    """
    need_laps(race)
    names = family_names(race)
    first = all_gaps(race).filter(pl.col("lap") == 1)
    lines = race.lines.sort("order")["line"].to_list()
    grid = {car: own[0] for car, own in places_by_lap(race).items() if 0 in own}
    if not grid:
        raise NotEnoughDataError(f"no grid of {race_name(race)} is known", race=race.name)
    at_line = {
        (car, line): place for car, line, place in first["car", "line", "position"].iter_rows()
    }
    cars = sorted(grid, key=lambda car: grid[car])
    steps = ["grid", *(line for line in lines if any((car, line) in at_line for car in cars))]
    traces = []
    for car in cars:
        places = [grid[car], *(at_line.get((car, line), np.nan) for line in steps[1:])]
        traces.append(Trace(car, names.get(car, car), tuple(map(float, range(len(steps)))),
                            tuple(map(float, places))))  # fmt: skip
    size = (WIDTH, 1.1 + LEAST_ROW * max(len(cars), 6))
    with drawing(ax, size) as axes:
        axes.set_xlim(0, len(steps) - 1)
        axes.set_ylim(max(grid.values()) + 0.6, 0.4)
        ended = [trace for trace in traces if not np.isnan(trace.y[-1])]
        for trace in traces:
            _start_line(axes, trace, len(steps) - 1)
        for trace in ended:
            move = int(trace.y[0] - trace.y[-1])
            told = f"{trace.name} {move:+d}" if move else trace.name
            axes.annotate(
                told, (len(steps) - 1, trace.y[-1]), (5, 0), textcoords="offset points",
                va="center", annotation_clip=False, fontsize=SMALL, color=ink(_side(trace)),
            )  # fmt: skip
        axes.set_xticks(range(len(steps)), [_line_name(line) for line in steps])
        axes.set_yticks([trace.y[0] for trace in traces], [trace.name for trace in traces])
        axes.tick_params(axis="y", length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.grid(axis="x")
        title(axes, f"{race_name(race)}: the first lap",
              "blue gained, orange lost; a cross did not get to the end of it")  # fmt: skip
        figure: Figure = axes.figure
    return figure


def _stopped(axes: Any, trace: Trace) -> None:
    """A cross where a car stopped, and whose it was."""
    tone = QUIET if trace.colour is None else colour(trace.colour)
    axes.plot(*trace.last, "x", color=tone, markersize=5, zorder=4, clip_on=False)
    axes.annotate(
        trace.name, trace.last, (5, 0), textcoords="offset points", va="center", zorder=5,
        fontsize=SMALL - 1, color=ink(trace.colour),
    )  # fmt: skip


def _start_line(axes: Any, trace: Trace, last: int) -> None:
    side = _side(trace)
    axes.plot(trace.x, trace.y, color=FAINT if side is None else colour(side),
              linewidth=1.2 if side is None else 1.9, zorder=2 if side is None else 3,
              clip_on=False)  # fmt: skip
    if trace.last[0] < last:
        axes.plot(*trace.last, "x", color=colour(1), markersize=6, clip_on=False, zorder=4)


def _side(trace: Trace) -> int | None:
    """Colour of whoever gained or lost."""
    if np.isnan(trace.y[-1]) or trace.y[-1] > trace.y[0]:
        return 1
    return 0 if trace.y[-1] < trace.y[0] else None


def _line_name(line: str) -> str:
    return {"grid": "grid", THE_LINE: "end of lap 1"}.get(line, line)


def _wanted(race: Race, table: pl.DataFrame, drivers: Sequence[str] | None) -> list[str]:
    from racecraft.lookup.find import find_car

    if drivers is not None:
        return [find_car(race, driver) for driver in drivers]
    there = set(table["car"])
    return [car for car in classified_cars(race) if car in there][:FIRST_HOME]


def _interval(race: Race, drivers: tuple[str, str], ax: Axes | None) -> Figure:
    """Interval between two cars at every line."""
    from racecraft.lookup.find import find_car

    first, second = (find_car(race, driver) for driver in drivers)
    table = all_gaps(race, drivers=(first, second))
    lines = race.lines.sort("order")["line"].to_list()
    place = {line: (i + 1) / len(lines) for i, line in enumerate(lines)}
    rows = table.with_columns(
        s=seconds("interval"),
        at=pl.col("lap") - 1 + pl.col("line").replace_strict(place, return_dtype=pl.Float64),
    ).sort("at")
    names = family_names(race)
    at, behind = rows["at"].to_numpy(), rows["s"].to_numpy()
    bands = flag_bands(race)
    with drawing(ax) as axes:
        reach = float(np.nanquantile(np.abs(behind), 0.98)) * 1.1 + 0.2
        axes.set_xlim(0, float(at[-1]))
        axes.set_ylim(-reach, reach)
        bands_behind(axes, bands)
        for sign, car, number in ((1, first, 0), (-1, second, 1)):
            axes.fill_between(at, 0, behind, where=sign * behind >= 0, color=colour(number),
                              alpha=0.3, interpolate=True, linewidth=0)  # fmt: skip
            axes.annotate(
                f"{names.get(car, car)} ahead", (0.01, 0.97 if sign > 0 else 0.03),
                xycoords="axes fraction", va="top" if sign > 0 else "bottom", color=ink(number),
                fontweight="bold",
            )  # fmt: skip
        axes.plot(at, behind, color="black", linewidth=1.1)
        axes.axhline(0, color=QUIET, linewidth=0.8)
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        axes.set_ylabel("interval, s")
        whole_laps(axes, "laps done")
        title(axes, f"{race_name(race)}: {names.get(first, first)} and {names.get(second, second)}",
              pad=10 if bands else 0)  # fmt: skip
        figure: Figure = axes.figure
    return figure
