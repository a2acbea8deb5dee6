"""Carry the facts of the season 2023 over into the package, in the package's own tables.

    python tools/build_sample.py FACTS TELEMETRY

FACTS is the folder with the plain CSV files that docs/sample.md describes, TELEMETRY the one with
a folder of samples for each race. The files in src/racecraft/sources/sample/data are written anew.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.clock import duration
from racecraft.model.race import CORNERS, DOUBTS, PIT_VISITS, POSITIONS, TELEMETRY, event_id
from racecraft.model.season import Season
from racecraft.sources.shared.race_from_lap_times import SECTORS, race_from_lap_times
from racecraft.sources.shared.sample_doubts import sample_doubts

if TYPE_CHECKING:
    from racecraft.model.race import Race

MEASURED = {"mexico-city-grand-prix": "mexico_city", "sao-paulo-grand-prix": "sao_paulo"}
DECIMETRE = 0.1
LAPS = {"mexico-city-grand-prix": "19_mexico_city", "sao-paulo-grand-prix": "20_sao_paulo"}
DOUBT_OF_SAMPLES = (
    "only some laps of some cars; readings of car and position are merged, so that every row is "
    "half filled in; an edge of throttle or brake may be off by a sample or two"
)
TARGET = Path(__file__).parents[1] / "src/racecraft/sources/sample/data"


def main(facts: Path, telemetry: Path) -> None:
    """Write the tables of the season and of its two races."""
    season = read_season(facts)
    write(TARGET, season.tables)
    for event, file in LAPS.items():
        race = read_race(season, event, facts / f"laps_2023_{file}.csv")
        race, samples = with_samples(race, telemetry / MEASURED[event])
        write(TARGET / event, race.tables | samples)


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


def with_samples(race: Race, folder: Path) -> tuple[Race, dict[str, pl.DataFrame]]:
    """Race with its corners and what is doubtful about the samples; and its samples.

    The two feeds are merged: a speed that is no whole number is filled in, and the position beside
    it read. Where the speed is whole, the position is taken as filled in.
    """
    corners = pl.read_csv(folder / "corners.csv", schema_overrides={"distance_m": pl.Float64})
    line = {(car, lap): end for car, lap, end in
            race.crossings.filter(line="Line")["car", "lap", "time"].rows()}  # fmt: skip
    parts = []
    for path in sorted(folder.glob("*_*.csv")):
        car, lap = path.stem.split("_")
        began = timedelta(0) if lap == "1" else line[car, int(lap) - 1]
        read = pl.read_csv(path, schema_overrides={"speed_kmh": pl.Float64})
        whole = pl.col("speed_kmh") == pl.col("speed_kmh").round()
        parts.append(
            read.select(
                car=pl.lit(car), time=duration("time_s") + began, speed_kmh="speed_kmh",
                throttle=pl.col("throttle_pct").cast(pl.Float64), brake=pl.col("brake") > 0,
                x_m=pl.col("x_dm") * DECIMETRE, y_m=pl.col("y_dm") * DECIMETRE, whole=whole,
            )
        )  # fmt: skip
    samples = pl.concat(parts).unique(["car", "time"], keep="first").sort("car", "time")
    told = TELEMETRY.check(samples.with_columns(measured=pl.when(~pl.col("whole")).then(False)))
    placed = POSITIONS.check(
        samples.with_columns(measured=~pl.col("whole") | (pl.col("speed_kmh") == 0))
    )
    doubt = DOUBTS.rows([{"table": "telemetry", "reason": DOUBT_OF_SAMPLES}])
    race = race.with_tables(
        corners=CORNERS.check(
            corners.select(
                "distance_m", corner=pl.col("corner").cast(pl.String),
                x_m=pl.col("x_dm") * DECIMETRE, y_m=pl.col("y_dm") * DECIMETRE,
            )
        ),
        doubts=pl.concat([race.doubts, doubt, sample_doubts(told, placed)]),
    )  # fmt: skip
    return race, {"telemetry": told, "positions": placed}


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
    main(Path(sys.argv[1]), Path(sys.argv[2]))
