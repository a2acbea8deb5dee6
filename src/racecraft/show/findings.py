"""An article that was checked, for eyes and for other programs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from racecraft.press_old.finding import FINDINGS, count_verdicts, finding_object, in_words
from racecraft.show.export import json_line
from racecraft.show.text import plural, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from racecraft.press.intake.article import Article
    from racecraft.press_old.finding import Finding
    from racecraft.show.text import Page

NOTHING = "No claims about a race found."
MARKS = {"supported": "✓", "contradicted": "✗", "uncheckable": "?"}
PLAIN_MARKS = {"supported": "+", "contradicted": "x", "uncheckable": "?"}
STYLES = {"supported": "good", "contradicted": "bad", "uncheckable": "warn"}
LANGUAGES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian",
    "nl": "Dutch", "pt": "Portuguese",
}  # fmt: skip


def checked_text(article: Article, findings: Sequence[Finding], page: Page) -> str:
    """Sentences that claim something, the verdict on each of their claims, and how many there are.

    Parameters
    ----------
    article
        What was read.
    findings
        In the order of the article.
    page
        What it is for.
    """
    head = page.style(about(article), "heading")
    parts = [head, *_sentences(findings, page), summary(findings)]
    return "\n\n".join(part for part in parts if part)


def checked_rows(findings: Sequence[Finding]) -> pl.DataFrame:
    """Findings as a table; what has many shapes, such as a value and its evidence, as JSON."""
    as_json = ("value", "found", "evidence")
    rows = []
    for finding in findings:
        row = finding_object(finding)
        rows.append(row | {name: json_line(row[name]) for name in as_json if row[name] is not None})
    return FINDINGS.rows(rows)


def checked_json(findings: Sequence[Finding]) -> bytes:
    """Findings as a list of objects, one a line."""
    lines = ",\n".join(json_line(finding_object(finding)) for finding in findings)
    return (f"[\n{lines}\n]\n" if lines else "[]\n").encode()


def about(article: Article) -> str:
    """What was read: its title or name, its day and its language."""
    day = f"{article.date.day} {article.date:%B %Y}" if article.date else "no date"
    known = (article.title or article.name, day, LANGUAGES[article.lang])
    return ", ".join(filter(None, known))


def summary(findings: Sequence[Finding]) -> str:
    """How many claims there are, and how many of each verdict.

    >>> summary([])
    'No claims about a race found.'
    """
    if not findings:
        return NOTHING
    counts = count_verdicts(findings)
    return f"{plural(len(findings), 'claim')}: " + ", ".join(
        f"{count} {verdict}" for verdict, count in counts.items()
    )


def remarks(finding: Finding) -> list[str]:
    """What else a reader must know of a verdict."""
    said = finding.attributed_to
    return [
        *([f"as {said} says"] if said else []),
        *(["hedged"] if finding.hedged else []),
        *(["helped to find the race, so it proves nothing"] if finding.consistent else []),
    ]


def what_the_data_say(finding: Finding) -> str:
    """Reason of a verdict, or at least what was found; and what would help."""
    reason = finding.reason
    if not reason and finding.found is not None:
        reason = f"the data say {in_words(finding.found)}"
    hint = f"what helps: {finding.hint}" if finding.hint else ""
    return " ".join(_sentence(said) for said in (reason, hint) if said)


def _sentence(text: str) -> str:
    """Text with a capital and a full stop."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def _sentences(findings: Sequence[Finding], page: Page) -> Iterator[str]:
    """A block for each sentence: its words, then a line for each of its claims."""
    in_order = sorted(findings, key=lambda finding: finding.start)
    for sentence, claims in groupby(in_order, key=lambda finding: finding.sentence):
        lines = [page.style(line, "dim") for line in wrapped(sentence, page).splitlines()]
        yield "\n".join([*lines, *(_claim(claim, page) for claim in claims)])


def _claim(finding: Finding, page: Page) -> str:
    mark = (MARKS if page.unicode else PLAIN_MARKS)[finding.verdict]
    flags = remarks(finding)
    claim = f"{finding.claim} ({'; '.join(flags)})" if flags else finding.claim
    lines = wrapped(claim, page, hang=f"  {mark} ").splitlines()
    coloured = [page.style(line, STYLES[finding.verdict]) for line in lines]
    if told := what_the_data_say(finding):
        coloured.append(wrapped(told, page, hang="    "))
    return "\n".join(coloured)
