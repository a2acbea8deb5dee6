"""The longest trains of Mexico City."""

import polars as pl

import racecraft as rc

race = rc.load_race(2023, "Mexico City")
with pl.Config(tbl_cols=-1, tbl_width_chars=120):
    print(rc.trains(race).head(5))
