"""What points and seconds are: a gap, a sum, those of a race; and the verb a figure completes."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.clauses import distance

if TYPE_CHECKING:
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

A_LEAD = 3  # pieces between a sum and the lead that goes with it: "and a comfortable lead"
MOST_OF_A_RACE = 26  # points that one race has given at most, but for double ones
_A_FEW = 3  # words between points and the place from which they are told
_IS_THERE = (Concept.BE, Concept.HAVE, Concept.CUT)
_APART = (Concept.FROM, Concept.BEHIND, Concept.AHEAD, Concept.OF)
_BETWEEN = (*_APART, Concept.THE)
STANDINGS = (Concept.STANDINGS, Concept.CHAMPIONSHIP, Concept.CONSTRUCTORS, Concept.LEADS)
_GAP = (
    Concept.LEAD, Concept.DEFICIT, Concept.GAP, Concept.AHEAD, Concept.BEHIND, Concept.TRAIL,
    Concept.LEADS, Concept.LED, Concept.BEAT, Concept.CUT,
    Concept.EXTEND,
)  # fmt: skip


def of_measure(clause: Clause, i: int, piece: Piece) -> str:
    """Whether points are a gap, a sum or those of a race; whether seconds are a gap.

    ``apart`` are points between two of whom one is known by his place alone.
    """
    if piece.unit == "places":
        return "gap" if clause.has(Concept.AHEAD, Concept.BEHIND) else ""
    if ":" in piece.word:
        return "time"
    if piece.unit == "seconds":
        return "penalty" if clause.has(Concept.PENALTY) else "gap"
    if piece.unit != "points":
        return ""
    if _is_sum_in_list(clause, i):
        return "total"
    if _from_a_place(clause, i):
        return "apart"
    if _from_somebody(clause, i):
        return "gap"
    if _is_sum_of_leader(clause, i):
        return "total"
    return "gap" if _is_gap(clause, i, piece) else _of_points(clause, i, piece)


def _from_a_place(clause: Clause, i: int) -> bool:
    """Whether points lie between somebody and a place that is not the first: "35 from second"."""
    between = list(takewhile(lambda p: p.has(*_BETWEEN), clause.pieces[i + 1 : i + 1 + _A_FEW]))
    end = i + 1 + len(between)
    place = clause.pieces[end] if end < len(clause.pieces) else None
    apart = any(p.has(*_APART) for p in between)
    return apart and place is not None and place.kind == "rank" and place.n != 1


def is_compared(clause: Clause, i: int) -> bool:
    """Whether a figure is so much more than another: "195 points, eight more", "a lead of 62"."""
    if any(p.has(Concept.LEAD, Concept.DEFICIT) for p in clause.pieces[max(i - 2, 0) : i]):
        return True
    compares = (Concept.MORE, Concept.LESS, Concept.AHEAD, Concept.BEHIND)
    return any(p.has(*compares) for p in clause.pieces[i + 1 : i + 2])


def verb_beside(clause: Clause, piece: Piece) -> Piece | None:
    """The verb that a piece completes: the nearest, and of two as near the one before it."""
    verbs = clause.verbs
    return min(verbs, key=lambda v: (distance(v, piece), v.first > piece.first), default=None)


def _is_gap(clause: Clause, i: int, piece: Piece) -> bool:
    """Whether points lie between two: a lead, so many ahead, more than somebody."""
    if _has_a_lead_too(clause, i):
        return False
    if clause.has(Concept.LEAD, Concept.DEFICIT) and not clause.has(Concept.HAVE):
        return True
    near = _near_measure(clause, i)
    if i + 1 < len(clause.pieces) and clause.pieces[i + 1].has(Concept.MORE, Concept.LESS):
        return True
    return (
        (i > 0 and clause.pieces[i - 1].has(Concept.BY))
        or piece.has(Concept.MORE, Concept.LESS)
        or any(p.has(*_GAP) for p in near if p is not piece)
    )


def _has_a_lead_too(clause: Clause, i: int) -> bool:
    """Whether a lead is told beside a sum: "arrives with 303 points and a lead of 62"."""
    pieces = clause.pieces
    lead = next((k for k in range(i + 1, len(pieces)) if pieces[k].has(Concept.LEAD)), 0)
    between = pieces[i + 1 : lead]
    joined = any(p.kind == "link" and p.has(Concept.AND) for p in between)
    with_it = i > 0 and pieces[i - 1].has(Concept.WITH, Concept.HAVE, Concept.ON)
    own = any(p.n is not None for p in pieces[lead + 1 :])
    return bool(lead) and with_it and joined and own and len(between) <= A_LEAD


def _is_sum_of_leader(clause: Clause, i: int) -> bool:
    """Whether points that no race gives are had on top: "is back on top with 195 points"."""
    after = clause.pieces[i + 1 : i + 3]
    beside = any(
        p.has(Concept.LEAD, Concept.AHEAD, Concept.MORE, Concept.OVER, Concept.GAP)
        and p.kind != "verb"
        for p in after
    )
    had = i > 0 and clause.pieces[i - 1].has(Concept.WITH) and clause.has(Concept.LEADS)
    return had and not beside and (clause.pieces[i].n or 0) > MOST_OF_A_RACE


def _from_somebody(clause: Clause, i: int) -> bool:
    """Whether points are those to somebody: "is 17 points from", "a 17 puntos del líder"."""
    pieces = clause.pieces
    if i == 0 or i + 2 >= len(pieces) or not pieces[i + 1].has(Concept.OF, Concept.FROM):
        return False
    before = [p for p in pieces[:i] if p.kind != "word"][-1:]
    there = any(p.has(Concept.TO, Concept.ON, Concept.AT) for p in before)
    is_there = any(p.kind == "verb" and p.has(*_IS_THERE) for p in before)
    return (there or is_there) and any(p.kind == "who" for p in pieces[i + 2 : i + 4])


def _near_measure(clause: Clause, i: int) -> list[Piece]:
    """Pieces around a measure, as far as the next one: "on 575 points, 290 ahead of Perez"."""
    pieces = clause.pieces
    found = [pieces[i]]
    for k in range(i - 1, max(i - 5, -1), -1):
        if pieces[k].kind == "measure":
            break
        found.append(pieces[k])
    comma = False
    for k in range(i + 1, min(i + 4, len(pieces))):
        comma = comma or pieces[k].word == ","
        if pieces[k].kind == "link" and pieces[k].has(Concept.AND):
            break  # "keeps 100 points and the lead of the championship"
        if pieces[k].kind == "measure" and comma:
            return [p for p in found if p.first <= pieces[i].first]
        found.append(pieces[k])
    return found


def _of_points(clause: Clause, i: int, piece: Piece) -> str:
    """Whether points are the sum that somebody has, or those that a race gave him."""
    after = clause.pieces[i + 1 : i + 2]
    if clause.has(Concept.PENALTY) or any(p.has(Concept.TO_GO) for p in after):
        return ""
    verb = verb_beside(clause, piece)
    scored = verb is not None and verb.has(Concept.SCORE) and not verb.has(Concept.HAVE)
    given = clause.pieces[0].has(Concept.THAT) and (piece.n or 0) <= MOST_OF_A_RACE
    if scored or given or _for_a_place(clause, i):
        return "race"
    if verb is None or verb.has(Concept.HAVE, Concept.BE, Concept.LEADS, Kind.NUMBER):
        return "total"
    return "total" if clause.has(*STANDINGS) else ""


def _is_sum_in_list(clause: Clause, i: int) -> bool:
    """Whether points are the first sum of a list: "leads with 223 points from Bottas (184)"."""
    pieces = clause.pieces
    with_it = i > 0 and pieces[i - 1].has(Concept.WITH, Concept.ON, Concept.HAVE)
    marks = clause.sentence.marks
    bracketed = any(
        p.last + 2 < len(marks)
        and marks[p.last + 1].word == "("
        and Kind.NUMBER in marks[p.last + 2].kinds
        for p in clause.find("who")
    )
    lead = any(p.has(Concept.LEAD, Concept.DEFICIT, Concept.GAP) for p in pieces[i + 1 : i + 3])
    return pieces[i].listed or (
        with_it and not lead and (bracketed or any(p.listed for p in pieces))
    )


def _for_a_place(clause: Clause, i: int) -> bool:
    """``15 points for third place``."""
    after = clause.pieces[i + 1 : i + 4]
    return bool(after) and after[0].has(Concept.FOR) and any(p.kind == "rank" for p in after)
