"""The verbs that simulate a race lap by lap: simulate, whatif, and sim fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.options import Event, Season, StoreFolder
from racecraft.cli.verb import ANSWER, Asked, verb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season as SeasonTables
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.what_if import Change

HISTORY = 3  # seasons before, from which the strengths of drivers and cars are learnt

FromLap = Annotated[
    int, typer.Option("--from-lap", metavar="LAP", help="Laps done by the leader; 0 is the grid.")
]
Runs = Annotated[int, typer.Option(help="How many times.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same runs.")]
Workers = Annotated[
    str | None,
    typer.Option(metavar="N", help="Left out: one per core. Or dask://HOST:PORT."),
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


@verb("session", *ANSWER)
def simulate(
    asked: Asked,
    season: Season,
    event: Event,
    from_lap: FromLap = 0,
    runs: Runs = 10_000,
    seed: Seed = 1,
    strategy: Annotated[
        Literal["policy", "as-run"],
        typer.Option(help="Stops by a policy that reacts, or when each car made them."),
    ] = "policy",
    parameters: ParameterFile = None,
    workers: Workers = None,
) -> None:
    """Drive the rest of a race many times, lap by lap, from the grid or from any lap."""
    import racecraft as rc
    from racecraft.show import simulation
    from racecraft.show.progress import progress_bar

    race, own, history = with_history(asked, season, event)
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
    asked.told(
        lambda page: simulation.runs_text(done, title, page),
        lambda: simulation.runs_object(done),
        done.table(),
    )


@verb("session", *ANSWER)
def whatif(
    asked: Asked,
    season: Season,
    event: Event,
    from_lap: FromLap = 0,
    stop: Annotated[
        list[str] | None,
        typer.Option(metavar="CAR:LAP:COMPOUND", help="It stops on that lap, for these tyres."),
    ] = None,
    no_stop: Annotated[
        list[str] | None, typer.Option(metavar="CAR", help="It does not stop any more.")
    ] = None,
    flag: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATE[:FROM-TO]",
            help="green, VSC, SC or red on these laps, or to the end.",
        ),
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option(metavar="CAR:PLACE", help="It has this place now; from lap 0, on the grid."),
    ] = None,
    stays_in: Annotated[
        list[str] | None, typer.Option(metavar="CAR", help="It does not drop out.")
    ] = None,
    out: Annotated[
        list[str] | None, typer.Option(metavar="CAR", help="It drops out at once.")
    ] = None,
    driver: Annotated[
        str | None, typer.Option(metavar="CAR", help="Whose first lap: with --hold and --go-for.")
    ] = None,
    hold: Annotated[
        int | None, typer.Option(metavar="PLACE", help="Place after lap 1 if it takes no risk.")
    ] = None,
    go_for: Annotated[
        int, typer.Option(metavar="PLACE", help="Place after lap 1 if the risk comes off.")
    ] = 1,
    runs: Runs = 10_000,
    seed: Seed = 1,
    parameters: ParameterFile = None,
    workers: Workers = None,
) -> None:
    """Drive a race twice, with one thing changed; or ask from which chance a gamble pays."""
    import racecraft as rc
    from racecraft.show import simulation

    race, own, history = with_history(asked, season, event)
    given: dict[str, Any] = {
        "runs": runs,
        "seed": seed,
        "season": own,
        "history": history,
        "parameters": parameters_of(parameters),
        "workers": workers,
    }
    if driver is not None:
        _gamble(asked, race, driver, hold, go_for, given)
        return
    changes = _changes(race, stop, no_stop, flag, place, stays_in, out)
    twins = rc.what_if(race, *(change for change, _ in changes), from_lap=from_lap, **given)
    if asked.answer_form == "table":
        words = " and ".join(said for _, said in changes)
        asked.text(lambda page: simulation.twins_text(twins, words, page))
    else:
        asked.table(twins.table())


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
    answer.write(
        f"{len(parameters.figures)} parameters and {len(parameters.circuits)} circuits from "
        f"{told['races']} races, {told['laps']:,} laps, written to {output}\n".encode()
    )


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    simulate: (
        'simulate 2023 "Mexico City"',
        "simulate 2023 brazil --from-lap 40 --runs 100000 --seed 7",
        "simulate 2023 20 --strategy as-run --format json",
    ),
    whatif: (
        'whatif 2023 "Mexico City" --driver PER --hold 5 --go-for 1',
        'whatif 2023 "Mexico City" --from-lap 31 --flag green',
        "whatif 2023 brazil --from-lap 40 --stop HAM:45:soft",
    ),
}  # every verb, and what one may type after racecraft


def with_history(
    asked: Asked, season: int, event: str
) -> tuple[Race, SeasonTables | None, list[SeasonTables]]:
    """A race, its season and the stored ones before it; nothing beyond the race is fetched."""
    race, shelf = asked.race(season, event), asked.shelf
    stored = set(shelf.seasons())
    own = shelf.load_season(season) if season in stored else None
    before = [year for year in sorted(stored) if season - HISTORY <= year < season]
    return race, own, [shelf.load_season(year) for year in before]


def parameters_of(path: Path | None) -> Parameters | None:
    """Parameters of a file; None for those that are shipped."""
    from racecraft.sim.lapwise.parameters import read_parameters

    return None if path is None else read_parameters(path)


def _gamble(
    asked: Asked,
    race: Race,
    driver: str,
    hold: int | None,
    go_for: int,
    given: dict[str, Any],
) -> None:
    from racecraft.show import simulation
    from racecraft.show.text import wrapped
    from racecraft.sim.lapwise.gamble import gamble

    if hold is None:
        raise typer.BadParameter("--driver needs --hold: the place that it keeps without a risk")
    car = _car(race, driver)
    told = gamble(race, car, hold=hold, go_for=go_for, **given)
    sentence = simulation.gamble_sentence(told, _name(race, car))
    notes = "".join(f"\n\nNote: {note}." for note in told.held.notes)
    asked.told(
        lambda page: wrapped(sentence, page) + notes,
        lambda: simulation.gamble_object(told, sentence),
        told.held.table().filter(car=car),
    )


def _changes(
    race: Race,
    stop: Sequence[str] | None,
    no_stop: Sequence[str] | None,
    flag: Sequence[str] | None,
    place: Sequence[str] | None,
    stays_in: Sequence[str] | None,
    out: Sequence[str] | None,
) -> list[tuple[Change, str]]:
    """Changes that were asked for, each with its words."""
    from racecraft.sim.lapwise import what_if as w

    found: list[tuple[Change, str]] = []
    for text in stop or ():
        car, lap, compound = _parts(text, "CAR:LAP:COMPOUND", 3)
        car = _car(race, car)
        change = w.Stop(car, _number(lap), compound)
        found.append((change, f"{car} stops on lap {lap} for {compound} tyres"))
    for text in no_stop or ():
        car = _car(race, text)
        found.append((w.NoStop(car), f"{car} does not stop any more"))
    for text in flag or ():
        state, _, laps = text.partition(":")
        first, _, last = laps.partition("-")
        span = (_number(first), _number(last or first)) if laps else (None, None)
        words = f"on laps {span[0]} to {span[1]}" if laps else "to the end"
        found.append((w.Flag(state, *span), f"{state} {words}"))
    for text in place or ():
        car, at = _parts(text, "CAR:PLACE", 2)
        car = _car(race, car)
        found.append((w.Place(car, _number(at)), f"{car} in place {at}"))
    for text in stays_in or ():
        car = _car(race, text)
        found.append((w.StaysIn(car), f"{car} does not drop out"))
    for text in out or ():
        car = _car(race, text)
        found.append((w.Out(car), f"{car} drops out"))
    if not found:
        raise typer.BadParameter("say what is to be otherwise: --stop, --flag, --place, ...")
    return found


def _parts(text: str, shape: str, count: int) -> list[str]:
    parts = text.split(":")
    if len(parts) != count:
        raise typer.BadParameter(f"{text!r}; expected {shape}")
    return parts


def _number(text: str) -> int:
    if not text.strip().lstrip("-").isdecimal():
        raise typer.BadParameter(f"{text!r} is no whole number")
    return int(text)


def _car(race: Race, asked: str) -> str:
    from racecraft.lookup import find

    return find.find_driver(race.entries, asked)


def _name(race: Race, car: str) -> str:
    key = race.entries.columns[0]
    return {one[key]: one["family_name"] for one in race.entries.to_dicts()}.get(car) or car
