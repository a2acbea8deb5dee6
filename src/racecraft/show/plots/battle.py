"""The interval of a battle, line by line, with its swaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.analysis.fights.battle import Battle
from racecraft.analysis.fights.battle import battle as battle_of
from racecraft.show.charts.battle import battle_chart
from racecraft.show.charts.shapes import flag_bands
from racecraft.show.palette import INK, QUIET, colours_of
from racecraft.show.plots.canvas import SMALL, bands_behind, drawing, ink, title, whole_laps

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from racecraft.model.race import Race


def battle(
    race: Race,
    drivers: tuple[str, str] | Battle,
    *,
    team_colours: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Interval of a battle, line by line, with its swaps marked.

    Parameters
    ----------
    race
        Needs ``crossings``.
    drivers
        Two cars; or what `racecraft.battle` said of them.
    team_colours
        In the colours of the teams, which are not always told apart.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotFoundError
        The two never met, or one took no part.
    ArgumentError
        Matplotlib is not installed.
    """
    fought = drivers if isinstance(drivers, Battle) else battle_of(race, drivers=drivers)
    chart = battle_chart(race, fought)
    colours = colours_of([chart.first, chart.second], race.entries, teams=team_colours)
    letters = dict(zip((chart.first, chart.second), (ink(0), ink(1)), strict=True))
    bands = [b for b in flag_bands(race) if b.last > chart.at[0] and b.first < chart.at[-1]]
    with drawing(ax) as axes:
        axes.set_xlim(chart.at[0], chart.at[-1])
        low, high = min(0.0, *chart.behind), max(0.0, *chart.behind)
        room = 0.16 * (high - low)
        axes.set_ylim(low - room, high + room)
        axes.grid(axis="y")
        bands_behind(axes, bands)
        for sign, car in ((1, chart.first), (-1, chart.second)):
            axes.fill_between(
                chart.at, 0, chart.behind, where=[sign * s >= 0 for s in chart.behind],
                color=colours[car], alpha=0.3, interpolate=True, linewidth=0,
            )  # fmt: skip
            if any(sign * s > 0 for s in chart.behind):
                axes.annotate(
                    f"{chart.names[car]} ahead", (0.01, 0.97 if sign > 0 else 0.03),
                    xycoords="axes fraction", va="top" if sign > 0 else "bottom",
                    color=letters[car], fontweight="bold", fontsize=SMALL, zorder=6,
                )  # fmt: skip
        axes.plot(chart.at, chart.behind, color=INK, marker="o", markersize=2.2, linewidth=1.1)
        for swap in chart.swaps:
            axes.axvline(swap.x, color=letters[swap.car], linestyle="--", linewidth=1)
            axes.annotate(
                swap.words, (swap.x, 0.9), xycoords=("data", "axes fraction"), xytext=(-3, 0),
                textcoords="offset points", rotation=90, ha="right", va="top",
                color=letters[swap.car], fontsize=SMALL - 1, zorder=6,
            )  # fmt: skip
        axes.axhline(0, color=QUIET, linewidth=0.8)
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.1f}")
        axes.set_ylabel("interval, s")
        whole_laps(axes, "laps done")
        title(axes, f"{chart.names[chart.first]} v {chart.names[chart.second]}",
              chart.title, pad=10 if bands else 0)  # fmt: skip
        figure: Figure = axes.figure
    return figure
