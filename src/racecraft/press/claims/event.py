"""There was an event of that name in that season."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import event_of
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the calendar."""
    event = event_of(claim, history)
    return judged(True, event.id, f"There was a {event.full_name}.", event)


TYPE = ClaimType(
    name="event",
    says="There was an event of that name in that season.",
    about=("event",),
    judge=judge,
    words="{value}",
)
