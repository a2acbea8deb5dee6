"""Who passed whom at the end of São Paulo, and how often in all."""

import polars as pl

import racecraft as rc

race = rc.load_race(2023, "São Paulo")
table = rc.overtakes(race)
podium = table.filter(pl.col("lap") >= 70, pl.col("position") == 3)
print(podium.select("lap", "line", "passer", "passed", "kind", "margin", "held", "retaken_lap"))
print(table.group_by("kind").len().sort("len", "kind", descending=True))
