"""One account on disk: what one source said about one season, or about one race of it.

An account is a folder with a Parquet file for every table that has rows, and a manifest. Table
files bear the checksum of their content in their name and are never changed; the manifest is
replaced last, as a whole, and is where every reader starts. So a reader sees the account as it was
or as it is, and a writer that is killed leaves at most files that no manifest names.
"""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.store.accounts.disk import make_folder, settle, write_whole
from racecraft.store.accounts.folders import MANIFEST
from racecraft.store.accounts.manifest import (
    ADD_AGAIN,
    Manifest,
    TableFile,
    decode,
    encode,
)
from racecraft.store.accounts.older import table_of_today

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from racecraft.model.table import Table

GRACE_S = 3600  # files that no manifest names may belong to a writer at work; later they are swept


@dataclass(frozen=True)
class Account:
    """What one source said: the manifest, the tables with rows, and the results replaced since."""

    manifest: Manifest
    tables: dict[str, pl.DataFrame]
    earlier: dict[str, pl.DataFrame]


def write_account(
    folder: Path,
    *,
    facts: Mapping[str, Any],
    tables: Mapping[str, pl.DataFrame],
    earlier: Mapping[str, pl.DataFrame],
    fetched: datetime,
) -> Manifest:
    """Write an account, whole or not at all; tables without rows have no file."""
    make_folder(folder)
    replaced = _named_files(_readable(folder))
    manifest = Manifest(
        facts=dict(facts),
        fetched=fetched,
        tables={name: _write(folder, name, table) for name, table in tables.items() if len(table)},
        earlier={
            name: _write(folder, f"{name}-earlier", table)
            for name, table in earlier.items()
            if len(table)
        },
    )
    settle(folder)  # a manifest names only files that are certain to be there
    write_whole(folder / MANIFEST, encode(manifest))
    settle(folder)
    _sweep(folder, manifest, replaced)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Manifest of the account in a folder.

    Raises
    ------
    UnreadableError
        It is not what was written, or of a later version of racecraft.
    FileNotFoundError
        The folder holds no account.
    """
    return decode(_content(folder / MANIFEST), folder / MANIFEST)


def read_account(folder: Path, *, without: Collection[str] = ()) -> Account:
    """Account in a folder, as it was at one moment: no mixture of two fetches.

    Parameters
    ----------
    without
        Tables that are not read: whoever wants them reads them by the manifest, later.

    Raises
    ------
    UnreadableError
        The manifest or a table is not what was written.
    FileNotFoundError
        The folder holds no account.
    """
    manifest = read_manifest(folder)
    while True:
        try:
            return Account(
                manifest,
                {
                    name: table_of_today(name, read_table(folder, file))
                    for name, file in manifest.tables.items()
                    if name not in without
                },
                {
                    name: table_of_today(name, read_table(folder, file))
                    for name, file in manifest.earlier.items()
                },
            )
        except FileNotFoundError as error:
            before, manifest = manifest, read_manifest(folder)
            if manifest == before:
                raise _gone(error) from error


def read_later(folder: Path, stored: TableFile, table: Table) -> pl.LazyFrame:
    """Table of an account that is read, and its checksum compared, when it is collected.

    Raises
    ------
    UnreadableError
        When it is collected: it is gone, replaced since, or not what was written.
    """

    def read() -> pl.DataFrame:
        try:
            return table_of_today(table.name, read_table(folder, stored))
        except FileNotFoundError as error:
            raise _gone(error) from error

    return pl.defer(read, schema=table.schema)


def read_table(folder: Path, stored: TableFile) -> pl.DataFrame:
    """Table of an account, the checksum compared.

    Raises
    ------
    UnreadableError
        The bytes are not those that were written, or no table.
    FileNotFoundError
        The file is gone: replaced since the manifest was read, or lost.
    """
    path = folder / stored.file
    if path.resolve().parent != folder.resolve():
        raise UnreadableError(
            f"{path}: a link out of the store; expected a table", hint=ADD_AGAIN, file=str(path)
        )
    content = _content(path)
    if hashlib.sha256(content).hexdigest() != stored.checksum:
        raise UnreadableError(
            f"{path}: {len(content)} bytes that are not those stored; expected the table of "
            f"{stored.rows} rows that its manifest names",
            hint=ADD_AGAIN,
            file=str(path),
        )
    try:
        table = pl.read_parquet(io.BytesIO(content))
    except Exception as error:
        raise UnreadableError(
            f"{path}: no Parquet file; expected a table", hint=ADD_AGAIN, file=str(path)
        ) from error
    if table.height != stored.rows:
        raise UnreadableError(
            f"{path}: {table.height} rows; expected {stored.rows}", hint=ADD_AGAIN, file=str(path)
        )
    return table


def strays(folder: Path, manifest: Manifest) -> list[Path]:
    """Files in the folder of an account that its manifest does not name: of killed writers."""
    named = _named_files(manifest) | {MANIFEST}
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name not in named)


def _gone(error: FileNotFoundError) -> UnreadableError:
    return UnreadableError(
        f"{error.filename}: gone; expected a table that its manifest names",
        hint=ADD_AGAIN,
        file=str(error.filename),
    )


def _named_files(manifest: Manifest | None) -> set[str]:
    tables = (*manifest.tables.values(), *manifest.earlier.values()) if manifest else ()
    return {stored.file for stored in tables}


def _readable(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except (FileNotFoundError, UnreadableError):
        return None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableError(
            f"{path}: {error.strerror}; expected a file of the store", file=str(path)
        ) from error


def _write(folder: Path, name: str, table: pl.DataFrame) -> TableFile:
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd")
    content = buffer.getvalue()
    checksum = hashlib.sha256(content).hexdigest()
    stored = TableFile(f"{name}.{checksum[:16]}.parquet", table.height, checksum)
    path = folder / stored.file
    if not (path.is_file() and path.read_bytes() == content):
        write_whole(path, content)
    return stored


def _sweep(folder: Path, manifest: Manifest, replaced: set[str]) -> None:
    """Remove what was replaced, and strays too old to belong to anybody at work.

    A reader who misses a file begins again at the manifest.
    """
    for path in strays(folder, manifest):
        try:
            if path.name in replaced or time.time() - path.stat().st_mtime > GRACE_S:
                path.unlink()
        except FileNotFoundError:
            continue
