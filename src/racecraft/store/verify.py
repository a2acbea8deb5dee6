"""Whether everything in a store is as it was written, and can be read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.model.race import RACE_TABLES, SAMPLES
from racecraft.model.season import SEASON_TABLES
from racecraft.model.table import Column, Table
from racecraft.store.accounts.folders import (
    MANIFEST,
    account_folders,
    accounts_of_season,
    race_folders,
    season_folders,
    season_of,
    series_of,
)
from racecraft.store.accounts.history import with_version
from racecraft.store.accounts.older import table_of_today
from racecraft.store.accounts.parquet import read_manifest, read_table, strays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from racecraft.store.accounts.manifest import TableFile
    from racecraft.store.store import Store

    Fault = tuple[Path, str, bool]

FAULTS = Table(
    "faults",
    key=("path",),
    columns=(
        Column("path", pl.String, "file or folder, from the folder of the store"),
        Column("fault", pl.String, "what is wrong with it"),
        Column("harmless", pl.Boolean, "nothing stored is touched: it is left of a killed write"),
    ),
)


def faults(store: Store) -> pl.DataFrame:
    """Whatever in a store is not as it was written, or breaks a reader; empty where all is well.

    Returns
    -------
    DataFrame
        ``FAULTS``: tables whose checksum, row count or promise does not hold, tables that are gone,
        manifests that cannot be read or say what cannot be, folders of no season, and what is whole
        file by file but cannot be made a race or a season; and as harmless, files that no manifest
        names.
    """
    rows = [
        {"path": str(path.relative_to(store.folder)), "fault": fault, "harmless": harmless}
        for season in season_folders(store.folder)
        for path, fault, harmless in _faults_of_season(store, season)
    ]
    return FAULTS.rows(rows)


def _faults_of_season(store: Store, season: Path) -> Iterator[Fault]:
    year = season_of(season)
    if year is None:
        yield season, "no season of a championship; expected season=YEAR", False
        return
    found = [fault for folder in accounts_of_season(season) for fault in _of_account(folder)]
    yield from found
    if all(harmless for *_, harmless in found):
        yield from _unreadable(store, season, year)


def _unreadable(store: Store, season: Path, year: int) -> Iterator[Fault]:
    """What is whole file by file, but cannot be made a season or a race."""
    series = series_of(season)
    load_season = partial(store.load_season, year, series=series)
    if account_folders(season) and (fault := _why(load_season)):
        yield season, fault, False
        return
    for folder in race_folders(season):
        if account_folders(folder):
            event = folder.parent.name.partition("=")[2]
            session = folder.name.partition("=")[2]
            if fault := _why(partial(store.load_race, year, event, session=session, series=series)):
                yield folder, fault, False


def _why(read: Callable[[], object]) -> str:
    """Why something cannot be read; empty if it can."""
    try:
        read()
    except RacecraftError as error:
        return error.message
    except Exception as error:  # noqa: BLE001  whatever it is, a reader would meet it
        return f"{type(error).__name__}: {error}"
    return ""


def _of_account(folder: Path) -> Iterator[Fault]:
    try:
        manifest = read_manifest(folder)
    except FileNotFoundError:
        yield folder, "without a manifest: left of a write that was killed", True
        return
    except RacecraftError as error:
        yield folder / MANIFEST, _without_path(error), False
        return
    promises = {**RACE_TABLES, **SAMPLES} if "name" in manifest.facts else SEASON_TABLES
    for name, stored in manifest.tables.items():
        if fault := _fault_of_table(folder, stored, promises.get(name)):
            yield folder / stored.file, fault, False
    for name, stored in manifest.earlier.items():
        promise = promises.get(name)
        if fault := _fault_of_table(folder, stored, promise and with_version(promise)):
            yield folder / stored.file, fault, False
    for path in strays(folder, manifest):
        yield path, "named by no manifest: left of a write that was killed, or replaced", True


def _fault_of_table(folder: Path, stored: TableFile, promise: Table | None) -> str:
    """What is wrong with a stored table, in words; empty if nothing is."""
    if promise is None:
        return "no table of such an account"
    try:
        promise.check(table_of_today(promise.name, read_table(folder, stored)))
    except FileNotFoundError:
        return "gone; expected a table that its manifest names"
    except RacecraftError as error:
        return _without_path(error)
    return ""


def _without_path(error: RacecraftError) -> str:
    return error.message.removeprefix(f"{error.facts.get('file')}: ")
