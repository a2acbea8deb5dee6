"""How much faster one was than another in qualifying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, event_of, other, qualified, subject
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare the laps that decided their places; the one named first must be the faster."""
    first = qualified(claim, history, subject(claim, 0, "driver", "team"))
    event = event_of(claim, history)
    everybody = history.qualifying(event.season, event.round)
    rival = other(claim)
    if rival is not None:
        second = qualified(claim, history, rival)
    else:
        second = everybody[1] if first == everybody[0] else everybody[0]
    if first.best_s is None or second.best_s is None:
        raise cannot_tell(f"qualifying times of the {event.full_name} are not known")
    gap = round(second.best_s - first.best_s, 3)
    fair = (gap >= 0 or claim.relation == "&" or rival is None) and agrees_with(claim, gap)
    reason = (
        f"{history.name(first.driver_id)} was {abs(gap):.3f} s "
        f"{'faster' if gap >= 0 else 'slower'} than {history.name(second.driver_id)}."
    )
    return judged(fair, gap, reason, first, second)


TYPE = ClaimType(
    name="qualifying_gap",
    says="Somebody was so much faster than somebody else in qualifying.",
    about=("driver", "team"),
    judge=judge,
    pair=True,
    value="seconds",
    units=("seconds",),
    words="{value} s faster in qualifying",
    clue_to_event=True,
)
