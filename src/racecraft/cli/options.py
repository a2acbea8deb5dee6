"""Arguments and options that verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Season = Annotated[int, typer.Argument(metavar="SEASON", help="Year.")]
Event = Annotated[
    str, typer.Argument(metavar="EVENT", help="Round, name, country or place: 20, brazil, spa.")
]
Driver = Annotated[str, typer.Argument(metavar="DRIVER", help="Code, number or family name.")]
OfDriver = Annotated[
    str | None,
    typer.Option("--driver", metavar="DRIVER", help="Only what concerns this driver."),
]
Session = Annotated[Literal["race", "sprint"], typer.Option(help="Which race of the weekend.")]
Series = Annotated[
    str, typer.Option(metavar="NAME", help="Whose championship: f1, imsa, wec, or your own.")
]
Format = Annotated[
    Literal["table", "json", "csv", "parquet"] | None,
    typer.Option("--format", help="Left out: a table, or what the name of FILE ends in."),
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE instead.")
]
StoreFolder = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="Folder of the store; also RACECRAFT_STORE."),
]
Workers = Annotated[
    str | None,
    typer.Option(metavar="N", help="Left out: one per core. Or dask://HOST:PORT."),
]
Language = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="LANG",
        autocompletion=lambda: _languages(),
        help="Language of it: en, es, nl.",
    ),
]
Story = Annotated[
    str | None,
    typer.Option(
        "--story",
        metavar="LANG",
        autocompletion=lambda: _languages(),
        help="Write it as a newspaper would, in this language: en, es, nl.",
    ),
]
Plot = Annotated[
    Path | None,
    typer.Option(
        "--plot", metavar="FILE", help="Draw it, as .png, .svg or .pdf; needs racecraft[plots]."
    ),
]


def language(text: str) -> str:
    """A language that races are told in, by its code.

    Raises
    ------
    ArgumentError
        Nothing is told in it.
    """
    from racecraft.model.words.book import words_of  # the shell waits for this file

    words_of(text.lower())
    return text.lower()


def _languages() -> list[str]:
    from racecraft.model.words.book import languages

    return languages()
