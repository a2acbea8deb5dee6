"""Which session an article, or a paragraph of it, reports; and whether it names a race at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.press.lexicon.marks import Sentence

MANY = 4  # times that qualifying is spoken of in a report of it


def names_an_event(marked: Iterable[Sentence]) -> bool:
    """Whether an article calls a race by its name, and not by its place alone."""
    return any(
        Kind.VENUE in mark.kinds
        and (
            any(kind == "event" for kind, _ in mark.kinds[Kind.VENUE])
            or mark.is_a(Concept.GP)
            or s.at(i + 1, Concept.GP)
            or s.at(i - 1, Concept.GP)
            or (s.at(i - 2, Concept.GP) and s.at(i - 1, Concept.OF))
        )
        for s in marked
        for i, mark in enumerate(s.marks)
    )


def session_of(marked: Iterable[Sentence]) -> str:
    """Session that an article reports: qualifying, if it speaks more of that than of a race."""
    qualifying = race = 0
    for sentence in marked:
        kinds = {kind for mark in sentence.marks for kind in mark.kinds}
        qualifying += bool(kinds & {Concept.QUALIFY, Concept.POLE})
        race += bool(kinds & _OF_A_RACE)
    return "qualifying" if qualifying >= MANY and qualifying > race else "race"


def is_of_a_sprint(title: Iterable[Sentence], marked: Iterable[Sentence]) -> bool:
    """Whether an article reports a sprint: its title speaks of one, and its first sentence too."""
    first = next(iter(marked), None)
    said = any(mark.is_a(Concept.SPRINT) for sentence in title for mark in sentence.marks)
    return said and first is not None and any(mark.is_a(Concept.SPRINT) for mark in first.marks)


def qualifying_paragraphs(marked: Iterable[Sentence]) -> frozenset[int]:
    """Paragraphs that tell of qualifying alone, as one of a report of the race may."""
    spoken: dict[int, set[str]] = {}
    for sentence in marked:
        kinds = {kind for mark in sentence.marks for kind in mark.kinds}
        spoken.setdefault(sentence.paragraph, set()).update(kinds)
    return frozenset(
        n for n, kinds in spoken.items()
        if Concept.QUALIFY in kinds and not kinds & (_OF_A_RACE | {Concept.FIRST_LAP, Concept.LED})
    )  # fmt: skip


_OF_A_RACE = frozenset(
    (
        Concept.WIN, Concept.VICTORY, Concept.RETIRE, Concept.PODIUM, Concept.WINNER,
        Concept.FASTEST_LAP, Concept.PIT, Concept.AT_THE_FLAG,
    )
)  # fmt: skip
