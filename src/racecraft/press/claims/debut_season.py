"""In which season somebody raced for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import pasts, whole
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import did

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the first race started."""
    entity = subject(claim, 0, "driver", "team")
    whole(history, entity)
    starts = [row for past in pasts(history, entity, (9999, 0)) for row in past.rows if row.started]
    if not starts:
        raise cannot_tell(f"{entity.name} has not started a race")
    first = min(starts, key=lambda row: row.key)
    wanted = claim.value if claim.value is not None else claim.season
    return judged(first.season == wanted, first.season, f"At first {did(first, history)}.", first)


TYPE = ClaimType(
    name="debut_season",
    says="Somebody raced for the first time in that season.",
    about=("driver", "team"),
    judge=judge,
    value="number",
    units=("season",),
    words="first raced in {value}",
)
