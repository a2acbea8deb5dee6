"""The standings of 2023 after the sprint of Qatar, and the points of one result."""

import polars as pl

from racecraft.model.rulebook.book import rulebook
from racecraft.sources.sample.sample import sample_season
from racecraft.title.standings.points import points
from racecraft.title.standings.standings import standings

season = sample_season()
for row in standings(season, after="17:sprint").head(3).iter_rows(named=True):
    print(f"{row['position']} {row['driver']} {row['points']:g} points, {row['wins']} wins")

row = points(season).filter(
    pl.col("driver") == "NOR", pl.col("event") == "sao-paulo-grand-prix", session="race"
)
print(f"Norris in São Paulo: {row['points'].item():g}, of these {row['lap_points'].item():g}"
      " for the fastest lap")  # fmt: skip

print("points of a race in Spa 2021:", rulebook(2021).scale("belgian-grand-prix"))
print("results that count in 1967:", rulebook(1967).drivers.parts(11))
