"""What a sentence tells of other times: since when, after which races, a year later; and labels."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.folding import fold
from racecraft.press.lexicon.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.reading.pieces import Piece

A_WHILE, LONGEST_AGO = 2, 80  # years ago; "a year ago" may be last season or twelve months
MANY_YEARS = 4  # an article that names so many years looks back over them
A_LABEL = 4  # pieces before which the lap of a live report stands: "15:31 Lap 22: ..."
_DASHES = frozenset((":", "-", "–", "—"))


def without_earlier(pieces: list[Piece]) -> list[Piece]:
    """Pieces without those that tell of an earlier time.

    Of "his 51st win and the fourth of the season, after Australia and Bahrain" or "the first from
    the 2018 Monaco Grand Prix on" the places and years are not those of what is told.
    """
    kept: list[Piece] = []
    counted = earlier = False
    for i, p in enumerate(pieces):
        if p.kind == "verb" or p.word in (";", ":"):
            earlier = False
        elif counted and _begins(pieces, i):
            earlier = True
        counted = counted or p.kind in ("nth", "count") or p.has(Concept.FIRST)
        if not earlier:
            kept.append(p)
    return kept


def _begins(pieces: list[Piece], i: int) -> bool:
    """Whether places or years follow that a count is told from, or after."""
    p, k = pieces[i], i + 1
    if p.kind in ("venue", "year", "date"):
        return False
    after = p.has(Concept.AFTER) and not p.has(Concept.BEHIND, Concept.AHEAD)
    since = p.has(Concept.SINCE) or (p.has(Concept.FROM) and pieces[i - 1].kind == "nth")
    while k < len(pieces) and k < i + A_LABEL and _is_small(pieces[k]):
        k += 1
    place = pieces[k].kind if k < len(pieces) else ""
    return (after and place == "venue") or (since and place in ("venue", "year", "date"))


def _is_small(piece: Piece) -> bool:
    small = piece.has(Concept.THE, Concept.OF, Concept.AT, Concept.GP)
    return piece.kind == "nth" or (piece.kind != "venue" and small)


def date_back(marked: Iterable[Sentence], day: date | None) -> None:
    """Make a year of what is told from the day of the article: "25 years ago"."""
    for s in marked if day else ():
        for i in range(len(s.marks) - 1, -1, -1):
            if day is None or not (s.at(i, Kind.NUMBER) and _is_years(s, i + 1)):
                continue
            before, after = s.at(i - 1, Concept.AGO_BEFORE), s.at(i + 2, Concept.AGO)
            n = s.marks[i].kinds[Kind.NUMBER]
            if (before or after) and n == int(n) and A_WHILE <= n <= LONGEST_AGO:
                first, last = i - before, i + 1 + (after and not before)
                year = day.year - int(n)
                start, end = s.marks[first].start, s.marks[last].end
                shown = s.text[start - s.start : end - s.start]
                kinds: dict[str, int] = {Kind.YEAR: year, Kind.NUMBER: year}
                quoted = s.marks[first].quoted
                made = Mark(kinds, start, end, shown, fold(shown), quoted)
                s.marks[first : last + 1] = [made]


def _is_years(s: Sentence, i: int) -> bool:
    return 0 <= i < len(s.marks) and s.marks[i].kinds.get(Kind.UNIT) == "years"


def looks_back(marked: Iterable[Sentence]) -> bool:
    """Whether an article tells of many years, as a history of a race does."""
    years = Counter(
        mark.kinds[Kind.YEAR]
        for sentence in marked
        for mark in sentence.marks
        if Kind.YEAR in mark.kinds
    )
    return len(years) >= MANY_YEARS


def lap_label(pieces: list[Piece]) -> int | None:
    """Lap that a line of a live report begins with: "Lap 22: ...", "15:31 Giro 22 - ..."."""
    for i, p in enumerate(pieces[:A_LABEL]):
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        if p.kind == "lap":
            return int(p.n) if p.n and after is not None and after.word in _DASHES else None
        if p.kind in ("who", "verb", "venue", "noun"):
            return None
    return None
