"""What takes long to tell of a season, worked out before anybody asks, while nobody else does."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from racecraft.errors import RacecraftError
from racecraft.show.web.pages.season_view import best_of, races_of

if TYPE_CHECKING:
    from racecraft.show.web.shelf import Shelf

QUIET_S = 1.0  # without a request, before the next race is looked at
PAUSE_S = 0.05  # between races, for whoever waits
STOPPING_S = 5.0  # for the race that is being looked at
NICE = 15  # its thread gives way to those that answer


class Beforehand(threading.Thread):
    """Goes through the timed seasons of a store, the newest first, whenever nothing is asked.

    Parameters
    ----------
    shelf
        Where what it finds is kept, for as long as the store stays as it is.
    """

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(name="beforehand", daemon=True)
        self.shelf = shelf
        self._ended = threading.Event()

    def run(self) -> None:
        """Work until all is known, or until it is told to stop."""
        with suppress(OSError, AttributeError):  # not every system knows threads that give way
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        stored = self.shelf.races().select("series", "season").unique(maintain_order=True)
        for series, season in stored.sort("season", descending=True).iter_rows():
            for race in races_of(self.shelf, series, season):
                with suppress(RacecraftError):
                    best_of(self.shelf, race)
                while not self._ended.wait(PAUSE_S) and self.shelf.quiet_s < QUIET_S:
                    pass
                if self._ended.is_set():
                    return

    def stop(self) -> None:
        """Begin nothing more, and wait for what was begun."""
        self._ended.set()
        if self.is_alive():
            self.join(STOPPING_S)
