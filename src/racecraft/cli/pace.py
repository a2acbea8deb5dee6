"""The verbs that tell how fast, and what a stop cost: pace, breakdown, form, stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.options import Driver, Event, Plot, Season
from racecraft.cli.verb import OF_RACE, OF_SEASON, Asked, verb

if TYPE_CHECKING:
    from collections.abc import Callable


@verb(*OF_RACE)
def pace(
    asked: Asked,
    season: Season,
    event: Event,
    of: Annotated[
        Literal["drivers", "by_driver", "terms", "tyres", "traffic", "track", "laps", "doubts"],
        typer.Option(help="Table of CSV and Parquet; JSON has them all."),
    ] = "drivers",
    plot: Plot = None,
    driver: Annotated[
        str | None,
        typer.Option(help="Draw the lap times of this driver; with --of tyres, the tyre curves."),
    ] = None,
) -> None:
    """Race pace of every driver, and what lap times were made of: fuel, tyres, traffic, track."""
    import racecraft as rc
    from racecraft.lookup.find import find_car
    from racecraft.show import pace as fitted

    found = asked.race(season, event)
    told = rc.pace(found)
    if plot is not None:
        if driver is not None:
            figure = rc.plot.lap_times(told, find_car(found, driver))
        else:
            figure = rc.plot.tyres(told) if of == "tyres" else rc.plot.pace(told)
        answer.picture(figure, plot)
        return
    asked.told(
        lambda page: fitted.pace_text(told, page),
        lambda: fitted.pace_object(told),
        getattr(told, of),
    )


@verb(*OF_RACE)
def breakdown(
    asked: Asked,
    season: Season,
    event: Event,
    driver: Driver,
    lap: Annotated[int, typer.Argument(metavar="LAP", help="Lap.")],
) -> None:
    """Seconds of a lap by cause: fuel, tyre, traffic, pit, flags, own error."""
    import racecraft as rc
    from racecraft.lookup.find import find_car
    from racecraft.show import pace as fitted

    found = asked.race(season, event)
    told = rc.breakdown(found, find_car(found, driver), lap)
    asked.told(
        lambda page: fitted.breakdown_text(told, found, page),
        lambda: fitted.breakdown_object(told),
        told.parts,
    )


@verb(*OF_SEASON)
def form(
    asked: Asked,
    season: Season,
    driver: Driver,
    since: Annotated[
        str | None,
        typer.Option(metavar="EVENT", help="Compare pace from this event on with that before it."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="EVENT", help="Last event of that comparison.")
    ] = None,
    plot: Plot = None,
) -> None:
    """Qualifying and race pace of a driver round by round, and whether it changed."""
    import racecraft as rc
    from racecraft.door.paces import kept_paces
    from racecraft.lookup.find import find_driver, find_event
    from racecraft.show import pace as fitted
    from racecraft.show.progress import progress_bar

    if until is not None and since is None:
        raise typer.BadParameter("--until belongs to --since")
    reported = asked.season(season)
    code = find_driver(reported.drivers, driver)
    first, last = (
        None if event is None else find_event(reported.events, event, season=season)
        for event in (since, until)
    )
    with progress_bar() as progress:
        told = rc.form(
            reported,
            code,
            races=rc.load_races(season, series=asked.series, store=asked.store),
            since=first,
            until=last,
            paces_of=kept_paces(asked.shelf),
            progress=progress,
        )
    if plot is not None:
        answer.picture(rc.plot.form(told), plot)
        return
    asked.told(
        lambda page: fitted.form_text(told, page), lambda: fitted.form_object(told), told.rounds
    )


@verb(*OF_RACE)
def stops(
    asked: Asked,
    season: Season,
    event: Event,
    undercuts: Annotated[
        bool, typer.Option("--undercuts", help="Who gained by stopping first, and who lost.")
    ] = False,
    window: Annotated[
        str | None,
        typer.Option(metavar="DRIVER", help="Where a stop on any lap would have led this driver."),
    ] = None,
    plot: Plot = None,
) -> None:
    """Stops, and what each cost; or undercuts and overcuts, or a driver's pit window."""
    import racecraft as rc
    from racecraft.analysis.fights import undercuts as decisions
    from racecraft.lookup.find import find_car

    if undercuts and window is not None:
        raise typer.BadParameter("either --undercuts or --window DRIVER")
    found = asked.race(season, event)
    if plot is not None:
        answer.picture(rc.plot.strategy(found), plot)
        return
    if undercuts:
        table = decisions.undercuts(found)
    elif window is not None:
        table = decisions.pit_window(found, find_car(found, window))
    else:
        table = decisions.stop_losses(found)
    asked.table(table)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    pace: (
        "pace 2023 brazil",
        "pace 2023 brazil --of tyres --format csv -o tyres.csv",
        "pace 2023 brazil --plot pace.png",
        "pace 2023 brazil --plot laps.png --driver ALO",
    ),
    breakdown: (
        "breakdown 2023 brazil PER 71",
        "breakdown 2023 brazil verstappen 27 --format json",
    ),
    form: (
        "form 2023 PER",
        "form 2023 PER --since austin",
        "form 2023 pérez --plot form.png",
    ),
    stops: (
        "stops 2023 brazil",
        "stops 2023 brazil --undercuts --format json",
        "stops 2023 brazil --window VER",
        "stops 2023 brazil --plot tyres.png",
    ),
}  # every verb, and what one may type after racecraft
