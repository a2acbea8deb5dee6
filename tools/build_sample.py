"""Carry the facts of the season 2023 over into the package, in the package's own tables.

    python tools/build_sample.py FACTS

FACTS is the folder with the plain CSV files that docs/sample.md describes. The files in
src/racecraft/sources/sample/data are written anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.clock import duration
from racecraft.model.race import DOUBTS, PIT_VISITS, event_id
from racecraft.model.season import Season
from racecraft.sources.shared.race_from_lap_times import SECTORS, race_from_lap_times

if TYPE_CHECKING:
    from racecraft.model.race import Race

LAPS = {"mexico-city-grand-prix": "19_mexico_city", "sao-paulo-grand-prix": "20_sao_paulo"}
TARGET = Path(__file__).parents[1] / "src/racecraft/sources/sample/data"


def main(facts: Path) -> None:
    """Write the tables of the season and of its two races."""
    season = read_season(facts)
    write(TARGET, season.tables)
    for event, file in LAPS.items():
        write(TARGET / event, read_race(season, event, facts / f"laps_2023_{file}.csv").tables)


def read_season(facts: Path) -> Season:
    """Season of the CSV files of facts."""
    events = pl.read_csv(facts / "events_2023.csv", try_parse_dates=True).with_columns(
        event=pl.col("name").map_elements(event_id, return_dtype=pl.String),
        laps="race_laps",
    )
    by_round = events.select("round", "event", as_of="date")
    results = pl.read_csv(
        facts / "results_2023.csv", schema_overrides={"position_text": pl.String}
    ).join(by_round, on="round")
    return Season(
        season=2023,
        source="sample",
        events=events,
        drivers=pl.read_csv(facts / "drivers_2023.csv", try_parse_dates=True),
        teams=results.select("team").unique().sort("team"),
        results=results.with_columns(
            grid=pl.when(pl.col("grid") > 0).then("grid"),
            time=duration("race_time_s"),
            fastest_lap_time=clock("fastest_lap_time"),
        ),
        qualifying=pl.read_csv(facts / "qualifying_2023.csv")
        .join(by_round, on="round")
        .with_columns(clock(part) for part in ("q1", "q2", "q3")),
        pit_stops=pl.read_csv(facts / "pit_stops_2023.csv")
        .join(by_round, on="round")
        .with_columns(clock("duration")),
    )


def read_race(season: Season, event: str, file: Path) -> Race:
    """Race of a CSV file of lap times, with sectors where it has them."""
    laps = pl.read_csv(file).rename({"driver": "car"})
    laps = laps.with_columns(duration("lap_time_s").alias("lap_time")).with_columns(
        duration(f"{sector}_s").alias(sector) for sector in SECTORS if f"{sector}_s" in laps.columns
    )
    race = race_from_lap_times(season, event, laps)
    return with_first_lap_retirement(race) if event == "mexico-city-grand-prix" else race


def with_first_lap_retirement(race: Race) -> Race:
    """Mexico City with the visit of PER on lap 1, from which he did not come back out.

    The stops as published leave it out, since the car was never released.
    """
    visit = PIT_VISITS.rows([{"car": "PER", "lap": 1}])
    doubt = DOUBTS.rows(
        [
            {
                "table": "pit_visits",
                "car": "PER",
                "lap": 1,
                "reason": "not among the published stops: reached the pits and retired there",
            }
        ]
    )
    return race.with_tables(
        pit_visits=pl.concat([race.pit_visits, visit]), doubts=pl.concat([race.doubts, doubt])
    )


def clock(column: str) -> pl.Expr:
    """Exact duration of ``m:ss.mmm`` or ``ss.mmm``."""
    parts = pl.col(column).cast(pl.String).str.split(":").list.reverse()
    return duration(
        parts.list.get(0).cast(pl.Float64)
        + 60 * parts.list.get(1, null_on_oob=True).cast(pl.Float64).fill_null(0)
    ).alias(column)


def write(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Write the tables that have rows, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        if not table.is_empty():
            table.write_parquet(
                folder / f"{name}.parquet", compression="zstd", compression_level=19
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
