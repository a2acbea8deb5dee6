"""A race was so many kilometres long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, _history: History) -> Verdict:
    """Lengths of circuits are not in the tables of results."""
    raise cannot_tell(f"lengths of circuits are not in the data, nor how long {claim.subject} was")


TYPE = ClaimType(
    name="race_distance",
    says="A race was so many kilometres long.",
    about=("event",),
    judge=judge,
    value="number",
    units=("km", "miles"),
    words="{value} {unit} long",
)
