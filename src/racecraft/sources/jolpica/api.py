"""The jolpica API, which goes on where Ergast stopped: a season's facts, and the laps of its races.

Its data may be used for what is not commercial and shared alike; racecraft fetches it for you and
ships none of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from racecraft.errors import NotFoundError
from racecraft.sources.ergast.seasons import races_of, seasons_of
from racecraft.sources.ergast.tables import read_tables
from racecraft.sources.http import client as web
from racecraft.sources.http.budget import Budget
from racecraft.sources.http.cache import PageCache
from racecraft.sources.jolpica.pages import page_extent, text_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    import httpx

    from racecraft.model.race import Race
    from racecraft.model.season import Season

SOURCE = "jolpica"
BASE_URL = "https://api.jolpi.ca/ergast/f1"
PAGE = 100  # rows; the API gives no more at once

# The API's terms: a burst, and a total. The hourly total was 500 once, and is to shrink further.
LIMITS = ((4, 1.0), (200, 3600.0))

# Answers about a season that still runs change; others change when a court has spoken.
RUNNING_S = 3600.0
SETTLED_S = 30 * 86400.0

_SEASON = (
    "races", "drivers", "constructors", "results", "sprint", "qualifying", "driverstandings",
    "constructorstandings",
)  # fmt: skip
_ROUND = ("laps", "pitstops", "driverstandings", "constructorstandings")


def fetch(
    season: int,
    rounds: Collection[int] = (),
    *,
    cache_dir: Path | None = None,
    base_url: str = BASE_URL,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, bytes]:
    """Answers of the API about a season, by what was asked.

    A season takes about sixteen calls, and each race with its laps about sixteen more; two hundred
    an hour are allowed. Answers are kept on disk, so a fetch that was stopped goes on where it was.

    Parameters
    ----------
    season
        Year.
    rounds
        Races whose laps, pit stops and standings are wanted too.
    cache_dir
        Folder for answers and for the count of calls, which every process that uses the folder
        shares; left out, the user's cache folder.
    base_url
        Address of the API.
    progress
        Called after every page with what is being read, and the rows read and in all.

    Raises
    ------
    UnreachableError
        No answer, or the API refuses; says when to come back.
    UnreadableError
        An answer that is none of the API's.
    """
    folder = cache_dir or user_cache_path("racecraft") / "jolpica"
    running = season >= datetime.now().astimezone().year
    cache = PageCache(folder / "pages", RUNNING_S if running else SETTLED_S)
    budget = Budget(folder / "calls.sqlite", SOURCE, LIMITS)
    wanted = [f"{season}/{what}" for what in _SEASON]
    wanted += [f"{season}/{number}/{what}" for number in sorted(set(rounds)) for what in _ROUND]
    pages: dict[str, bytes] = {}
    with web.connect(budget.spend) as client:
        for what in wanted:
            for page, body, done, total in _pages(client, cache, base_url.rstrip("/"), what):
                pages[page] = body
                if progress is not None:
                    progress(what, done, total)
    return pages


def parse(pages: Mapping[str, bytes]) -> tuple[Season, list[Race]]:
    """Season of the answers that `fetch` gives, and the races whose laps are among them.

    Parameters
    ----------
    pages
        JSON by what was asked, such as ``2023/results/?limit=100&offset=0``; pages of one answer
        in order.

    Raises
    ------
    UnreadableError
        An answer is not what it should be; says which, where, and what was expected.
    NotFoundError
        The season has no events.
    """
    text = text_tables(pages)
    tables = read_tables(text, files={name: f"{SOURCE} {name}" for name in text}, place="record")
    seasons = seasons_of(tables, source=SOURCE)
    if not seasons:
        raise NotFoundError(f"{SOURCE} has no events of this season")
    return seasons[0], races_of(tables, seasons)


def _pages(
    client: httpx.Client, cache: PageCache, base_url: str, what: str
) -> Iterator[tuple[str, bytes, int, int]]:
    """Every page of an answer: what was asked, the answer, rows up to here, and rows in all."""
    offset, total = 0, 1
    while offset < total:
        page = f"{what}/?limit={PAGE}&offset={offset}"
        body, kept = cache.get(page), True
        if body is None:
            body, kept = web.get(client, f"{base_url}/{page}"), False
        rows, total = page_extent(body, page)
        if not kept:
            cache.put(page, body)
        offset += rows
        yield page, body, min(offset, total), total
