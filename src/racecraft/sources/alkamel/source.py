"""Files of Al Kamel Systems, as ``data add alkamel`` reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import ArgumentError
from racecraft.model.race import DOUBTS, Race
from racecraft.sources.alkamel.files import Published, named, published
from racecraft.sources.alkamel.laps import read_laps
from racecraft.sources.alkamel.results import penalties, read_results, with_status
from racecraft.sources.shared.race_of_rows import tables_of_rows
from racecraft.sources.source import Question, Source, tell

if TYPE_CHECKING:
    from racecraft.sources.source import Asked, Progress


def fetch(asked: Asked, progress: Progress | None = None) -> list[Published]:
    """Files of every race in the folder."""
    tell(progress, "reading files", 0, 1)
    found = published(asked["folder"])
    if len(found) > 1 and asked["event"]:
        raise ArgumentError(
            f"{asked['folder']}: {len(found)} races, but one --event",
            hint="give the folder of one race, or leave --event out",
        )
    tell(progress, "reading files", 1, 1)
    return found


def parse(found: list[Published], asked: Asked) -> list[Race]:
    """Races of the files."""
    return [race_of(told, asked) for told in found]


def race_of(told: Published, asked: Asked) -> Race:
    """Race of its analysis file, its result, or both.

    Raises
    ------
    UnreadableError
        A file is not what it should be.
    ArgumentError
        Neither the files nor the caller say which season or event it is.
    """
    season, event = named(told, asked["season"], asked["event"])
    tables: dict[str, pl.DataFrame] = {"doubts": DOUBTS.empty()}
    clock, doubts = "lights_out", []
    for file, data in told.laps.items():
        laps = read_laps(data, file=file)
        tables, clock = tables_of_rows(laps), laps.clock
    for file, data in told.results.items():
        results = read_results(data, file=file)
        doubts.append(_unmatched(results, tables.get("entries")))
        if told.laps:
            results = with_status(results, laps.rows)
            doubts.append(penalties(results, laps.rows))
        tables["classification"] = results
        tables["entries"] = _entries(tables.get("entries"), results)
    if not told.results:
        doubts.append(_about("classification", "no result in the files: penalties are not known"))
    if not told.laps:
        doubts.append(_about("crossings", "no laps in the files: the result alone is known"))
    return Race(
        series=asked["series"],
        season=season,
        round=told.round,
        name=event,
        date=told.date,
        source="alkamel",
        clock=clock,
    ).with_tables(**tables | {"doubts": pl.concat([tables["doubts"], *doubts])})


def notes(found: list[Published], asked: Asked) -> list[str]:
    """Which files were read, and as what."""
    lines = []
    for told in found:
        season, event = named(told, asked["season"], asked["event"])
        files = " and ".join((*told.laps, *told.results))
        lines.append(f"read {files} as {asked['series']} {season} {event}")
    return lines


def _entries(seen: pl.DataFrame | None, results: pl.DataFrame) -> pl.DataFrame:
    """Cars of the result with what the laps say of them, then those that only the laps know."""
    listed = results.select("car", "number", "team", "class", "vehicle")
    if seen is None:
        return listed
    ours = seen.drop("number", "vehicle")
    both = listed.join(ours, on="car", how="left", suffix="_seen", maintain_order="left")
    both = both.with_columns(
        pl.coalesce(f"{name}_seen", name).alias(name) for name in ("team", "class")
    )
    return pl.concat(
        [
            both.drop("team_seen", "class_seen"),
            seen.drop("vehicle").join(listed, on="car", how="anti"),
        ],
        how="diagonal_relaxed",
    )


def _unmatched(results: pl.DataFrame, seen: pl.DataFrame | None) -> pl.DataFrame:
    if seen is None:
        return DOUBTS.empty()
    started = results.filter(pl.col("laps").fill_null(0) > 0)
    pairs = (
        (seen, results, "drove, but is not in the result"),
        (started, seen, "has laps in the result, but none in the file of laps"),
    )
    return pl.concat(
        DOUBTS.check(
            some.join(others, on="car", how="anti").select(
                "car", table=pl.lit("entries"), reason=pl.lit(reason)
            )
        )
        for some, others, reason in pairs
    )


def _about(table: str, reason: str) -> pl.DataFrame:
    return DOUBTS.rows([{"table": table, "reason": reason}])


SOURCE = Source(
    name="alkamel",
    reads="Races of IMSA, the WEC and others, from Al Kamel's analysis and results files.",
    origin="a folder of Al Kamel's files",
    questions=(
        Question("folder", "Folder of one race, or of many; or one file.", Path, "FOLDER"),
        Question("series", "imsa, wec, elms or another series."),
        Question("season", "Year, where neither files nor folders say.", int | None, default=None),
        Question("event", "Name of the event, likewise.", str | None, default=None),
    ),
    fetch=fetch,
    parse=parse,
    notes=notes,
    gives={
        "crossings": "3 lines a lap",
        "pit_visits": "time in the lane",
        "drivers_in_car": "yes",
        "control": "at crossings",
        "classification": "yes, no points",
    },
    example="racecraft data add alkamel long_beach_2023 --series imsa",
)
