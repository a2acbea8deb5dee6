"""Answers of a source, kept on disk as they came."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from racecraft.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class PageCache:
    """A file for every page, which is as good as new for a while.

    Parameters
    ----------
    folder
        Where the files are; made when the first is written.
    fresh_s
        How long a page is good for.
    """

    folder: Path
    fresh_s: float

    def get(self, page: str) -> bytes | None:
        """Return the page, or None if there is none or it is too old."""
        path = self._path(page)
        try:
            age_s = time.time() - path.stat().st_mtime
            return path.read_bytes() if 0 <= age_s < self.fresh_s else None
        except OSError:
            return None

    def put(self, page: str, body: bytes) -> None:
        """Keep the page: whole, or not at all.

        Raises
        ------
        SourceError
            The folder cannot be written.
        """
        path = self._path(page)
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(body)
            part.replace(path)
        except OSError as error:
            raise SourceError(
                f"{path}: {error.strerror}; answers cannot be kept", path=str(path)
            ) from error

    def _path(self, page: str) -> Path:
        return self.folder / (re.sub(r"[^a-z0-9]+", "-", page.lower()).strip("-") + ".json")
