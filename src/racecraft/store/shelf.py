"""The part of a store that tells of all seasons, found before anything large is imported."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from racecraft.sources.record.years import FIRST, LAST
from racecraft.store.accounts.folders import seasons_stored, store_folder
from racecraft.store.chronicle import KeepsHistory

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.store.store import Store


class Shelf(KeepsHistory):
    """A store of which the seasons are told at once; the store itself is opened where it is needed.

    Parameters
    ----------
    folder
        As for a `racecraft.store.store.Store`.

    Raises
    ------
    ArgumentError
        Likewise.
    """

    sample = True

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = store_folder(folder)

    @cached_property
    def store(self) -> Store:
        """The store, opened."""
        from racecraft.store.store import Store

        return Store(self.folder)

    def seasons(self) -> list[int]:
        """Years of which something is stored."""
        return sorted({*range(FIRST, LAST + 1), *seasons_stored(self.folder)})

    def load_season(self, season: int) -> Season:
        """Season made of every account of it."""
        return self.store.load_season(season)

    def timing(self, season: int, round_: int, session: str) -> Race | None:
        """Timing of a race or sprint; None where it is not stored."""
        from racecraft.store.load import stored_timing

        return stored_timing(self.store)(season, round_, session)
