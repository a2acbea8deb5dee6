"""What is denied, and what is only supposed: "did not finish", "if he wins"."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from racecraft.press.reading.pieces import Piece

_NEAR = 5  # pieces after a denial that may make it "no more than"
_NOT_WITHIN = (Concept.RETIRE, Concept.NO_START, Concept.OUT_OF_POINTS)


def denies(pieces: list[Piece], i: int) -> bool:
    """Whether a piece denies what its clause says, and not only an age: "not yet five years".

    A denial with "than" is none: "n'est que quatrième" says no more than fourth.
    """
    if not pieces[i].has(Concept.NOT) or pieces[i].has(*_NOT_WITHIN) or _says_only(pieces, i):
        return False
    k = i + 1
    while k < len(pieces) and pieces[k].kind in ("word", "link") and k < i + 3:
        k += 1
    return not (k < len(pieces) and pieces[k].kind == "measure" and pieces[k].unit == "years")


def _says_only(pieces: list[Piece], i: int) -> bool:
    """Whether "than" stands right behind the verb that is denied: "ne gagne qu'une course"."""
    for verb, than in pairwise(pieces[i + 1 : i + 1 + _NEAR]):
        if verb.has(Concept.NOT) or verb.kind == "punct":
            return False
        if verb.kind == "verb" and than.has(Concept.THAN):
            return True
    return False


def supposes(pieces: list[Piece], i: int) -> bool:
    """Whether a word supposes something; one that may be "as" only before somebody, in front."""
    if not pieces[i].has(Concept.IF):
        return False
    if not pieces[i].has(Concept.AS):
        return True
    following = pieces[i + 1] if i + 1 < len(pieces) else None
    return i == 0 and following is not None and following.kind == "who"
