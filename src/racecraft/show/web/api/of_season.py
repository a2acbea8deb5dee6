"""Tables of a season, and of everything stored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import polars as pl
from fastapi import APIRouter, Query

import racecraft as rc
from racecraft.analysis.finishes import FINISHES
from racecraft.analysis.outcome import QUALIFIED, RECORDED, outcome, qualifying
from racecraft.lookup.find import find_event
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.model.table import Column, Table
from racecraft.model.terms import FORMULA_ONE
from racecraft.show.web import answers
from racecraft.show.web.answers import Kind
from racecraft.show.web.api.offer import EventName, SeriesOf, SessionOf, offer, season_of
from racecraft.show.web.shelf import Shelf
from racecraft.sim.forecast import FORECAST
from racecraft.sim.odds import ODDS, TEAM_ODDS
from racecraft.store.accounts.catalogue import RACES_STORED
from racecraft.title.clinch import WHEN
from racecraft.title.standings.standings import STANDINGS, TEAM_STANDINGS

AT = "/seasons/{season}"
After = Annotated[
    str | None,
    Query(max_length=80, description="After this round, or its sprint: 17, 17:sprint, qatar."),
]
MaybeName = Annotated[str | None, Query(max_length=80)]
Runs = Annotated[int, Query(ge=100, le=100_000)]
Seed = Annotated[int, Query(ge=0, le=2**31)]
SeasonYear = Annotated[int | None, Query(ge=1900, le=2100, description="Only of this year.")]

SEASONS = Table(
    "seasons",
    key=("season",),
    columns=(
        Column("season", pl.Int16, "year"),
        Column("series", pl.String, "whose championship"),
        Column("sources", pl.String, "who told about it"),
        Column("races", pl.Int32, "races and sprints whose timing is stored"),
    ),
)
SERIES = Table("series", key=("series",), columns=(Column("series", pl.String, "its name"),))


def series(shelf: Shelf) -> pl.DataFrame:
    """Series of which something is stored, Formula 1 first."""
    return pl.DataFrame({"series": shelf.store.series()})


def seasons(shelf: Shelf, *, series: SeriesOf = FORMULA_ONE) -> pl.DataFrame:
    """Seasons of a series, the earliest first."""
    counts = dict(shelf.races(series=series)["season"].value_counts().iter_rows())
    rows = [
        {
            "season": year, "series": series, "sources": "+".join(told),
            "races": counts.get(year, 0),
        }
        for year, told in shelf.seasons(series).items()
    ]  # fmt: skip
    return SEASONS.rows(rows)


def races(
    shelf: Shelf, *, season: SeasonYear = None, series: SeriesOf = FORMULA_ONE
) -> pl.DataFrame:
    """Races and sprints whose timing is stored."""
    return shelf.races(season, series=series)


def standings(shelf: Shelf, season: Season, *, after: After = None) -> pl.DataFrame:
    """Drivers' standings after any round or sprint, added up by the rules of the year."""
    return _standings(shelf, season, after, "drivers")


def team_standings(shelf: Shelf, season: Season, *, after: After = None) -> pl.DataFrame:
    """Constructors' standings likewise."""
    return _standings(shelf, season, after, "constructors")


def when(shelf: Shelf, season: Season, *, kind: Kind = "drivers") -> pl.DataFrame:
    """When each place of the championship was secured."""
    with shelf.slowly():
        return shelf.of_season(f"when {kind}", season, lambda of: rc.clinch_when(of, kind=kind))


def title(
    shelf: Shelf,
    season: Season,
    *,
    driver: MaybeName = None,
    team: MaybeName = None,
    position: Annotated[int, Query(ge=1, le=100)] = 1,
    after: After = None,
    kind: Kind = "drivers",
) -> dict[str, Any]:
    """What is secured and what is out of reach, proven, and what must happen next."""
    return answers.title(
        shelf, season, driver=driver, team=team, position=position, after=after, kind=kind
    )


