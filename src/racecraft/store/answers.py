"""Answers that took long to compute, kept until what they were computed from changes."""

from __future__ import annotations

import contextlib
import hashlib
import io
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import TableError
from racecraft.store.accounts.disk import write_whole

if TYPE_CHECKING:
    from racecraft.model.race import Race
    from racecraft.model.table import Table

FOLDER = "answers"


def mark_of(race: Race, *more: object) -> str:
    """What an answer about a race depends on, as a short name: its tables, and what is added.

    Of a table that is added its rows count, of a module what it is written as, so that nothing is
    kept of code that has changed; of anything else how it is shown.
    """
    digest = hashlib.sha256()
    for name, table in sorted(race.tables.items()):
        digest.update(f"{name}:{_rows_of(table)}".encode())
    digest.update(repr((race.series, race.season, race.event, race.session)).encode())
    for thing in more:
        digest.update(_described(thing))
    return digest.hexdigest()[:24]


def kept(store: Path, table: Table, mark: str) -> pl.DataFrame | None:
    """An answer that was kept; None where there is none, or none that can be read."""
    file = store / FOLDER / f"{table.name}-{mark}.parquet"
    try:
        return table.check(pl.read_parquet(file))
    except (OSError, TableError, pl.exceptions.PolarsError):
        return None


def keep(store: Path, table: Table, mark: str, answer: pl.DataFrame) -> None:
    """Keep an answer; a store that cannot be written to keeps none."""
    folder = store / FOLDER
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        content = io.BytesIO()
        answer.write_parquet(content)
        write_whole(folder / f"{table.name}-{mark}.parquet", content.getvalue())


def _described(thing: object) -> bytes:
    if isinstance(thing, pl.DataFrame):
        return _rows_of(thing).encode()
    if isinstance(thing, ModuleType):
        return _written(thing)
    return f"{thing!r};".encode()


def _rows_of(table: pl.DataFrame) -> str:
    return f"{table.height}:{table.hash_rows(seed=1).sum()}"


@cache
def _written(module: ModuleType) -> bytes:
    """What the files of a package or a module are written as."""
    files = [Path(module.__file__)] if module.__file__ else []
    for folder in getattr(module, "__path__", ()):
        files += sorted(Path(folder).glob("*.py"))
    return b"".join(file.read_bytes() for file in files)
