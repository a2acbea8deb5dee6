"""How much faster one was than another in qualifying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import cannot_tell, event_of, other, qualified, subject
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare the laps that decided their places; the one named first must be the faster."""
    first = qualified(claim, record, subject(claim, 0, "driver", "team"))
    event = event_of(claim, record)
    everybody = record.qualifying(event.season, event.round)
    rival = other(claim)
    if rival is not None:
        second = qualified(claim, record, rival)
    else:
        second = everybody[1] if first == everybody[0] else everybody[0]
    if first.best_s is None or second.best_s is None:
        raise cannot_tell(f"qualifying times of the {event.full_name} are not known")
    gap = round(second.best_s - first.best_s, 3)
    fair = (gap >= 0 or claim.relation == "&" or rival is None) and agrees_with(claim, gap)
    reason = (
        f"{record.name(first.driver_id)} was {abs(gap):.3f} s "
        f"{'faster' if gap >= 0 else 'slower'} than {record.name(second.driver_id)}."
    )
    return judged(fair, gap, reason, first, second)
