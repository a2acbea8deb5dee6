"""Somebody raced with that number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import result_of, subject
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the number in the race, or that of the driver for good."""
    entity = subject(claim, 0, "driver", "team")
    row = result_of(claim, history, entity)
    driver = history.drivers.get(entity.id)
    fair = claim.value in (row.number, driver.number if driver else None)
    reason = f"{entity.name} raced with number {row.number}."
    return judged(fair, row.number, reason, row.evidence("number"))


TYPE = ClaimType(
    name="car_number",
    says="Somebody raced with that number.",
    about=("driver", "team"),
    judge=judge,
    value="number",
    words="number {value}",
)
