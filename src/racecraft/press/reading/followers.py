"""Who came next: "was fifth, followed by Norris and Verstappen", "dahinter folgten ..."."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept
from racecraft.press.reading.appositions import passing_claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.reading.build import Context
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

_NO_RESULT = (
    Concept.START, Concept.GRID, Concept.QUALIFY, Concept.SPRINT, Concept.STANDINGS, Concept.LAP,
    Concept.CHAMPIONSHIP, Concept.POLE, Concept.RUNNING, Concept.LEADS, Concept.LED, Concept.TITLE,
    Concept.LAST_TIME, Concept.POINTS, Concept.PIT,
)  # fmt: skip
_SMALL = (Concept.AND, Concept.THE, Concept.OF, Concept.FROM, Concept.BY)


def followers(clause: Clause, context: Context) -> Iterator[Claim]:
    """Places of those who followed somebody whose place the clause before tells."""
    before = clause.before
    if before is None or clause.negated or before.negated or clause.conditional:
        return
    if clause.has(*_NO_RESULT) or before.has(*_NO_RESULT) or not _opens(clause):
        return
    place = _place_of(before)
    for k, piece in enumerate(_row(clause) if place else (), 1):
        slot = piece.mention.slot if piece.mention else None
        if slot is not None and slot.value.kind == "driver" and slot.bound == "named":
            yield passing_claim(
                "finish_position", slot, place + k, piece, clause, context, by_name=True
            )


def _opens(clause: Clause) -> bool:
    """Whether it begins with what says that others follow."""
    pieces = [p for p in clause.pieces if p.kind != "punct"]
    if not pieces or pieces[0].has(Concept.FOLLOWED_BY):
        return bool(pieces)
    behind = pieces[0].has(Concept.BEHIND) and len(pieces) > 1 and pieces[1].kind == "verb"
    return behind and pieces[1].has(Concept.FOLLOW, Concept.FINISH)


def _place_of(clause: Clause) -> int:
    """The one place in the race that a clause tells, or a win; 0 without."""
    ranks = [*clause.find("rank")]
    if len(ranks) == 1 and ranks[0].about == "finish" and ranks[0].n:
        return int(ranks[0].n)
    told = ranks or any(True for _ in clause.find("count", "nth"))
    return int(Concept.WIN in clause.verbal and not told)


def _row(clause: Clause) -> list[Piece]:
    """The drivers of a clause, if it has nothing else to say."""
    row: list[Piece] = []
    for p in clause.pieces:
        if p.kind == "who":
            if p.mention is None or p.mention.is_team:
                return []
            row.append(p)
        elif row and not (p.kind == "punct" or p.has(*_SMALL)):
            return []
    return row
