"""Somebody took part in a race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import run_event, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import did

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the entries of the race, and whether the car took the start."""
    entity = subject(claim, 0, "driver", "team")
    event = run_event(claim, history)
    rows = history.results(*event.key)
    row = next((each for each in rows if entity.id in (each.driver_id, each.team_id)), None)
    if row is None:
        reason = f"{entity.name} took no part in the {event.full_name}."
        return judged(claim.value is False, False, reason, event)
    fair = row.started == (claim.value is not False)
    return judged(fair, row.started, f"{did(row, history)}.", row)


TYPE = ClaimType(
    name="entry",
    says="Somebody took part in a race.",
    about=("driver", "team"),
    judge=judge,
    value="yes or no",
    words={True: "took part", False: "took no part"},
)
