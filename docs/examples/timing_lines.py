"""Crossings of one car, and what is not known about them."""

import polars as pl

import racecraft as rc

race = rc.load_race(2023, "São Paulo")
print(race.lines.select("line", "order", "sector"))
print(race.crossings.filter(pl.col("car") == "ALO", pl.col("lap") >= 70).sort("time"))
print(race.doubts.group_by("table").len().sort("table"))
