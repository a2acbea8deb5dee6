"""Gap and interval of the cars at one line, and the interval between two cars at the last lines."""

import polars as pl

import racecraft as rc

race = rc.load_race(2023, "São Paulo")
at_the_flag = rc.gaps(race).filter(pl.col("lap") == 71, pl.col("line") == "Line")
print(at_the_flag.head(5))
print(rc.gaps(race, drivers=("ALO", "PER")).filter(pl.col("lap") >= 70))
