"""When it holds what words say: before a race, in the season so far, over a career."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from racecraft.press.claim import Moment
    from racecraft.press.reading.pieces import Piece


def moment_of(pieces: list[Piece]) -> Moment | None:
    """The moment of a race or season that some pieces name."""
    if any(_arrives(pieces, i) for i in range(len(pieces) - 2)):
        return "before"
    if any(p.has(Concept.BEFORE, Concept.PRIOR) and not _before_somebody(pieces, p)
           for p in pieces):  # fmt: skip
        return "before"
    if any(p.has(Concept.CAREER) for p in pieces):
        return "career"
    if any(p.has(Concept.THIS_SEASON) for p in pieces):
        return "season so far"
    return None


def _arrives(pieces: list[Piece], i: int) -> bool:
    """Whether somebody comes to a race: "came to Japan three points behind"."""
    verb, to, place = pieces[i : i + 3]
    place = pieces[i + 3] if place.has(Concept.THE) and i + 3 < len(pieces) else place
    comes = verb.kind == "verb" and verb.has(Concept.FINISH)
    return place.kind == "venue" and (
        (comes and to.kind == "link" and to.has(Concept.TO)) or verb.has(Concept.ARRIVE)
    )


def _before_somebody(pieces: list[Piece], prior: Piece) -> bool:
    """Whether "before" stands before somebody and not before a race."""
    if prior is pieces[0] and not any(p.kind == "verb" for p in pieces):
        return False  # "Before: Mansell 70, Prost 64"
    small = (Concept.THE, Concept.THAT, Concept.HIS, Concept.OF)
    following = next((p for p in pieces if p.first > prior.last and not p.has(*small)), None)
    when = following is not None and (
        following.kind == "venue"
        or following.has(Concept.RACE, Concept.GP, Concept.START, Concept.FINALE)
    )
    return prior.has(Concept.PRIOR) and not prior.has(Concept.BEFORE) and not when
