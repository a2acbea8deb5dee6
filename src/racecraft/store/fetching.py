"""What is not stored, fetched from the source that has it, parsed as a whole, and stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from racecraft.errors import NotFoundError, UnreachableError

if TYPE_CHECKING:
    from racecraft.model.terms import SessionName
    from racecraft.store.store import Store

Progress = Callable[[str, int, int], None]  # what is being read, how much is done, and of how much

LIVETIMING_SINCE = 2018  # seasons in the archive of the live timing


def fetch_season(store: Store, season: int, progress: Progress | None = None) -> None:
    """Fetch calendar, drivers, results and standings of a season from api, and store them.

    Raises
    ------
    UnreachableError
        No answer, or a refusal; says when to come back.
    """
    from racecraft.sources.jolpica import api

    told, _ = api.parse(api.fetch(season, progress=progress))
    store.add_season(told)


def fetch_race(
    store: Store, season: int, event: str, session: SessionName, progress: Progress | None = None
) -> None:
    """Fetch the timing of a race, and what its season says of it, and store both.

    Parameters
    ----------
    event
        Stable name of an event in the calendar of the season.

    Raises
    ------
    UnreachableError
        No source of it answers.
    NotFoundError
        No source has it.
    """
    if season < LIVETIMING_SINCE:
        _fetch_laps(store, season, event, session, progress)
        return
    try:
        _fetch_livetiming(store, season, event, session, progress)
    except (UnreachableError, NotFoundError):
        _fetch_laps(store, season, event, session, progress)
        return
    if store.load_season(season).results.filter(event=event, session=session).is_empty():
        try:
            fetch_season(store, season, progress)
        except UnreachableError:
            return  # the race can be told without its official result


def _fetch_livetiming(
    store: Store, season: int, event: str, session: SessionName, progress: Progress | None
) -> None:
    from racecraft.sources.livetiming import archive as livetiming

    calendar = store.load_season(season).events.filter(event=event)
    name = calendar["name"].item()
    where = livetiming.find(season, name, session)
    store.add_race(livetiming.parse(livetiming.fetch(where, progress=progress)))


def _fetch_laps(
    store: Store, season: int, event: str, session: SessionName, progress: Progress | None
) -> None:
    """Fetch lap times from api, with the season around them."""
    from racecraft.sources.jolpica import api

    calendar = store.load_season(season).events.filter(event=event)
    number = calendar["round"].item()
    told, races = api.parse(api.fetch(season, [number], progress=progress))
    wanted = [race for race in races if (race.event, race.session) == (event, session)]
    store.add_season(told)
    if not wanted:
        raise NotFoundError(
            f"no lap times of the {session} of {season} {calendar['name'].item()} are published",
            season=season,
            event=event,
            session=session,
        )
    for race in wanted:
        store.add_race(race)
