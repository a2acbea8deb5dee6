"""Places completed by those beside them: rows of places, places that are counted or reached."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from racecraft.press.reading.pieces import Piece

MOST_PLACES = 40  # cars that a grid has had at most
_ARTICLE = frozenset((Concept.THE, Concept.A, Concept.HIM))
OFTEN = 2  # times from which a place is counted


def further_places(pieces: list[Piece]) -> None:
    """Numbers that go on a row of places: "die Plätze vier und fünf"."""
    for i, number in enumerate(pieces):
        k = i - 1
        while k > 0 and (pieces[k].word == "," or pieces[k].has(Concept.AND, Concept.THE)):
            k -= 1
        if number.kind == "number" and 0 <= k < i - 1 and pieces[k].kind == "rank" and (
            (pieces[k].has(Concept.PLACE) or pieces[k].elided)
            and 1 <= (number.n or 0) <= MOST_PLACES
        ):  # fmt: skip
            number.kind, number.concepts, number.elided = "rank", pieces[k].concepts, True


def places_counted(pieces: list[Piece]) -> None:
    """Places that are counted: "his first second place", "third on three occasions"."""
    for ordinal, place in pairwise(pieces):
        if ordinal.kind == "rank" and place.kind == "rank" and place.has(Concept.PLACE):
            ordinal.kind = "word"
    for i, often in enumerate(pieces):
        if often.kind != "count" or (often.n or 0) < OFTEN:
            continue
        on = i > 1 and pieces[i - 1].has(Concept.ON, Concept.AT) and pieces[i - 1].kind == "link"
        before = pieces[i - 1 - on] if i > on else None
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        for told in (before, after if often.unit == "times" else None):
            counted = often.unit == "times" or (on and often.has(Concept.THIS_SEASON))
            if counted and told is not None and told.kind == "rank" and not told.has(
                Concept.POLE, Concept.PLACE
            ):  # fmt: skip
                told.kind = "word"


def places_reached(pieces: list[Piece]) -> None:
    """Numbers that are a place, because somebody ends up there: "bleef steken op vijf"."""
    for verb, number in pairwise(pieces):
        if number.kind == "number" and verb.kind == "verb" and verb.has(Concept.FINISH) and (
            number.n is not None and 1 <= number.n <= MOST_PLACES and number.n == int(number.n)
        ):  # fmt: skip
            number.kind, number.elided = "rank", True
    plain = [p for p in pieces if not (p.kind == "link" and p.concepts <= _ARTICLE)]
    for i in range(len(plain) - 3):  # "de la quinzième à la septième place"
        a, n, b, m = plain[i : i + 4]
        after = plain[i + 4] if i + 4 < len(plain) else None
        if (
            a.has(Concept.FROM, Concept.OF) and b.has(Concept.TO)
            and all(p.kind in ("number", "rank") and (p.n or 99) <= MOST_PLACES for p in (n, m))
            and not (after and after.kind in ("measure", "count"))
            and not any(p.unit == "points" for p in pieces)
        ):  # fmt: skip
            n.kind = m.kind = "rank"
            a.concepts |= {Concept.FROM}
            a.concepts -= {Concept.OF}
