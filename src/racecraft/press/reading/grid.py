"""The grid: sentences that go through it, place by place, and say so only once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.press.claim import Claim
    from racecraft.press.reading.clauses import Clause

_OF_GRID = (
    Concept.GRID, Concept.FRONT_ROW, Concept.BACK_ROW, Concept.BACK_OF_GRID, Concept.PIT_LANE,
    Concept.START, Concept.POLE, Concept.POLESITTER, Concept.ROW,
)  # fmt: skip
_OF_RACE = (
    Concept.WIN, Concept.VICTORY, Concept.WINNER, Concept.RETIRE, Concept.PODIUM, Concept.LED,
    Concept.PASS, Concept.FIRST_LAP, Concept.LAST_LAP, Concept.PIT, Concept.SCORE, Concept.RUNNING,
    Concept.SAFETY_CAR, Concept.RED_FLAG, Concept.TO_GO, Concept.FASTEST_LAP, Concept.BACK_FROM,
    Concept.COMPLETE_PODIUM, Concept.STANDINGS, Concept.CHAMPIONSHIP, Concept.RACE,
)  # fmt: skip
_FINISHES = (Concept.FINISH, Concept.BEAT, Concept.LOSE)
_OF_PLACES = ("finish_position", "qualifying_position")


@dataclass
class Grid:
    """Whether a paragraph goes through the grid: from a sentence of nothing else on."""

    paragraph: int = -1

    def places(self, paragraph: int, parsed: list[Clause], made: Iterable[Claim]) -> list[Claim]:
        """Claims of a sentence; places that are said in passing through the grid are on it."""
        claims = list(made)
        on_grid = any(clause.has(*_OF_GRID) for clause in parsed)
        of_race = any(clause.has(*_OF_RACE) or "lap" in clause.kinds for clause in parsed)
        finishes = any(clause.has(*_FINISHES) for clause in parsed)
        ended = any(p.about == "finish" for clause in parsed for p in clause.find("rank"))
        through = self.paragraph == paragraph
        if of_race or (finishes and not on_grid):
            self.paragraph = -1
        elif on_grid and not (ended and not through):
            self.paragraph = paragraph
        if (
            not through
            or self.paragraph != paragraph
            or any(clause.has(Concept.QUALIFY) for clause in parsed)
        ):
            return claims
        return [
            replace(claim, claim_type="grid_position", features={**claim.features, "on grid": 1.0})
            if claim.claim_type in _OF_PLACES and claim.scope.session.bound != "named"
            else claim
            for claim in claims
        ]