def odds(
    shelf: Shelf, season: Season, *, after: After = None, runs: Runs = 20_000, seed: Seed = 1
) -> pl.DataFrame:
    """How likely every place of the championship is, by simulating what is left."""
    return answers.odds(shelf, season, after=after, runs=runs, seed=seed, kind="drivers")


def team_odds(
    shelf: Shelf, season: Season, *, after: After = None, runs: Runs = 20_000, seed: Seed = 1
) -> pl.DataFrame:
    """The same of the constructors' championship."""
    return answers.odds(shelf, season, after=after, runs=runs, seed=seed, kind="constructors")


def finishes(shelf: Shelf, season: Season) -> pl.DataFrame:
    """Every finish of the season, with names."""
    from racecraft.analysis.finishes import finishes as all_of

    return shelf.of_season("finishes", season, all_of)


def forecast(
    shelf: Shelf,
    season: Season,
    *,
    event: EventName,
    before: Literal["qualifying", "race"] | None = None,
    grid: Annotated[str | None, Query(max_length=300, description="Order of the grid.")] = None,
) -> pl.DataFrame:
    """How likely every place of a race is, before qualifying or on the grid."""
    return answers.forecast(shelf, season, event, before=before, grid=grid)


def results(
    _: Shelf, season: Season, *, event: EventName, session: SessionOf = "race"
) -> pl.DataFrame:
    """Result of a race, as published: of every race since 1950, with its timing or without."""
    return outcome(season, _name_of(season, event), session).result


def qualified(
    _: Shelf, season: Season, *, event: EventName, session: SessionOf = "race"
) -> pl.DataFrame:
    """Qualifying for a race: the best lap of every driver in each part."""
    return qualifying(season, _name_of(season, event), session)


IN_EVENT: dict[str, tuple[Table, Any]] = {
    "forecast": (FORECAST, forecast), "results": (RECORDED, results),
    "qualifying": (QUALIFIED, qualified),
}  # fmt: skip
DERIVED: dict[str, tuple[Table, Any]] = {
    "standings": (STANDINGS, standings), "team-standings": (TEAM_STANDINGS, team_standings),
    "odds": (ODDS, odds), "team-odds": (TEAM_ODDS, team_odds), "finishes": (FINISHES, finishes),
}  # fmt: skip
TITLE = {
    "season": {"type": "integer"},
    "after": {"type": ["string", "integer", "null"]},
    "position": {"type": "integer"},
    "secured": {"type": "boolean"},
    "possible": {"type": "boolean"},
    "sentence": {"type": "string"},
}


def offer_seasons(router: APIRouter) -> None:
    """Answer for what is stored, and for every table of a season."""
    for name, table, make in (
        ("series", SERIES, series), ("seasons", SEASONS, seasons), ("races", RACES_STORED, races),
    ):  # fmt: skip
        offer(router, f"/{name}", table, make, tag="store")
    for name, (table, make) in DERIVED.items():
        offer(router, f"{AT}/{name}", table, make, of=season_of, tag="season")
    offer(router, f"{AT}/title-when", WHEN, when, of=season_of, tag="season")
    offer(router, f"{AT}/title", TITLE, title, of=season_of, tag="season")
    for name, (table, make) in IN_EVENT.items():
        offer(router, f"{AT}/events/{{event}}/{name}", table, make, of=season_of, tag="race")
    for name, table in SEASON_TABLES.items():
        path = f"{AT}/{name.replace('_', '-')}"
        offer(router, path, table, _reported(name), of=season_of, tag="season as reported")


def _reported(name: str) -> Any:
    def reported(_: Shelf, season: Season) -> pl.DataFrame:
        return season.tables[name]

    reported.__doc__ = f"Table {name} of a season, as it was reported."
    return reported


def _name_of(season: Season, event: str) -> str:
    return find_event(season.events, event, season=season.season)


def _standings(shelf: Shelf, season: Season, after: str | None, kind: Kind) -> pl.DataFrame:
    since = answers.find_after(season, after)
    return shelf.of_season(
        f"standings {since} {kind}", season, lambda of: rc.standings(of, after=since, kind=kind)
    )
