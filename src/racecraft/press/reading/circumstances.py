"""What makes a place doubtful that an article tells: penalties after the flag, a race still on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

PENALISED = 0.5  # how doubtful a place is beside a penalty
ENTRIES = 4  # lines with a time or lap before them that make a live report
# "15:52 | ...", "Lap 22: ...", "43' - ..."
_ENTRY = re.compile(r"^\W*(?:\d{1,2}[:.h]\d{2}\b|\w+ \d{1,2} ?[:|–—-]|\d{1,2} ?['’])")


_OTHER_PLACES = (
    Concept.START, Concept.GRID, Concept.QUALIFY, Concept.POLE, Concept.FRONT_ROW,
    Concept.STANDINGS, Concept.CHAMPIONSHIP,
)  # fmt: skip


def is_live(text: str) -> bool:
    """Whether an article tells a race while it is run, in entries with their time or lap."""
    lines = [line for line in text.splitlines() if line.strip()]
    entries = sum(bool(_ENTRY.match(line)) for line in lines)
    return entries >= max(ENTRIES, len(lines) / 3)


def provisional_sentences(marked: Sequence[Sentence]) -> dict[int, float]:
    """How doubtful places on the road are in a sentence, by its number.

    1 beside one that tells of results that were changed, 0.5 beside one that tells of a penalty.
    """
    told = {(s.paragraph, s.number): _changes(s) for s in marked}
    return {
        s.number: max(told.get((s.paragraph, s.number + by), 0.0) for by in (-1, 0, 1))
        for s in marked
    }


def has_places_of_two_kinds(sentence: Sentence) -> bool:
    """Whether a sentence tells of the grid or of standings, besides of what it says of the race."""
    return any(mark.is_a(*_OTHER_PLACES) for mark in sentence.marks)


def is_at_a_place(clause: Clause, anchor: Piece) -> bool:
    """Whether a count or a first time may be one at a place: "his third in a row in Spain"."""
    for p in clause.pieces:
        if p.first > anchor.last:
            if p.has(Concept.SINCE, Concept.AFTER):
                return False
            if p.kind == "venue":
                return True
    return False


def is_told_here(clause: Clause) -> bool:
    """Whether it is "here" that something was done, which only the article's place can tell."""
    return clause.has(Concept.HERE) and "venue" not in clause.kinds


def is_reported(anchor: Piece, sentence: Sentence) -> bool:
    """Whether somebody is said to have said it: "Marko claimed that he had done enough"."""
    return any(mark.is_a(Concept.SAID) for mark in sentence.marks[: anchor.first])


def _changes(sentence: Sentence) -> float:
    kinds = {kind for mark in sentence.marks for kind in mark.kinds}
    if kinds & {Concept.DISQUALIFIED, Concept.PROVISIONAL}:
        return 1.0
    return PENALISED if Concept.PENALTY in kinds and Concept.GRID_PENALTY not in kinds else 0.0
