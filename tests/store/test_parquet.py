"""Accounts on disk: whole or not at all, and found out where they are not as written."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from racecraft.errors import UnreadableError
from racecraft.model.race import CROSSINGS
from racecraft.store.accounts import manifest as shape
from racecraft.store.accounts import parquet
from racecraft.store.accounts.parquet import (
    MANIFEST,
    read_account,
    read_manifest,
    strays,
    write_account,
)

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

WHEN = datetime(2026, 2, 1, 12, tzinfo=UTC)
TABLE = CROSSINGS.rows([{"car": car, "lap": 71, "line": "Line"} for car in ("ALO", "PER")])


def write(folder: Path, **tables: pl.DataFrame) -> None:
    facts = {"season": 2023, "source": "toy"}
    write_account(folder, facts=facts, tables=tables, earlier={}, fetched=WHEN)


def test_an_account_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path / "a", crossings=TABLE, tyres=TABLE.clear())
    account = read_account(tmp_path / "a")
    assert account.tables.keys() == {"crossings"}, "tables without rows have no file"
    assert account.tables["crossings"].equals(TABLE)
    assert account.manifest.facts == {"series": "f1", "season": 2023, "source": "toy"}
    assert account.manifest.fetched == WHEN
    assert account.manifest.tables["crossings"].rows == 2


def test_the_manifest_says_what_the_files_are(tmp_path: Path) -> None:
    write(tmp_path, crossings=TABLE)
    manifest = json.loads((tmp_path / MANIFEST).read_bytes())
    assert manifest["schema"] == shape.SCHEMA
    assert manifest["fetched"] == "2026-02-01T12:00:00+00:00"
    (table,) = manifest["tables"].values()
    assert (tmp_path / table["file"]).is_file()
    assert table["rows"] == 2
    assert table["checksum"][:16] in table["file"]


def test_a_reader_that_began_before_a_rewrite_gets_what_is_there_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, crossings=TABLE)
    read, rewritten = parquet.read_manifest, []

    def slowly(folder: Path) -> parquet.Manifest:
        manifest = read(folder)
        if not rewritten:
            rewritten.append(True)
            write(tmp_path, crossings=TABLE.reverse())
        return manifest

    monkeypatch.setattr(parquet, "read_manifest", slowly)
    assert read_account(tmp_path).tables["crossings"].equals(TABLE.reverse())


def test_what_is_replaced_is_removed(tmp_path: Path) -> None:
    write(tmp_path, crossings=TABLE)
    write(tmp_path, crossings=TABLE.reverse())
    assert strays(tmp_path, read_manifest(tmp_path)) == []


def test_what_a_killed_writer_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    write(tmp_path, crossings=TABLE)
    new, old = tmp_path / ".crossings.1.part", tmp_path / "crossings.2.parquet"
    new.touch()
    old.touch()
    then = time.time() - parquet.GRACE_S - 1
    os.utime(old, (then, then))
    write(tmp_path, crossings=TABLE.head(1))
    assert strays(tmp_path, read_manifest(tmp_path)) == [new]


@pytest.mark.parametrize("cut", [0, 1, 0.5, -1])
def test_a_cut_table_is_one_error_that_names_it(tmp_path: Path, cut: float) -> None:
    write(tmp_path, crossings=TABLE)
    (path,) = tmp_path.glob("crossings.*")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * cut) if 0 < cut < 1 else int(cut)])
    with pytest.raises(UnreadableError, match="bytes that are not those stored") as error:
        read_account(tmp_path)
    assert error.value.facts["file"] == str(path)


def test_one_changed_bit_of_a_table_is_found(tmp_path: Path) -> None:
    write(tmp_path, crossings=TABLE)
    (path,) = tmp_path.glob("crossings.*")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableError):
        read_account(tmp_path)


def test_a_table_that_is_gone_is_one_error_that_names_it(tmp_path: Path) -> None:
    write(tmp_path, crossings=TABLE)
    (path,) = tmp_path.glob("crossings.*")
    path.unlink()
    with pytest.raises(UnreadableError, match="gone"):
        read_account(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'{"schema": 1, "checksum": "x"}', b"1" * 99],
)
def test_a_manifest_that_is_none_is_one_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(UnreadableError, match="not the manifest that was stored"):
        read_account(tmp_path)


def test_one_changed_fact_in_a_manifest_is_found(tmp_path: Path) -> None:
    write(tmp_path, crossings=TABLE)
    path = tmp_path / MANIFEST
    path.write_bytes(path.read_bytes().replace(b"2023", b"2024"))
    with pytest.raises(UnreadableError):
        read_manifest(tmp_path)


def test_a_manifest_of_a_later_version_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, crossings=TABLE)
    monkeypatch.setattr(shape, "READABLE", (1,))
    with pytest.raises(UnreadableError, match="schema version 2"):
        read_manifest(tmp_path)


def test_a_writer_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, crossings=TABLE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path, crossings=TABLE.reverse())
    monkeypatch.undo()
    assert read_account(tmp_path).tables["crossings"].equals(TABLE)
    assert not list(tmp_path.glob("*.part"))
