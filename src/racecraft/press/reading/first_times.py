"""What was done for the first time: the first win, pole or podium of those that are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from racecraft.press.reading.pieces import Piece

_DEEDS = {
    Concept.POLE: Concept.POLE, Concept.PODIUM: Concept.PODIUM, Concept.ONE_TWO: Concept.ONE_TWO,
    Concept.FRONT_ROW: Concept.FRONT_ROW, Concept.IN_POINTS: Concept.IN_POINTS,
    Concept.WIN: Concept.VICTORY, Concept.VICTORY: Concept.VICTORY,
}  # fmt: skip


def count_first_times(pieces: list[Piece]) -> None:
    """What was done for the first time is the first of what is counted: "won for the first time".

    It is told before it, else after it.
    """
    for i, first in enumerate(pieces):
        if not first.has(Concept.FIRST) or first.n is not None or first.kind == "verb":
            continue
        for p in (*pieces[i - 1 :: -1][: i or 0], *pieces[i + 1 :]):
            deed = next((deed for told, deed in _DEEDS.items() if p.has(told)), None)
            if deed is not None and p.n is None:
                first.kind, first.n, first.elided = "nth", 1.0, True
                first.concepts = frozenset((Concept.FIRST, deed))
                break
