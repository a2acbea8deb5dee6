"""An article that was checked, as text, as a table, as JSON and as a draft of corrections."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from racecraft.press.finding import (
    about_object,
    finding_object,
    in_words,
)
from racecraft.press.lexicon.vocabulary import vocabulary
from racecraft.show.json_line import json_line
from racecraft.show.text import plural, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import polars as pl

    from racecraft.press.finding import Checked, Finding, Mark
    from racecraft.press.intake.article import Article
    from racecraft.show.page import Page

NOTHING = "No claims about a race found."
LIKELY_WRONG = 0.55  # an unclear claim is shown if it is wrong with this probability
SIGNS: Mapping[Mark, str] = {
    "supported": "✓", "contradicted": "✗", "unclear": "?", "uncheckable": "·",
}  # fmt: skip
PLAIN_SIGNS: Mapping[Mark, str] = {
    "supported": "+", "contradicted": "x", "unclear": "?", "uncheckable": "-",
}  # fmt: skip
STYLES = {"supported": "good", "contradicted": "bad", "unclear": "warn", "uncheckable": "dim"}
SHOWN = 2  # rows of a source in a draft of corrections
NOTHING_WRONG = "Nothing in it is wrong by the data."
WRONG, PERHAPS = "Wrong, by the data", "Perhaps wrong, or misread"
LIKELY = "Agrees, if that is what the words say"


def checked_text(
    article: Article, checked: Checked, page: Page, *, everything: bool = False
) -> str:
    """What an editor must look at: the race assumed, what is wrong, what may be, and a count.

    Parameters
    ----------
    article
        What was read.
    checked
        Its findings, and the race that it is taken to be about.
    page
        What it is for.
    everything
        Whether what agrees, is unclear or cannot be checked is listed as well.
    """
    parts = [
        wrapped(checked.about.sentence, page),
        page.style(wrapped(about(article), page), "heading"),
        *(wrapped(f"Doubt: {doubt}.", page) for doubt in checked.doubts),
        *_section(WRONG, wrong(checked), page),
        *_section(PERHAPS, perhaps(checked), page),
    ]
    if everything:
        parts += _section("Agrees", checked.of("supported"), page)
        parts += _section(LIKELY, likely(checked), page)
        parts += _section("Unclear", unclear(checked), page)
        parts += _section("Cannot be checked", checked.of("uncheckable"), page)
    parts += [*_helping(checked, page), wrapped(summary(checked), page)]
    return "\n\n".join(part for part in parts if part)


def checked_rows(checked: Checked) -> pl.DataFrame:
    """Findings as a table; what has many shapes, such as a value and its evidence, as JSON."""
    from racecraft.press.findings_table import FINDINGS

    as_json = ("value", "found", "evidence")
    rows = []
    for finding in checked:
        row = finding_object(finding)
        rows.append(row | {name: json_line(row[name]) for name in as_json if row[name] is not None})
    return FINDINGS.rows(rows)


def checked_json(checked: Checked) -> bytes:
    """Findings as a list of objects, one a line; the first one is the race assumed."""
    rows = [about_object(checked.about, checked.doubts), *map(finding_object, checked)]
    return ("[\n" + ",\n".join(map(json_line, rows)) + "\n]\n").encode()


def corrections(article: Article, checked: Checked) -> str:
    """Draft of corrections in Markdown: each sentence, what the data say, and their source."""
    title = article.title or article.name or "The article"
    lines = [f"# Corrections: {title}", "", said_of_race(checked), ""]
    lines += [line for doubt in checked.doubts for line in (f"Doubt: {doubt}.", "")]
    for sentence, same in groupby(wrong(checked), lambda one: " ".join(one.sentence.split())):
        lines += [f"> {sentence}", ""]
        for finding in same:
            lines += [f"- The article says: {finding.claim.replace(': ', ', ', 1)}."]
            lines += [f"- The data say: {what_the_data_say(finding)}"]
            lines += [f"- Source: {source}." for source in _few_sources(finding, SHOWN)]
            lines += [""]
    if not wrong(checked):
        lines += [NOTHING_WRONG, ""]
    return "\n".join(lines)


def said_of_race(checked: Checked) -> str:
    """The race assumed, where nobody can give the option that says another."""
    return checked.about.sentence.replace(" --event says which.", "")


def wrong(checked: Checked) -> tuple[Finding, ...]:
    """Claims that the data contradict."""
    return checked.of("contradicted")


def perhaps(checked: Checked) -> tuple[Finding, ...]:
    """Claims that are likely to be wrong, though not surely enough for a red mark.

    What is true in another sense of the words is not: of twenty such marks, three were errors.
    """
    return tuple(
        finding
        for finding in checked.of("unclear")
        if finding.leaning == "contradicted"
        and finding.confidence >= LIKELY_WRONG
        and not finding.open
    )


def likely(checked: Iterable[Finding]) -> tuple[Finding, ...]:
    """Claims with which the data agree as they were read, though that is not sure enough."""
    return tuple(
        finding
        for finding in checked
        if finding.verdict == "unclear" and finding.leaning == "supported"
    )


def unclear(checked: Checked) -> tuple[Finding, ...]:
    """Claims of which nothing is known but that they may mean several things, or nothing of it."""
    others = {id(finding) for finding in (*perhaps(checked), *likely(checked))}
    return tuple(finding for finding in checked.of("unclear") if id(finding) not in others)


def counts_of(checked: Checked) -> list[tuple[Mark, int, str]]:
    """How many claims there are of each kind: the mark, the number and what it is called."""
    rows: list[tuple[Mark, int, str]] = [
        ("contradicted", len(wrong(checked)), "wrong"),
        ("unclear", len(perhaps(checked)), "perhaps wrong"),
        ("supported", len(checked.of("supported")), "agree"),
        ("unclear", len(likely(checked)), "probably agree"),
        ("unclear", len(unclear(checked)), "unclear"),
        ("uncheckable", len(checked.of("uncheckable")), "cannot be checked"),
    ]
    seldom = ("perhaps wrong", "probably agree")
    return [(mark, count, name) for mark, count, name in rows if count or name not in seldom]


def about(article: Article) -> str:
    """What was read: its title or name, its day and its language."""
    day = f"{article.date.day} {article.date:%B %Y}" if article.date else "no date"
    known = (article.title or article.name, day, vocabulary(article.lang).name)
    return ", ".join(filter(None, known))


def summary(checked: Checked) -> str:
    """How many claims there are, and how many of each kind.

    >>> from racecraft.press.finding import Checked
    >>> summary(Checked())
    'No claims about a race found.'
    """
    if not len(checked):
        return NOTHING
    each = ", ".join(f"{count} {name}" for _, count, name in counts_of(checked))
    return f"{plural(len(checked), 'claim')}: {each}"


def remarks(finding: Finding) -> list[str]:
    """What else an editor must know of a mark."""
    said = finding.attributed_to
    return [
        *([f"as {said} says"] if said else []),
        *(["hedged"] if finding.hedged else []),
        *(["helped to find the race, so it proves nothing"] if finding.consistent else []),
    ]


def what_the_data_say(finding: Finding) -> str:
    """Reason of a mark, or at least what was found; and what would help."""
    reason = finding.reason
    if not reason and finding.found is not None:
        reason = f"the data say {in_words(finding.found)}"
    hint = f"what helps: {finding.hint}" if finding.hint else ""
    return " ".join(_sentence(said) for said in (reason, hint) if said)


def how_read(finding: Finding) -> str:
    """What the words were taken to say, and how sure the mark is."""
    sure = f"{finding.confidence:.0%} sure"
    return f"read as: {finding.read_as} ({sure})" if finding.read_as else f"({sure})"


def sources(finding: Finding) -> list[str]:
    """The rows that prove it, each in a line."""
    return [
        f"{str(row.get('table', 'data')).replace('_', ' ')}: "
        + ", ".join(
            f"{name.replace('_', ' ')} {in_words(value)}"
            for name, value in row.items()
            if value is not None and name != "table" and not _said_twice(name, row)
        )
        for row in finding.evidence
    ]


def _said_twice(name: str, row: Mapping[str, object]) -> bool:
    """Whether a column says no more than another: the position, as it is printed."""
    return name == "position_text" and str(row.get("position")) == row[name]


def _few_sources(finding: Finding, most: int) -> list[str]:
    """The first rows that prove it; how many more there are, if there are, is said of the last."""
    rows = sources(finding)
    left = len(rows) - most
    more = f" ({plural(left, 'more row')})" if left > 0 else ""
    return [*rows[: most - 1], *(f"{row}{more}" for row in rows[most - 1 : most])]


def _sentence(text: str) -> str:
    """Text with a capital and a full stop."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def _section(title: str, findings: Sequence[Finding], page: Page) -> list[str]:
    """A heading, and a block for every sentence with its findings; nothing without any."""
    if not findings:
        return []
    blocks = (_block(list(same), page) for _, same in groupby(findings, lambda one: one.sentence))
    return [page.style(title, "heading"), *blocks]


