"""The claims of an article, each with what the data say of it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from racecraft.press_old.charity import kindest
from racecraft.press_old.finding import Finding
from racecraft.press_old.grammar import grammar
from racecraft.press_old.look import Look
from racecraft.press_old.marking import sentences
from racecraft.press_old.names import Names
from racecraft.press_old.people import Cast
from racecraft.press_old.racing import is_about_racing
from racecraft.press_old.setting import CONSTRAINTS, Setting, candidates
from racecraft.press_old.verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.history.results import History
    from racecraft.press.intake.article import Article
    from racecraft.press_old.claim import Claim
    from racecraft.press_old.sentence import Sentence

# Families of claims, in the order in which they are looked for in a sentence.
FAMILIES = (
    "results",
    "grid",
    "standings",
    "counts",
    "people",
    "race",
    "course",
    "title",
    "opinion",
)
DOUBTFUL = 1.0  # by so much the best event is ahead of the next one where there is no doubt
CLOSE = 5.0  # an event whose score is this much lower is not considered
MOST_EVENTS = 8
RECORDS = 4  # whose names are kept


def fact_check(
    article: Article, record: History, *, event: tuple[int, int] | None = None
) -> list[Finding]:
    """Check the claims of an article.

    Parameters
    ----------
    article
        What was written; see `racecraft.press.intake.article.read`.
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
    if event is None and not is_about_racing(marked):
        return []
    about = _about(marked, record, names, article, event)
    if about.event is None:
        return []
    found: list[Finding] = []
    seen: set[tuple[object, ...]] = set()
    for claim, look in claims(marked, about, record, names):
        read, judged = kindest(claim, look, record)
        key = (
            look.s.number,
            read.claim_type,
            read.subject,
            str(read.value),
            read.season,
            read.round,
        )
        if key not in seen:
            seen.add(key)
            found.append(Finding.of(read, judged))
    return found


def _about(
    marked: list[Sentence],
    record: History,
    names: Names,
    article: Article,
    event: tuple[int, int] | None,
) -> Setting:
    """The event of an article; where several fit, the one that makes most of its claims true."""
    if event is not None:
        return Setting(record, names, record.event(*event), article.date)
    ranked = candidates(marked, record, names, written=article.date)
    if not ranked:
        return Setting(record, names, None, article.date)
    best = ranked[0][0]
    close = [(score, each) for score, each in ranked if best - score < CLOSE][:MOST_EVENTS]
    if len(close) == 1:
        return Setting(record, names, close[0][1], article.date)
    fits = []
    for score, each in close:
        about = Setting(record, names, each, article.date)
        fits.append((score + _fit(marked, about, record, names), about))
    found = max(fits, key=lambda fit: fit[0])[1]
    # the event was clear without its results, or else they helped to find it and prove nothing
    clear = found.event == close[0][1] and close[0][0] - close[1][0] > DOUBTFUL
    return found if clear else replace(found, by_construction=True)


def _fit(marked: list[Sentence], about: Setting, record: History, names: Names) -> float:
    """How many of the plain claims of an article are true of an event, less those that are not."""
    fit = 0.0
    for claim, look in claims(marked, about, record, names):
        if claim.claim_type in CONSTRAINTS:
            found = verdict(claim, record).verdict
            if found == "contradicted" and kindest(claim, look, record)[0] is not claim:
                found = "uncheckable"  # somebody else may be meant: it tells nothing of the event
            fit += {"supported": 1.0, "contradicted": -2.0}.get(found, 0.0)
    return fit


@lru_cache(maxsize=RECORDS)
def names_of(record: History) -> Names:
    """The names in a record, gathered once."""
    return Names(record)


def claims(
    marked: list[Sentence], about: Setting, record: History, names: Names
) -> Iterable[tuple[Claim, Look]]:
    """All claims of a marked article about an event, each with the sentence it is in."""
    cast = Cast(record, names, about)
    cast.identify(marked)
    before: Look | None = None
    seen: set[tuple[object, ...]] = set()
    for sentence in marked:
        look = Look(sentence, cast, about, record, names, before)
        for family in FAMILIES:
            for claim in import_module(f"racecraft.press_old.said.{family}").find(look):
                key = (
                    sentence.number,
                    claim.claim_type,
                    claim.subject,
                    str(claim.value),
                    claim.session,
                    claim.season,
                    claim.round,
                )
                if claim.subjects and key not in seen:
                    seen.add(key)
                    yield claim, look
        before = look
