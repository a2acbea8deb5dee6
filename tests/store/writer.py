"""A process that writes to a store until it is killed; it says when it has written once."""

from __future__ import annotations

import itertools
import sys
from dataclasses import replace

import polars as pl

from racecraft.sources.sample.sample import sample_season
from racecraft.sources.sample.toy import toy_race
from racecraft.store.store import Store


def main(folder: str) -> None:
    store = Store(folder, sample=False)
    race, season = toy_race(), sample_season()
    for number in itertools.count(1):
        # Every account tells one number throughout, so that a mixture of two would be seen.
        later = race.crossings.with_columns(pl.col("time") + pl.duration(microseconds=number))
        told = race.with_tables(
            crossings=later,
            lap_chart=pl.DataFrame({"car": ["VER"], "lap": [1], "position": [number % 99 + 1]}),
        )
        store.add_race(replace(told, round=number % 99 + 1))
        swapped = season.results.with_columns(points=pl.lit(float(number)))
        store.add_season(replace(season, results=swapped))
        if number == 1:
            sys.stdout.write("ready\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
