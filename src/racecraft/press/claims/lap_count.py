"""A race was run over so many laps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import run_event
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the laps of the winner."""
    event = run_event(claim, history)
    rows = history.results(*event.key, "sprint" if claim.session == "sprint" else "race")
    run = max(row.laps or 0 for row in rows)
    reason = f"The {event.full_name} was run over {run} laps."
    return judged(agrees_with(claim, run), run, reason, event.evidence("laps", "sprint_laps"))


TYPE = ClaimType(
    name="lap_count",
    says="A race was run over so many laps.",
    about=("event",),
    judge=judge,
    value="number",
    units=("laps",),
    words="{value} laps",
    clue_to_event=True,
)
