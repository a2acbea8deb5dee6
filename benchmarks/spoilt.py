"""Telemetry spoilt in known ways: are passes still where they were, and how far off are gaps?

The Dutch Grand Prix of 2025 with its samples thinned, late, moved to another frame or jittering.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from harness import Mark, shared, show

from racecraft.analysis.telemetry.passes import pass_place
from racecraft.sources.registry import source

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from own_positions import gap_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.race import Race

PASSES = (("VER", "NOR", 1, "S1"), ("NOR", "VER", 9, "S1"), ("LEC", "RUS", 32, "Line"))
TURNED, MOVED_M = np.deg2rad(67), 4000.0
JITTER_M = 5.0


def main() -> list[Mark]:
    public = shared()
    if public is None:
        return []
    asked = {"where": str(public / "data" / "telemetry" / "2025 Dutch Grand Prix"), "event": None,
             "season": None, "session": None, "telemetry": True}  # fmt: skip
    told = source("tracinginsights")
    (race,) = told.parse(told.fetch(asked, None), asked)
    samples, places = race.telemetry.collect(), race.positions.collect()
    marks = []
    for words, of_samples, of_places in (
        ("as they are", _same, _same),
        ("in another frame", _same, _turned),
        ("a third missing", _missing, _missing),
        ("5 m more jitter", _same, _jittering),
        ("positions late by 0.3 s", _same, _late),
        ("as read, four a second", _thinned(1), _thinned(1)),
        ("two a second", _thinned(2), _thinned(2)),
        ("four in three seconds", _thinned(3), _thinned(3)),
    ):
        spoilt = replace(
            race, telemetry=of_samples(samples).lazy(), positions=of_places(places).lazy()
        )
        marks.append(_mark(spoilt, words))
    return marks


def _mark(race: Race, words: str) -> Mark:
    lines = ("S1", "S2", "Line")
    off = np.abs(np.concatenate([gap_errors(race, line, alone=True) for line in lines]))
    found = [pass_place(race, *each) for each in PASSES]
    where = "; ".join("nowhere" if one is None else one.words for one in found)
    note = f"{len(off)} gaps, {np.median(off):.3f} s in the median; {where}"
    return Mark(f"gaps by positions, {words}", (float(np.percentile(off, 95)),), "s", note=note)


def _same(table: pl.DataFrame) -> pl.DataFrame:
    return table


def _turned(table: pl.DataFrame) -> pl.DataFrame:
    x, y = pl.col("x_m"), pl.col("y_m")
    return table.with_columns(
        x_m=x * np.cos(TURNED) - y * np.sin(TURNED) + MOVED_M,
        y_m=x * np.sin(TURNED) + y * np.cos(TURNED),
    )


def _missing(table: pl.DataFrame) -> pl.DataFrame:
    kept = np.random.default_rng(len(table.columns)).random(table.height) > 1 / 3
    return table.filter(pl.Series(kept))


def _jittering(table: pl.DataFrame) -> pl.DataFrame:
    chance = np.random.default_rng(4)
    return table.with_columns(
        pl.col(name) + pl.Series(chance.normal(0, JITTER_M, table.height))
        for name in ("x_m", "y_m")
    )


def _late(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("time") + pl.duration(milliseconds=300))


def _thinned(every: int) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Of the samples that were read, and not filled in, one of so many."""

    def thinned(table: pl.DataFrame) -> pl.DataFrame:
        read = table.filter("measured")
        return read.filter(pl.int_range(pl.len()).over("car") % every == 0)

    return thinned


if __name__ == "__main__":
    sys.exit(show(main()))
