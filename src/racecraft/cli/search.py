"""The verb that ranks and finds: battles, moments and races of every stored season."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli.limits import limited_memory
from racecraft.cli.moments import Seasons, weighed
from racecraft.cli.options import Workers
from racecraft.cli.race import BATTLES_FIRST, OVERTAKES_FIRST
from racecraft.cli.verb import OF_SEASON, Asked, verb
from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from racecraft.model.race import Race

LIMIT = 20


@verb("driver", *OF_SEASON)
def search(
    asked: Asked,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="battles, moments or races; or a condition: driver = 'HAM'."
        ),
    ],
    seasons: Annotated[
        str | None,
        typer.Argument(metavar="SEASONS", help="2022 or 2018-2022; left out, all that are stored."),
    ] = None,
    last_lap: Annotated[
        bool, typer.Option("--last-lap", help="Only moments of the last lap.")
    ] = False,
    limit: Annotated[int, typer.Option(help="Rows of a ranking.")] = LIMIT,
    simulated: Annotated[
        bool,
        typer.Option(
            "--simulated", help="Weigh moments by simulation: seconds a race, the first time."
        ),
    ] = False,
    workers: Workers = None,
    season: Annotated[int | None, typer.Option(help="Only races of this year.")] = None,
    over: Annotated[
        Literal["battles", "overtakes", "results"] | None,
        typer.Option("--in", help="Where a condition is searched; else where its columns are."),
    ] = None,
) -> None:
    """Rank battles, moments or races of the store; or find what fits a condition.

    battles are ranked by how hard, how late and for what they were fought, moments by what they
    changed, races by their drama. Conditions are searched in results since 1950, too.
    """
    import racecraft as rc
    from racecraft.show import search as found
    from racecraft.show.progress import counted, progress_bar
    from racecraft.sim.moments.search import RANKINGS

    first, last = span(seasons, season)
    ranking = what in RANKINGS
    with limited_memory(), progress_bar() as progress:
        races = _races(asked, first, last)
        years = [y for y in asked.shelf.seasons(asked.series) if first <= y <= last]
        table = rc.search(
            counted(races, "races", progress),
            what,
            seasons=(asked.shelf.load_season(y, series=asked.series) for y in years)
            if not ranking
            else (),
            over=over,
            driver=asked.driver,
            last_lap=last_lap,
            limit=limit if ranking else None,
            weigh=partial(
                weighed,
                asked,
                simulated=simulated,
                by_formula=not simulated,
                workers=workers,
                seasons=Seasons(asked),
            ),
        )
    if ranking and asked.answer_form == "table":
        asked.text(lambda page: found.ranking_text(table, what, len(races), page))
    elif ranking or "grid" in table.columns:
        asked.table(table, leave_out=["order", "event"])
    else:
        which = BATTLES_FIRST if "swaps" in table.columns else OVERTAKES_FIRST
        asked.table(table, leave_out=["series", "round"], first=("season", "name", *which))


def span(seasons: str | None, season: int | None = None) -> tuple[int, int]:
    """First and last year that a text means, such as ``2022``, ``2018-2022`` or ``2018-``."""
    if seasons is None:
        return (0, 9999) if season is None else (season, season)
    parts = re.fullmatch(r"\s*(\d{4})\s*(?:(-|to|\.\.)\s*(\d{4})?)?\s*", seasons)
    if parts is None:
        raise ArgumentError(f"no seasons in {seasons!r}", hint="2022, 2018-2022 or 2018-")
    first = int(parts[1])
    last = int(parts[3]) if parts[3] else 9999 if parts[2] else first
    if last < first:
        raise ArgumentError(f"no seasons from {first} to {last}", hint=f"{last}-{first}")
    return first, last


def _races(asked: Asked, first: int, last: int) -> Sequence[Race]:
    """Races of these years whose laps are stored, in order."""
    import racecraft as rc

    stored = asked.shelf.races(series=asked.series)["season"].unique().sort().to_list()
    years = [year for year in stored if first <= year <= last]
    return [
        race
        for year in years
        for race in rc.load_races(year, series=asked.series, store=asked.store)
    ]


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    search: (
        "search battles 2023",
        "search moments --last-lap",
        "search moments 2018-2023 --driver PER",
        "search races",
        'search "swaps >= 3 and at_flag"',
        "search \"kind = 'on_track' and position = 1 and lap > 60\"",
        'search "position = 1 and grid > 15"',
    ),
}  # the verb, and what one may type after racecraft
