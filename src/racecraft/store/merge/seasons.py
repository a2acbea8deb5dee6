"""Several accounts of one season become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import ArgumentError
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.store.merge.alignment import aligned
from racecraft.store.merge.races import coalesce
from racecraft.store.merge.season_differences import season_differences

if TYPE_CHECKING:
    from collections.abc import Sequence

# Whose word counts first where results are of the same day: those who are corrected soonest.
NAMES = "f1db"  # whose names of events and codes of drivers are used where it tells of a season
PREFERRED = ("jolpica", "fastf1", "ergast_dump", "f1db", "sample")

# Rows that only make sense together: they all come from one account.
_WHOLE = {
    "results": ["event", "session"],
    "qualifying": ["event"],
    "sprint_qualifying": ["event"],
    "pre_qualifying": ["event"],
    "pit_stops": ["event"],
    "driver_standings": ["event"],
    "constructor_standings": ["event"],
}


def reconcile_seasons(accounts: Sequence[Season]) -> Season:
    """One season of all that several sources say about it, in whatever order they are given.

    Parameters
    ----------
    accounts
        Accounts of the same season.

    Returns
    -------
    Season
        Every event, driver and team that any account has, each field from the first account that
        has it. The results of a race come from the account that knew them last (``as_of``), and
        what those rows leave out from accounts with the same result; qualifying, pit stops and
        standings of an event come from one account. ``season_doubts`` has what they disagree on.

    Raises
    ------
    ArgumentError
        No account, or accounts of different seasons.
    """
    if not accounts:
        raise ArgumentError("no account of a season to reconcile")
    if len({(account.series, account.season) for account in accounts}) > 1:
        raise ArgumentError("accounts of different seasons cannot become one")
    if len(accounts) == 1:
        return accounts[0]
    ranked = sorted(accounts, key=_rank)
    ranked = aligned(ranked, next((one for one in ranked if one.source == NAMES), ranked[0]))
    tables = {
        name: (
            _whole(name, [account.tables[name] for account in ranked])
            if name in _WHOLE
            else coalesce([account.tables[name] for account in ranked], table.key)
        )
        for name, table in SEASON_TABLES.items()
        if table.key
    }
    first, *others = ranked
    tables["season_doubts"] = pl.concat(
        [account.season_doubts for account in ranked]
        + [season_differences(first, other) for other in others]
    )
    tables["events"] = tables["events"].sort("round", "date", nulls_last=True)
    return Season(
        season=ranked[0].season,
        series=ranked[0].series,
        rules=None,
        source="+".join(dict.fromkeys(account.source for account in ranked)),
        **{name: SEASON_TABLES[name].check(table) for name, table in tables.items()},
    )


def _rank(account: Season) -> tuple[int, str, int]:
    known = account.source in PREFERRED
    place = PREFERRED.index(account.source) if known else len(PREFERRED)
    return place, account.source, -account.results.height


def _whole(name: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Groups of rows, each from one frame: the one of the latest date, or the first that has it."""
    group, key = _WHOLE[name], SEASON_TABLES[name].key
    by_rank = [frame.with_columns(rank=pl.lit(rank)) for rank, frame in enumerate(frames)]
    latest = pl.col("as_of").max() if name == "results" else pl.lit(None, pl.Date)
    chosen = (
        pl.concat(by_rank)
        .group_by(*group, "rank")
        .agg(since=latest)
        .sort("since", "rank", descending=[True, False], nulls_last=True)
        .unique(group, keep="first", maintain_order=True)
    )
    rows = pl.concat(by_rank).join(chosen, on=[*group, "rank"], how="semi").drop("rank")
    if name != "results":
        return rows
    same_result = [*key, "position_text"]
    gridded = rows.filter(pl.col("grid").is_not_null()).select(group).unique()
    others = [
        _without_grids(
            frame.join(rows, on=same_result, how="semi", nulls_equal=True), gridded, group
        )
        for frame in frames
    ]
    return coalesce([rows, *others], key)


def _without_grids(frame: pl.DataFrame, gridded: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """Results to fill others with; in a race whose grid is known, who lacks a place had none."""
    return (
        frame.join(
            gridded.with_columns(known=pl.lit(value=True)),
            on=group,
            how="left",
            maintain_order="left",
        )
        .with_columns(grid=pl.when(pl.col("known").is_null()).then("grid"))
        .drop("known")
    )
