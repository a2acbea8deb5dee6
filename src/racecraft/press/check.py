"""The claims of an article, each with what the data say of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from racecraft.press.finding import Finding
from racecraft.press.grammar import grammar
from racecraft.press.look import Look
from racecraft.press.marking import sentences
from racecraft.press.names import Names
from racecraft.press.people import Cast
from racecraft.press.setting import Setting, setting
from racecraft.press.verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.press.claim import Claim
    from racecraft.press.marking import Sentence
    from racecraft.press.reading import Article
    from racecraft.press.record import Record

# Families of claims, in the order in which they are looked for in a sentence.
FAMILIES = ("results", "grid", "standings", "counts", "people", "race", "course", "title", "opinion")


def fact_check(
    article: Article, record: Record, *, event: tuple[int, int] | None = None
) -> list[Finding]:
    """Check the claims of an article.

    Parameters
    ----------
    article
        What was written; see `racecraft.press.reading.read`.
    record
        The data of all seasons that are there.
    event
        Season and round that it is about. Left out, it is found from the article itself.

    Returns
    -------
    list of Finding
        In the order of the article; empty if it says nothing about a race that is known.
    """
    names = names_of(record)
    marked = sentences(article.text, grammar(article.lang), names)
    about = setting(marked, record, names, written=article.date, event=event)
    if about.event is None:
        return []
    return [_finding(claim, record) for claim in claims(marked, about, record, names)]


def names_of(record: Record) -> Names:
    """The names in a record, gathered once."""
    if "names" not in record.__dict__:
        record.__dict__["names"] = Names(record)
    return record.__dict__["names"]  # type: ignore[no-any-return]


def claims(
    marked: list[Sentence], about: Setting, record: Record, names: Names
) -> Iterable[Claim]:
    """All claims of a marked article about an event."""
    cast = Cast(record, names, about)
    cast.identify(marked)
    before: Look | None = None
    seen: set[tuple[object, ...]] = set()
    for sentence in marked:
        look = Look(sentence, cast, about, record, names, before)
        for family in FAMILIES:
            for claim in import_module(f"racecraft.press.said.{family}").find(look):
                key = (sentence.number, claim.claim_type, claim.subject, str(claim.value))
                if claim.subjects and key not in seen:
                    seen.add(key)
                    yield claim
        before = look


def _finding(claim: Claim, record: Record) -> Finding:
    found = verdict(claim, record)
    return Finding(
        sentence=claim.sentence,
        start=claim.start,
        end=claim.end,
        claim_type=claim.claim_type,
        subject=claim.subject,
        value=claim.value,
        season=claim.season,
        round=claim.round,
        verdict=found.verdict,
        found=found.found,
        evidence=found.evidence,
        reason=found.reason,
        hedged=claim.hedged,
        attributed_to=claim.attributed_to,
        consistent=claim.by_construction,
        hint=found.hint,
    )