def _block(findings: Sequence[Finding], page: Page) -> str:
    """A sentence, and what is found of each of its claims."""
    sentence = wrapped(findings[0].sentence, page).splitlines()
    lines = [page.style(line, "dim") for line in sentence]
    return "\n".join([*lines, *(_told(finding, page) for finding in findings)])


def _told(finding: Finding, page: Page) -> str:
    """The claim, what the data say with the first row, and how it was read."""
    sign = (SIGNS if page.unicode else PLAIN_SIGNS)[finding.verdict]
    flags = remarks(finding)
    claim = f"{finding.claim} ({'; '.join(flags)})" if flags else finding.claim
    coloured = wrapped(claim, page, hang=f"  {sign} ").splitlines()
    lines = [page.style(line, STYLES[finding.verdict]) for line in coloured]
    told = [what_the_data_say(finding)]
    if finding.verdict in ("contradicted", "unclear"):
        told += [*_few_sources(finding, 1), how_read(finding)]
    lines += [wrapped(said, page, hang="    ") for said in told if said]
    return "\n".join(lines)


def _helping(checked: Checked, page: Page) -> Iterator[str]:
    """What would make claims checkable that are not, each hint once."""
    hints = list(dict.fromkeys(finding.hint for finding in checked if finding.hint))
    if hints:
        told = "; ".join(hints[:3])
        yield wrapped(f"More could be checked after: {told}", page)
