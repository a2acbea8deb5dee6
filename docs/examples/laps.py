"""Laps, stints and stops of one driver in São Paulo."""

import polars as pl

import racecraft as rc

race = rc.load_race(2023, "São Paulo")
perez = pl.col("car") == "PER"
columns = ("lap", "time", "lap_time", "position", "stint", "in_lap", "out_lap", "state")
print(rc.laps(race).filter(perez, pl.col("lap") <= 5).select(columns))
print(rc.stints(race).filter(perez).drop("compound", "tyre_age"))
print(rc.stops(race).filter(perez).drop("compound", "tyres_changed"))
