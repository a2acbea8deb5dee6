"""The verb that drives a race twice, with one thing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from racecraft.cli import answer
from racecraft.cli.options import Event, Plot, Season, Workers
from racecraft.cli.simulate import ParameterFile, Runs, Seed, Strategy, parameters_of
from racecraft.cli.simulate import with_history as history_of
from racecraft.cli.verb import OF_RACE, Asked, verb
from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.season import Season as SeasonTables
    from racecraft.sim.lapwise.changes import Change
    from racecraft.sim.lapwise.what_if import Twins

    Given = dict[str, Any]

Several = list[str] | None
SUCH_AS = {
    "CAR:LAP:COMPOUND": "PER:20:hard",
    "CAR:LAPS": "PER:3",
    "CAR:COMPOUND": "PER:hard",
    "CAR:PLACE": "PER:3",
    "CAR:GAINS:OUT": "PER:1.5:0.2",
}  # what one may type, by its shape


@verb(*OF_RACE)
def whatif(
    asked: Asked,
    season: Season,
    event: Event,
    from_lap: Annotated[
        int, typer.Option(metavar="LAP", help="Laps done by the leader; 0 is the grid.")
    ] = 0,
    stop: Annotated[
        Several,
        typer.Option(metavar="CAR:LAP:COMPOUND", help="It stops on that lap, for these tyres."),
    ] = None,
    earlier: Annotated[
        Several,
        typer.Option(metavar="CAR:LAPS", help="Its next stop as run comes so much earlier."),
    ] = None,
    tyres: Annotated[
        Several,
        typer.Option(metavar="CAR:COMPOUND", help="It takes these at its next stop as run."),
    ] = None,
    no_stop: Annotated[
        Several, typer.Option(metavar="CAR", help="It does not stop any more.")
    ] = None,
    flag: Annotated[
        Several,
        typer.Option(
            metavar="STATE[:FROM-TO]",
            help="green, VSC, SC or red on these laps, or to the end.",
        ),
    ] = None,
    without_flag: Annotated[
        int | None,
        typer.Option(metavar="LAP", help="The safety car, or red flag, of that lap had not come."),
    ] = None,
    place: Annotated[
        Several,
        typer.Option(metavar="CAR:PLACE", help="It has this place now; from lap 0, on the grid."),
    ] = None,
    first_lap: Annotated[
        Several,
        typer.Option(
            metavar="CAR:GAINS:OUT",
            help="It gains so many seconds at the start, and goes out with this chance.",
        ),
    ] = None,
    stays_in: Annotated[
        Several, typer.Option(metavar="CAR", help="It does not drop out from this lap on.")
    ] = None,
    undo_retirement: Annotated[
        str | None, typer.Option(metavar="CAR", help="It had gone on from where it dropped out.")
    ] = None,
    out: Annotated[Several, typer.Option(metavar="CAR", help="It drops out at once.")] = None,
    driver: Annotated[
        str | None, typer.Option(metavar="CAR", help="Whose first lap: with --hold and --go-for.")
    ] = None,
    hold: Annotated[
        int | None, typer.Option(metavar="PLACE", help="Place after lap 1 if it takes no risk.")
    ] = None,
    go_for: Annotated[
        int, typer.Option(metavar="PLACE", help="Place after lap 1 if the risk comes off.")
    ] = 1,
    strategy: Strategy = "policy",
    runs: Runs = 10_000,
    seed: Seed = 1,
    parameters: ParameterFile = None,
    workers: Workers = None,
    plot: Plot = None,
) -> None:
    """Drive a race twice, with one thing changed; or ask from which chance a gamble pays."""
    import racecraft as rc
    from racecraft.show.progress import progress_bar

    race, own, history = history_of(asked, season, event)
    given: Given = {
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
    wanted = {
        "stop": stop, "earlier": earlier, "tyres": tyres, "no_stop": no_stop, "flag": flag,
        "place": place, "first_lap": first_lap, "stays_in": stays_in, "out": out,
    }  # fmt: skip
    changes = _changes(race, wanted)
    if without_flag is not None or undo_retirement is not None:
        if changes or from_lap:
            raise typer.BadParameter(
                "--without-flag and --undo-retirement stand alone: they start from where it came"
            )
        _undone(asked, race, (without_flag, undo_retirement), given, plot)
        return
    if not changes:
        raise typer.BadParameter("say what is to be otherwise: --stop, --flag, --place, ...")
    planned = "as_run" if earlier or tyres else strategy.replace("-", "_")
    with progress_bar() as progress:
        twins = rc.what_if(
            race, *(change for change, _ in changes), from_lap=from_lap, strategy=planned,
            progress=progress, **given,
        )  # fmt: skip
    _tell(asked, twins, " and ".join(said for _, said in changes), own, plot)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    whatif: (
        'whatif 2023 "Mexico City" --driver PER --hold 5 --go-for 1',
        'whatif 2023 "Mexico City" --without-flag 33',
        "whatif 2023 brazil --from-lap 40 --stop HAM:45:soft",
        "whatif 2023 brazil --from-lap 20 --earlier NOR:3",
        'whatif 2023 "Mexico City" --without-flag 33 --plot worth.png',
    ),
}  # every verb, and what one may type after racecraft


def _tell(
    asked: Asked, twins: Twins, words: str, season: SeasonTables | None, plot: Path | None
) -> None:
    from racecraft.show import simulation

    if plot is not None:
        import racecraft as rc

        answer.picture(rc.plot.what_if(twins, words=words), plot)
        return

    asked.told(
        lambda page: simulation.twins_text(twins, words, page, _names(season)),
        lambda: simulation.twins_object(twins, words),
        twins.table(),
    )


def _undone(
    asked: Asked, race: Race, what: tuple[int | None, str | None], given: Given, plot: Path | None
) -> None:
    """A race without a neutralisation, or without a retirement, that it had."""
    from racecraft.sim.executor import executor
    from racecraft.sim.lapwise.counterfactual import without_flag, without_retirement
    from racecraft.sim.lapwise.simulate import check_runs, prepared
    from racecraft.sim.lapwise.title_runs import title_race

    lap, driver = what
    check_runs(given["runs"], given["seed"])
    known = {name: given[name] for name in ("season", "history")}
    ready = prepared(race, parameters=given["parameters"], **known)
    with executor(given["workers"], compiled=True) as pool:
        how = {"runs": given["runs"], "seed": given["seed"], "pool": pool}
        title = title_race(race, **known)
        if lap is not None:
            twins = without_flag(ready, lap, title=title, **how)
            words = f"{_period(race, lap)} of lap {lap} had not come"
        else:
            car = _car(race, driver or "")
            twins = without_retirement(ready, car, title=title, **how)
            words = f"{car} had not dropped out"
    _tell(asked, twins, words, given["season"], plot)


def _gamble(
    asked: Asked, race: Race, driver: str, hold: int | None, go_for: int, given: Given
) -> None:
    from racecraft.show import simulation
    from racecraft.show.progress import progress_bar
    from racecraft.show.text import wrapped
    from racecraft.sim.lapwise.gamble import gamble

    if hold is None:
        raise typer.BadParameter("--driver needs --hold: the place that it keeps without a risk")
    car = _car(race, driver)
    with progress_bar() as progress:
        told = gamble(race, car, hold=hold, go_for=go_for, progress=progress, **given)
    sentence = simulation.gamble_sentence(told, _name(race, car))
    notes = "".join(f"\n\nNote: {note}." for note in told.held.notes)
    asked.told(
        lambda page: wrapped(sentence, page) + notes,
        lambda: simulation.gamble_object(told, sentence),
        told.held.table().filter(car=car),
    )


def _period(race: Race, lap: int) -> str:
    """What neutralised a lap, in words."""
    from racecraft.sim.moments.neutralisations import neutralisations

    kinds = [one.kind for one in neutralisations(race) if one.lap <= lap <= one.last_lap]
    return f"the {kinds[0]}" if kinds else "the flag"


def _changes(race: Race, wanted: Mapping[str, Sequence[str] | None]) -> list[tuple[Change, str]]:
    """Changes that were asked for, each with its words."""
    return [_READ[name](race, text) for name, texts in wanted.items() for text in texts or ()]


def _stop(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import Stop

    car, lap, compound = _parts(race, text, "CAR:LAP:COMPOUND")
    return Stop(car, _number(lap), compound), f"{car} stops on lap {lap} for {compound} tyres"


def _earlier(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import Earlier

    car, laps = _parts(race, text, "CAR:LAPS")
    return Earlier(car, _number(laps)), f"{car} makes its next stop {laps} laps earlier"


def _tyres(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import OtherTyres

    car, compound = _parts(race, text, "CAR:COMPOUND")
    return OtherTyres(car, compound), f"{car} takes {compound} tyres at its next stop"


def _no_stop(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import NoStop

    car = _car(race, text)
    return NoStop(car), f"{car} does not stop any more"


def _flag(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import Flag

    del race
    state, _, laps = text.partition(":")
    first, _, last = laps.partition("-")
    span = (_number(first), _number(last or first)) if laps else (None, None)
    on = f"on laps {first} to {last}" if last else f"on lap {first}"
    what = _STATES.get(state.lower(), f"{state} is shown")
    return Flag(state, *span), f"{what} {on if laps else 'to the end'}"


def _place(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import Place

    car, at = _parts(race, text, "CAR:PLACE")
    return Place(car, _number(at)), f"{car} is in place {at}"


def _first_lap(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import FirstLap

    car, gains, out = _parts(race, text, "CAR:GAINS:OUT")
    try:
        change = FirstLap(car, float(gains), float(out))
    except ValueError as error:
        hint = f"such as {SUCH_AS['CAR:GAINS:OUT']}"
        raise ArgumentError(f"{text!r}; expected CAR:GAINS:OUT, two numbers", hint=hint) from error
    return change, f"{car} gains {gains} s at the start and goes out with a chance of {out}"


def _stays_in(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import StaysIn

    car = _car(race, text)
    return StaysIn(car), f"{car} does not drop out"


def _out(race: Race, text: str) -> tuple[Change, str]:
    from racecraft.sim.lapwise.changes import Out

    car = _car(race, text)
    return Out(car), f"{car} drops out"


_STATES = {
    "sc": "the safety car is out", "vsc": "the virtual safety car is deployed",
    "red": "the race is stopped", "green": "there is no flag",
}  # fmt: skip
_READ = {
    "stop": _stop, "earlier": _earlier, "tyres": _tyres, "no_stop": _no_stop, "flag": _flag,
    "place": _place, "first_lap": _first_lap, "stays_in": _stays_in, "out": _out,
}  # fmt: skip


def _parts(race: Race, text: str, shape: str) -> list[str]:
    """Parts of what was typed, the car by its key."""
    parts = text.split(":")
    if len(parts) != len(shape.split(":")):
        raise ArgumentError(f"{text!r}; expected {shape}", hint=f"such as {SUCH_AS[shape]}")
    return [_car(race, parts[0]), *parts[1:]]


def _number(text: str) -> int:
    if not text.strip().lstrip("-").isdecimal():
        raise ArgumentError(f"{text!r} is no whole number")
    return int(text)


def _car(race: Race, asked: str) -> str:
    from racecraft.lookup import find

    return find.find_driver(race.entries, asked)


def _name(race: Race, car: str) -> str:
    key = race.entries.columns[0]
    return {one[key]: one["family_name"] for one in race.entries.to_dicts()}.get(car) or car


def _names(season: SeasonTables | None) -> dict[str, str]:
    """Family names by code."""
    if season is None:
        return {}
    return dict(season.drivers["driver", "family_name"].drop_nulls().iter_rows())
