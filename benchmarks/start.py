"""Places gained on lap 1, of races with laps only, against published lap charts."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

from harness import Mark, season_of_laps, shared, show

from racecraft.analysis.fights.start import start
from racecraft.model.race import event_id

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

SEASONS = (2021, 2022)


def main() -> list[Mark]:
    public = shared()
    if public is None:
        return []
    right, races, told = 0, 0, 0
    for season in SEASONS:
        charts = {
            path.stem.partition("_")[2].replace("_", "-"): path
            for path in (public / "data" / "lapcharts").glob(f"{season}_*.csv")
        }
        for race in season_of_laps(season, filled=True):
            chart = charts.get(event_id(race.name))
            if chart is not None:
                same = _same(race, chart)
                right, told, races = right + sum(same), told + len(same), races + 1
    return [
        Mark("places gained on lap 1 as in the published lap chart", (right / max(told, 1),),
             unit="", least=0.94, note=f"{told} cars of {races} races"),
    ]  # fmt: skip


def _same(race: Race, chart: Path) -> list[bool]:
    """For every car of a chart that has both, whether it gained as many places as we say."""
    with chart.open(encoding="utf-8") as lines:
        rows = {row[0]: row[1:] for row in csv.reader(lines) if row}
    grid, end = (
        {number: place for place, number in enumerate(rows.get(name, []), 1) if number}
        for name in ("GRID", "LAP 1")
    )
    numbers = dict(race.entries["car", "number"].rows())
    return [
        grid[numbers[car]] - end[numbers[car]] == gained
        for car, gained in start(race).table["car", "gained"].rows()
        if gained is not None and numbers[car] in grid and numbers[car] in end
    ]


if __name__ == "__main__":
    sys.exit(show(main()))
