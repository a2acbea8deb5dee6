"""Which seasons, races and sprints are stored, and whose accounts of them there are."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.race import RACE_FACTS
from racecraft.model.table import Column, Table
from racecraft.model.terms import FORMULA_ONE
from racecraft.sources.sample.sample import RACES, sample_race
from racecraft.store.accounts.folders import (
    account_folders,
    race_folders,
    season_folders,
    season_of,
)
from racecraft.store.accounts.parquet import read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from racecraft.store.accounts.manifest import Manifest

RACES_STORED = Table(
    "races",
    key=("series", "season", "event", "session"),
    columns=(
        Column("series", pl.String, "whose championship: f1, imsa, ..."),
        Column("season", pl.Int16, "year of the season"),
        Column("round", pl.Int16, "round of the season; null if no source says"),
        Column("event", pl.String, "stable name of the event within its season"),
        Column("name", pl.String, "name of the event"),
        Column("session", pl.String, "race or sprint"),
        Column("date", pl.Date, "day of the race; null if no source says"),
        Column("source", pl.String, "whose accounts there are"),
        Column("resolution", pl.String, "laps, sectors or mini-sectors"),
        Column("fetched", pl.Datetime("us", "UTC"), "when the last of them was stored; null for "
               "the sample, which is always there"),
    ),
)  # fmt: skip

_LINES_PER_LAP = {0: None, 1: "laps", 2: "sectors", 3: "sectors"}


def races_stored(
    store: Path, *, season: int | None = None, series: str | None = None, sample: bool = True
) -> pl.DataFrame:
    """Return ``RACES_STORED``: one row per race or sprint of which there is an account.

    Parameters
    ----------
    store
        Folder of the store.
    season, series
        Only that one.
    sample
        Whether the races of the sample are there too.
    """
    rows: dict[tuple[str, int, str, str], dict[str, Any]] = {}
    accounts = [*_accounts_of_races(store, season), *(_accounts_in_sample() if sample else ())]
    for facts, lines, fetched in accounts:
        if season in (None, facts["season"]) and series in (None, facts["series"]):
            key = (facts["series"], facts["season"], facts["event"], facts["session"])
            row = rows.setdefault(key, {**facts, "lines": 0, "sources": set(), "fetched": None})
            row["lines"] = max(row["lines"], lines)
            row["sources"].add(facts["source"])
            row["round"] = facts["round"] if row["round"] is None else row["round"]
            row["date"] = facts["date"] if row["date"] is None else row["date"]
            row["fetched"] = max(filter(None, (row["fetched"], fetched)), default=None)
    return in_order(
        RACES_STORED.rows(
            [
                {
                    **{name: row[name] for name in RACES_STORED.schema.names() if name in row},
                    "source": "+".join(sorted(row["sources"])),
                    "resolution": _LINES_PER_LAP.get(row["lines"], "mini-sectors"),
                }
                for row in rows.values()
            ]
        )
    )


def in_order(stored: pl.DataFrame) -> pl.DataFrame:
    """Races by series, season and round, or else by day; a sprint comes before its race."""
    weekend = pl.col("session").replace_strict({"sprint": 0, "race": 1}, return_dtype=pl.Int8)
    other = pl.col("series") != FORMULA_ONE
    return stored.sort(
        other, "series", "season", "round", "date", "event", weekend, nulls_last=True
    )


def _accounts_of_races(
    store: Path, season: int | None
) -> Iterator[tuple[dict[str, Any], int, datetime | None]]:
    """Facts, lines per lap and time of storing of every account of a race."""
    seasons = [path for path in season_folders(store) if season in (None, season_of(path))]
    for race in chain.from_iterable(map(race_folders, seasons)):
        for account in account_folders(race):
            manifest = manifest_of(account)
            if manifest is None:
                continue
            lines = manifest.tables.get("lines")
            yield manifest.facts, lines.rows if lines else 0, manifest.fetched


def manifest_of(account: Path) -> Manifest | None:
    """Manifest of an account; None where it cannot be read, so that one spoils no list of all."""
    try:
        return read_manifest(account)
    except (UnreadableError, FileNotFoundError):
        return None


@cache
def _accounts_in_sample() -> list[tuple[dict[str, Any], int, None]]:
    races = [sample_race(event) for event in RACES]
    return [
        ({name: getattr(race, name) for name in RACE_FACTS}, race.lines.height, None)
        for race in races
    ]
