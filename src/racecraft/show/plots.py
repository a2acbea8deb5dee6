"""Figures: lap times taken apart, tyre curves, a battle, a form; with racecraft[plots]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError, NotFoundError
from racecraft.model.clock import seconds
from racecraft.show.pace import race_title
from racecraft.show.palette import COMPOUNDS, QUIET, SAFE, colours_of

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from racecraft.analysis.fights.battle import Battle
    from racecraft.analysis.form.form import Form
    from racecraft.analysis.pace.pace import Pace
    from racecraft.model.race import Race

SIZE = (9.0, 5.0)  # inches
BAND = 1.645  # standard errors on either side: 90 %
PARTS = {
    "fuel_s": ("fuel", SAFE[0]),
    "tyre_s": ("tyre", SAFE[1]),
    "traffic_s": ("traffic", SAFE[3]),
    "track_s": ("track", SAFE[2]),
}


def lap_times_figure(pace: Pace, driver: str) -> Figure:
    """Lap times of a driver with what the model expects, and below what it is made of.

    Raises
    ------
    NotFoundError
        The race has no fitted lap of the driver.
    ArgumentError
        Matplotlib is not installed.
    """
    laps = pace.laps.filter(car=driver).drop_nulls("expected_s")
    clean = laps.filter("clean")
    if clean.is_empty():
        raise NotFoundError(
            f"no clean lap of {driver} in {pace.race.season} {pace.race.name}", driver=driver
        )
    figure = new_figure((SIZE[0], 6.5))
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    above.fill_between(
        laps["lap"], _gaps(laps, "low_s"), _gaps(laps, "high_s"), color=SAFE[4], alpha=0.25,
        linewidth=0, label="90 % of clean laps",
    )  # fmt: skip
    above.plot(laps["lap"], _gaps(laps, "expected_s"), color=SAFE[0], label="expected")
    above.plot(clean["lap"], clean["lap_time_s"], "o", color=SAFE[6], markersize=3.5, label="clean")
    low, high = np.quantile(clean["lap_time_s"].to_numpy(), [0.0, 0.98])
    room = max(0.3 * (high - low), 0.3)
    above.set_ylim(low - room, high + room)
    other = laps.filter(~pl.col("clean"))
    shown = other.filter(pl.col("lap_time_s") <= high + room)
    above.plot(shown["lap"], shown["lap_time_s"], "x", color=QUIET, markersize=5, label="other")
    beyond = other.filter(pl.col("lap_time_s") > high + room)
    above.plot(beyond["lap"], [high + 0.85 * room] * len(beyond), "^", color=QUIET, markersize=4,
               label="slower than shown")  # fmt: skip
    above.set_ylabel("lap time, s")
    made_of = "lap times and what they were made of"
    above.set_title(f"{driver}, {race_title(pace.race)}: {made_of}", loc="left", pad=24)
    _legend(above)
    for name, (label, colour) in PARTS.items():
        below.plot(laps["lap"], _gaps(laps, name), color=colour, label=label)
    below.axhline(0, color=QUIET, linewidth=0.8)
    below.set_xlabel("lap")
    below.set_ylabel("part of the lap time, s")
    _legend(below)
    return figure


def tyre_figure(pace: Pace) -> Figure:
    """Tyre curves of a race with their 90 % bands.

    Raises
    ------
    ArgumentError
        Matplotlib is not installed.
    """
    figure = new_figure(SIZE)
    axes = figure.subplots()
    for i, compound in enumerate(pace.tyres["compound"].unique(maintain_order=True)):
        curve = pace.tyres.filter(compound=compound)
        colour = COMPOUNDS.get(compound, SAFE[i % len(SAFE)])
        age, loss = curve["tyre_age"].to_numpy(), curve["loss_s"].to_numpy()
        reach = BAND * curve["loss_error_s"].to_numpy()
        laps = curve["laps"].sum()
        axes.plot(age, loss, color=colour, label=f"{compound}, {laps} laps", linewidth=2)
        axes.fill_between(age, loss - reach, loss + reach, color=colour, alpha=0.15, linewidth=0)
        if curve["cliff"].any():
            at = curve.filter("cliff").row(0, named=True)
            axes.plot(at["tyre_age"], at["loss_s"], "v", color=colour, markersize=8)
            axes.annotate("falls off", (at["tyre_age"], at["loss_s"]), xytext=(0, 8),
                          textcoords="offset points", ha="center", color=colour)  # fmt: skip
    axes.set_xlabel("laps on the set")
    axes.set_ylabel("slower than a new set of the fastest compound, s")
    axes.set_title(f"Tyres, {race_title(pace.race)} (bands: 90 %)", loc="left", pad=24)
    axes.axhline(0, color=QUIET, linewidth=0.8)
    _legend(axes)
    return figure


def battle_figure(race: Race, battle: Battle, *, team_colours: bool = False) -> Figure:
    """Interval of a battle, line by line, with its swaps marked.

    Raises
    ------
    ArgumentError
        Matplotlib is not installed.
    """
    first, second = battle.row["first"], battle.row["second"]
    colours = colours_of([first, second], race.entries, teams=team_colours)
    lines = race.lines.sort("order")["line"].to_list()
    place = {line: (i + 1) / len(lines) for i, line in enumerate(lines)}
    rows = battle.lines.with_columns(
        interval_s=seconds("interval"),
        at=pl.col("lap") - 1 + pl.col("line").replace_strict(place, return_dtype=pl.Float64),
    )
    figure = new_figure(SIZE)
    axes = figure.subplots()
    at, interval = rows["at"].to_numpy(), rows["interval_s"].to_numpy()
    axes.fill_between(at, 0, interval, where=interval >= 0, color=colours[first], alpha=0.25,
                      interpolate=True, linewidth=0, label=f"{first} ahead")  # fmt: skip
    axes.fill_between(at, 0, interval, where=interval <= 0, color=colours[second], alpha=0.25,
                      interpolate=True, linewidth=0, label=f"{second} ahead")  # fmt: skip
    axes.plot(at, interval, color=SAFE[6], marker="o", markersize=2.5, linewidth=1)
    for lap, line, passer in battle.swap_list["lap", "line", "passer"].rows():
        when = lap - 1 + place[line]
        axes.axvline(when, color=colours[passer], linestyle="--", linewidth=1)
        axes.annotate(
            f"{passer} passes, lap {lap}", (when, 0.98), xycoords=("data", "axes fraction"),
            xytext=(-3, 0), textcoords="offset points", rotation=90, ha="right", va="top",
            color=colours[passer], fontsize=8,
        )  # fmt: skip
    axes.axhline(0, color=QUIET, linewidth=0.8)
    axes.set_xlabel("laps completed")
    axes.set_ylabel(f"{second} behind {first}, s")
    axes.set_title(f"{first} v {second}, {race_title(race)}", loc="left", pad=24)
    _legend(axes)
    return figure


def form_figure(form: Form) -> Figure:
    """Qualifying and race pace over a season with 90 % intervals; wet sessions are hollow.

    Raises
    ------
    ArgumentError
        Matplotlib is not installed.
    """
    figure = new_figure((SIZE[0], 6.5))
    panels = figure.subplots(2, 1, sharex=True)
    names = {"quali": "qualifying", "race": "race pace"}
    for axes, (name, label), colour in zip(panels, names.items(), SAFE[:2], strict=False):
        rows = form.rounds.drop_nulls(f"{name}_pct").with_columns(
            at=pl.col("round") - pl.when(session="sprint").then(0.35).otherwise(0.0),
            wet=pl.col(f"{name}_wet").fill_null(value=False),
        )
        for wet, session, marker in (
            (False, "race", "o"), (True, "race", "o"), (False, "sprint", "s"), (True, "sprint", "s")
        ):  # fmt: skip
            some = rows.filter(wet=wet, session=session)
            if some.is_empty():
                continue
            words = ("sprint" if session == "sprint" else label) + (", wet" if wet else "")
            axes.errorbar(
                some["at"], some[f"{name}_pct"], yerr=BAND * some[f"{name}_error_pct"].to_numpy(),
                fmt=marker, color=colour, markerfacecolor="white" if wet else colour, capsize=2,
                markersize=5, linewidth=1, label=words,
            )  # fmt: skip
        axes.axhline(0, color=QUIET, linewidth=0.8)
        axes.invert_yaxis()
        axes.set_ylabel("% against the median driver\n(faster is up; bars: 90 %)")
        change = form.change_point
        if change is not None and change["measure"] == name:
            axes.axvline(change["round"] - 0.5, color=SAFE[6], linestyle="--", linewidth=1)
            axes.annotate(f"change, probability {change['probability']:.2f}",
                          (change["round"] - 0.5, 0.03), xycoords=("data", "axes fraction"),
                          xytext=(4, 0), textcoords="offset points")  # fmt: skip
        if not rows.is_empty():
            _legend(axes)
    panels[1].set_xlabel("round")
    panels[0].set_title(f"{form.driver}, form over {form.season}", loc="left", pad=24)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure to a file of the kind that its name ends in.

    Raises
    ------
    ArgumentError
        The file cannot be written, or the ending is not one of a picture.
    """
    try:
        figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise ArgumentError(
            f"{path} cannot be written: {error}", hint="end it in .png, .svg or .pdf"
        ) from error


def new_figure(size: tuple[float, float]) -> Figure:
    """An empty figure, inches wide and high; an error where Matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ArgumentError(
            "Matplotlib is not installed", hint="pip install 'racecraft[plots]'"
        ) from error
    return Figure(size, layout="constrained")


def _legend(axes: Any) -> None:
    """Legend in a row above the axes, and whole numbers of laps or rounds below them."""
    from matplotlib.ticker import MaxNLocator

    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=6, frameon=False, fontsize=8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _gaps(laps: pl.DataFrame, name: str) -> np.ndarray:
    """Values of a column, with a hole where laps are missing from the model."""
    values = laps[name].to_numpy().astype(float)
    return np.where(laps["clean"].to_numpy(), values, np.nan)
