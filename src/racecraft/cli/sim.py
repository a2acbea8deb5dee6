"""The verbs that tell what could happen in a race."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.options import Event, Plot, Season, Workers
from racecraft.cli.simulate import (
    ParameterFile,
    parameters_of,
    say_what_takes_long,
    with_history,
)
from racecraft.cli.verb import OF_RACE, Asked, verb

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from racecraft.model.season import Season as SeasonTables


@verb(*OF_RACE)
def forecast(
    asked: Asked,
    season: Season,
    event: Event,
    before: Annotated[
        Literal["qualifying", "race"] | None,
        typer.Option(help="Left out: the race, once there is a grid or a qualifying."),
    ] = None,
    grid: Annotated[
        str | None,
        typer.Option(metavar="DRIVERS", help='Order of the grid, if another: "VER NOR 81 ham".'),
    ] = None,
    after: Annotated[
        int | None,
        typer.Option(metavar="LAP", help="In the race, when its leader has done so many laps."),
    ] = None,
    every_lap: Annotated[
        bool, typer.Option("--every-lap", help="After every lap, from the grid to the flag.")
    ] = False,
    runs: Annotated[
        int, typer.Option(help="Races to simulate, with --after and --every-lap.")
    ] = 2_000,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Prices of yours: driver, and win, podium or points_finish, "
            "as probabilities or decimal odds.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the errors; chances are computed.")] = 1,
    parameters: ParameterFile = None,
    workers: Workers = None,
    plot: Plot = None,
) -> None:
    """How likely every place of a race is: before qualifying, on the grid, or after any lap.

    Every race is seen only with what was known before it, or by then.
    """
    import racecraft as rc
    from racecraft.lookup.find import find_event
    from racecraft.show.progress import progress_bar
    from racecraft.sim.forecast import MEMORY
    from racecraft.store.load import seasons_before

    if after is not None or every_lap:
        if before is not None or grid is not None or against is not None:
            raise typer.BadParameter(
                "--before, --grid and --against are for forecasts before the start"
            )
        given = {
            "runs": runs, "seed": seed, "workers": workers,
            "parameters": parameters_of(parameters),
        }  # fmt: skip
        _tell_laps(asked, season, event, None if every_lap else after, given, plot)
        return
    if parameters is not None:
        raise typer.BadParameter("--parameters are of simulated laps: with --after or --every-lap")
    if asked.session != "race":
        raise typer.BadParameter("before the start only races are forecast; --after does sprints")

    prices = None if against is None else _read_prices(against)
    tables = asked.season(season)
    with progress_bar() as progress:
        table = rc.forecast(
            tables,
            event,
            before=before,
            grid=None if grid is None else grid.replace(",", " ").split(),
            history=seasons_before(asked.shelf, season, MEMORY, asked.series),
            seed=seed,
            progress=progress,
        )
    name = find_event(tables.events, event, season=season)
    title = f"{season} {tables.events.filter(event=name)['name'].item()}"
    if plot is not None:
        answer.picture(rc.plot.places_heat_map(table, words=title), plot)
    elif prices is None:
        _tell(asked, table, title)
    else:
        _tell_against(asked, table, prices, tables, name, title)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    forecast: (
        "forecast 2023 monza",
        "forecast 2023 monza --before qualifying",
        'forecast 2023 monza --grid "SAI VER LEC RUS"',
        "forecast 2023 monza --against prices.csv",
        "forecast 2023 brazil --after 40",
        "forecast 2023 brazil --after 40 --plot places.png",
        "forecast 2023 brazil --every-lap --format csv -o chances.csv",
        "forecast 2023 20 --format csv -o chances.csv",
    ),
}  # every verb, and what one may type after racecraft


def _tell(asked: Asked, table: pl.DataFrame, title: str) -> None:
    from racecraft.show import forecast as show

    if asked.answer_form == "table":
        asked.text(lambda page: show.forecast_text(table, page, title))
    else:
        by_place = asked.answer_form == "csv"
        asked.table(show.forecast_by_place(table) if by_place else table)


def _tell_laps(
    asked: Asked,
    season: int,
    event: str,
    lap: int | None,
    given: dict[str, Any],
    plot: Path | None,
) -> None:
    """Chances after a lap, or after all of them, of simulated races."""
    import racecraft as rc
    from racecraft.analysis.order.timing import timing
    from racecraft.show import simulation
    from racecraft.show.progress import progress_bar

    race, own, history = with_history(asked, season, event)
    say_what_takes_long()
    with progress_bar() as progress:
        table = rc.chances(race, lap, season=own, history=history, progress=progress, **given)
    title = f"{race.season} {race.name}"
    told, of = table["lap"].n_unique(), timing(race).laps + 1
    if lap is None and told < of:
        answer.aside(f"cut short: partial, {told} laps of {of}")
    if plot is not None:
        if lap is None:
            from racecraft.sim.moments.moments import MOMENTS

            figure = rc.plot.win_probability(race, chances=table, moments=MOMENTS.empty())
        else:
            figure = rc.plot.places_heat_map(table, words=title)
        answer.picture(figure, plot)
        return
    if asked.answer_form == "table":
        asked.text(lambda page: simulation.laps_text(table, title, given["runs"], page))
    else:
        asked.table(simulation.by_place(table) if asked.answer_form == "csv" else table)


def _tell_against(
    asked: Asked,
    table: pl.DataFrame,
    prices: pl.DataFrame,
    season: SeasonTables,
    event: str,
    title: str,
) -> None:
    from racecraft.show import forecast as show
    from racecraft.sim.prices import against

    told = against(table, prices, season, event)
    asked.told(
        lambda page: show.against_text(told, page, f"{title}: prices"),
        lambda: show.against_object(told),
        told.prices,
    )


def _read_prices(file: Path) -> pl.DataFrame:
    import polars as pl

    from racecraft.errors import NotFoundError, UnreadableError

    try:
        return pl.read_csv(file, infer_schema_length=None)
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {file}", path=str(file)) from error
    except (OSError, pl.exceptions.PolarsError) as error:
        first = str(error).splitlines()[0]
        raise UnreadableError(
            f"{file} is no table of prices: {first}",
            hint="a CSV with columns driver and win, podium or points_finish",
            path=str(file),
        ) from error
