"""The verb that checks what was written."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from racecraft.cli import answer
from racecraft.cli.options import Output, StoreFolder
from racecraft.errors import ArgumentError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from racecraft.cli.verb import Asked
    from racecraft.history.results import History
    from racecraft.press.finding import Checked
    from racecraft.press.intake.article import Article
    from racecraft.store.shelf import Shelf

    Ask = Callable[[str, str], str]

LLM_KEY = "RACECRAFT_LLM_KEY"
WEB = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
CONTRADICTED = 3  # exit status of --strict; 1 and 2 are errors

CheckForm = Literal["table", "json", "csv", "parquet", "html", "md"]
CheckFormat = Annotated[
    CheckForm | None,
    typer.Option("--format", help="Left out: a table, or what the name of FILE ends in."),
]


def check(
    article: Annotated[
        str, typer.Argument(metavar="FILE", help="Text, Markdown or HTML; - is standard input.")
    ],
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Day it was published."),
    ] = None,
    event: Annotated[
        str | None,
        typer.Option(metavar='"SEASON EVENT"', help="Race it is about, such as 2023 brazil."),
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Its language: de en es fr it nl pt.")] = None,
    llm: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Model that reads the article too; its key: RACECRAFT_LLM_KEY."
        ),
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="Name of that model.")] = None,
    llm_record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Keep the model's answers here; without --llm, replay them."
        ),
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=1.0, help="Mark a claim only if the mark is so likely to be right."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="List what agrees, is unclear or cannot be checked too.")
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help=f"End with status {CONTRADICTED} if a claim is wrong."),
    ] = False,
    form: CheckFormat = None,
    output: Output = None,
    store: StoreFolder = None,
) -> None:
    """Check the claims of an article about a race against the data, and say why."""
    from racecraft.press.fact_check import fact_check
    from racecraft.press.intake.article import read
    from racecraft.store.shelf import Shelf

    name, data = _content(article)
    laid_out = read(data, name=name, date=day.date() if day else None, lang=lang)
    shelf = Shelf(store)
    record, about = history_of_store(shelf), _event(event, shelf)
    with _told_of(_model_at(llm, model, llm_record), laid_out) as ask:
        found = fact_check(laid_out, record, event=about, ask=ask, min_confidence=min_confidence)
    _show(laid_out, found, form, output, everything=everything)
    if strict and any(finding.verdict == "contradicted" for finding in found):
        raise typer.Exit(CONTRADICTED)


def history_of_store(shelf: Shelf) -> History:
    """History of all that is stored, with the timing of its races; progress if it takes long."""
    from racecraft.history.stored import history_of
    from racecraft.show.progress import progress_bar

    with progress_bar() as told:
        return history_of(shelf, race=shelf.timing, progress=told)


def write_report(asked: Asked, season: int, event: str, lang: str) -> None:
    """Write a report of a race or sprint, told from every stored season, and timing if stored."""
    from racecraft.show import article as reported

    written = article_of(asked, season, event, lang)
    if asked.answer_form == "json":
        from racecraft.show.export import json_object

        answer.write(json_object(reported.article_object(written)), asked.output)
    else:
        asked.text(lambda page: reported.article_text(written, page))


def article_of(asked: Asked, season: int, event: str, lang: str) -> Article:
    """A race as a newspaper would have it."""
    from racecraft.cli.moments import weighed
    from racecraft.lookup.find import find_event
    from racecraft.press.writing.report import report
    from racecraft.store.shelf import Shelf

    year = asked.season(season)
    meant = year.events.filter(event=find_event(year.events, event, season=season))
    record = history_of_store(Shelf(asked.store))
    round_ = meant["round"].item()
    race = record.race(season, round_, asked.session)
    decided = weighed(asked, race, simulated=True) if race is not None else None
    return report(record, season, round_, session=asked.session, lang=lang, decided=decided)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    check: (
        "check article.txt",
        'check article.html --event "2023 brazil" -o findings.html',
        "check - --date 2023-11-06 --format json < article.md",
    ),
}  # every verb, and what one may type after racecraft


def _show(
    article: Article,
    found: Checked,
    form: CheckForm | None,
    output: Path | None,
    *,
    everything: bool,
) -> None:
    from racecraft.show import findings

    if form == "md" or (form is None and output is not None and output.suffix.lower() == ".md"):
        answer.write(findings.corrections(article, found).encode(), output)
        return
    named_so = form is None and output is not None and output.suffix.lower() in (".html", ".htm")
    if form == "html" or named_so:
        from racecraft.show.findings_page import checked_page

        answer.write(checked_page(article, found), output)
        return
    asked = answer.form_of(form, output)
    if asked == "table":
        answer.text(
            lambda page: findings.checked_text(article, found, page, everything=everything), output
        )
    elif asked == "json":
        answer.write(findings.checked_json(found), output)
    else:
        answer.table(findings.checked_rows(found), asked, output)


def _content(article: str) -> tuple[str, bytes]:
    """Name and content of the article, no more of it than tells that it is too large."""
    from racecraft.press.intake.article import LARGEST_FILE

    if article == "-":
        return "standard input", sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        with Path(article).open("rb") as file:
            return Path(article).name, file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        hint = "name a file, or - for standard input"
        if WEB.match(article):
            why, hint = "nothing is fetched from the web", "save the page, and check the file"
        raise UnreadableError(
            f"{article} cannot be read: {why}", hint=hint, path=article
        ) from error


def _event(text: str | None, shelf: Shelf) -> tuple[int, int] | None:
    """Season and round that are meant, both in one text."""
    if text is None:
        return None
    from racecraft.lookup.find import find_event

    parts = re.fullmatch(r"\s*(\d{4})[\s/-]+(\S.*)", text)
    if parts is None:
        raise ArgumentError(
            f"no season and event in {text!r}", hint="such as 2023-20 or '2023 brazil'"
        )
    season = int(parts[1])
    events = shelf.store.events(season)
    found = events.filter(event=find_event(events, parts[2].strip(), season=season))
    return season, found["round"].item()


@contextmanager
def _told_of(ask: Ask | None, article: Article) -> Iterator[Ask | None]:
    """What asks a model, with a bar that says how far it has read the article."""
    if ask is None:
        yield None
        return
    from racecraft.press.reading.asking import sentences
    from racecraft.show.progress import progress_bar

    number, most = count(), sum(1 for _ in sentences(article.text))
    with progress_bar() as told:

        def asked(instruction: str, text: str) -> str:
            if told:
                told("the model reads the article", next(number), most)
            return ask(instruction, text)

        yield asked


def _model_at(url: str | None, model: str | None, record: Path | None) -> Ask | None:
    """What asks the model that was named, or answers as it did before; None if none was."""
    if url is None and model is None and record is None:
        return None
    if (url is None) != (model is None):
        raise typer.BadParameter("--llm and --model go together")
    from racecraft.sources.http.chat_model import model_at
    from racecraft.sources.http.chat_record import recorded

    ask = model_at(url, model, key=os.environ.get(LLM_KEY)) if url and model else None
    if record is not None:
        return recorded(record, ask)
    return ask
