"""The verb that tells what decided a race."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from racecraft.cli.options import Event, Season
from racecraft.cli.verb import OF_RACE, Asked, verb
from racecraft.errors import RacecraftError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from racecraft.model.race import Race
    from racecraft.model.season import Season as SeasonTables

RUNS, SEED = 1000, 1
FIRST = ("rank", "lap", "kind", "drivers", "win_swing", "points_swing", "weight", "sentence")


@verb(*OF_RACE)
def moments(
    asked: Asked,
    season: Season,
    event: Event,
    formula: Annotated[
        bool, typer.Option("--formula", help="Weigh by a formula, at once, not by simulation.")
    ] = False,
    driver: Annotated[
        str | None, typer.Option(metavar="DRIVER", help="Only moments that concern this car.")
    ] = None,
) -> None:
    """What decided a race: its events, each once, ranked by what they changed."""
    import polars as pl

    from racecraft.lookup.find import find_driver
    from racecraft.show.moments import moments_text

    race = asked.race(season, event)
    table = weighed(asked, race, simulated=not formula)
    if driver is not None:
        car = find_driver(race.entries, driver)
        table = table.filter(pl.col("drivers").str.split(" ").list.contains(car))
    if asked.answer_form == "table":
        asked.text(lambda page: moments_text(race, table, page))
    else:
        asked.table(table)


def weighed(asked: Asked, race: Race, *, simulated: bool) -> pl.DataFrame:
    """``MOMENTS`` of a race: kept ones, else simulated ones, which are kept, or by the formula.

    Where the simulator is not installed, the formula weighs them.
    """
    from importlib.util import find_spec

    import racecraft as rc
    from racecraft.show.progress import progress_bar
    from racecraft.sim.moments.moments import MOMENTS
    from racecraft.store.answers import keep, kept, mark_of

    shelf = asked.shelf
    own = season_of(asked, race)
    if find_spec("numba") is None:
        return rc.moments(race, season=own, simulated=False)
    from racecraft.sim.lapwise.parameters import shipped_parameters

    mark = mark_of(race, shipped_parameters().mark, RUNS, SEED)
    table = kept(shelf.folder, MOMENTS, mark)
    if table is not None:
        return table
    if not simulated:
        return rc.moments(race, season=own, simulated=False)
    stored = shelf.seasons()
    history = [
        shelf.load_season(year) for year in range(race.season - 3, race.season) if year in stored
    ]
    with progress_bar() as progress:
        table = rc.moments(
            race, season=own, history=history, runs=RUNS, seed=SEED, progress=progress
        )
    keep(shelf.folder, MOMENTS, mark, table)
    return table


def season_of(asked: Asked, race: Race) -> SeasonTables | None:
    """Tables of a race's season; None where nothing of it is stored."""
    try:
        return asked.shelf.load_season(race.season)
    except RacecraftError:
        return None


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    moments: (
        "moments 2023 brazil",
        "moments 2023 mexico --driver PER",
        "moments 2023 brazil --format json",
    ),
}  # the verb, and what one may type after racecraft
