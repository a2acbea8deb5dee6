"""The record: every World Championship race since 1950 as f1db has it, in the package.

All seasons of one table lie in one Parquet file. Times are kept in milliseconds, and rows of one
season stand together, in order, so that a season is a slice.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import NotFoundError
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.sources.record.years import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE = "f1db"


def record_season(season: int) -> Season:
    """Season of the record: calendar, results, grids, qualifying, pit stops, published standings.

    The day from which a result was known is not in it.

    Raises
    ------
    NotFoundError
        The record has the seasons from `FIRST` to `LAST`.

    Examples
    --------
    >>> record_season(1957)
    <Season 1957: 8 events, 171 results from f1db>
    """
    if not FIRST <= season <= LAST:
        raise NotFoundError(
            f"the record has no season {season}",
            hint=f"it has those from {FIRST} to {LAST}",
            season=season,
        )
    tables = {name: part[season] for name in SEASON_TABLES if season in (part := _by_season(name))}
    return Season.of_checked({"season": season, "source": SOURCE}, tables)


def years_of(event: str) -> list[int]:
    """Years in which an event of a stable name was held, by the record.

    >>> years_of("styrian-grand-prix")
    [2020, 2021]
    """
    return sorted(year for year, events in _by_season("events").items() if event in events["event"])


def pack(seasons: Iterable[Season]) -> dict[str, pl.DataFrame]:
    """Tables of many seasons as they are packed: those that have rows, by name."""
    told = list(seasons)
    packed = {}
    for name, table in SEASON_TABLES.items():
        whole = pl.concat(
            season.tables[name].select(pl.lit(season.season, pl.Int16).alias("season"), pl.all())
            for season in told
        )
        durations = [c.name for c in table.columns if isinstance(c.dtype, pl.Duration)]
        if len(whole):
            packed[name] = whole.with_columns(
                pl.col(name).dt.total_milliseconds().cast(pl.Int32) for name in durations
            ).select(
                column for column in whole.columns if whole[column].null_count() < whole.height
            )
    return packed


@cache
def _by_season(name: str) -> dict[int, pl.DataFrame]:
    """A packed table, season by season; nothing where it has no file."""
    path = files("racecraft.sources.record") / "data" / f"{name}.parquet"
    if not path.is_file():
        return {}
    whole = pl.read_parquet(path.read_bytes())
    table = SEASON_TABLES[name]
    columns = []
    for column in table.columns:
        if column.name not in whole.columns:
            columns.append(pl.lit(None, column.dtype).alias(column.name))
        elif isinstance(column.dtype, pl.Duration):
            columns.append(pl.col(column.name).cast(pl.Duration("ms")).cast(column.dtype))
        else:
            columns.append(pl.col(column.name).cast(column.dtype))
    return {
        year: part
        for (year,), part in whole.select("season", *columns)
        .partition_by("season", as_dict=True, include_key=False)
        .items()
    }
