"""Answers about one thing, and those that take a while: the same for the API and for assistants."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

import racecraft as rc
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError, RacecraftError
from racecraft.lookup.find import find_car, find_driver, find_event
from racecraft.model.race import Race
from racecraft.model.season import Season
from racecraft.model.terms import FORMULA_ONE, SessionName
from racecraft.show.web.shelf import Shelf
from racecraft.show.web.weighing import moments, season_of

if TYPE_CHECKING:
    from racecraft.press.finding import Checked

Kind = Literal["drivers", "constructors"]

HISTORY = 6  # seasons that strengths are learnt from
SEED = 1


def race_or_result(
    shelf: Shelf, season: int, event: str, *, session: SessionName, series: str
) -> Race:
    """Race that is stored; of one whose timing is not, its result.

    Raises
    ------
    NotFoundError
        Neither is stored.
    """
    from racecraft.sim.moments.from_results import race_of_result

    try:
        return shelf.race(season, event, session=session, series=series)
    except NotFoundError as error:
        found = shelf.season(season, series=series) if "session" in error.facts else None
        name = str(error.facts.get("event"))
        if found is None or found.results.filter(event=name, session=session).is_empty():
            raise
        return race_of_result(found, name, session)


def story(shelf: Shelf, race: Race) -> dict[str, Any]:
    """A race told: result, decisive battles, passes by kind, what it did to the standings."""
    from racecraft.analysis.outcome import outcome
    from racecraft.show.outcome import outcome_object
    from racecraft.show.race import story_object
    from racecraft.title.effect import effect
    from racecraft.title.standings.doubts import doubts_about_points

    season, meant, doubts = season_of(shelf, race), "", []
    if season is not None:
        at = (race.event, race.session)
        with suppress(RacecraftError):
            meant = effect(season, *at)
        of_points = doubts_about_points(season, [at])["reason"].to_list()
        said = season.season_doubts.filter(event=at[0], session=at[1], table="results")["reason"]
        doubts = list(dict.fromkeys([*of_points, *said.to_list()]))
    decided = moments(shelf, race) if race.series == FORMULA_ONE else None
    if race.crossings.is_empty() and season is not None:
        result = outcome(season, race.event, race.session)
        return outcome_object(result, standings=meant, doubts=doubts, moments=decided)
    return story_object(shelf.of_race("story", race, rc.race), meant, doubts, decided)


def battle(shelf: Shelf, race: Race, first: str, second: str) -> dict[str, Any]:
    """One battle line by line: swaps, losses, turning points, and a sentence."""
    from racecraft.show.battle import duel_object

    pair = pair_of(race, first, second)
    name = f"battle {' '.join(pair)}"
    fought = shelf.of_race(name, race, lambda race: rc.battle(race, drivers=pair))
    return duel_object(fought)


def pair_of(race: Race, first: str, second: str) -> tuple[str, str]:
    """Two cars, each meant by a code, a number or a name.

    Raises
    ------
    ArgumentError
        Both are the same.
    """
    pair = (find_car(race, first), find_car(race, second))
    if pair[0] == pair[1]:
        raise ArgumentError(f"{pair[0]} twice", hint="two different cars, please")
    return pair


def title(
    shelf: Shelf,
    season: Season,
    *,
    driver: str | None = None,
    team: str | None = None,
    position: int = 1,
    after: str | None = None,
    kind: Kind = "drivers",
) -> dict[str, Any]:
    """Whether a place of the championship is secured, possible or out of reach, with the proof."""
    from racecraft.show.title import clinch_object

    code = None if driver is None else find_driver(season.drivers, driver)
    since = find_after(season, after)
    of = "constructors" if team is not None else kind
    with shelf.slowly():
        told = shelf.of_season(
            f"title {code} {team} {position} {since} {of}",
            season,
            lambda season: rc.clinch(
                season, after=since, driver=code, team=team, position=position, kind=of
            ),
        )
    return clinch_object(told)


def chances(
    shelf: Shelf, race: Race, *, lap: int | None = None, runs: int = 2_000, seed: int = 1
) -> pl.DataFrame:
    """Return ``CHANCES`` of every car after a lap, or after every lap."""
    season, history = season_of(shelf, race), shelf.earlier(race.season, HISTORY)
    with shelf.slowly():
        return shelf.of_race(
            f"chances {lap} {runs} {seed}",
            race,
            lambda race: rc.chances(
                race, lap, runs=runs, seed=seed, season=season, history=history
            ),
        )


def forecast(
    shelf: Shelf,
    season: Season,
    event: str,
    *,
    before: Literal["qualifying", "race"] | None = None,
    grid: str | None = None,
) -> pl.DataFrame:
    """Return ``FORECAST`` of a race before it starts, from what was known then."""
    from racecraft.sim.forecast import MEMORY

    if season.series != FORMULA_ONE:
        raise NotEnoughDataError("only races of Formula 1 are forecast", series=season.series)
    name = find_event(season.events, event, season=season.season)
    order = grid.replace(",", " ").split() if grid else None
    history = shelf.earlier(season.season, MEMORY)
    with shelf.slowly():
        return shelf.of_season(
            f"forecast {name} {before} {order}",
            season,
            lambda season: rc.forecast(
                season, name, before=before, grid=order, history=history, seed=SEED
            ),
        )


def odds(
    shelf: Shelf, season: Season, *, after: str | None, runs: int, seed: int, kind: Kind
) -> pl.DataFrame:
    """Return ``ODDS``, or ``TEAM_ODDS``: how likely every place of a championship is."""
    since, history = find_after(season, after), shelf.earlier(season.season, HISTORY)
    with shelf.slowly():
        return shelf.of_season(
            f"odds {since} {runs} {seed} {kind}",
            season,
            lambda season: rc.odds(
                season, after=since, history=history, runs=runs, seed=seed, kind=kind
            ),
        )


def check_text(
    shelf: Shelf, text: str, *, event: tuple[int, str] | None = None, lang: str | None = None
) -> Checked:
    """Every claim of an article with its verdict, checked against every stored season."""
    from racecraft.press.intake.article import read

    article = read(text.encode("utf-8", "replace"), name="the text", lang=lang)
    about = None
    if event is not None:
        events = shelf.events(event[0])
        name = find_event(events, event[1], season=event[0])
        about = (event[0], events.filter(event=name)["round"].item())
    with shelf.slowly():
        return rc.fact_check(article, shelf.history(), event=about)


def find_after(season: Season, after: str | None) -> str | None:
    """Round or sprint that is meant, its event by a stable name however it was spelt."""
    if after is None:
        return None
    event, colon, session = after.partition(":")
    if event.strip().lstrip("-").isdecimal() or not event.strip():
        return after
    return f"{find_event(season.events, event, season=season.season)}{colon}{session}"
