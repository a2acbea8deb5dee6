"""The verbs that make what is shared: a card, a clip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.options import Driver, Event, Season
from racecraft.cli.verb import Asked, verb
from racecraft.errors import NotEnoughDataError
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from racecraft.model.race import Race

Pair = Annotated[
    list[str] | None,
    typer.Argument(metavar="DRIVER DRIVER", help="Two who fought; left out, a moment of the race."),
]


@verb("session", "series", "store")
def card(
    asked: Asked,
    season: Season,
    event: Event,
    drivers: Pair = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE.png", help="Where the card goes.")
    ] = Path("card.png"),
    shape: Annotated[
        Literal["wide", "tall"], typer.Option(help="1200 by 630 pixels, or 1080 by 1350.")
    ] = "wide",
    moment: Annotated[
        int, typer.Option(metavar="RANK", help="Which moment; 1 is what changed most.")
    ] = 1,
) -> None:
    """Make a picture to share: a battle of two, or a moment of a race."""
    from racecraft.show.plots.card import save_card

    if drivers and len(drivers) != 2:
        raise typer.BadParameter("two drivers, or none for a moment of the race")
    race = asked.race(season, event)
    figure = _of_pair(race, drivers, shape) if drivers else _of_moment(asked, race, moment, shape)
    save_card(figure, output)
    answer.write(f"wrote {output}\n".encode())


@verb("session", "series", "store")
def clip(
    asked: Asked,
    season: Season,
    event: Event,
    first: Driver,
    second: Driver,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="A .gif or .mp4; may be repeated. Left out: clip.gif and clip.mp4.",
        ),
    ] = None,
    laps: Annotated[int, typer.Option(help="The last laps of the battle that are shown.")] = 2,
    speed: Annotated[float, typer.Option(help="Seconds of the race in one of the clip.")] = 6.0,
    outline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Outline of the circuit, for races without positions."),
    ] = None,
) -> None:
    """Make a clip of the last laps of a battle: two cars on the track, and their interval.

    Where positions are not known cars go along the outline of the circuit, by time: a CSV with x_m
    and y_m or JSON with x and y, from the Line on. Without one the lap is a ring.
    """
    import racecraft as rc
    from racecraft.lookup.find import find_car
    from racecraft.show.clip.reel import reel
    from racecraft.show.clip.write import write_clip
    from racecraft.show.progress import progress_bar
    from racecraft.sources.outlines.outline import located, read_outline

    race = asked.race(season, event)
    pair = (find_car(race, first), find_car(race, second))
    circuit = None if outline is None else located(read_outline(outline, race.name), outline)
    made = reel(race, rc.battle(race, drivers=pair), laps=laps, speed=speed, circuit=circuit)
    for path in output or (Path("clip.gif"), Path("clip.mp4")):
        with progress_bar() as progress:
            write_clip(made, path, progress=progress)
        answer.write(f"wrote {path}\n".encode())


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    card: (
        "card 2023 brazil PER ALO -o card.png",
        "card 2023 mexico --shape tall -o card.png",
    ),
    clip: (
        "clip 2023 brazil PER ALO -o battle.gif",
        "clip 2023 brazil PER ALO --laps 3 --speed 10 -o battle.mp4",
    ),
}  # every verb, and what one may type after racecraft


def _of_pair(race: Race, drivers: list[str], shape: Literal["wide", "tall"]) -> Figure:
    import racecraft as rc
    from racecraft.lookup.find import find_car
    from racecraft.show.plots.card import battle_card

    first, second = (find_car(race, driver) for driver in drivers)
    return battle_card(race, rc.battle(race, drivers=(first, second)), shape)


def _of_moment(asked: Asked, race: Race, rank: int, shape: Literal["wide", "tall"]) -> Figure:
    from racecraft.cli.moments import chances, weighed
    from racecraft.show.plots.card import moment_card

    if race.series != FORMULA_ONE:
        raise NotEnoughDataError(
            "moments are weighed in Formula 1 only", hint="name two drivers for a card of a battle"
        )
    moments = weighed(asked, race, simulated=True)
    likely = chances(asked, race, simulated=True)
    return moment_card(race, likely, moments, rank=rank, shape=shape)
