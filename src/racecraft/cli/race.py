"""The verbs that tell about races.

Each calls one function of the front door, and shows what comes back. Whatever takes time to import
is imported by the verb that needs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer, press
from racecraft.cli.limits import limited_memory
from racecraft.cli.options import (
    Driver,
    Event,
    Format,
    Output,
    Plot,
    Season,
    Session,
    StoreFolder,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.race import Race
    from racecraft.model.terms import SessionName

# Columns that whoever asked for one race knows, and those that people look for first.
KNOWN = ("season", "round", "session")
OVERTAKES_FIRST = ("lap", "line", "passer", "passed", "position", "kind", "margin", "held")
BATTLES_FIRST = (
    "first", "second", "position", "start_lap", "end_lap", "swaps", "closest", "ahead_at_end",
    "margin", "ended_by",
)  # fmt: skip


def race(
    season: Season,
    event: Annotated[
        str | None,
        typer.Argument(metavar="EVENT", help="Round, name, country or place; left out, all races."),
    ] = None,
    report: Annotated[
        Literal["en", "nl", "es"] | None,
        typer.Option("--story", help="Write it as a newspaper would, in this language."),
    ] = None,
    session: Session = "race",
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """Tell a race: result, decisive battles, passes by kind, and how sure all of it is.

    A race whose timing is not stored is told by its result. Without EVENT, the races of a season.
    """
    import racecraft as rc
    from racecraft.cli import outcome
    from racecraft.show import race as story

    if event is None:
        outcome.list_races(season, form, output, store)
        return
    if report is not None:
        if session != "race":
            raise typer.BadParameter("reports are written of races, not of sprints")
        press.write_report(season, event, report, form, output, store)
        return
    if outcome.told_by_result(season, event, session, form, output, store):
        return
    found = find_race(season, event, session, store)
    told = rc.race(found)
    meant = standings_effect(found, store)
    if answer.form_of(form, output) == "table":
        answer.text(lambda page: story.story_text(told, page, meant), output)
    else:
        answer.thing(story.story_object(told, meant), told.result, form, output)


def order(
    season: Season,
    event: Event,
    lap: Annotated[int | None, typer.Option(help="Lap of the leader; left out, the last.")] = None,
    line: Annotated[str, typer.Option(help="Timing line, such as S1.")] = "Line",
    session: Session = "race",
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """Order of the cars at a timing line of a lap."""
    import racecraft as rc

    answer.table(
        rc.order(find_race(season, event, session, store), lap=lap, line=line), form, output
    )


def gaps(
    season: Season,
    event: Event,
    drivers: Annotated[
        list[str] | None,
        typer.Argument(metavar="DRIVER DRIVER", help="Two cars; left out, the whole field."),
    ] = None,
    session: Session = "race",
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """Interval between two cars at every line; or every gap and interval of the field."""
    import racecraft as rc

    if drivers and len(drivers) != 2:
        raise typer.BadParameter("two drivers, or none for the whole field")
    found = find_race(season, event, session, store)
    pair = find_pair(found, *drivers) if drivers else None
    answer.table(rc.gaps(found, drivers=pair), form, output)


def overtakes(
    season: Season,
    event: Event,
    rule: Annotated[
        Literal["every_line", "flying_laps", "mini_sector"],
        typer.Option(help="What counts: every change, those on flying laps, or at mini-sectors."),
    ] = "every_line",
    kind: Annotated[
        Literal[
            "on_track", "start", "pit", "neutralised", "trouble", "retirement", "classification"
        ]
        | None,
        typer.Option(help="Only changes of this cause."),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Only how many there are.")] = False,
    lapping: Annotated[
        bool, typer.Option("--lapping", help="Cars put a lap down or unlapping, instead.")
    ] = False,
    session: Session = "race",
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """Every change of position, with its cause."""
    import polars as pl

    import racecraft as rc

    found = find_race(season, event, session, store)
    table = rc.overtakes(found, rule=rule, kind=kind, lapping=lapping)
    if count:
        answer.thing({"count": table.height}, pl.DataFrame({"count": [table.height]}), form, output)
    else:
        answer.table(table, form, output, leave_out=KNOWN, first=OVERTAKES_FIRST)


def battles(
    season: Season,
    event: Event,
    within_s: Annotated[float, typer.Option(help="Interval that makes a battle.")] = 1.0,
    over_s: Annotated[float, typer.Option(help="Interval that ends it, for a lap.")] = 1.5,
    min_laps: Annotated[int, typer.Option(help="Laps it lasts at least, without a swap.")] = 3,
    session: Session = "race",
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """Battles: two cars in consecutive places, close for laps on end."""
    import racecraft as rc

    found = find_race(season, event, session, store)
    table = rc.battles(found, within_s=within_s, over_s=over_s, min_laps=min_laps)
    answer.table(table, form, output, leave_out=KNOWN, first=BATTLES_FIRST)


def battle(
    season: Season,
    event: Event,
    first: Driver,
    second: Driver,
    plot: Plot = None,
    team_colours: Annotated[
        bool, typer.Option("--team-colours", help="Draw in the colours of the teams.")
    ] = False,
    session: Session = "race",
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """One battle, line by line: swaps, losses, turning points, and a sentence."""
    import racecraft as rc
    from racecraft.show import battle as duel

    found = find_race(season, event, session, store)
    fought = rc.battle(found, drivers=find_pair(found, first, second))
    if plot is not None:
        from racecraft.show import plots

        plots.save(plots.battle_figure(found, fought, team_colours=team_colours), plot)
    if answer.form_of(form, output) == "table":
        answer.text(lambda page: duel.duel_text(found, fought, page), output)
    else:
        answer.thing(duel.duel_object(fought), fought.lines, form, output)


def explain(
    season: Season,
    event: Event,
    lap: Annotated[int, typer.Argument(metavar="LAP", help="Lap, from 1.")],
    first: Driver,
    second: Driver,
    session: Session = "race",
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """What happened between two cars on one lap, and where the time went."""
    import polars as pl

    import racecraft as rc

    found = find_race(season, event, session, store)
    pair = find_pair(found, first, second)
    said = rc.explain(found, lap=lap, drivers=pair)
    if answer.form_of(form, output) == "table":
        from racecraft.show.text import wrapped

        answer.text(lambda page: wrapped(said, page), output)
    else:
        row = {"lap": lap, "first": pair[0], "second": pair[1], "sentence": said}
        answer.thing(row, pl.DataFrame([row]), form, output)


def search(
    where: Annotated[
        str, typer.Argument(metavar="WHERE", help="Condition on columns of battles or overtakes.")
    ],
    season: Annotated[int | None, typer.Option(help="Only races of this year.")] = None,
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """Battles and overtakes over every stored race."""
    import racecraft as rc
    from racecraft.show.progress import counted, progress_bar

    with limited_memory(), progress_bar() as progress:
        races = rc.load_races(season, store=store)
        table = rc.search(counted(races, "races", progress), where)
    which = BATTLES_FIRST if "swaps" in table.columns else OVERTAKES_FIRST
    answer.table(table, form, output, leave_out=["round"], first=("season", "name", *which))


def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One SELECT.")],
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """Ask the store in SQL; every table of every stored race and season is there."""
    import racecraft as rc

    with limited_memory():
        rows = rc.Store(store).sql(query)
    answer.table(rows, form, output)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    race: (
        'race 2023 "São Paulo"',
        "race 1957 germany",
        "race 2023 baku --session sprint",
        "race 2023",
        "race 2023 brazil --story nl",
    ),
    order: (
        "order 2023 brazil --lap 70",
        "order 2023 brazil --lap 71 --line S1",
    ),
    gaps: (
        "gaps 2023 brazil ALO PER",
        "gaps 2023 brazil --format csv -o gaps.csv",
    ),
    overtakes: (
        "overtakes 2023 brazil --kind on_track",
        "overtakes 2023 brazil --rule flying_laps --count",
    ),
    battles: (
        "battles 2023 brazil",
        "battles 2023 mexico --within-s 0.8 --format json",
    ),
    battle: (
        "battle 2023 brazil PER ALO",
        "battle 2023 brazil pérez 14 --format json",
        "battle 2023 brazil PER ALO --plot battle.png",
    ),
    explain: ("explain 2023 brazil 71 PER ALO",),
    search: (
        'search "swaps >= 3 and at_flag"',
        "search \"kind = 'on_track' and position = 1 and lap > 60\"",
    ),
    sql: (
        'sql "select * from races"',
        'sql "select driver, sum(points) from results where season = 2023 group by driver"',
    ),
}  # every verb, and what one may type after racecraft


def standings_effect(race: Race, store: Path | None) -> str:
    """What a race did to the standings; nothing where the season is not stored."""
    import racecraft as rc
    from racecraft.title.effect import effect

    try:
        season = rc.Store(store).load_season(race.season)
        return effect(season, race.event, race.session)
    except rc.RacecraftError:
        return ""


def find_race(season: int, event: str, session: SessionName, store: Path | None) -> Race:
    """Race that is meant; one that is not stored is fetched, with a bar that says how far."""
    import racecraft as rc
    from racecraft.show.progress import progress_bar

    with progress_bar() as progress:
        return rc.load_race(season, event, session=session, store=store, progress=progress)


def find_pair(race: Race, first: str, second: str) -> tuple[str, str]:
    """Codes of two drivers of a race."""
    from racecraft.lookup.find import find_driver

    return find_driver(race.entries, first), find_driver(race.entries, second)
