"""How far somebody came in qualifying: "out in Q1", "through to Q3", "eliminado en la Q2"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept
from racecraft.press.reading.appositions import passing_claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.reading.build import Context
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

_PART = re.compile(r"\bq([123])\b")


def parts_reached(clause: Clause, context: Context) -> Iterator[Claim]:
    """Claims that the subject of a clause was out in a part of qualifying, or came as far as it."""
    told = ((p, _PART.search(p.word)) for p in clause.pieces)
    part, found = next(((p, found) for p, found in told if found), (None, None))
    out, reached = clause.has(Concept.RETIRE), clause.has(Concept.REACH)
    if part is None or found is None or out == reached or (clause.negated and out):
        return
    number = found[1]
    if reached and clause.negated:
        out, number = True, str(int(number) - 1)  # "did not make it into Q3"
    value = f"out in Q{number}" if out else f"through to Q{number}"
    for piece in _who(clause):
        slot = piece.mention.slot if piece.mention else None
        if slot is not None and slot.value.kind == "driver" and number in "123":
            yield passing_claim("qualifying_position", slot, value, part, clause, context,
                                by_name=slot.bound == "named")  # fmt: skip


def _who(clause: Clause) -> list[Piece]:
    """The subjects of a clause, or the drivers in it if it has none."""
    drivers = [p for p in clause.find("who") if p.mention and not p.mention.is_team]
    return clause.subject or drivers
