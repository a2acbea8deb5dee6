"""Overtakes and battles of whole seasons, read from a store."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from harness import Mark, season_of_laps, shared, show, timed

import racecraft as rc
from racecraft.store.store import Store

SEASONS = (2019, 2021)


def main() -> list[Mark]:
    if shared() is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    with tempfile.TemporaryDirectory() as place:
        return [_measured(season, Path(place)) for season in SEASONS]


def _measured(season: int, place: Path) -> Mark:
    store = Store(place)
    for race in season_of_laps(season):
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
