"""Somebody's lap in qualifying took so long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import qualified, subject
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the best lap of each part of qualifying."""
    entity = subject(claim, 0, "driver", "team")
    row = qualified(claim, history, entity)
    times = [lap for lap in (row.q1_s, row.q2_s, row.q3_s) if lap is not None]
    fair = [lap for lap in times if agrees_with(claim, lap)]
    told = ", ".join(f"{int(lap // 60)}:{lap % 60:06.3f}" for lap in times) or "no time"
    name = history.name(row.driver_id)
    return judged(bool(fair), fair[0] if fair else row.best_s, f"{name} set {told}.", row)


TYPE = ClaimType(
    name="qualifying_time",
    says="Somebody's lap in qualifying took so long.",
    about=("driver", "team"),
    judge=judge,
    value="seconds",
    units=("seconds",),
    words="qualified in {value} s",
)
