"""The manifest of an account: what it holds, from whom, since when, and in which files.

A checksum says that a manifest is what somebody wrote, not that it is right. So its shape is
checked: every field, its type and its bounds, and that a file it names lies beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.model.race import RACE_FACTS
from racecraft.model.season import SEASON_FACTS
from racecraft.store.accounts.older import facts_of_today
from racecraft.store.bounds import check_facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA = 2  # raised when an earlier version can no longer read a stored table as what it is
READABLE = (1, SCHEMA)  # what this version reads; `older` says what was different
ADD_AGAIN = "add its source again, and it is replaced"
LARGEST = 1_000_000  # bytes; a manifest takes some two thousand

_NEEDED = ("season", "name", "event", "session", "source")
_KINDS: dict[str, tuple[type, ...]] = {
    "season": (int,),
    "round": (int, type(None)),
    "date": (date, type(None)),
}  # every other fact is text
_FOLDERS = ("source", "session", "event", "season", "series")  # names of the folders
_FILE = re.compile(r"[a-z_]{1,40}(-earlier)?\.[0-9a-f]{16}\.parquet")
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class TableFile:
    """One table of an account: its file, its rows, and the SHA-256 of the bytes."""

    file: str
    rows: int
    checksum: str


@dataclass(frozen=True)
class Manifest:
    """What an account holds: its facts, the source among them, and when they were fetched.

    `tables` are the tables as they are; `earlier` holds, for tables with results, the rows that a
    later fetch has replaced.
    """

    facts: dict[str, Any]
    fetched: datetime
    tables: dict[str, TableFile] = field(default_factory=dict)
    earlier: dict[str, TableFile] = field(default_factory=dict)
    schema: int = SCHEMA


def encode(manifest: Manifest) -> bytes:
    """Return a manifest as JSON with its own checksum."""
    body = {
        "schema": manifest.schema,
        "fetched": manifest.fetched.astimezone(UTC).isoformat(timespec="seconds"),
        "facts": {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in manifest.facts.items()
        },
        "tables": {name: vars(stored) for name, stored in manifest.tables.items()},
        "earlier": {name: vars(stored) for name, stored in manifest.earlier.items()},
    }
    return json.dumps(body | {"checksum": _seal(body)}, indent=1, ensure_ascii=False).encode()


def decode(content: bytes, path: Path) -> Manifest:
    """Return the manifest that a file holds.

    Raises
    ------
    UnreadableError
        It is none, it is of another version of racecraft, it says what no account can say, or it
        lies in the folder of another account.
    """
    try:
        if len(content) > LARGEST:
            raise _wrong(path)
        body = json.loads(content)
        seal = body.pop("checksum")
        schema = body["schema"]
        intact = seal == _seal(body)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise _wrong(path) from error
    if not intact:
        raise _wrong(path)
    if schema not in READABLE:
        raise UnreadableError(
            f"{path}: schema version {str(schema)[:20]}; expected {SCHEMA} or earlier",
            hint="it was written by another version of racecraft: add its source again",
            file=str(path),
        )
    try:
        facts = _facts(body["facts"], path)
        fetched = datetime.fromisoformat(body["fetched"]).astimezone(UTC)
        tables, earlier = (_files(body[name], path) for name in ("tables", "earlier"))
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError) as error:
        raise _wrong(path) from error
    except ArgumentError as error:
        raise _wrong(path, error.message) from error
    return Manifest(facts=facts, fetched=fetched, tables=tables, earlier=earlier, schema=schema)


def _facts(said: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Facts of a race or of a season, each of its kind and within bounds."""
    facts = facts_of_today(said)
    if facts.get("date") is not None:
        facts["date"] = date.fromisoformat(facts["date"])
    known, needed = (RACE_FACTS, _NEEDED) if "name" in facts else (SEASON_FACTS, SEASON_FACTS)
    for name in needed:
        if name not in facts:
            raise _wrong(path, f"no {name}")
    for name, value in facts.items():
        if name not in known:
            raise _wrong(path, f"a fact {name[:40]!r}")
        if isinstance(value, bool) or not isinstance(value, _KINDS.get(name, (str,))):
            raise _wrong(path, f"{name} is {str(value)[:40]!r}")
    check_facts({"round": None, "date": None, **facts})
    for folder in path.parents[: len(_FOLDERS)]:
        kind, _, name = folder.name.partition("=")
        if kind in _FOLDERS and kind in facts and str(facts[kind]) != name:
            raise _wrong(path, f"the {kind} {str(facts[kind])[:40]!r} in {folder.name[:60]}")
    return facts


def _files(said: Mapping[str, Any], path: Path) -> dict[str, TableFile]:
    """Files of tables: each beside its manifest, under the name that it was written by."""
    files = {name: TableFile(**stored) for name, stored in said.items()}
    for name, stored in files.items():
        if not _FILE.fullmatch(stored.file) or stored.file.partition(".")[0].removesuffix(
            "-earlier"
        ) != name:  # fmt: skip
            raise _wrong(path, f"a file {str(stored.file)[:60]!r}")
        whole = type(stored.rows) is int and stored.rows >= 0
        if not whole or not _CHECKSUM.fullmatch(stored.checksum):
            raise _wrong(path, f"{name} without its rows or its checksum")
    return files


def _seal(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _wrong(path: Path, why: str = "") -> UnreadableError:
    found = f": it says {why}" if why else ""
    return UnreadableError(
        f"{path}: not the manifest that was stored{found}; expected JSON with its own checksum",
        hint=ADD_AGAIN,
        file=str(path),
    )
