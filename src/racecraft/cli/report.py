"""The verb that writes the report of a race or a season into one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from racecraft.cli import answer
from racecraft.cli.options import Language, Season, language
from racecraft.cli.verb import Asked, verb
from racecraft.errors import ArgumentError, NotEnoughDataError, RacecraftError, RuleError
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from racecraft.model.race import Race
    from racecraft.model.season import Season as SeasonTables
    from racecraft.press.intake.article import Article
    from racecraft.show.report.parts import Report
    from racecraft.show.report.race import Known

Kind = Literal["html", "md", "pdf"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@verb("session", "series", "store")
def report(
    asked: Asked,
    season: Season,
    event: Annotated[
        str | None,
        typer.Argument(metavar="EVENT", help="Round, name or place; left out, the season."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Left out, standard output."),
    ] = None,
    form: Annotated[
        Kind | None,
        typer.Option("--format", help="Left out: what the name of FILE ends in, or html."),
    ] = None,
    lang: Language = "en",
) -> None:
    """Write a race, or a season, into one file: its story, charts and tables.

    A page of HTML is complete in itself: it opens from disk and fetches nothing. Every number in it
    carries the command that gives it.
    """
    lang = language(lang)
    kind = form or _kind_of(output)
    if kind == "pdf" and output is None:
        raise ArgumentError("a PDF is not for the screen", hint="name a file with -o FILE")
    made = (
        _of_season(asked, season, lang) if event is None else _of_race(asked, season, event, lang)
    )
    _write(made, kind, output)


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    report: (
        "report 2023 brazil -o report.html",
        "report 2023 mexico --lang nl -o verslag.pdf",
        "report 2023 -o season.md",
    ),
}  # the verb, and what one may type after racecraft


def _kind_of(output: Path | None) -> Kind:
    """Format by how the name of a file ends; HTML where there is none."""
    ending = output.suffix.removeprefix(".").lower() if output else "html"
    known = {"htm": "html", "markdown": "md"}.get(ending, ending)
    for kind in KINDS:
        if kind == known:
            return kind
    raise ArgumentError(
        f"no report is written to {output}", hint="end it in .html, .md or .pdf, or say --format"
    )


def _write(made: Report, kind: Kind, output: Path | None) -> None:
    if kind == "pdf" and output is not None:
        from racecraft.show.report.pdf import write_pdf

        write_pdf(made, output)
    else:
        if kind == "md":
            from racecraft.show.report.markdown import report_markdown

            content = report_markdown(made).encode("utf-8", "replace")
        else:
            from racecraft.show.report.page import report_page

            content = report_page(made)
        answer.write(content, output)
    if output is not None:
        answer.write(f"wrote {output}\n".encode())


def _of_race(asked: Asked, season: int, event: str, lang: str) -> Report:
    """Report of a race, by its result where its timing is not stored."""
    from racecraft.cli import outcome
    from racecraft.show.report.race import race_report
    from racecraft.show.report.result import result_report

    by_result = outcome.by_result(asked, season, event, lang)
    article, notes = _article(asked, season, event, lang)
    if by_result is not None:
        told, effect, doubts = by_result
        return result_report(
            told, lang=lang, article=article, effect=effect, doubts=doubts, notes=notes,
            moments=outcome.decided_by_result(asked, told),
        )  # fmt: skip
    return race_report(_known(asked, asked.race(season, event), article, notes, lang), lang)


def _known(
    asked: Asked, race: Race, article: Article | None, notes: tuple[str, ...], lang: str
) -> Known:
    """Everything that is found out for a report."""
    import racecraft as rc
    from racecraft.cli import outcome
    from racecraft.cli.moments import chances, season_of, weighed
    from racecraft.show.report.race import Known

    effect, doubts = outcome.of_season(asked, race, lang)
    moments = likely = None
    if race.series == FORMULA_ONE:
        try:
            moments = weighed(asked, race, simulated=True)
            likely = chances(asked, race, simulated=True)
        except NotEnoughDataError as error:
            doubts = [*doubts, f"{error.message}."]
    try:
        pace = rc.pace(race)
    except NotEnoughDataError as error:
        pace, doubts = None, [*doubts, f"{error.message}."]
    return Known(
        story=rc.race(race),
        moments=moments,
        chances=likely,
        pace=pace,
        season=season_of(asked, race),
        article=article,
        effect=effect,
        doubts=tuple(doubts),
        notes=notes,
    )


def _article(
    asked: Asked, season: int, event: str, lang: str
) -> tuple[Article | None, tuple[str, ...]]:
    """The story, and why there is none."""
    from racecraft.cli.press import article_of
    from racecraft.model.words.book import words_of

    if asked.session != "race" or asked.series != FORMULA_ONE:
        return None, ()
    try:
        return article_of(asked, season, event, lang), ()
    except ArgumentError:  # what writes is not installed
        return None, (words_of(lang)["sentences"]["no_writer"],)
    except RacecraftError as error:
        return None, (f"{error.message}.",)


def _of_season(asked: Asked, season: int, lang: str) -> Report:
    """Report of a season; the moments of each race are weighed once, and then kept."""
    import polars as pl

    import racecraft as rc
    from racecraft.cli.moments import weighed
    from racecraft.show.report.season import KnownSeason, season_report

    tables = asked.season(season)
    tables = tables.with_tables(events=asked.shelf.events_in(tables))
    moments: dict[tuple[str, str], pl.DataFrame] = {}
    battles = []
    for race in rc.load_races(season, series=asked.series, store=asked.store):
        try:
            named = {"event": pl.lit(race.event), "name": pl.lit(race.name)}
            battles.append(rc.battles(race).with_columns(**named))
            if race.series == FORMULA_ONE:
                moments[race.event, race.session] = weighed(asked, race, simulated=True)
        except NotEnoughDataError:
            continue
    return season_report(
        KnownSeason(
            season=tables,
            standings=_added_up(tables),
            title=_title(tables, lang),
            moments=moments,
            battles=pl.concat(battles) if battles else pl.DataFrame(),
            doubts=_doubts(tables),
        ),
        lang,
    )


def _added_up(season: SeasonTables) -> pl.DataFrame:
    """``STANDINGS`` of a season; empty where no rules say how points are added up."""
    import racecraft as rc
    from racecraft.title.standings.standings import STANDINGS

    try:
        return rc.standings(season)
    except RuleError:
        return STANDINGS.empty()


def _title(season: SeasonTables, lang: str) -> str:
    """Whether the title is decided, and what would decide it; nothing where no rules say."""
    import racecraft as rc
    from racecraft.show.report.title import title_in_words

    try:
        answer = rc.clinch(season)
    except RacecraftError:
        return ""
    names = dict(season.drivers["driver", "family_name"].rows())
    return title_in_words(answer, names, lang)


def _doubts(season: SeasonTables) -> tuple[str, ...]:
    from racecraft.cli.title import doubts_until

    try:
        return tuple(doubts_until(season, None))
    except RuleError:  # nobody's points are added up
        return ()
