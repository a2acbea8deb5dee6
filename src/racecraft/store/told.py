"""Races and seasons as one account on disk tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.errors import UnreadableError
from racecraft.model.race import CLASSIFICATION, RACE_TABLES, SAMPLES, Race
from racecraft.model.season import RESULTS, SEASON_TABLES, Season
from racecraft.store.accounts.history import known_on
from racecraft.store.accounts.parquet import Account, read_account, read_later

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import polars as pl

    from racecraft.model.table import Table


def race_told(folder: Path, as_of: date | None) -> Race:
    """Race of an account; its telemetry and positions are read when somebody asks for them."""
    account = read_account(folder, without=list(SAMPLES))
    facts = account.manifest.facts
    samples = {
        name: read_later(folder, account.manifest.tables[name], table)
        for name, table in SAMPLES.items()
        if name in account.manifest.tables
    }
    tables = _kept(account.tables, RACE_TABLES)
    if as_of is not None and "classification" in account.earlier:
        earlier = account.earlier["classification"]
        current = tables.get("classification", CLASSIFICATION.empty())
        tables["classification"] = known_on(current, earlier, as_of, race=())
    return Race.of_checked({**facts, **samples}, tables)


def season_told(account: Account, as_of: date | None) -> Season:
    """Season of an account, with the results that held on a day."""
    tables = _kept(account.tables, SEASON_TABLES)
    if as_of is not None and "results" in account.earlier:
        current = tables.get("results", RESULTS.empty())
        tables["results"] = known_on(current, account.earlier["results"], as_of)
    return Season.of_checked(account.manifest.facts, tables)


def _kept(
    stored: Mapping[str, pl.DataFrame], promised: Mapping[str, Table]
) -> dict[str, pl.DataFrame]:
    """Stored tables that are promised; their checksums say that they keep it."""
    return {name: stored[name] for name in promised if name in stored}


def what_is_readable(folder: Path) -> Account | None:
    """Account in a folder; None where there is none, or one that is not as it was written."""
    try:
        return read_account(folder)
    except (FileNotFoundError, UnreadableError):
        return None


def says_the_same(
    account: Account, facts: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]
) -> bool:
    """Whether an account is what a source says now."""
    with_rows = {name: table for name, table in tables.items() if len(table)}
    return (
        account.manifest.facts == facts
        and account.tables.keys() == with_rows.keys()
        and all(account.tables[name].equals(table) for name, table in with_rows.items())
    )
