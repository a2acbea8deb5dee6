"""Topics: whom an article, or the part of it below a heading, is all about."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import VERBS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.press.claim import Entity
    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.reading.people import People

HEADED, TITLED = 0.8, 0.3  # how much they come to mind
A_HEADING = 8  # marks that a heading of a part has at most
PARTS = 2  # headings that name one driver each, from which an article is in such parts
OFTEN, TWICE = 4, 2  # so often, and so much more often than anybody else
_ENDS = frozenset((".", "!", "?", ";"))

Topic = tuple["Entity | None", float]


def topics(marked: Sequence[Sentence], title: Sequence[Sentence], people: People) -> list[Topic]:
    """Whom each sentence is about if it does not say so, and how much he comes to mind.

    Below a heading that names one driver alone, such as "Max Verstappen: 9", it is he, up to the
    next heading; elsewhere the one whom the title names, or who is named by far the most.
    """
    lengths = Counter(s.paragraph for s in marked)
    headings = {
        n: list(dict.fromkeys(_named(s, people)))
        for n, s in enumerate(marked)
        if (n or title) and lengths[s.paragraph] == 1 and _is_heading(s)
    }
    parted = sum(len(named) == 1 for named in headings.values()) >= PARTS
    whole = _of_article(marked, title or marked[:1], people)
    found: list[Topic] = []
    above = whole
    for n in range(len(marked)):
        if parted and n in headings:
            above = (headings[n][0], HEADED) if len(headings[n]) == 1 else whole
        found.append(above)
    return found


def _of_article(marked: Sequence[Sentence], title: Sequence[Sentence], people: People) -> Topic:
    """The one whom a title names (first), or who is named far more often than anybody else."""
    in_title = list(dict.fromkeys(who for s in title for who in _named(s, people)))
    often = Counter(who for s in marked for who in _named(s, people)).most_common(2)
    most, times = often[0] if often else (None, 0)
    if len(in_title) == 1 or (in_title and most == in_title[0] and times >= OFTEN):
        return in_title[0], TITLED
    second = often[1][1] if len(often) > 1 else 0
    if often and often[0][1] >= max(OFTEN, TWICE * second):
        return often[0][0], TITLED
    return None, 0.0


def _is_heading(s: Sentence) -> bool:
    """Whether a line is a heading: short, without a verb or a full stop."""
    return (
        len(s.marks) <= A_HEADING
        and s.marks[-1].word not in _ENDS
        and not any(VERBS & mark.kinds.keys() for mark in s.marks)
    )


def _named(s: Sentence, people: People) -> Iterator[Entity]:
    """Drivers whom a sentence calls by name."""
    for mark in s.marks:
        if mark.is_a(Kind.DRIVER) and (found := people.candidates(mark)):
            yield people.driver(found[0][0])
