"""The verbs that tell what could happen in a race."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.options import Event, Format, Output, Season, StoreFolder
from racecraft.cli.title import find_season

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from racecraft.model.season import Season as SeasonTables


def forecast(
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
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Prices of yours: driver, and win, podium or points_finish, "
            "as probabilities or decimal odds.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the errors; chances are computed.")] = 1,
    form: Format = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """How likely every place of a race is: before qualifying, or after it with the grid as started.

    Every race is seen only with what was known before it.
    """
    import racecraft as rc
    from racecraft.lookup.find import find_event

    prices = None if against is None else _read_prices(against)
    tables = find_season(season, store)
    table = rc.forecast(
        tables,
        event,
        before=before,
        grid=None if grid is None else grid.replace(",", " ").split(),
        history=seasons_before(season, store),
        seed=seed,
    )
    name = find_event(tables.events, event, season=season)
    title = f"{season} {tables.events.filter(event=name)['name'].item()}"
    if prices is None:
        _tell(table, title, form, output)
    else:
        _tell_against(table, prices, tables, name, title, form, output)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    forecast: (
        "forecast 2023 monza",
        "forecast 2023 monza --before qualifying",
        'forecast 2023 monza --grid "SAI VER LEC RUS"',
        "forecast 2023 monza --against prices.csv",
        "forecast 2023 20 --format csv -o chances.csv",
    ),
}  # every verb, and what one may type after racecraft


def seasons_before(season: int, store: Path | None) -> list[SeasonTables]:
    """Stored seasons before one, as many as a forecast learns from."""
    import racecraft as rc
    from racecraft.sim.forecast import MEMORY

    known = rc.Store(store)
    years = sorted(year for year in known.seasons() if season - MEMORY <= year < season)
    return [known.load_season(year) for year in years]


def _tell(table: pl.DataFrame, title: str, form: Format, output: Output) -> None:
    from racecraft.show import forecast as show

    asked = answer.form_of(form, output)
    if asked == "table":
        answer.text(lambda page: show.forecast_text(table, page, title), output)
    else:
        answer.table(show.forecast_by_place(table) if asked == "csv" else table, form, output)


def _tell_against(
    table: pl.DataFrame,
    prices: pl.DataFrame,
    season: SeasonTables,
    event: str,
    title: str,
    form: Format,
    output: Output,
) -> None:
    from racecraft.show import forecast as show
    from racecraft.sim.prices import against

    told = against(table, prices, season, event)
    if answer.form_of(form, output) == "table":
        answer.text(lambda page: show.against_text(told, page, f"{title}: prices"), output)
    else:
        answer.thing(show.against_object(told), told.prices, form, output)


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
