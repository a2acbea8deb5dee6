"""The verbs that tell about races.

Each calls one function of the front door, and shows what comes back. Whatever takes time to import
is imported by the verb that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer, press
from racecraft.cli.limits import limited_memory
from racecraft.cli.options import Driver, Event, Plot, Season, Story, language
from racecraft.cli.verb import ANSWER, OF_RACE, Asked, verb
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.race import Race

Overall = Annotated[bool, typer.Option("--overall", help="Between cars of different classes too.")]

# Columns that whoever asked for one race knows, and those that people look for first.
KNOWN = ("series", "season", "round", "session")
OVERTAKES_FIRST = (
    "lap", "line", "passer", "passed", "position", "class", "class_position", "kind",
    "margin", "held",
)  # fmt: skip
BATTLES_FIRST = (
    "first", "second", "position", "class", "class_position", "start_lap", "end_lap", "swaps",
    "closest", "ahead_at_end",
    "margin", "ended_by",
)  # fmt: skip


@verb(*OF_RACE)
def race(
    asked: Asked,
    season: Season,
    event: Annotated[
        str | None,
        typer.Argument(metavar="EVENT", help="Round, name, country or place; left out, all races."),
    ] = None,
    report: Story = None,
    plot: Plot = None,
) -> None:
    """Tell a race: result, decisive battles, passes by kind, and how sure all of it is.

    A race whose timing is not stored is told by its result. Without EVENT, the races of a season.
    """
    import racecraft as rc
    from racecraft.cli import outcome
    from racecraft.cli.moments import weighed
    from racecraft.show import race as story

    if event is None:
        outcome.list_races(asked, season)
        return
    if report is not None:
        press.write_report(asked, season, event, language(report))
        return
    if outcome.told_by_result(asked, season, event):
        return
    found = asked.race(season, event)
    if plot is not None:
        from racecraft.show.charts.lap_chart import who_mattered

        decided = weighed(asked, found, simulated=True) if found.series == FORMULA_ONE else None
        mattered = [] if decided is None else who_mattered(decided)
        answer.picture(rc.plot.lap_chart(found, cars=mattered or None), plot)
        return
    told = rc.race(found)
    meant, doubts = outcome.of_season(asked, found)
    is_f1 = found.series == FORMULA_ONE
    decided = weighed(asked, found, simulated=True) if is_f1 else None
    asked.told(
        lambda page: story.story_text(told, page, meant, doubts, decided),
        lambda: story.story_object(told, meant, doubts, decided),
        told.result,
    )


@verb(*OF_RACE)
def order(
    asked: Asked,
    season: Season,
    event: Event,
    lap: Annotated[int | None, typer.Option(help="Lap of the leader; left out, the last.")] = None,
    line: Annotated[str, typer.Option(help="Timing line, such as S1.")] = "Line",
) -> None:
    """Order of the cars at a timing line of a lap."""
    import racecraft as rc

    asked.table(rc.order(asked.race(season, event), lap=lap, line=line))


@verb(*OF_RACE)
def gaps(
    asked: Asked,
    season: Season,
    event: Event,
    drivers: Annotated[
        list[str] | None,
        typer.Argument(metavar="DRIVER DRIVER", help="Two cars; left out, the whole field."),
    ] = None,
    plot: Plot = None,
) -> None:
    """Interval between two cars at every line; or every gap and interval of the field."""
    import racecraft as rc

    if drivers and len(drivers) != 2:
        raise typer.BadParameter("two drivers, or none for the whole field")
    found = asked.race(season, event)
    pair = find_pair(found, *drivers) if drivers else None
    if plot is not None:
        answer.picture(rc.plot.gaps(found, drivers=pair), plot)
        return
    asked.table(rc.gaps(found, drivers=pair))


@verb("driver", *OF_RACE)
def overtakes(
    asked: Asked,
    season: Season,
    event: Event,
    rule: Annotated[
        Literal["every_line", "flying_laps", "mini_sector"],
        typer.Option(help="What counts: every change, those on flying laps, or at mini-sectors."),
    ] = "every_line",
    kind: Annotated[
        Literal[
            "on_track",
            "start",
            "pit",
            "neutralised",
            "order_reset",
            "trouble",
            "retirement",
            "classification",
        ]
        | None,
        typer.Option(help="Only changes of this cause."),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Only how many there are.")] = False,
    lapping: Annotated[
        bool, typer.Option("--lapping", help="Cars put a lap down or unlapping, instead.")
    ] = False,
    overall: Overall = False,
    plot: Plot = None,
) -> None:
    """Every change of position, with its cause."""
    import polars as pl

    import racecraft as rc

    found = asked.race(season, event)
    table = rc.overtakes(found, rule=rule, kind=kind, lapping=lapping, overall=overall)
    table = asked.only(found, table, "passer", "passed")
    if plot is not None:
        answer.picture(rc.plot.overtakes(found, table=table), plot)
        return
    if count:
        asked.thing({"count": table.height}, pl.DataFrame({"count": [table.height]}))
    else:
        asked.table(table, leave_out=KNOWN, first=OVERTAKES_FIRST)


@verb("driver", *OF_RACE)
def battles(
    asked: Asked,
    season: Season,
    event: Event,
    within_s: Annotated[float, typer.Option(help="Interval that makes a battle.")] = 1.0,
    over_s: Annotated[float, typer.Option(help="Interval that ends it, for a lap.")] = 1.5,
    min_laps: Annotated[int, typer.Option(help="Laps it lasts at least, without a swap.")] = 3,
    overall: Overall = False,
    plot: Plot = None,
) -> None:
    """Battles: two cars in consecutive places, close for laps on end."""
    import racecraft as rc

    found = asked.race(season, event)
    table = rc.battles(found, within_s=within_s, over_s=over_s, min_laps=min_laps, overall=overall)
    table = asked.only(found, table, "first", "second")
    if plot is not None:
        answer.picture(rc.plot.battles(found, table=table), plot)
        return
    asked.table(table, leave_out=KNOWN, first=BATTLES_FIRST)


@verb(*OF_RACE)
def battle(
    asked: Asked,
    season: Season,
    event: Event,
    first: Driver,
    second: Driver,
    plot: Plot = None,
    team_colours: Annotated[
        bool, typer.Option("--team-colours", help="Draw in the colours of the teams.")
    ] = False,
) -> None:
    """One battle, line by line: swaps, losses, turning points, and a sentence."""
    import racecraft as rc
    from racecraft.show import battle as duel

    found = asked.race(season, event)
    fought = rc.battle(found, drivers=find_pair(found, first, second))
    if plot is not None:
        answer.picture(rc.plot.battle(found, fought, team_colours=team_colours), plot)
        return
    asked.told(
        lambda page: duel.duel_text(found, fought, page),
        lambda: duel.duel_object(fought),
        fought.lines,
    )


@verb(*OF_RACE)
def start(asked: Asked, season: Season, event: Event, plot: Plot = None) -> None:
    """The start: launches, places gained on lap 1, who braked when, side by side, contact.

    By telemetry of lap 1 where it is stored; else by sectors, or the grid and the end of lap 1.
    """
    import racecraft as rc
    from racecraft.show.start import start_object, start_text

    found = asked.race(season, event)
    if plot is not None:
        answer.picture(rc.plot.start(found), plot)
        return
    told = rc.start(found)
    asked.told(lambda page: start_text(found, told, page), lambda: start_object(told), told.table)


@verb(*OF_RACE)
def explain(
    asked: Asked,
    season: Season,
    event: Event,
    lap: Annotated[int, typer.Argument(metavar="LAP", help="Lap, from 1.")],
    first: Driver,
    second: Driver,
) -> None:
    """What happened between two cars on one lap, and where the time went."""
    import polars as pl

    import racecraft as rc
    from racecraft.show.text import wrapped

    found = asked.race(season, event)
    pair = find_pair(found, first, second)
    said = rc.explain(found, lap=lap, drivers=pair)
    row = {"lap": lap, "first": pair[0], "second": pair[1], "sentence": said}
    asked.told(lambda page: wrapped(said, page), lambda: row, pl.DataFrame([row]))


@verb(*ANSWER)
def sql(
    asked: Asked,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One SELECT.")],
) -> None:
    """Ask the store in SQL; every table of every stored race and season is there.

    Those that are worked out too: laps, gaps, overtakes, battles, stints, stops, control_periods.
    """
    from racecraft.show.derived import worked_out
    from racecraft.show.progress import progress_bar

    with limited_memory(), progress_bar() as progress:
        rows = asked.shelf.sql(query, derived=worked_out(asked.shelf), progress=progress)
    asked.table(rows)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    race: (
        'race 2023 "São Paulo"',
        "race 1957 germany",
        "race 2023 baku --session sprint",
        "race 2023",
        "race 2023 brazil --story nl",
        "race 2023 qatar --session sprint --story en",
        "race 2023 brazil --plot places.png",
    ),
    order: (
        "order 2023 brazil --lap 70",
        "order 2023 brazil --lap 71 --line S1",
    ),
    gaps: (
        "gaps 2023 brazil ALO PER",
        "gaps 2023 brazil --format csv -o gaps.csv",
        "gaps 2023 brazil --plot gaps.png",
    ),
    overtakes: (
        "overtakes 2023 brazil --kind on_track",
        "overtakes 2023 brazil --rule flying_laps --count",
        "overtakes 2023 brazil --driver alonso",
        "overtakes 2023 brazil --plot passes.png",
    ),
    battles: (
        "battles 2023 brazil",
        "battles 2023 brazil --driver HAM",
        "battles 2023 brazil --plot battles.png",
        "battles 2023 mexico --within-s 0.8 --format json",
    ),
    battle: (
        "battle 2023 brazil PER ALO",
        "battle 2023 brazil pérez 14 --format json",
        "battle 2023 brazil PER ALO --plot battle.png",
    ),
    start: ("start 2023 mexico", "start 2023 brazil --format json"),
    explain: ("explain 2023 brazil 71 PER ALO",),
    sql: (
        'sql "select * from races"',
        'sql "select driver, sum(points) from results where season = 2023 group by driver"',
    ),
}  # every verb, and what one may type after racecraft


def find_pair(race: Race, first: str, second: str) -> tuple[str, str]:
    """Codes of two drivers of a race."""
    from racecraft.lookup.find import find_car

    return find_car(race, first), find_car(race, second)
