"""Tyres: who was on which when, and how they wore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError
from racecraft.show.charts.pace import pace_of
from racecraft.show.charts.shapes import race_name
from racecraft.show.charts.strategy import strategy_chart
from racecraft.show.palette import COMPOUNDS, FAINT, QUIET, SAFE
from racecraft.show.plots.canvas import BAND, SMALL, WIDTH, drawing, legend_above, title, whole_laps

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from racecraft.analysis.pace.pace import Pace
    from racecraft.model.race import Race

ROW = 0.215  # inches for a car
ROOM_FOR_LETTER = 0.035  # of the race, in which the letter of a compound fits
LIGHT = ("medium",)  # compounds on whose colour letters are dark


def strategy(race: Race, *, ax: Axes | None = None) -> Figure:
    """Stints of every car by compound, in the order of the classification.

    Parameters
    ----------
    race
        Needs ``crossings``; compounds come from ``tyres``.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The race has no timing.
    ArgumentError
        Matplotlib is not installed.
    """
    chart = strategy_chart(race)
    with drawing(ax, (WIDTH, 1.1 + ROW * max(len(chart.rows), 5))) as axes:
        for y, (_, row) in enumerate(chart.rows):
            for stint in row:
                colour = COMPOUNDS[stint.compound]
                axes.barh(y, stint.last - stint.first, left=stint.first, height=0.72, color=colour,
                          edgecolor="white", linewidth=1.2)  # fmt: skip
                if stint.last - stint.first >= ROOM_FOR_LETTER * chart.laps:
                    letter = "?" if stint.compound == "unknown" else stint.compound[0].upper()
                    axes.annotate(
                        letter, ((stint.first + stint.last) / 2, y), ha="center",
                        va="center_baseline", fontsize=SMALL - 1, fontweight="bold",
                        color="black" if stint.compound in LIGHT else "white",
                    )  # fmt: skip
        axes.set_xlim(0, chart.laps)
        axes.set_ylim(len(chart.rows) - 0.4, -0.6)
        axes.set_yticks(range(len(chart.rows)), [name for name, _ in chart.rows])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        whole_laps(axes, "laps done")
        known = [name for name in chart.compounds if name != "unknown"]
        words = ", ".join(f"{name[0].upper()} {name}" for name in known)
        title(axes, f"{chart.title}: tyres", words or "which tyres, the source does not say")
        figure: Figure = axes.figure
    return figure


def tyres(race: Race | Pace, *, ax: Axes | None = None) -> Figure:
    """How each compound wore, with 90 % bands.

    Parameters
    ----------
    race
        A race, or what `racecraft.pace` made of it.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        There are too few clean laps to fit.
    ArgumentError
        Matplotlib is not installed.
    """
    pace = pace_of(race)
    if pace.tyres.is_empty():
        raise NotEnoughDataError(f"no tyre curve of {race_name(pace.race)} could be fitted")
    with drawing(ax) as axes:
        for i, compound in enumerate(pace.tyres["compound"].unique(maintain_order=True)):
            curve = pace.tyres.filter(compound=compound)
            colour = COMPOUNDS.get(compound, SAFE[i % len(SAFE)])
            age, loss = curve["tyre_age"].to_numpy(), curve["loss_s"].to_numpy()
            reach = BAND * curve["loss_error_s"].to_numpy()
            laps = curve["laps"].sum()
            axes.plot(age, loss, color=colour, label=f"{compound}, {laps} laps", linewidth=2)
            axes.fill_between(age, loss - reach, loss + reach, color=colour, alpha=0.15,
                              linewidth=0)  # fmt: skip
            if curve["cliff"].any():
                at = curve.filter("cliff").row(0, named=True)
                axes.plot(at["tyre_age"], at["loss_s"], "v", color=colour, markersize=8)
                axes.annotate("falls off", (at["tyre_age"], at["loss_s"]), xytext=(0, 8),
                              textcoords="offset points", ha="center", color=colour)  # fmt: skip
        axes.axhline(0, color=QUIET, linewidth=0.8)
        axes.grid(axis="y", color=FAINT, linewidth=0.5)
        axes.set_ylabel("slower than a new set\nof the fastest compound, s")
        whole_laps(axes, "laps on the set; bands: 90 %")
        legend_above(axes, 3)
        title(axes, f"{race_name(pace.race)}: how tyres wore", pad=16)
        figure: Figure = axes.figure
    return figure
