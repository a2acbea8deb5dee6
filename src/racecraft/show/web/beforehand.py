"""What takes long, done before anybody asks: what all pages need, then pages kept in the store."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from contextlib import suppress
from html import unescape
from time import sleep
from typing import TYPE_CHECKING, Any

from racecraft.model.terms import FORMULA_ONE
from racecraft.show.web.pages.page import ENVIRONMENT, race_path, season_path
from racecraft.show.web.quick import UNASKED
from racecraft.sim.moments.records import gather

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from racecraft.show.web.shelf import Shelf

QUIET_S = 1.0  # without a request, before the next page is looked at
PAUSE_S = 0.05  # between pages, for whoever waits
STOPPING_S = 5.0  # for the page that is being looked at
NICE = 15  # its thread gives way to those that answer

PART = re.compile(r'data-(?:part|chart|src)="([^"]+)"')  # where the rest of a page comes from


class Beforehand(threading.Thread):
    """Goes through the timed races of a store, the newest first, whenever nothing is asked.

    Parameters
    ----------
    app
        What answers; its shelf keeps the pages, also on disk, for as long as store and code stay
        as they are.
    """

    def __init__(self, app: FastAPI) -> None:
        super().__init__(name="beforehand", daemon=True)
        self.app = app
        self.shelf: Shelf = app.state.shelf
        self._ended = threading.Event()

    def run(self) -> None:
        """Work until all is known, or until it is told to stop."""
        warm_up(self.shelf)
        with suppress(OSError, AttributeError):  # not every system knows threads that give way
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        for page in self._pages():
            shown = self._look_at(page)
            for path in PART.findall(shown):
                self._look_at(unescape(path))
            if self._ended.is_set():
                return

    def stop(self) -> None:
        """Begin nothing more, and wait for what was begun."""
        self._ended.set()
        if self.is_alive():
            self.join(STOPPING_S)

    def _pages(self) -> Iterator[str]:
        """Addresses of pages: all seasons, then of the newest each race, the season, its title."""
        yield "/"
        stored = self.shelf.races().sort("season", descending=True, maintain_order=True)
        for (series, season), races in stored.group_by("series", "season", maintain_order=True):
            for event, session in races.select("event", "session").iter_rows():
                yield race_path(str(series), int(str(season)), event, session)
                yield race_path(str(series), int(str(season)), event, session, "replay")
            yield season_path(str(series), int(str(season)))
            if series == FORMULA_ONE:
                yield f"{season_path(FORMULA_ONE, int(str(season)))}/title"

    def _look_at(self, address: str) -> str:
        """A page, from what is kept or else made and kept; nothing once it is told to stop."""
        path, _, query = address.partition("?")
        known = self.shelf.remembered((path, query))
        if known is None and not self._wait():
            asyncio.run(_asked(self.app, path, query))
            known = self.shelf.remembered((path, query))
            if known is not None:
                self.shelf.keep((path, query), known)
        return "" if known is None else known.body.decode()

    def _wait(self) -> bool:
        """Wait until nobody asks anything; whether it is told to stop."""
        while not self._ended.wait(PAUSE_S) and self.shelf.quiet_s < QUIET_S:
            sleep(PAUSE_S)
        return self._ended.is_set()


def warm_up(shelf: Shelf) -> None:
    """Do at once what the first pages would have to: templates, all careers, the newest season."""
    for name in ENVIRONMENT.list_templates():
        ENVIRONMENT.get_template(name)
    with suppress(Exception):  # whoever needs it is told what is wrong with it
        stored = shelf.races()
        if (record := shelf.history_until(0)) is not None:
            gather(record)
        for series, season in stored.top_k(1, by="season")["series", "season"].rows():
            shelf.events(season, series)


async def _asked(app: FastAPI, path: str, query: str) -> None:
    """Have an application answer a request that nobody has sent; what remains is in its shelf."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: object) -> None:
        return

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html")],
        "server": ("localhost", 80),
        "client": ("localhost", 0),
        UNASKED: True,
    }
    with suppress(Exception):  # whoever asks for that page is told what is wrong with it
        await app(scope, receive, send)
