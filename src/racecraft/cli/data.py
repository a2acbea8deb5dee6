"""The verbs that keep the store."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.adding import SourceGroup
from racecraft.cli.options import Event, Format, Output, Season, Session, StoreFolder
from racecraft.errors import UnreadableError

app = typer.Typer(
    help="What is stored: add to it, list it, verify it, take it out.", no_args_is_help=True
)
add = typer.Typer(
    cls=SourceGroup,
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
        seasons, unread = shelf.seasons(), shelf.unreadable()
        answer.text(lambda page: stored_text(races, seasons, page, unreadable=unread), output)
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


@app.command(
    epilog="\b\nExamples:\n  racecraft data remove 2021 spa --source laps_csv\n"
    "  racecraft data remove 2021"
)
def remove(
    season: Season,
    event: Annotated[
        str | None,
        typer.Argument(metavar="EVENT", help="Left out, all that is stored of the season."),
    ] = None,
    session: Annotated[
        Literal["race", "sprint"] | None, typer.Option(help="Only the race, or only the sprint.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Only what this source says, as 'data list' names it.")
    ] = None,
    store: StoreFolder = None,
) -> None:
    """Take out of the store what was added to it; what is in the package stays."""
    import racecraft as rc
    from racecraft.show.store import removed_text

    removed = rc.Store(store).remove(season, event, session=session, source=source)
    answer.text(lambda _: removed_text(removed), None)


@app.command(epilog="\b\nExample:\n  racecraft data fetch 2024 monza")
def fetch(
    season: Season, event: Event, session: Session = "race", store: StoreFolder = None
) -> None:
    """The timing of one race from where it can be had, the best source first, and store it."""
    import racecraft as rc
    from racecraft.show.progress import progress_bar

    with progress_bar() as progress:
        race = rc.load_race(season, event, session=session, store=store, progress=progress)
    answer.write(f"stored: {race.season} {race.name} ({race.source})\n".encode())
