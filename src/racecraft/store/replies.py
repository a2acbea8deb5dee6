"""Replies as they were given, kept in a store until anything that they depend on changes.

It imports nothing that takes long, so that a reply is found before anything else is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from racecraft.store.accounts.disk import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS = "answers"  # folder of a store that holds nothing but what was computed from the rest
MOST_BYTES = 5_000_000  # of one reply


def usual_folder() -> Path:
    """Folder of the store where none is named: ``$RACECRAFT_STORE``, or the user's data folder."""
    if named := os.environ.get("RACECRAFT_STORE"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("racecraft", appauthor=False)


class Replies:
    """Replies of one kind that a store keeps.

    Parameters
    ----------
    store
        Folder of the store; it need not be there.
    kind
        What they are: of other replies of the same kind only those of the same mark are kept.
    mark
        What they depend on, as a short name; left out, `mark_of_all` of the store.
    """

    def __init__(self, store: Path, kind: str, mark: str | None = None) -> None:
        self.folder = store / ANSWERS / kind
        self.mark = mark_of_all(store) if mark is None else mark

    def get(self, question: str) -> bytes | None:
        """Reply to a question; None where there is none."""
        try:
            return self._file(question).read_bytes()
        except OSError:
            return None

    def keep(self, question: str, reply: bytes) -> None:
        """Keep a reply; one that is very long is not, and a store without the right keeps none."""
        if len(reply) > MOST_BYTES:
            return
        file = self._file(question)
        with contextlib.suppress(OSError):
            if not file.parent.is_dir():
                self._forget()
                file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, reply)

    def _file(self, question: str) -> Path:
        name = hashlib.sha256(question.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return self.folder / self.mark / name

    def _forget(self) -> None:
        """Drop what depends on a store, or on code, as it was before."""
        if self.folder.is_dir():
            for old in self.folder.iterdir():
                shutil.rmtree(old, ignore_errors=True)


def mark_of_all(store: Path) -> str:
    """What any reply may depend on, as a short name: what is stored, the code, and the day."""
    told = [*_files(store, {ANSWERS}), mark_of_code(), f"{datetime.now(UTC):%F}"]
    return _mark(sorted(told))


@cache
def mark_of_code() -> str:
    """What racecraft is written as, and what is installed beside it, as a short name."""
    package = Path(__file__).parents[1]
    beside = {Path(each) for each in sys.path if each.endswith("-packages")}
    installed = [f"{each}:{each.stat().st_mtime_ns}" for each in beside if each.is_dir()]
    return _mark([sys.version, *sorted([*_files(package, {"__pycache__"}), *installed])])


def _files(folder: Path | str, without: set[str]) -> Iterator[str]:
    """Every file below a folder, with its size and when it was written."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name in without or entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    yield from _files(entry.path, without)
                else:
                    known = entry.stat()
                    yield f"{entry.path}:{known.st_size}:{known.st_mtime_ns}"
    except OSError:  # taken out meanwhile, or not for us to read
        return


def _mark(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]
