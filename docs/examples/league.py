"""A championship of one's own, over the two races in the package."""

from pathlib import Path

import racecraft as rc
from racecraft.model.rulebook.league import parse_league
from racecraft.title.standings.league import league_season

rules = parse_league(Path(__file__).with_name("league.toml").read_text("utf-8"), season=2023)
season = league_season(rc.load_races(2023), rules)

for driver, points in rc.standings(season)["driver", "points"].head(3).iter_rows():
    print(f"{driver:16} {points:g}")
print(rc.clinch(season).sentence)
