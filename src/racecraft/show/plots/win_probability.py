"""The chance to win a race, lap by lap, with the moments that changed it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from racecraft.show.charts.win_probability import chances_of, win_chart
from racecraft.show.palette import INK
from racecraft.show.plots.canvas import (
    SMALL,
    WIDTH,
    bands_behind,
    colour,
    drawing,
    ink,
    title,
    whole_laps,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.show.charts.shapes import Trace
    from racecraft.show.charts.win_probability import WinChart

CHART_HEIGHT, LINE_HEIGHT = 3.9, 0.165  # inches: the chart, and a line of its legend
LEGEND_WIDTH = 70  # characters
GLOW = 0.08  # how much of its colour lies below the winner's line
LETTER, ROW = 0.0155, 0.062  # of the axes: width and height of a letter of a name


def win_probability(
    race: Race,
    *,
    season: Season | None = None,
    history: Sequence[Season] = (),
    chances: pl.DataFrame | None = None,
    moments: pl.DataFrame | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Chance of every contender to win, lap by lap, with the moments that changed it.

    Parameters
    ----------
    race
        Needs ``crossings``.
    season, history
        Its season and those before it, for what was known beforehand.
    chances, moments
        ``CHANCES`` after every lap and ``MOMENTS``, where they are known already; left out, they
        are computed, which takes seconds.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The race has no timing.
    ArgumentError
        Matplotlib is not installed.

    Examples
    --------
    >>> from racecraft.show.charts.win_probability import chances_by_formula
    >>> from racecraft.sim.moments.moments import moments
    >>> from racecraft.sources.sample.sample import sample_race
    >>> race = sample_race(20)
    >>> decided = moments(race, simulated=False)
    >>> figure = win_probability(race, chances=chances_by_formula(race), moments=decided)
    """
    if chances is None:
        chances = chances_of(race, season=season, history=history)
    if moments is None:
        from importlib.util import find_spec

        from racecraft.sim.moments.moments import moments as weighed

        with_simulator = find_spec("numba") is not None
        moments = weighed(race, season=season, history=history, simulated=with_simulator)
    return draw_win_chart(win_chart(race, chances, moments), ax)


def draw_win_chart(chart: WinChart, ax: Axes | None = None) -> Figure:
    """Draw what a chart of the chances to win shows."""
    words = [textwrap.wrap(f"lap {mark.lap}  {mark.words}", LEGEND_WIDTH) for mark in chart.marks]
    below = sum(map(len, words)) + len(words) * 0.35
    with drawing(ax, (WIDTH, CHART_HEIGHT + LINE_HEIGHT * below)) as axes:
        end = max(trace.x[-1] for trace in chart.traces)
        axes.set_xlim(0, end * 1.005)
        axes.set_ylim(0, 1.0)
        axes.grid(axis="y")
        bands_behind(axes, chart.bands)
        for trace in reversed(chart.traces):
            others = trace.colour is None
            axes.plot(
                trace.x, trace.y, color=colour(trace.colour), linewidth=1.3 if others else 2.2,
                linestyle=(0, (1, 1.5)) if others else "-", clip_on=False, zorder=3,
            )  # fmt: skip
        winner = chart.traces[0]
        axes.fill_between(winner.x, 0, winner.y, color=colour(0), alpha=GLOW, linewidth=0, zorder=1)
        for x, y, trace in _name_places(chart, end):
            axes.text(
                x, y, trace.name, transform=axes.transAxes, color=ink(trace.colour), ha="center",
                va="center", fontweight="bold", fontsize=SMALL, zorder=6, path_effects=_halo(),
            )  # fmt: skip
        _numbered(axes, chart)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        whole_laps(axes, "laps done" if end == chart.laps else "laps done; last, the stewards")
        title(axes, f"{chart.title}: who would win?", chart.basis, pad=10 if chart.bands else 0)
        _legend(axes, words)
        figure: Figure = axes.figure
    return figure


def _numbered(axes: Any, chart: WinChart) -> None:
    """Moments as numbers on the lines."""
    for mark in chart.marks:
        axes.plot(
            mark.x, mark.y, "o", markersize=11.5, markerfacecolor="white", markeredgecolor=INK,
            markeredgewidth=1.2, clip_on=False, zorder=7,
        )  # fmt: skip
        axes.annotate(
            str(mark.number), (mark.x, mark.y), ha="center", va="center_baseline",
            fontsize=SMALL - 1, fontweight="bold", zorder=8, annotation_clip=False,
        )  # fmt: skip


def _legend(axes: Any, words: Sequence[Sequence[str]]) -> None:
    """What the numbers stand for, below the axes."""
    points = -36.0
    step = LINE_HEIGHT * 72
    for number, lines in enumerate(words, 1):
        for text, x, weight in ((str(number), 0, "bold"), ("\n".join(lines), 14, "normal")):
            axes.annotate(
                text, (0, 0), (x, points), xycoords="axes fraction", textcoords="offset points",
                va="top", fontsize=SMALL, fontweight=weight, linespacing=1.25,
            )  # fmt: skip
        points -= step * (len(lines) + 0.35)


def _name_places(chart: WinChart, end: float) -> list[tuple[float, float, Trace]]:
    """Where the name of each line stands, in shares of the axes: near its peak, on no other name.

    Above the line where there is room, else below it, as near to the highest point of the line as
    neither another name nor a number is in the way.
    """
    taken = [
        (mark.x / end, mark.y, 0.03, 0.045) for mark in chart.marks
    ]  # middle, and half of width and height
    placed = []
    for trace in chart.traces:
        half = LETTER * len(trace.name) / 2
        x, y = np.array(trace.x) / end, np.array(trace.y)
        best: tuple[float, float, float] | None = None
        for i in range(len(x)):
            if np.isnan(y[i]):
                continue
            at = min(max(x[i], half), 1 - half)
            for side in (1, -1):
                up = y[i] + side * ROW
                if not 0.03 < up < 0.97:
                    continue
                cost = -y[i] + _crossed(chart, end, at, up, half, trace)
                cost += 3.0 * any(
                    abs(at - tx) < half + tw and abs(up - ty) < ROW / 2 + th
                    for tx, ty, tw, th in taken
                )
                cost += 0.02 * (side < 0)
                if best is None or cost < best[0]:
                    best = (cost, at, up)
        if best is not None:
            taken.append((best[1], best[2], half, ROW / 2))
            placed.append((best[1], best[2], trace))
    return placed


def _crossed(chart: WinChart, end: float, at: float, up: float, half: float, own: Trace) -> float:
    """How much of the lines lies under a name: the share of its width, summed over lines."""
    crossed = 0.0
    for trace in chart.traces:
        x = np.linspace(at - half, at + half, 9)
        y = np.interp(x * end, trace.x, np.nan_to_num(np.array(trace.y)))
        weight = 0.5 if trace is own else 1.0
        crossed += weight * float((np.abs(y - up) < ROW * 0.55).mean())
    return crossed


def _halo() -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground="white", alpha=0.85)]
