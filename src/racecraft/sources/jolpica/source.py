"""The jolpica API, as ``data add jolpica`` and whoever lacks a season ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import NotFoundError
from racecraft.sources.jolpica import api
from racecraft.sources.source import SEASON, OnDemand, Source

if TYPE_CHECKING:
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.sources.source import Account, Asked, Progress


def fetch(asked: Asked, progress: Progress | None = None) -> dict[str, bytes]:
    """Answers of the API about a season."""
    return api.fetch(asked["season"], progress=progress)


def parse(pages: dict[str, bytes], _: Asked) -> list[Account]:
    """The season, and the races whose laps were asked for."""
    season, races = api.parse(pages)
    return [season, *races]


def of_season(season: int, progress: Progress | None = None) -> list[Account]:
    """Calendar, drivers, results and standings of a year."""
    told, _ = api.parse(api.fetch(season, progress=progress))
    return [told]


def of_race(
    season: Season, event: str, session: SessionName, progress: Progress | None = None
) -> list[Account]:
    """Lap times of a race, with the season around them.

    Raises
    ------
    NotFoundError
        Nobody published them.
    """
    calendar = season.events.filter(event=event)
    told, races = api.parse(api.fetch(season.season, [calendar["round"].item()], progress=progress))
    wanted = [race for race in races if (race.event, race.session) == (event, session)]
    if not wanted:
        raise NotFoundError(
            f"no lap times of the {session} of {season.season} {calendar['name'].item()} "
            "are published",
            season=season.season,
            event=event,
            session=session,
        )
    return [told, *wanted]


SOURCE = Source(
    name="jolpica",
    reads="A season's calendar, drivers, results and standings, from the jolpica API.",
    origin="the HTTP API",
    questions=(SEASON,),
    fetch=fetch,
    parse=parse,
    gives={
        "crossings": "1 line a lap, for a race that is asked for",
        "pit_visits": "since 2011",
        "classification": "since 1950",
    },
    on_demand=OnDemand(rank=4, since=1950, season=of_season, race=of_race),
)
