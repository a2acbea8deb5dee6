"""Order at the end of every lap: racecraft, the source's positions, and official lap charts."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
from harness import Mark, season_of_laps, shared, show
from rich.console import Console
from rich.table import Table

import racecraft as rc
from racecraft.analysis.order.laps import laps
from racecraft.model.race import Race, event_id

if TYPE_CHECKING:
    from pathlib import Path

SEASONS = (2018, 2019, 2021, 2022)


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    races = [race for season in SEASONS for race in season_of_laps(season)]
    return [*_against_source(races), *_against_charts(races, folder / "data" / "lapcharts")]


def _against_source(races: list[Race]) -> list[Mark]:
    table = Table("season", "laps", "equal", "explained", "unexplained", box=None)
    reasons: Counter[str] = Counter()
    total = off = unexplained = 0
    for season in SEASONS:
        audits = [rc.audit(race) for race in races if race.season == season]
        rows = pl.concat(audit.differences for audit in audits).filter(what="position")
        count = sum(audit.compared["position"] for audit in audits)
        lost = rows["reason"].null_count()
        reasons.update(text.partition(":")[0] for text in rows["reason"].drop_nulls())
        share = f"{1 - rows.height / count:.3%}"
        table.add_row(str(season), str(count), share, str(rows.height - lost), str(lost))
        total, off, unexplained = total + count, off + rows.height, unexplained + lost
    console = Console(width=160)
    console.print(table)
    for reason, count in reasons.most_common():
        console.print(f"{count:6d}  {reason}")
    return [
        Mark("equal to the source's position", (100 * (1 - off / total),), unit="%"),
        Mark("equal or explained", (100 * (1 - unexplained / total),), unit="%", least=100),
    ]


def _against_charts(races: list[Race], folder: Path) -> list[Mark]:
    """Compare with the official lap charts, whose rows count cars from the front."""
    table = Table("lap chart", "laps", "racecraft", "the source", "defects of the chart", box=None)
    sums: Counter[str] = Counter()
    by_id = {(race.season, race.event): race for race in races}
    for file in sorted(folder.glob("*.csv")):
        season, _, name = file.stem.partition("_")
        race = by_id[int(season), event_id(name.replace("_", " "))]
        counts = _compared(race, file)
        sums.update(counts)
        shares = [f"{counts[who] / counts['sound']:.2%}" for who in ("racecraft", "source")]
        table.add_row(file.stem, str(counts["sound"]), *shares, str(counts["defects"]))
    Console(width=160).print(table)
    return [
        Mark(f"{who} equal to the lap charts", (100 * sums[who] / sums["sound"],), unit="%")
        for who in ("racecraft", "source")
    ]


def _compared(race: Race, file: Path) -> Counter[str]:
    numbers = dict(race.entries["car", "number"].rows())
    reported = laps(race).join(
        race.lap_chart.select("car", "lap", source="position"), on=["car", "lap"]
    )
    counts: Counter[str] = Counter()
    by_lap = reported.partition_by("lap", as_dict=True)
    for lap, cars in _rows(file):
        timed = by_lap.get((lap,))
        if timed is None:
            continue
        ours = {numbers[d]: (p, s) for d, p, s in timed["car", "position", "source"].rows()}
        # A sound row lists the cars that completed this lap, each of them once.
        if len(set(cars)) < len(cars) or not set(cars) <= set(ours):
            counts["defects"] += len(cars)
            continue
        counts["sound"] += len(cars)
        for place, car in enumerate(cars, start=1):
            position, source = ours[car]
            counts["racecraft"] += position == place
            counts["source"] += source == place
    return counts


def _rows(file: Path) -> list[tuple[int, list[str]]]:
    with file.open(encoding="utf-8") as lines:
        return [
            (int(row[0].removeprefix("LAP ")), [car for car in row[1:] if car])
            for row in csv.reader(lines)
            if row[0].startswith("LAP ")
        ]


if __name__ == "__main__":
    sys.exit(show(main()))
