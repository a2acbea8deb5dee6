"""How fast: the pace of all drivers, the lap times of one, a form over a season."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.errors import NotEnoughDataError, NotFoundError
from racecraft.show.charts.pace import has_classes, pace_of, pace_rows
from racecraft.show.charts.shapes import family_names, race_name
from racecraft.show.palette import QUIET, SAFE
from racecraft.show.plots.canvas import (
    BAND,
    SMALL,
    WIDTH,
    colour,
    drawing,
    holes,
    legend_above,
    panels,
    title,
    whole_laps,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from racecraft.analysis.form.form import Form
    from racecraft.analysis.pace.pace import Pace
    from racecraft.model.race import Race

ROW = 0.2  # inches for a driver
TALL = 5.2  # inches: two panels
PARTS = {
    "fuel_s": ("fuel", SAFE[0]),
    "tyre_s": ("tyre", SAFE[1]),
    "traffic_s": ("traffic", SAFE[3]),
    "track_s": ("track", SAFE[2]),
}
MARKERS = (
    (False, "race", "o"), (True, "race", "o"), (False, "sprint", "s"), (True, "sprint", "s"),
)  # fmt: skip


def pace(race: Race | Pace, *, ax: Axes | None = None) -> Figure:
    """Race pace of every driver against the fastest, with 90 % intervals.

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
    told = pace_of(race)
    rows = pace_rows(told)
    if not rows:
        raise NotEnoughDataError(f"no pace of {race_name(told.race)} could be fitted")
    names, behind, errors = zip(*rows, strict=True)
    with drawing(ax, (WIDTH, 1.1 + ROW * max(len(rows), 5))) as axes:
        y = np.arange(len(rows))
        axes.errorbar(
            behind, y, xerr=BAND * np.array(errors), fmt="o", color=colour(0),
            ecolor=QUIET, elinewidth=1.4, capsize=0, markersize=5,
        )  # fmt: skip
        axes.set_yticks(y, names)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        whose = " of its class" if has_classes(told) else ""
        axes.set_xlabel(f"slower a lap than the fastest{whose}, s; bars: 90 %")
        title(axes, f"{race_name(told.race)}: race pace",
              "half the fuel, average tyres, no traffic")  # fmt: skip
        figure: Figure = axes.figure
    return figure


def lap_times(race: Race | Pace, driver: str, *, ax: Axes | None = None) -> Figure:
    """Lap times of a driver with what the model expects, and below what they were made of.

    Parameters
    ----------
    race
        A race, or what `racecraft.pace` made of it.
    driver
        Code, number or family name.
    ax
        Axes of a grid, which are split in two; left out, those of a new figure.

    Raises
    ------
    NotFoundError
        The race has no fitted lap of the driver.
    ArgumentError
        Matplotlib is not installed.
    """
    from racecraft.lookup.find import find_car

    told = pace_of(race)
    car = find_car(told.race, driver)
    laps = told.laps.filter(car=car).drop_nulls("expected_s")
    clean = laps.filter("clean")
    if clean.is_empty():
        raise NotFoundError(f"no clean lap of {car} in {race_name(told.race)}", driver=car)
    name = family_names(told.race).get(car, car)
    with drawing(ax, (WIDTH, TALL)) as whole:
        above, below = panels(whole, 2, height_ratios=[3, 2])
        _laps_of(above, laps, clean)
        for part, (label, tone) in PARTS.items():
            below.plot(laps["lap"], holes(laps[part], laps["clean"]), color=tone, label=label)
        below.axhline(0, color=QUIET, linewidth=0.8)
        below.set_ylabel("part of it, s")
        whole_laps(below)
        legend_above(below)
        above.set_ylabel("lap time, s")
        title(above, f"{name}, {race_name(told.race)}: laps", pad=30)
        figure: Figure = above.figure
    return figure


def form(form: Form, *, ax: Axes | None = None) -> Figure:
    """Qualifying and race pace over a season with 90 % intervals; wet sessions are hollow.

    Parameters
    ----------
    form
        What `racecraft.form` found.
    ax
        Axes of a grid, which are split in two; left out, those of a new figure.

    Raises
    ------
    ArgumentError
        Matplotlib is not installed.
    """
    with drawing(ax, (WIDTH, TALL)) as whole:
        both = panels(whole, 2)
        names = {"quali": "qualifying", "race": "race pace"}
        for number, (axes, (name, label)) in enumerate(zip(both, names.items(), strict=True)):
            _form_of(axes, form, name, label, colour(number))
        whole_laps(both[1], "round")
        title(both[0], f"{form.driver}, form over {form.season}",
              "against the median driver; faster is up; bars: 90 %", pad=16)  # fmt: skip
        figure: Figure = both[0].figure
    return figure


def _laps_of(axes: Any, laps: pl.DataFrame, clean: pl.DataFrame) -> None:
    """Lap times, those expected, and those that were hindered."""
    known = laps["clean"]
    axes.fill_between(
        laps["lap"], holes(laps["low_s"], known), holes(laps["high_s"], known), color=SAFE[4],
        alpha=0.25, linewidth=0, label="90 % of clean laps",
    )  # fmt: skip
    axes.plot(laps["lap"], holes(laps["expected_s"], known), color=SAFE[0], label="expected")
    axes.plot(clean["lap"], clean["lap_time_s"], "o", color=SAFE[6], markersize=3, label="clean")
    low, high = np.quantile(clean["lap_time_s"].to_numpy(), [0.0, 0.98])
    room = max(0.3 * (high - low), 0.3)
    axes.set_ylim(low - room, high + room)
    other = laps.filter(~pl.col("clean"))
    shown = other.filter(pl.col("lap_time_s") <= high + room)
    axes.plot(shown["lap"], shown["lap_time_s"], "x", color=QUIET, markersize=4.5, label="other")
    beyond = other.filter(pl.col("lap_time_s") > high + room)
    axes.plot(beyond["lap"], [high + 0.85 * room] * len(beyond), "^", color=QUIET, markersize=4,
              label="slower than shown")  # fmt: skip
    axes.tick_params(labelbottom=False)
    legend_above(axes, 3)


def _form_of(axes: Any, form: Form, name: str, label: str, tone: str) -> None:
    """One measure over the rounds, with the most probable change."""
    rows = form.rounds.drop_nulls(f"{name}_pct").with_columns(
        at=pl.col("round") - pl.when(session="sprint").then(0.35).otherwise(0.0),
        wet=pl.col(f"{name}_wet").fill_null(value=False),
    )
    for wet, session, marker in MARKERS:
        some = rows.filter(wet=wet, session=session)
        if some.is_empty():
            continue
        words = ("sprint" if session == "sprint" else label) + (", wet" if wet else "")
        axes.errorbar(
            some["at"], some[f"{name}_pct"], yerr=BAND * some[f"{name}_error_pct"].to_numpy(),
            fmt=marker, color=tone, markerfacecolor="white" if wet else tone, capsize=2,
            markersize=4.5, linewidth=1, label=words,
        )  # fmt: skip
    axes.axhline(0, color=QUIET, linewidth=0.8)
    axes.invert_yaxis()
    axes.set_ylabel(f"{label}, %")
    change = form.change_point
    if change is not None and change["measure"] == name:
        axes.axvline(change["round"] - 0.5, color=SAFE[6], linestyle="--", linewidth=1)
        axes.annotate(f"change, probability {change['probability']:.2f}",
                      (change["round"] - 0.5, 0.03), xycoords=("data", "axes fraction"),
                      xytext=(4, 0), textcoords="offset points", fontsize=SMALL)  # fmt: skip
    if not rows.is_empty():
        legend_above(axes)
