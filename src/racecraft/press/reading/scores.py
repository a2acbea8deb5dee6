"""Sums of two that are told as a score: "leads Perez by 32 points, 345 to 313"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

PAIR = 2


def sums_of(made: Iterable[Claim], parsed: Iterable[Clause]) -> Iterator[Claim]:
    """Sums of the two between whom a gap lies, where a sentence has just one such score.

    Whoever is ahead has the larger sum; a score that does not fit the gap is read all the same.
    """
    scores = [score for clause in parsed for score in scores_in(clause.pieces)]
    gaps = [c for c in made if c.claim_type == "points_gap" and len(c.subjects) == PAIR]
    if len(scores) != 1 or len(gaps) != 1 or gaps[0].relation != "over":
        return
    sums = sorted((piece.n or 0.0 for piece in scores[0]), reverse=True)
    for slot, points in zip(gaps[0].subjects, sums, strict=True):
        yield replace(
            gaps[0], claim_type="points_total", subjects=(slot,), relation="", unit="points",
            value=int(points) if points == int(points) else points,
            features={**gaps[0].features, "score": 1.0},
        )  # fmt: skip


def scores_in(pieces: list[Piece]) -> Iterator[tuple[Piece, Piece]]:
    """Pairs of sums: two numbers with "to" between them, closed by the end of a part."""
    for i in range(len(pieces) - 2):
        one, to, two = pieces[i : i + 3]
        if one.kind == two.kind == "score" and to.has(Concept.TO, Concept.VERSUS):
            yield one, two
