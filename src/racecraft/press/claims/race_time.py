"""A race was won in so much time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, run_event
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the time of the winner."""
    event = run_event(claim, history)
    session = "sprint" if claim.session == "sprint" else "race"
    winner = history.at(*event.key, 1, session)
    if winner is None or winner.time_s is None:
        raise cannot_tell(f"the time of the {event.full_name} is not known")
    reason = f"The {event.full_name} was won in {winner.time_s:.3f} s."
    fair = agrees_with(claim, winner.time_s)
    return judged(fair, winner.time_s, reason, winner.evidence("position", "time_s"))


TYPE = ClaimType(
    name="race_time",
    says="A race was won in so much time.",
    about=("event", "driver"),
    judge=judge,
    value="seconds",
    units=("seconds",),
    words="won in {value} s",
)
