"""The verdict on one meaning of a claim."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.errors import RacecraftError
from racecraft.press.claims.registry import claim_types
from racecraft.press.judging.verdict import Judgement, Verdict, unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question

TURNED: dict[str, Judgement] = {"supported": "contradicted", "contradicted": "supported"}


def verdict(question: Question, history: History) -> Verdict:
    """Say whether the data support it, contradict it, or cannot tell."""
    kind = claim_types().get(question.claim_type)
    if kind is None:
        return unknown(f"claims of type {question.claim_type} are not known")
    if len(question.subjects) > 1 and not (kind.pair or question.relation == "&"):
        return unknown(f"a claim of {kind.name} is about one, not about two")
    try:
        found = kind.judge(question, history)
    except RacecraftError as error:
        return unknown(error.message, hint=error.hint or None)
    if question.polarity == "denied" and found.verdict in TURNED:
        return replace(found, verdict=TURNED[found.verdict])
    return found
