"""Overtakes and battles of whole seasons, read from a store."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from harness import Mark, shared, show, timed
from racecraft.store.library import Store

import racecraft as rc
from racecraft.sources import laps_csv

SEASONS = (2019, 2021)


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    with tempfile.TemporaryDirectory() as place:
        return [_measured(season, folder, Path(place)) for season in SEASONS]


def _measured(season: int, folder: Path, place: Path) -> Mark:
    store = Store(place)
    for race in laps_csv.parse(
        folder / "data" / "laps" / f"grand_prix_{season}.csv", season=season
    ):
        store.add_race(race)

    def answer() -> tuple[int, int, int, int]:
        races = rc.load_races(season, store=store)
        laps = sum(race.lap_chart.height for race in races)
        overtakes = sum(rc.overtakes(race).height for race in races)
        battles = sum(rc.battles(race).height for race in races)
        return len(races), laps, overtakes, battles

    races, laps, overtakes, battles = answer()
    note = f"{races} races, {laps:,} laps: {overtakes:,} changes of position, {battles:,} battles"
    return timed(f"overtakes and battles of {season}", answer, limit=1, note=note)


if __name__ == "__main__":
    sys.exit(show(main()))
