"""What a history of all stored seasons is made of, and where it is kept."""

from __future__ import annotations

import contextlib
import hashlib
from abc import ABC, abstractmethod
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from racecraft.sources.record.file import FILE as RECORD
from racecraft.sources.record.file import packed_record
from racecraft.store.accounts.disk import write_whole
from racecraft.store.accounts.folders import MANIFEST, account_folders, season_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from racecraft.model.packed import Packed

FOLDER, NAME = "answers", "history.bin"
PACKED = ("racecraft.sources.record", "data/history.bin")  # of what is in the package alone
SOURCES = ("record/data", "sample/data")  # of which that is made
# What decides how accounts become one season, and how that is scored.
DECIDING = ("store/merge", "title/standings", "model/rulebook", "history")


class KeepsHistory(ABC):
    """The part of a store that keeps a history of its seasons of Formula 1."""

    folder: Path
    sample: bool

    @abstractmethod
    def seasons(self) -> Iterable[int]:
        """Seasons that are stored."""

    def season_marks(self) -> dict[int, str]:
        """What every season of Formula 1 is made of, as short names, by its year.

        The mark of a season changes when one of its accounts does.
        """
        return season_marks(self.folder, self.seasons(), sample=self.sample)

    def kept_histories(self) -> Iterator[bytes]:
        """Files of a history of all seasons that were kept, and the one of the package."""
        return kept(self.folder)

    def record(self) -> Packed | None:
        """Seasons as the record of the package has them; None where it is not laid underneath."""
        return packed_record() if self.sample else None

    def keep_history(self, content: bytes) -> None:
        """Keep the file of a history; a store that cannot be written to keeps none."""
        keep(self.folder, content)


def season_marks(store: Path, years: Iterable[int], *, sample: bool) -> dict[int, str]:
    """What each of these seasons of Formula 1 is made of, as short names.

    Parameters
    ----------
    store
        Folder of the store.
    years
        Seasons that are known.
    sample
        Whether the record and the sample of the package lie underneath.
    """
    package = mark_of_package() if sample else ""
    return {
        year: _mark([package.encode(), _rules().encode(), *told]) if told else package
        for year in years
        for told in [[_content(path / MANIFEST) for path in _accounts(store, year)]]
    }


def mark_of_package() -> str:
    """What the seasons in the package are made of, as a short name."""
    return _mark(_bytes_of("sources", SOURCES, (".parquet", RECORD)))


def kept(store: Path) -> Iterator[bytes]:
    """Histories that were kept: of the store, and of the package."""
    with contextlib.suppress(OSError):
        yield (store / FOLDER / NAME).read_bytes()
    packed = files(PACKED[0]) / PACKED[1]
    if packed.is_file():
        yield packed.read_bytes()


def keep(store: Path, content: bytes) -> None:
    """Keep a history; a store that cannot be written to keeps none."""
    with contextlib.suppress(OSError):
        (store / FOLDER).mkdir(parents=True, exist_ok=True)
        write_whole(store / FOLDER / NAME, content)


def _accounts(store: Path, year: int) -> list[Path]:
    return account_folders(season_folder(store, year))


def _content(manifest: Path) -> bytes:
    """What a manifest holds; nothing if its account has just been taken out."""
    try:
        return manifest.read_bytes()
    except FileNotFoundError:
        return b""


@cache
def _rules() -> str:
    return _mark(_bytes_of("", DECIDING, (".py", ".toml")))


@cache
def _bytes_of(room: str, folders: tuple[str, ...], ending: str | tuple[str, ...]) -> list[bytes]:
    """What all files of some folders of the package hold, in the order of their names."""
    root = files("racecraft") / room if room else files("racecraft")
    return [
        path.read_bytes()
        for folder in folders
        for path in sorted((root / folder).iterdir(), key=lambda each: each.name)
        if path.name.endswith(ending)
    ]


def _mark(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:16]
