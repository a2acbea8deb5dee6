"""The battles of São Paulo that swapped places, hardest first."""

import polars as pl

import racecraft as rc

race = rc.load_race(2023, "São Paulo")
fought = rc.battles(race).filter(pl.col("swaps") > 0).sort("intensity", descending=True)
columns = ("first", "second", "position", "start_lap", "end_lap", "swaps", "closest", "ended_by")
with pl.Config(tbl_cols=-1, tbl_width_chars=120):
    print(fought.select(columns).head(5))
