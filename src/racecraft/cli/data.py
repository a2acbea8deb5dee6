"""The verbs that keep the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.options import Event, Format, Output, Season, Session, StoreFolder
from racecraft.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from racecraft.store.fetching import Progress

app = typer.Typer(help="What is stored: add to it, list it, verify it.", no_args_is_help=True)
add = typer.Typer(
    help="Read a source and store what it says; doing it twice changes nothing.",
    no_args_is_help=True,
)
app.add_typer(add, name="add")


@app.command("list")
def list_stored(form: Format = None, output: Output = None, store: StoreFolder = None) -> None:
    """Races, sprints and seasons that are stored, and whose accounts of them there are."""
    import racecraft as rc
    from racecraft.show.store import stored_text

    shelf = rc.Store(store)
    races = shelf.races()
    if answer.form_of(form, output) == "table":
        answer.text(lambda page: stored_text(races, shelf.seasons(), page), output)
    else:
        answer.table(races, form, output)


@app.command()
def verify(form: Format = None, output: Output = None, store: StoreFolder = None) -> None:
    """Whether everything stored is as it was written; exit status 1 if it is not."""
    import racecraft as rc

    shelf = rc.Store(store)
    faults = shelf.verify()
    harm = faults.height - faults["harmless"].sum()
    if len(faults) or answer.form_of(form, output) != "table":
        answer.table(faults, form, output)
    else:
        answer.write(f"all is as it was written: {shelf.folder}\n".encode())
    if harm:
        raise UnreadableError(
            f"{harm} of what is stored is not as it was written",
            hint="add its source again, and it is replaced",
            store=str(shelf.folder),
        )


@add.command()
def sample(store: StoreFolder = None) -> None:
    """The season 2023 and two of its races, which are in the package."""
    from racecraft.store import importing

    _tell(lambda _: importing.add_sample(store=store))


@add.command()
def ergast(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of CSV tables.")],
    season: Annotated[int | None, typer.Option(help="Only this year.")] = None,
    store: StoreFolder = None,
) -> None:
    """Every season of a folder of Ergast tables, and lap times where the folder has them."""
    from racecraft.store import importing

    _tell(lambda bar: importing.add_ergast(folder, season=season, store=store, progress=bar))


@add.command()
def jolpica(season: Season, store: StoreFolder = None) -> None:
    """A season's calendar, drivers, results and standings, from the jolpica API."""
    from racecraft.store import importing

    _tell(lambda bar: importing.add_jolpica(season, store=store, progress=bar))


@add.command(epilog="\b\nExample:\n  racecraft data add laps grand_prix_2019.csv --season 2019")
def laps(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV of FastF1's laps table.")
    ],
    season: Annotated[int, typer.Option(help="Year; the table does not say.")],
    session: Annotated[
        Literal["race", "sprint"] | None,
        typer.Option(help="Left out, sprint where the name of FILE says so."),
    ] = None,
    store: StoreFolder = None,
) -> None:
    """Races of CSV files that FastF1's laps table was saved to."""
    from racecraft.store import importing

    _tell(
        lambda bar: importing.add_laps(
            files, season=season, session=session, store=store, progress=bar
        )
    )


@add.command()
def livetiming(
    where: Annotated[
        str, typer.Argument(metavar="FOLDER|URL", help="Session of the live timing archive.")
    ],
    store: StoreFolder = None,
) -> None:
    """One race of the live timing archive: a folder of its streams, or its address."""
    from racecraft.store import importing

    _tell(lambda bar: importing.add_livetiming(where, store=store, progress=bar))


@add.command()
def fastf1(
    season: Season,
    event: Event,
    session: Session = "race",
    telemetry: Annotated[
        bool, typer.Option("--telemetry", help="Speed, throttle and brakes too: far more to fetch.")
    ] = False,
    store: StoreFolder = None,
) -> None:
    """One race as the FastF1 library loads it; needs the extra racecraft[fastf1]."""
    from racecraft.store import importing

    asked = int(event) if event.isdecimal() else event
    _tell(
        lambda _: importing.add_fastf1(
            season, asked, session=session, telemetry=telemetry, store=store
        )
    )


def _tell(add_all: Callable[[Progress | None], pl.DataFrame]) -> None:
    """Add, with a bar that says how far, and say what came of it."""
    from racecraft.show.progress import progress_bar
    from racecraft.show.store import added_text

    with progress_bar() as progress:
        added = add_all(progress)
    answer.text(lambda _: added_text(added), None)
