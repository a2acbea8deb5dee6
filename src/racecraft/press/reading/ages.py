"""How old somebody is said to be: "at 42", "aged 42", "mit 42 Jahren", "a sus 42 años"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.appositions import OLDEST, YOUNGEST, passing_claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.reading.build import Context
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

_SMALL = (Concept.ONLY, Concept.HIS, Concept.THE, Kind.HEDGE)
_WITH_YEARS = (Concept.WITH, Concept.TO, Concept.AGED)
# Whoever is the youngest of all was so old on another day, unless it is today that he became it.
_OF_A_RECORD = (Concept.YOUNGEST, Concept.OLDEST, Concept.CHAMPION, Concept.EVER)


def ages(clause: Clause, context: Context) -> Iterator[Claim]:
    """Claims of how old the subject of a clause is, or whoever stands right before his age."""
    for i, piece in enumerate(clause.pieces):
        n = piece.n
        if n is None or not YOUNGEST <= n <= OLDEST or n != int(n) or not _is_age(clause, i):
            continue
        who = _whose(clause, i)
        slot = who.mention.slot if who is not None and who.mention else None
        if slot is None or slot.value.kind not in ("driver", "role"):
            continue
        another_day = clause.has(*_OF_A_RECORD) and context.scope.event.bound == "assumed"
        told = replace(context, extra={**context.extra, "rest": 1.0}) if another_day else context
        yield passing_claim("age", slot, int(n), piece, clause, told,
                            by_name=slot.bound == "named")  # fmt: skip


def _is_age(clause: Clause, i: int) -> bool:
    pieces = clause.pieces
    piece, following = pieces[i], pieces[i + 1] if i + 1 < len(pieces) else None
    if following is not None and following.has(Concept.YEAR_OLD):
        return piece.kind == "number"
    years = piece.kind == "measure" and piece.unit == "years"
    if not (years or piece.kind == "number"):
        return False
    if following is not None and not (following.kind in ("punct", "verb", "who") or (
        following.has(Concept.AND)
    )):  # fmt: skip
        return False
    if years and piece.has(Concept.YEAR_OLD):
        return True  # "42 Jahre alt"
    k = i - 1
    while k >= 0 and pieces[k].has(*_SMALL) and not pieces[k].has(Concept.AGED):
        k -= 1
    if k < 0 or not pieces[k].has(*(_WITH_YEARS if years else (Concept.AGED,))):
        return False
    opens = k == 0 or pieces[k - 1].kind in ("punct", "who", "verb") or k < i - 1
    return opens or not pieces[k].has(Concept.AT)  # "started at 42" is an hour, if anything


def _whose(clause: Clause, i: int) -> Piece | None:
    """Whoever stands before an age and a comma, or else the one that a clause is about."""
    pieces = clause.pieces
    before = [p for p in pieces[:i] if p.kind == "who" and p.mention and not p.mention.is_team]
    comma = next((k for k in range(i - 1, max(i - 4, -1), -1) if pieces[k].word == ","), 0)
    if comma and before and before[-1] is pieces[comma - 1]:
        return before[-1]
    return clause.subject[0] if len(clause.subject) == 1 else None
