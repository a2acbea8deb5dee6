"""The season that accounts tell together, made once for as long as their files stay as they are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from racecraft.store.accounts.parquet import read_account
from racecraft.store.merge.seasons import reconcile_seasons
from racecraft.store.packaged import packaged_seasons
from racecraft.store.told import season_told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from racecraft.model.season import Season

MOST = 16  # seasons that are kept at hand: a forecast asks for those of a decade several times
Files = tuple[tuple[str, int, int], ...]


def told_season(
    season: int, folders: Sequence[Path], as_of: date | None, *, packaged: bool
) -> Season | None:
    """Season that the accounts of some folders tell, and the package; None where none tells."""
    try:
        files = tuple(
            (str(file), (known := file.stat()).st_size, known.st_mtime_ns)
            for folder in folders
            for file in sorted(folder.iterdir())
        )
    except OSError:  # taken out meanwhile, or not for us to read: whoever reads it says so
        return _made.__wrapped__(season, tuple(folders), (), as_of, packaged)
    return _made(season, tuple(folders), files, as_of, packaged)


@lru_cache(maxsize=MOST)
def _made(
    season: int, folders: tuple[Path, ...], _: Files, as_of: date | None, packaged: bool
) -> Season | None:
    accounts = [season_told(read_account(path), as_of) for path in folders]
    accounts += packaged_seasons(season, accounts) if packaged else []
    return reconcile_seasons(accounts) if accounts else None
