"""Places that are told of the standings, though nothing beside them says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept
from racecraft.press.reading.measures import MOST_OF_A_RACE, STANDINGS

if TYPE_CHECKING:
    from racecraft.press.reading.clauses import Clause

_OF_A_RACE = (
    Concept.WIN, Concept.VICTORY, Concept.START, Concept.QUALIFY, Concept.GRID, Concept.POLE,
    Concept.AT_THE_FLAG, Concept.SPRINT, Concept.LAST_TIME, Concept.PREVIOUS,
)  # fmt: skip


def is_told_in_standings(clause: Clause, i: int, before: Clause | None) -> bool:
    """Whether a place goes with a sum or a gap of the standings, or goes on with them."""
    return _has_a_sum(clause, i) or _far_behind(clause) or _goes_on_in_standings(clause, i, before)


def _goes_on_in_standings(clause: Clause, i: int, before: Clause | None) -> bool:
    """Whether the clause before told the standings, and this one goes on with them.

    "Hamilton stays third in the championship and Alonso climbs to fourth"; with Perez second.
    """
    if before is None or before.sentence is not clause.sentence or not before.has(*STANDINGS):
        return False
    race = before.has(*_OF_A_RACE) or clause.has(*_OF_A_RACE) or "venue" in clause.kinds
    if race or any(p.about not in ("standings", "") for p in before.find("rank")):
        return False
    climbs = clause.has(Concept.CLIMB) and not clause.pieces[i].has(Concept.FROM)
    return climbs or not clause.verbs


def _has_a_sum(clause: Clause, i: int) -> bool:
    """Whether a place has points that no race gives: "is fourth on 132", "third with 146"."""
    pieces = clause.pieces
    if i + 2 >= len(pieces) or not pieces[i + 1].has(Concept.WITH, Concept.ON):
        return False
    total = pieces[i + 2]
    points = total.unit == "points" and (total.n or 0) > MOST_OF_A_RACE
    return points and not clause.has(Concept.FINISH, Concept.SCORE)


def _far_behind(clause: Clause) -> bool:
    """Whether somebody follows by more points than a race gives: "follows in third, 45 points"."""
    return clause.has(Concept.FOLLOW) and any(
        p.unit == "points" and (p.n or 0) > MOST_OF_A_RACE for p in clause.find("measure")
    )


def tells_a_sum(clause: Clause) -> bool:
    """Whether a clause tells the points somebody has: "is third with 245 points"."""
    return any(p.kind == "measure" and p.unit == "points" for p in clause.pieces) and clause.has(
        Concept.HAVE, Concept.BE
    ) and not clause.has(Concept.FINISH, Concept.SCORE)  # fmt: skip
