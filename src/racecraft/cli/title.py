"""The verbs that tell about championships."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from racecraft.cli import answer
from racecraft.cli.options import Plot, Season
from racecraft.cli.verb import OF_SEASON, Asked, verb
from racecraft.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from racecraft.model.rulebook.league import League
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season as SeasonTables

HISTORY = 6  # seasons: what happened earlier says next to nothing of today's strengths

After = Annotated[
    str | None,
    typer.Option(
        metavar="ROUND", help="After this round, or its sprint: 17, 17:sprint, qatar:sprint."
    ),
]
Rules = Annotated[
    Path | None,
    typer.Option(metavar="FILE.toml", help="Points by place, drop scores, ... of your own league."),
]
OfClass = Annotated[
    str | None, typer.Option("--class", metavar="NAME", help="The championship of this class.")
]
Teams = Annotated[bool, typer.Option("--teams", help="The constructors' championship.")]


@verb(*OF_SEASON)
def standings(
    asked: Asked,
    season: Season,
    after: After = None,
    teams: Teams = False,
    rules: Rules = None,
    of_class: OfClass = None,
    plot: Plot = None,
) -> None:
    """Standings after any round or sprint, added up from the results by that year's rules."""
    import racecraft as rc
    from racecraft.show import title as championship

    kind = _kind(teams)
    if (league := read_league(rules, season)) and league.classes and of_class is None:
        asked.table(_of_all_classes(asked, season, league, after, kind))
        return
    found = championship_of(asked, season, league, of_class)
    since = find_after(found, after)
    table = rc.standings(found, after=since, kind=kind)
    if plot is not None:
        answer.picture(rc.plot.standings(found, after=since, kind=kind), plot)
        return
    if asked.answer_form != "table":
        asked.table(table)
        return
    doubts = doubts_until(found, since)
    asked.text(lambda page: championship.standings_text(table, doubts, page))


@verb(*OF_SEASON)
def title(
    asked: Asked,
    season: Season,
    driver: Annotated[str | None, typer.Option(help="Code, number or family name.")] = None,
    team: Annotated[str | None, typer.Option(help="Team, in its own championship.")] = None,
    position: Annotated[int, typer.Option(help="Place asked for.")] = 1,
    after: After = None,
    when: Annotated[
        bool, typer.Option("--when", help="When each place of the season was secured.")
    ] = False,
    teams: Teams = False,
    rules: Rules = None,
    of_class: OfClass = None,
    plot: Plot = None,
) -> None:
    """What is secured and what is out of reach, proven, and what must happen next."""
    import racecraft as rc
    from racecraft.show import title as championship

    found = championship_of(asked, season, read_league(rules, season), of_class)
    kind = _kind(teams or team is not None)
    if when:
        table = only(rc.clinch_when(found, kind=kind), find_driver(found, driver) or team)
        asked.table(championship.named(table, kind))
        return
    since = find_after(found, after)
    told = rc.clinch(
        found,
        after=since,
        driver=find_driver(found, driver),
        team=team,
        position=position,
        kind=kind,
    )
    if plot is not None:
        answer.picture(rc.plot.title(told), plot)
        return
    doubts = doubts_until(found, since)
    if driver is team is None and position == 1 and asked.answer_form == "table":
        from racecraft.title.contenders import contenders

        table = contenders(found, after=since, kind=kind)
        asked.text(lambda page: championship.contenders_text(table, told, page, doubts))
        return
    asked.told(
        lambda page: championship.clinch_text(told, page, doubts),
        lambda: {**championship.clinch_object(told), "doubts": doubts},
        championship.named(told.rivals, told.kind),
    )


