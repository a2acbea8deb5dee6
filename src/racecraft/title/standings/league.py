"""A season of any series, made of its races and scored by the rules of somebody's league."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.order.classes import placed_in_class
from racecraft.analysis.race import classified
from racecraft.errors import NotEnoughDataError, RuleError
from racecraft.model.race import event_id
from racecraft.model.season import DRIVERS, EVENTS, RESULTS, TEAMS, Season

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.model.rulebook.league import League


def league_season(races: Sequence[Race], league: League, *, of_class: str | None = None) -> Season:
    """Season of these races by the rules of a league, ready for `standings` and `clinch`.

    Everybody who drove a car in a race has its place in the result; without a classification that
    is the order at the flag.

    Parameters
    ----------
    races
        Races and sprints of one series and one year.
    league
        As `racecraft.model.rulebook.league.parse_league` reads it.
    of_class
        The class whose championship is meant, by the places in it; needed where the league has any.

    Raises
    ------
    NotEnoughDataError
        There is no race.
    RuleError
        The league has classes and none is named, or not this one.
    """
    if not races:
        raise NotEnoughDataError("no race of this season is stored")
    _check_class(league, of_class)
    events = _events(races, league)
    results = pl.concat([_results(race, of_class) for race in races])
    results = results.join(events.select("event"), on="event", how="semi", maintain_order="left")
    names = results.select("driver").unique(maintain_order=True)
    family = pl.col("driver").str.extract(r"^\S+\s+(.+)$")
    return Season(
        season=races[0].season,
        series=races[0].series,
        source="+".join(dict.fromkeys(race.source for race in races)),
        events=events,
        drivers=DRIVERS.check(names.with_columns(family_name=pl.coalesce(family, "driver"))),
        teams=TEAMS.check(results.select("team").drop_nulls().unique(maintain_order=True)),
        results=RESULTS.check(results),
        rules=league.book,
    )


def _check_class(league: League, of_class: str | None) -> None:
    if league.classes and of_class not in league.classes:
        asked = "none is named" if of_class is None else f"{of_class!r} is none of them"
        raise RuleError(
            f"the league has championships of {len(league.classes)} classes, and {asked}",
            hint=f"--class {' or '.join(league.classes)}",
        )


def _events(races: Sequence[Race], league: League) -> pl.DataFrame:
    """Calendar: that of the league, or the events of the races by their day and their name."""
    stored = {race.event: race for race in races}
    if league.calendar:
        listed = [(event_id(name), name) for name in league.calendar]
        lacking = [race.name for event, race in stored.items() if event not in dict(listed)]
        if len(lacking) == len(stored):
            raise RuleError(
                f"none of the races stored is in the calendar, such as {lacking[0]}",
                hint="calendar = [...] names events as 'racecraft data list' does",
            )
    else:
        by_day = sorted(stored.values(), key=lambda r: (r.date is None, str(r.date), r.round or 0))
        listed = [(race.event, race.name) for race in by_day]
    return EVENTS.rows(
        [
            {
                "round": number,
                "event": event,
                "name": name,
                "date": stored[event].date if event in stored else None,
            }
            for number, (event, name) in enumerate(listed, start=1)
        ]
    )


def _results(race: Race, of_class: str | None) -> pl.DataFrame:
    """Rows of ``RESULTS`` of a race, one for each driver of each car; of a class, by its places."""
    rows = placed_in_class(race, classified(race))
    if of_class is not None:
        rows = rows.filter(pl.col("class") == of_class).with_columns(
            position=pl.col("class_position"),
            position_text=pl.coalesce(pl.col("class_position").cast(pl.String), "position_text"),
        )
    crew = race.drivers_in_car.select("car", "driver").unique(maintain_order=True)
    alone = race.entries.select(
        "car", alone=pl.concat_str("given_name", "family_name", separator=" ")
    )
    named = rows.join(crew, on="car", how="left", maintain_order="left").join(
        alone, on="car", how="left", maintain_order="left"
    )
    return RESULTS.check(
        named.with_columns(
            event=pl.lit(race.event),
            session=pl.lit(race.session),
            driver=pl.coalesce("driver", "alone", "car"),
            order=pl.int_range(1, pl.len() + 1, dtype=pl.Int16),
            number=pl.col("car"),
            points=pl.lit(None, pl.Float64),
        )
    )
