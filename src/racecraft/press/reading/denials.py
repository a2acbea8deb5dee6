"""What is denied, and what is only supposed: "did not finish", "if he wins"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from racecraft.press.reading.pieces import Piece

_NOT_WITHIN = (Concept.RETIRE, Concept.NO_START, Concept.OUT_OF_POINTS)


def denies(pieces: list[Piece], i: int) -> bool:
    """Whether a piece denies what its clause says, and not only an age: "not yet five years"."""
    if not pieces[i].has(Concept.NOT) or pieces[i].has(*_NOT_WITHIN):
        return False
    k = i + 1
    while k < len(pieces) and pieces[k].kind in ("word", "link") and k < i + 3:
        k += 1
    return not (k < len(pieces) and pieces[k].kind == "measure" and pieces[k].unit == "years")


def supposes(pieces: list[Piece], i: int) -> bool:
    """Whether a word supposes something; one that may be "as" only before somebody, in front."""
    if not pieces[i].has(Concept.IF):
        return False
    if not pieces[i].has(Concept.AS):
        return True
    following = pieces[i + 1] if i + 1 < len(pieces) else None
    return i == 0 and following is not None and following.kind == "who"
