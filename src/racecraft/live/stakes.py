"""What a race under way makes of the championship, if it ended now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.lookup.find import find_event
from racecraft.model.rulebook.book import book_of_season
from racecraft.model.season import RESULTS
from racecraft.title.effect import effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season


def if_it_ended_now(season: Season, race: Race, order: Sequence[str]) -> str:
    """What the drivers' championship would be, in a few sentences.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results`` up to this race; later ones are not looked at.
    race
        The race under way.
    order
        Cars in order, those that are out left out.

    Returns
    -------
    str
        As `racecraft.title.effect.effect`; empty where the season does not tell.

    Notes
    -----
    Points in full, whatever share of the distance was driven, and without the fastest lap's: who
    will have that is open until the flag.
    """
    try:
        event = find_event(season.events, race.name, season=season.season)
        scale = book_of_season(season).scale(event, race.session, to_come=True)
        return effect(_with_result(season, race, event, order, scale), event, race.session)
    except RacecraftError:
        return ""


def _with_result(
    season: Season, race: Race, event: str, order: Sequence[str], scale: Sequence[float]
) -> Season:
    """The season with the order of now as the result of the race."""
    teams = dict(race.entries.select("car", "team").iter_rows())
    known = dict(season.results.select("driver", "team").iter_rows())
    rows = [
        {
            "event": event,
            "session": race.session,
            "order": place,
            "position": place,
            "position_text": str(place),
            "driver": car,
            "team": known.get(car) or teams.get(car),
            "points": float(scale[place - 1]) if place <= len(scale) else 0.0,
        }
        for place, car in enumerate(order, 1)
    ]
    others = season.results.filter(
        ~((pl.col("event") == event) & (pl.col("session") == race.session))
    )
    new = RESULTS.rows(rows)
    return season.with_tables(results=pl.concat([others, new]))