@verb(*OF_SEASON)
def odds(
    asked: Asked,
    season: Season,
    after: After = None,
    runs: Annotated[int, typer.Option(help="Rests of the season to draw.")] = 100_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same odds.")] = 1,
    teams: Teams = False,
    plot: Plot = None,
) -> None:
    """How likely every place of the championship is, by simulating what is left of the season."""
    import racecraft as rc
    from racecraft.show import title as championship

    found = asked.season(season)
    table = rc.odds(
        found,
        after=find_after(found, after),
        history=earlier_seasons(asked, season),
        runs=runs,
        seed=seed,
        kind=_kind(teams),
    )
    if plot is not None:
        answer.picture(rc.plot.odds(table, words=f"{season}: how it may end"), plot)
        return
    if asked.answer_form == "table":
        asked.text(lambda page: championship.odds_text(table, page))
    else:
        by_place = asked.answer_form == "csv"
        asked.table(championship.odds_by_place(table) if by_place else table)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    standings: (
        "standings 2023 --after 20",
        "standings 2023 --after qatar:sprint --teams --format csv",
        "standings 2023 --plot season.png",
    ),
    title: (
        "title 2023 --driver PER --position 2 --after 20",
        "title 2023 --driver PER --position 2 --after 20 --plot next.png",
        "title 2023 --when",
    ),
    odds: ("odds 2023 --after 5", "odds 2023 --after 20 --teams --format json"),
}  # every verb, and what one may type after racecraft


def read_league(rules: Path | None, season: int) -> League | None:
    """Rules of a file; None where none is named."""
    from racecraft.model.rulebook.league import parse_league

    if rules is None:
        return None
    try:
        text = rules.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{rules} cannot be read: {error}", path=str(rules)) from error
    return parse_league(text, season=season, file=rules.name)


def championship_of(
    asked: Asked, season: int, league: League | None, of_class: str | None
) -> SeasonTables:
    """Season as it is scored: by Formula 1's rules, or by those of a league, from the races."""
    import racecraft as rc
    from racecraft.title.standings.league import league_season

    if league is None:
        if of_class is not None:
            raise typer.BadParameter("--class needs the --rules of its championship")
        return asked.season(season)
    races = rc.load_races(season, series=asked.series, store=asked.store)
    return league_season(races, league, of_class=of_class)


def _of_all_classes(
    asked: Asked, season: int, league: League, after: str | None, kind: Championship
) -> pl.DataFrame:
    """Standings of every class of a league, one below the other."""
    import polars as pl

    import racecraft as rc

    tables = []
    for name in league.classes:
        found = championship_of(asked, season, league, name)
        table = rc.standings(found, after=find_after(found, after), kind=kind)
        tables.append(table.select(pl.lit(name).alias("class"), pl.all()))
    return pl.concat(tables)


def earlier_seasons(asked: Asked, season: int) -> list[SeasonTables]:
    """Stored seasons before one, as many as the strengths of drivers and cars are learnt from."""
    from racecraft.store.load import seasons_before

    return seasons_before(asked.shelf, season, HISTORY, asked.series)


def doubts_until(season: SeasonTables, after: str | None) -> list[str]:
    """What is not sure of the points until a race or sprint, a sentence each."""
    from racecraft.title.standings.calendar import calendar, sessions_run
    from racecraft.title.standings.doubts import doubts_about_points, sentences

    run = [(one.event, one.session) for one in calendar(season)[: sessions_run(season, after)]]
    return sentences(season, doubts_about_points(season, run))


def find_after(season: SeasonTables, after: str | None) -> str | None:
    """Round or sprint that is meant, its event by a stable name however it was spelt."""
    from racecraft.lookup import find

    return None if after is None else find.find_after(season, after)


def only(table: pl.DataFrame, asked: str | None) -> pl.DataFrame:
    """Rows of the driver or team that is asked for; all of them where none is."""
    from racecraft.errors import NotFoundError
    from racecraft.model.folding import fold

    names = [name for name in table["name"] if asked is None or fold(name) == fold(asked)]
    if not names:
        raise NotFoundError(
            f"{asked!r} is not in the championship", hint=f"these are: {', '.join(table['name'])}"
        )
    return table.filter(table["name"].is_in(names))


def find_driver(season: SeasonTables, driver: str | None) -> str | None:
    """Code of the driver that is meant."""
    from racecraft.lookup import find

    return None if driver is None else find.find_driver(season.drivers, driver)


def _kind(teams: bool) -> Championship:
    return "constructors" if teams else "drivers"
