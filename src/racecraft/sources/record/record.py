"""The record: every World Championship race since 1950 as f1db has it, in the package.

All seasons of all tables lie in one file of columns. Times are kept in milliseconds, and rows of
one season stand together, in order, so that a season is a slice.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.errors import NotFoundError
from racecraft.model.packed import DAY, NOTHING, REAL, TEXT, THOUSANDTHS, WHOLE, pack
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.sources.record.file import packed_record
from racecraft.sources.record.years import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from polars._typing import PolarsDataType

    from racecraft.model.packed import PackedColumn, Row
    from racecraft.model.table import Column

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


def pack_record(seasons: Iterable[Season], compress: Callable[[bytes], bytes]) -> bytes:
    """Tables of many seasons as the file of the record: those that have rows, and their columns.

    Parameters
    ----------
    seasons
        In any order.
    compress
        As `pack` takes it.
    """
    told = {season.season: season.tables for season in seasons}
    tables: dict[str, dict[int, list[Row]]] = {}
    layout: dict[str, dict[str, str]] = {}
    for name, table in SEASON_TABLES.items():
        whole = pl.concat(of[name] for of in told.values())
        known = [c for c in table.columns if whole[c.name].null_count() < whole.height]
        if known:
            layout[name] = {column.name: _kind(column.dtype) for column in known}
            columns = [_as_packed(column) for column in known]
            tables[name] = {year: of[name].select(columns).rows() for year, of in told.items()}
    return pack(tables, layout, dict.fromkeys(told, SOURCE), compress)


@cache
def _by_season(name: str) -> dict[int, pl.DataFrame]:
    """A table of the record, season by season; nothing where it has none."""
    packed = packed_record()
    if name not in packed.tables:
        return {}
    told = packed.columns(name)
    whole = pl.DataFrame(_column(packed.column(name, each), each) for each in told)
    whole = whole.select(
        _as_promised(column)
        if column.name in told
        else pl.lit(None, column.dtype).alias(column.name)
        for column in SEASON_TABLES[name].columns
    )
    heights = packed.heights(name)
    starts = accumulate(heights.values(), initial=0)
    return {
        year: whole.slice(start, height)
        for start, (year, height) in zip(starts, heights.items(), strict=False)
        if height
    }


def _kind(dtype: PolarsDataType) -> str:
    """As what a column of a season is packed: numbers are whole but for floats."""
    kinds = {pl.String: TEXT, pl.Date: DAY, pl.Float64: REAL}
    return next((kind for of, kind in kinds.items() if dtype == of), WHOLE)


def _as_packed(column: Column) -> pl.Expr:
    told = pl.col(column.name)
    return told.dt.total_milliseconds() if isinstance(column.dtype, pl.Duration) else told


def _as_promised(column: Column) -> pl.Expr:
    told = pl.col(column.name)
    milliseconds = isinstance(column.dtype, pl.Duration)
    return (told.cast(pl.Duration("ms")) if milliseconds else told).cast(column.dtype)


def _column(packed: PackedColumn, name: str) -> pl.Series:
    """A packed column with nulls where nothing is known."""
    told = np.frombuffer(packed.numbers, packed.numbers.typecode)
    if packed.kind == REAL:
        return pl.Series(name, told).fill_nan(None)
    numbers = pl.Series(name, told / 1000 if packed.kind == THOUSANDTHS else told)
    known = numbers.set(pl.Series(told == NOTHING), None)
    if packed.kind == TEXT:
        return pl.Series(name, packed.texts, pl.String).gather(known)
    if packed.kind == DAY:
        return (known - date(1970, 1, 1).toordinal()).cast(pl.Date)
    return known
