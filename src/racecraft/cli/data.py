"""The verbs that keep the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.adding import SourceGroup
from racecraft.cli.options import Event, Season
from racecraft.cli.verb import ANSWER, Asked, verb
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
@verb(*ANSWER)
def list_stored(
    asked: Asked,
    series: Annotated[str | None, typer.Option(help="Only races of this series.")] = None,
) -> None:
    """Races, sprints and seasons that are stored, and whose accounts of them there are."""
    from racecraft.show.store import stored_text

    shelf = asked.shelf
    races = shelf.races(series=series)
    if asked.answer_form == "table":
        names = shelf.series() if series is None else [series]
        seasons, unread = {name: shelf.seasons(name) for name in names}, shelf.unreadable()
        asked.text(lambda page: stored_text(races, seasons, page, unreadable=unread))
    else:
        asked.table(races)


@app.command()
@verb(*ANSWER)
def verify(asked: Asked) -> None:
    """Whether everything stored is as it was written; exit status 1 if it is not."""
    shelf = asked.shelf
    faults = shelf.verify()
    harm = faults.height - faults["harmless"].sum()
    if len(faults) or asked.answer_form != "table":
        asked.table(faults)
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
@verb("series", "store")
def remove(
    asked: Asked,
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
) -> None:
    """Take out of the store what was added to it; what is in the package stays."""
    from racecraft.show.store import removed_text

    removed = asked.shelf.remove(season, event, session=session, series=asked.series, source=source)
    asked.text(lambda _: removed_text(removed))


@app.command(
    epilog="\b\nExamples:\n  racecraft data export --duckdb races.duckdb\n"
    "  racecraft data export --parquet tables --season 2023"
)
@verb("store")
def export(
    asked: Asked,
    duckdb: Annotated[
        Path | None,
        typer.Option(
            "--duckdb", metavar="FILE", help="A database, with views; needs racecraft[sql]."
        ),
    ] = None,
    parquet: Annotated[
        Path | None, typer.Option("--parquet", metavar="DIR", help="A file for each table.")
    ] = None,
    season: Annotated[int | None, typer.Option(metavar="YEAR", help="Only this season.")] = None,
) -> None:
    """Everything stored, and what is derived from it, for other programs; times in seconds."""
    from racecraft.show import exporting
    from racecraft.show.progress import progress_bar

    if duckdb is None and parquet is None:
        raise typer.BadParameter("say where to: --duckdb FILE, --parquet DIR, or both")
    for where, write in ((duckdb, exporting.export_duckdb), (parquet, exporting.export_parquet)):
        if where is None:
            continue
        with progress_bar() as progress:
            counts = write(asked.shelf, where, season=season, progress=progress)
        rows = sum(counts.values())
        answer.write(f"{len(counts)} tables, {rows:,} rows, written to {where}\n".encode())


@app.command(epilog="\b\nExample:\n  racecraft data fetch 2024 monza")
@verb("session", "store")
def fetch(asked: Asked, season: Season, event: Event) -> None:
    """The timing of one race from where it can be had, the best source first, and store it."""
    race = asked.race(season, event)
    answer.write(f"stored: {race.season} {race.name} ({race.source})\n".encode())
