"""The verb that tells what decided a race."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from racecraft.cli import answer
from racecraft.cli.answer import aside
from racecraft.cli.options import Event, Plot, Season, Workers
from racecraft.cli.simulate import HISTORY, say_what_takes_long
from racecraft.cli.verb import OF_RACE, Asked, verb
from racecraft.errors import ArgumentError, RacecraftError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.model.season import Season as SeasonTables
    from racecraft.sim.moments.outlook import Outlook

FIRST = ("rank", "lap", "kind", "drivers", "win_swing", "points_swing", "weight", "sentence")


@verb("driver", *OF_RACE)
def moments(
    asked: Asked,
    season: Season,
    event: Event,
    formula: Annotated[
        bool, typer.Option("--formula", help="Weigh by a formula, at once, not by simulation.")
    ] = False,
    workers: Workers = None,
    plot: Plot = None,
) -> None:
    """What decided a race: its events, each once, ranked by what they changed."""
    import racecraft as rc
    from racecraft.show.moments import moments_text

    race = _race_or_result(asked, season, event)
    weights = weighed(asked, race, simulated=not formula, by_formula=formula, workers=workers)
    table = asked.only(race, weights, "drivers")
    if plot is not None:
        likely = chances(asked, race, simulated=not formula)
        answer.picture(rc.plot.win_probability(race, chances=likely, moments=table), plot)
        return
    if asked.answer_form == "table":
        asked.text(lambda page: moments_text(race, table, page))
    else:
        asked.table(table)


def _race_or_result(asked: Asked, season: int, event: str) -> Race:
    """Race that is meant; of one whose timing is not stored, and cannot be had, its result."""
    from racecraft.cli.outcome import by_result
    from racecraft.sim.moments.from_results import race_of_result

    known = by_result(asked, season, event)
    if known is None:
        return asked.race(season, event)
    told = known[0]
    return race_of_result(told.season, told.event["event"], asked.session)


class Seasons:
    """Tables of the stored seasons of a command's series, each loaded once."""

    def __init__(self, asked: Asked) -> None:
        self._shelf = asked.shelf
        self._loaded: dict[tuple[str, int], SeasonTables | None] = {}
        self._record: History | None = None

    def of(self, race: Race) -> SeasonTables | None:
        """Season of a race; None where nothing of it is stored."""
        return self._season(race.series, race.season)

    def before(self, race: Race) -> list[SeasonTables]:
        """Stored seasons from which is known what to expect of a race."""
        years = range(race.season - HISTORY, race.season)
        return [one for year in years if (one := self._season(race.series, year)) is not None]

    def record(self, race: Race) -> History | None:
        """Results of all seasons up to that of a race, by which records are told."""
        from racecraft.history.stored import history_at_hand
        from racecraft.model.terms import FORMULA_ONE

        if race.series != FORMULA_ONE:
            return None
        if self._record is None or race.season not in self._record.seasons:
            self._record = history_at_hand(self._shelf, race.season)
        return self._record

    def _season(self, series: str, year: int) -> SeasonTables | None:
        if (series, year) not in self._loaded:
            try:
                self._loaded[series, year] = self._shelf.load_season(year, series=series)
            except RacecraftError:
                self._loaded[series, year] = None
        return self._loaded[series, year]


