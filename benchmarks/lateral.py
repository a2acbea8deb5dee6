"""How far to the side of the track's line are cars by their positions, and how much of it is noise?

usage: lateral.py

A track is ten to fifteen metres wide and a car two. Who was on the inside can be read off positions
only where cars that drive side by side are told apart by more than one car's own positions jump.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from harness import shared
from rich.console import Console
from rich.table import Table

from racecraft.analysis.telemetry.line import STEP_M, reference_line
from racecraft.analysis.telemetry.samples import samples_of
from racecraft.sources.registry import source
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.analysis.telemetry.line import ReferenceLine
    from racecraft.model.race import Race

AHEAD_M = 50.0  # over which a direction is measured, on both sides
STRAIGHT = 0.03  # radians that the track may turn over that
SIGMA = 1.4826  # standard deviations in a median absolute deviation
NOISE = np.sqrt(2 / 3)  # standard deviation of one value, where that is less the mean of two beside
TOGETHER_S = 0.6  # between three positions, that they are of one stretch


def main() -> int:
    table = Table(box=None, header_style="bold")
    table.add_column("race")
    table.add_column("where")
    for name in ("positions", "spread", "95 % within", "noise", "noise of 95 %"):
        table.add_column(name, justify="right")
    for race in _races():
        line = reference_line(race)
        if line is None:
            continue
        found = _measured(race, line)
        for where, straight in (("straights", True), ("corners", False)):
            off, jump = (values[turns == straight] for values, turns in found)
            if len(off):
                table.add_row(
                    f"{race.season} {race.name}", where, f"{len(off):,}",
                    *(f"{value:.2f} m" for value in (
                        SIGMA * np.median(np.abs(off)), np.percentile(np.abs(off), 95),
                        SIGMA * np.median(np.abs(jump)), np.percentile(np.abs(jump), 95))),
                )  # fmt: skip
    Console(width=120).print(table)
    return 0


def _races() -> Iterator[Race]:
    yield from (sample_race(event) for event in ("sao-paulo-grand-prix", "mexico-city-grand-prix"))
    public = shared()
    for folder in sorted((public / "data" / "telemetry").glob("*Grand Prix")) if public else ():
        asked = {"where": str(folder), "event": None, "season": None, "session": None,
                 "telemetry": True}  # fmt: skip
        told = source("tracinginsights")
        yield from told.parse(told.fetch(asked, None), asked)


def _measured(race: Race, line: ReferenceLine):
    """Metres beside the line, and beside the positions before and after, each with where.

    The second of each pair says whether the track is straight there.
    """
    heading = np.unwrap(np.arctan2(np.gradient(line.y_m), np.gradient(line.x_m)))
    reach = int(AHEAD_M / STEP_M)
    turns = np.full(len(heading), np.inf)
    turns[reach:-reach] = np.abs(heading[2 * reach :] - heading[: -2 * reach])
    off, off_straight, jump, jump_straight = [], [], [], []
    for own in samples_of(race).values():
        if len(own.x_m) < 3:
            continue
        place, left = line.nearest(own.x_m, own.y_m)
        index = np.clip(((place - line.first_m) / STEP_M).astype(int), 0, len(turns) - 1)
        straight, on = turns[index] < STRAIGHT, np.abs(left) < 25.0
        off.append(left[on])
        off_straight.append(straight[on])
        near = on[2:] & on[1:-1] & on[:-2]
        near &= (own.place_time[2:] - own.place_time[:-2]) < TOGETHER_S * 1e6
        jump.append((NOISE * (left[1:-1] - (left[2:] + left[:-2]) / 2))[near])
        jump_straight.append(straight[1:-1][near])
    return (
        (np.concatenate(off), np.concatenate(off_straight)),
        (np.concatenate(jump), np.concatenate(jump_straight)),
    )


if __name__ == "__main__":
    sys.exit(main())
