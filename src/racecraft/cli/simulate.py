"""The verbs that simulate a race lap by lap: simulate, and sim fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.options import Event, Plot, Season, StoreFolder, Workers
from racecraft.cli.verb import OF_RACE, Asked, verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.race import Race
    from racecraft.model.season import Season as SeasonTables
    from racecraft.sim.lapwise.parameters import Parameters

HISTORY = 3  # seasons before, from which the strengths of drivers and cars are learnt

FromLap = Annotated[
    int, typer.Option("--from-lap", metavar="LAP", help="Laps done by the leader; 0 is the grid.")
]
Runs = Annotated[int, typer.Option(help="How many times.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same runs.")]
Strategy = Annotated[
    Literal["policy", "as-run"],
    typer.Option(help="Stops by a policy that reacts, or when each car made them."),
]
ParameterFile = Annotated[
    Path | None,
    typer.Option(
        "--parameters", metavar="FILE", help="What sim fit wrote; left out, those shipped."
    ),
]

sim = typer.Typer(
    help="The simulator itself: fit it on the races that are stored.", no_args_is_help=True
)


@verb(*OF_RACE)
def simulate(
    asked: Asked,
    season: Season,
    event: Event,
    from_lap: FromLap = 0,
    runs: Runs = 10_000,
    seed: Seed = 1,
    strategy: Strategy = "policy",
    parameters: ParameterFile = None,
    workers: Workers = None,
    plot: Plot = None,
) -> None:
    """Drive the rest of a race many times, lap by lap, from the grid or from any lap."""
    import racecraft as rc
    from racecraft.show import simulation
    from racecraft.show.progress import progress_bar

    race, own, history = with_history(asked, season, event)
    say_what_takes_long()
    with progress_bar() as progress:
        done = rc.simulate(
            race,
            from_lap=from_lap,
            runs=runs,
            seed=seed,
            season=own,
            history=history,
            strategy=strategy.replace("-", "_"),
            parameters=parameters_of(parameters),
            workers=workers,
            progress=progress,
        )
    title = f"{race.season} {race.name}"
    if plot is not None:
        answer.picture(rc.plot.places_heat_map(done.table(), words=title), plot)
        return
    asked.told(
        lambda page: simulation.runs_text(done, title, page),
        lambda: simulation.runs_object(done),
        done.table(),
    )


@sim.command(
    epilog="\b\nExamples:\n  racecraft sim fit -o mine.json\n"
    "  racecraft sim fit --season 2021 --season 2022 --workers 2 -o mine.json"
)
def fit(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Where the parameters go.")
    ],
    season: Annotated[
        list[int] | None,
        typer.Option(metavar="YEAR", help="Races of this season; may be repeated. Left out, all."),
    ] = None,
    workers: Workers = None,
    store: StoreFolder = None,
) -> None:
    """Estimate every parameter of the simulator from the races that are stored, with its error."""
    import racecraft as rc
    from racecraft.show.progress import progress_bar
    from racecraft.sim.lapwise.fit_races import fit_races

    shelf = rc.Store(store)
    years = sorted(season or shelf.seasons())
    races = [race for year in years for race in rc.load_races(year, session="race", store=shelf)]
    known = {year: shelf.load_season(year) for year in shelf.seasons()}
    with progress_bar() as progress:
        parameters = fit_races(races, known, workers=workers, progress=progress)
    parameters.save(output)
    told = parameters.provenance
    cut = " (cut short: partial)" if told.get("partial") else ""
    answer.write(
        f"{len(parameters.figures)} parameters and {len(parameters.circuits)} circuits from "
        f"{told['races']} races{cut}, {told['laps']:,} laps, written to {output}\n".encode()
    )


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    simulate: (
        'simulate 2023 "Mexico City"',
        "simulate 2023 brazil --from-lap 40 --runs 100000 --seed 7",
        "simulate 2023 20 --strategy as-run --format json",
    ),
}  # every verb, and what one may type after racecraft


def with_history(
    asked: Asked, season: int, event: str
) -> tuple[Race, SeasonTables | None, list[SeasonTables]]:
    """A race, its season and the stored ones before it; nothing beyond the race is fetched."""
    from racecraft.store.load import seasons_before

    race, shelf = asked.race(season, event), asked.shelf
    known = season in shelf.seasons(asked.series)
    own = shelf.load_season(season, series=asked.series) if known else None
    return race, own, seasons_before(shelf, season, HISTORY, asked.series)


def say_what_takes_long() -> None:
    """Say that the simulator is compiled first, where this machine has not done so yet."""
    from racecraft.sim.lapwise.compiled import is_kept

    if not is_kept():
        answer.aside("compiling the simulator for this machine: some ten seconds, once")


def parameters_of(path: Path | None) -> Parameters | None:
    """Parameters of a file; None for those that are shipped."""
    from racecraft.sim.lapwise.parameters import read_parameters

    return None if path is None else read_parameters(path)
