"""Who was ahead of whom at any instant, by the lines that cars had crossed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import grid
from racecraft.analysis.order.timing import durations, earliest, timing
from racecraft.model.race import CAR
from racecraft.model.table import TIME, Column, Table

if TYPE_CHECKING:
    from racecraft.model.race import Race

ORDER_AT = Table(
    "order_at",
    key=("car",),
    columns=(
        Column("position", pl.Int16, "position; null for a car that is out"),
        CAR,
        Column("lap", pl.Int16, "lap of the last line it crossed; null before the first"),
        Column("line", pl.String, "that line; null likewise"),
        Column("time", TIME, "when it crossed it, since lights out; null likewise"),
        Column("laps_down", pl.Int16, "whole laps that the first car is ahead, for certain"),
        Column("running", pl.Boolean, "still in the race, or has taken the flag"),
    ),
)


def order_at(race: Race, time_s: float) -> pl.DataFrame:
    """Order of all cars at an instant: by lines crossed, then by who crossed the last one first.

    Parameters
    ----------
    race
        Needs ``crossings``.
    time_s
        Seconds since lights out.

    Returns
    -------
    DataFrame
        ``ORDER_AT``: cars that are running in order, then those that are out.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Notes
    -----
    Two cars stand as they will at the next line that both reach, if the car behind gets there.
    Before the first line they stand as on the grid. A car that crosses no line any more, and has
    not taken the flag, is out once the leader is a lap ahead of it, or has finished.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> order_at(toy_race(), 200.0)["car"].to_list()
    ['VER', 'HAM', 'SAI']
    """
    at = timing(race)
    now = time_s * 1e6
    number = np.arange(at.steps)[:, None]
    done = np.where(at.time <= now, number, -1).max(axis=0)
    when = np.where(done < 0, grid(race, at), at.time[np.maximum(done, 0), np.arange(len(at.cars))])
    over = done == at.last_step
    behind = done.max(initial=-1) - done
    out = over & ~at.finished & ((behind >= len(at.lines)) | (now >= at.flag))
    ranked = np.lexsort((when, -done, out))
    done, when, out, behind = done[ranked], when[ranked], out[ranked], behind[ranked]
    seen = done >= 0
    first = np.fmin.accumulate(earliest(at.time)[::-1])[::-1]  # when anybody had come so far
    furthest = np.searchsorted(first, np.where(seen, when, -1.0), side="right") - 1
    lines = np.array([*at.lines, None], object)
    return ORDER_AT.check(
        pl.DataFrame(
            {
                "position": [None if gone else i for i, gone in enumerate(out, 1)],
                "car": [at.cars[car] for car in ranked],
                "lap": [int(step) // len(at.lines) + 1 if step >= 0 else None for step in done],
                "line": lines[np.where(seen, done % len(at.lines), -1)].tolist(),
                "time": durations(np.where(seen, when, np.nan)),
                "laps_down": np.maximum(furthest - done, behind - 1).clip(0) // len(at.lines),
                "running": ~out,
            },
            schema_overrides={"line": pl.String, "position": pl.Int16, "lap": pl.Int16},
        )
    )