def weighed(
    asked: Asked,
    race: Race,
    *,
    simulated: bool,
    by_formula: bool = False,
    workers: str | None = None,
    seasons: Seasons | None = None,
) -> pl.DataFrame:
    """``MOMENTS`` of a race: kept ones, else simulated ones, which are kept, or by the formula.

    Where the simulator is not installed, the formula weighs them.

    Parameters
    ----------
    simulated
        Drive the rest of the race, unless an answer is kept.
    by_formula
        By the formula even where simulated ones are kept: to compare races, all weighed alike.
    workers
        What drives the races.
    seasons
        Where seasons are loaded from, to be used for many races.
    """
    import racecraft as rc
    from racecraft.show.moments import kept_as
    from racecraft.sim.lapwise.runs import CHANCES
    from racecraft.sim.moments.moments import MOMENTS
    from racecraft.store.answers import keep, kept

    shelf = asked.shelf
    seasons = seasons or Seasons(asked)
    own = seasons.of(race)
    if race.crossings.is_empty():
        return rc.moments(race, season=own, record=seasons.record(race))
    formula = kept_as(race, own, simulated=False)
    driven = None if by_formula else kept_as(race, own, simulated=True)
    for mark in [driven] if simulated and driven else [driven, formula]:
        table = kept(shelf.folder, MOMENTS, mark) if mark else None
        if table is not None:
            return table
    if driven is None or not simulated:
        table = rc.moments(race, season=own, record=seasons.record(race), simulated=False)
        keep(shelf.folder, MOMENTS, str(formula), table)
        return table
    found = _driven(race, seasons, workers)
    if found is None:
        return weighed(asked, race, simulated=False, by_formula=True, seasons=seasons)
    outlook, table = found
    keep(shelf.folder, MOMENTS, driven, table)
    if outlook.chances is not None:  # of the same runs: nobody drives them again for a chart
        keep(shelf.folder, CHANCES, _chances_mark(race), outlook.chances)
    return table


def _driven(
    race: Race, seasons: Seasons, workers: str | None
) -> tuple[Outlook, pl.DataFrame] | None:
    """Outlook and moments by simulation; None, and why, for a race that it cannot drive."""
    from racecraft.show.moments import RUNS, SEED
    from racecraft.show.progress import progress_bar
    from racecraft.sim.moments.moments import outlook_and_moments

    say_what_takes_long()
    try:
        with progress_bar() as progress:
            return outlook_and_moments(
                race, season=seasons.of(race), history=seasons.before(race),
                record=seasons.record(race), runs=RUNS, seed=SEED, workers=workers,
                progress=progress,
            )  # fmt: skip
    except RacecraftError as error:
        if workers is not None and isinstance(error, ArgumentError | UnreachableError):
            raise  # what was asked for is not there
        aside(f"moments are weighed by a formula: {error.message}")
        return None


def chances(asked: Asked, race: Race, *, simulated: bool) -> pl.DataFrame:
    """``CHANCES`` after every lap: kept ones, else simulated ones, which are kept, or a formula's.

    Where the simulator is not installed, it is the formula.
    """
    from importlib.util import find_spec

    from racecraft.show.charts.win_probability import chances_by_formula, chances_of
    from racecraft.show.progress import progress_bar
    from racecraft.sim.lapwise.runs import CHANCES
    from racecraft.store.answers import keep, kept

    if not simulated or find_spec("numba") is None:
        return chances_by_formula(race)
    shelf, mark = asked.shelf, _chances_mark(race)
    table = kept(shelf.folder, CHANCES, mark)
    if table is not None:
        return table
    seasons = Seasons(asked)
    say_what_takes_long()
    with progress_bar() as progress:
        table = chances_of(
            race, season=seasons.of(race), history=seasons.before(race), progress=progress
        )
    keep(shelf.folder, CHANCES, mark, table)
    return table


def _chances_mark(race: Race) -> str:
    """By what name the chances of a race are kept in a store."""
    from racecraft.show.moments import RUNS, SEED
    from racecraft.sim.lapwise.parameters import shipped_parameters
    from racecraft.store.answers import mark_of

    return mark_of(race, shipped_parameters().mark, RUNS, SEED)


def season_of(asked: Asked, race: Race) -> SeasonTables | None:
    """Tables of a race's season; None where nothing of it is stored."""
    return Seasons(asked).of(race)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    moments: (
        "moments 2023 brazil",
        "moments 2023 mexico --driver PER",
        "moments 2023 brazil --format json",
        "moments 2023 brazil --plot chances.png",
    ),
}  # the verb, and what one may type after racecraft
