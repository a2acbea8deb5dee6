"""Places gained on lap 1 against published lap charts; and where cars were on the way to Turn 1."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from harness import Mark, season_of_laps, shared, show

from racecraft.analysis.fights.start import start
from racecraft.analysis.order.timing import timing
from racecraft.analysis.telemetry.distance import by_positions_alone
from racecraft.analysis.telemetry.from_grid import from_grid
from racecraft.model.race import event_id
from racecraft.sources.registry import source

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
        *_places(public / "data"),
    ]  # fmt: skip


def _places(data: Path) -> list[Mark]:
    """How far positions, and slots with speed, are off the first timing line when cars cross it."""
    race = _on_its_grid(data)
    grid, alone = from_grid(race), by_positions_alone(race)
    assert grid is not None  # noqa: S101
    assert alone is not None  # noqa: S101
    at, line = timing(race), next(each for each in alone.lines if each.name == "S1")
    away = [at.cars.index(car) for car in grid.cars]
    off = {}
    for name, cars in (("slot and speed", grid.cars), ("positions", alone.cars)):
        found = [
            np.interp(at.time[0, k], (own := cars[at.cars[k]]).time, own.place_m) for k in away
        ]
        off[name] = np.array(found) - np.median(found)
    way = float(line.distance_m - np.median([own.place_m[0] for own in grid.cars.values()]))
    note = f"Zandvoort 2025, {len(away)} cars, {way:.0f} m from the grid; median deviation, scaled"
    off["positions standing on the grid, off the slot"] = np.array(list(grid.off_m.values()))
    return [
        Mark(f"{name}, off at the first timing line" if "standing" not in name else name,
             (1.4826 * float(np.median(np.abs(values))),), unit="m", note=note)
        for name, values in off.items()
    ]  # fmt: skip


def _on_its_grid(data: Path) -> Race:
    """The Dutch Grand Prix of 2025 with its telemetry, and with its grid by the Ergast tables."""
    asked = {"where": str(data / "telemetry" / "2025 Dutch Grand Prix"), "event": None,
             "season": None, "session": None, "telemetry": True}  # fmt: skip
    told = source("tracinginsights")
    (race,) = told.parse(told.fetch(asked, None), asked)
    tables = {name: pl.read_csv(data / "ergast" / f"{name}.csv", null_values="\\N",
                                infer_schema_length=None)
              for name in ("races", "results", "drivers")}  # fmt: skip
    event = tables["races"].filter(year=2025, name="Dutch Grand Prix")["raceId"].item()
    grid = tables["results"].filter(raceId=event).join(tables["drivers"], on="driverId")
    slots = dict(grid.select("code", "grid").filter(pl.col("grid") > 0).iter_rows())
    known = pl.col("car").replace_strict(slots, default=None, return_dtype=pl.Int16)
    return race.with_tables(entries=race.entries.with_columns(grid=known))


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
