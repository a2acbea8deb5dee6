"""Everything that a store holds, and what is derived from it, as a file for other programs."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import ArgumentError
from racecraft.model.race import RACE_TABLES
from racecraft.model.season import SEASON_TABLES
from racecraft.show.derived import DERIVED, rows_of_race
from racecraft.show.export import at_the_border
from racecraft.sources.source import tell
from racecraft.store.accounts.catalogue import RACES_STORED
from racecraft.store.sql import Arrow, of_race, of_season

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.model.table import Table
    from racecraft.sources.source import Progress
    from racecraft.store.store import Store

STORAGE = "storage_compatibility_version"  # old enough for the readers that others build in

VIEWS = {
    "laps_in_time": (
        "laps with the moment at which each ended, for charts over time; "
        "lights out is at midnight, for the hour is not recorded",
        """SELECT r.name,
        e.date::TIMESTAMP + to_microseconds((l.time_s * 1000000)::BIGINT) AS moment,
        l.* FROM laps l JOIN races r USING (series, season, event, session)
        LEFT JOIN events e USING (series, season, event)""",
    ),
    "gaps_in_time": (
        "gaps and intervals with the moment of each crossing, likewise",
        """SELECT r.name,
        e.date::TIMESTAMP + to_microseconds((c.time_s * 1000000)::BIGINT) AS moment,
        g.* FROM gaps g JOIN crossings c USING (series, season, event, session, car, lap, line)
        JOIN races r USING (series, season, event, session)
        LEFT JOIN events e USING (series, season, event)""",
    ),
    "overtakes_on_track": (
        "overtakes that two cars fought for, with the name of the race",
        """SELECT r.name, o.* FROM overtakes o JOIN races r USING (series, season, event, session)
        WHERE o.kind = 'on_track'""",
    ),
    "fastest_laps": (
        "fastest lap of every car in every stored race",
        """SELECT r.name, l.* FROM laps l JOIN races r USING (series, season, event, session)
        WHERE l.lap_time_s IS NOT NULL AND NOT coalesce(l.deleted, false) QUALIFY row_number() OVER
        (PARTITION BY l.series, l.season, l.event, l.session, l.car
        ORDER BY l.lap_time_s, l.lap) = 1""",
    ),
    "wins": (
        "every race that was won since 1950, with the winner's name",
        """SELECT r.series, r.season, e.round, e.name AS race, r.driver, d.given_name,
        d.family_name, r.team, r.grid FROM results r JOIN events e USING (series, season, event)
        JOIN drivers d USING (series, season, driver)
        WHERE r.session = 'race' AND r.position = 1""",
    ),
}  # by name: what it holds, and the query


def export_duckdb(
    store: Store, file: Path, *, season: int | None = None, progress: Progress | None = None
) -> dict[str, int]:
    """Write a store into a DuckDB database, in place of the one that was there; rows by table.

    Parameters
    ----------
    season
        Only this year.
    progress
        Called with what is being made, and how much of how much is done.

    Raises
    ------
    ArgumentError
        There is something else than a database in its place, or it cannot be written.
    """
    import duckdb

    _check_place(file)
    counts: dict[str, int] = {}
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".export-") as folder:
            made = Path(folder) / "made.duckdb"
            with duckdb.connect(str(made), config={STORAGE: "v1.0.0"}) as connection:
                for table, rows in exported(store, season=season, progress=progress):
                    connection.register("rows", Arrow(rows))
                    connection.execute(
                        f'CREATE TABLE "{table.name}" AS SELECT * FROM rows'  # noqa: S608 - ours
                    )
                    connection.unregister("rows")
                    _comment(connection, table, rows)
                    counts[table.name] = rows.height
                for name, (about, query) in VIEWS.items():
                    connection.execute(f'CREATE VIEW "{name}" AS {query}')
                    connection.execute(f'COMMENT ON VIEW "{name}" IS {_quoted(about)}')
            made.replace(file)
    except (OSError, duckdb.IOException) as error:
        why = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise ArgumentError(f"{file} cannot be written: {why}", path=str(file)) from error
    return counts


def export_parquet(
    store: Store, folder: Path, *, season: int | None = None, progress: Progress | None = None
) -> dict[str, int]:
    """Write a store as Parquet, a file for each table, and ``tables.json``; rows by table.

    Parameters and raises as `export_duckdb`.
    """
    counts: dict[str, int] = {}
    told = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table, rows in exported(store, season=season, progress=progress):
            part = folder / f".{table.name}.part"
            rows.write_parquet(part)
            part.replace(folder / f"{table.name}.parquet")
            counts[table.name] = rows.height
            told.append({"table": table.name, "columns": _meanings(table, rows)})
        text = json.dumps(told, ensure_ascii=False, indent=1)
        (folder / "tables.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise ArgumentError(f"{folder} cannot be written: {why}", path=str(folder)) from error
    return counts


def exported(
    store: Store, *, season: int | None = None, progress: Progress | None = None
) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Every table with all of its rows: times are seconds, the race they belong to is in front.

    A race that some table cannot be made of has no rows there. Telemetry is left out.
    """
    races = store.load_races(season, series=None)
    seasons = [
        store.load_season(year, series=series)
        for series in store.series()
        for year in store.seasons(series)
        if season in (None, year)
    ]
    total = 1 + len(SEASON_TABLES) + len(RACE_TABLES) + len(DERIVED)
    yield RACES_STORED, store.races(season)
    done = 1
    for name, table in SEASON_TABLES.items():
        tell(progress, name, done := done + 1, total)
        yield table, _rows([of_season(each, each.tables[name]) for each in seasons], table)
    for name, table in RACE_TABLES.items():
        tell(progress, name, done := done + 1, total)
        yield table, _rows([of_race(race, race.tables[name]) for race in races], table)
    for name, (table, _) in DERIVED.items():
        tell(progress, name, done := done + 1, total)
        made = [rows_of_race(name, race) for race in races]
        yield replace(table, name=name), _rows([one for one in made if one is not None], table)


def _rows(frames: list[pl.DataFrame], table: Table) -> pl.DataFrame:
    return at_the_border(pl.concat(frames) if frames else table.empty())


def _comment(connection: Any, table: Table, rows: pl.DataFrame) -> None:
    """What each column means, in the database itself."""
    for column in _meanings(table, rows):
        if column["meaning"]:
            connection.execute(
                f'COMMENT ON COLUMN "{table.name}"."{column["name"]}" IS '
                f"{_quoted(column['meaning'])}"
            )


def _meanings(table: Table, rows: pl.DataFrame) -> list[dict[str, str]]:
    known = {column.name: column.meaning for column in table.columns}
    known |= {f"{name}_s": f"{meaning}; in seconds" for name, meaning in known.items()}
    return [
        {"name": name, "type": str(dtype), "meaning": known.get(name, "")}
        for name, dtype in rows.schema.items()
    ]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _check_place(file: Path) -> None:
    """Refuse to write over anything but a database."""
    if not file.parent.is_dir():
        raise ArgumentError(f"no folder {file.parent}", path=str(file))
    if not file.exists():
        return
    head = b""
    if file.is_file():
        with file.open("rb") as database:
            head = database.read(12)
    if head[8:12] != b"DUCK" or not os.access(file, os.W_OK):
        raise ArgumentError(
            f"{file} is no database of DuckDB", hint="name a file that is not there yet"
        )
