"""Whether everything in a store is as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.model.race import RACE_TABLES, TELEMETRY
from racecraft.model.season import SEASON_TABLES
from racecraft.model.table import Column, Table
from racecraft.store.accounts.catalogue import every_folder
from racecraft.store.accounts.parquet import MANIFEST, read_manifest, read_table, strays

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from racecraft.store.accounts.parquet import TableFile

FAULTS = Table(
    "faults",
    key=("path",),
    columns=(
        Column("path", pl.String, "file or folder, from the folder of the store"),
        Column("fault", pl.String, "what is wrong with it"),
        Column("harmless", pl.Boolean, "nothing stored is touched: it is left of a killed write"),
    ),
)


def faults(store: Path) -> pl.DataFrame:
    """Whatever in a store is not as it was written; empty where all is well.

    Returns
    -------
    DataFrame
        ``FAULTS``: tables whose checksum, row count or promise does not hold, tables that are gone,
        manifests that cannot be read; and as harmless, files that no manifest names.
    """
    rows = [
        {"path": str(path.relative_to(store)), "fault": fault, "harmless": harmless}
        for folder in every_folder(store)
        for path, fault, harmless in _faults_of_account(folder)
    ]
    return FAULTS.rows(rows)


def _faults_of_account(folder: Path) -> Iterator[tuple[Path, str, bool]]:
    try:
        manifest = read_manifest(folder)
    except FileNotFoundError:
        yield folder, "without a manifest: left of a write that was killed", True
        return
    except RacecraftError as error:
        yield folder / MANIFEST, _without_path(error), False
        return
    promises = {**RACE_TABLES, TELEMETRY.name: TELEMETRY, **SEASON_TABLES}
    for name, stored in manifest.tables.items():
        if fault := _fault_of_table(folder, stored, promises.get(name)):
            yield folder / stored.file, fault, False
    for stored in manifest.earlier.values():
        if fault := _fault_of_table(folder, stored, None):
            yield folder / stored.file, fault, False
    for path in strays(folder, manifest):
        yield path, "named by no manifest: left of a write that was killed, or replaced", True


def _fault_of_table(folder: Path, stored: TableFile, promise: Table | None) -> str:
    """What is wrong with a stored table, in words; empty if nothing is."""
    try:
        table = read_table(folder, stored)
        if promise is not None:
            promise.check(table)
    except FileNotFoundError:
        return "gone; expected a table that its manifest names"
    except RacecraftError as error:
        return _without_path(error)
    if table.height != stored.rows:
        return f"{table.height} rows; expected {stored.rows}"
    return ""


def _without_path(error: RacecraftError) -> str:
    return error.message.removeprefix(f"{error.facts.get('file')}: ")
