"""What a claim is called once it is known who won: seconds to the next car are a winning margin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.claim import Claim
    from racecraft.press.judging.question import Question

MARGIN, GAP = "winning_margin", "time_gap"


def named(claim: Claim, question: Question, history: History) -> Claim:
    """A claim by the name of its type: a gap between the first two of a race is a margin.

    Both types are judged alike, so that this changes no verdict.
    """
    if claim.claim_type != GAP or claim.unit == "laps" or len(question.subjects) < 2:
        return claim
    season, round_ = question.season, question.round
    if season is None or round_ is None or question.session != "race":
        return claim
    rows = (history.at(season, round_, place, "race") for place in (1, 2))
    first_two = {row.driver_id for row in rows if row is not None}
    people = {entity.id for entity in question.subjects}
    return replace(claim, claim_type=MARGIN) if people == first_two else claim
