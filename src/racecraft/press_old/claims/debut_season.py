"""In which season somebody raced for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import pasts, whole
from racecraft.press.wording import did
from racecraft.press_old.asked import cannot_tell, subject
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the first race started."""
    entity = subject(claim, 0, "driver", "team")
    whole(record, entity)
    starts = [row for past in pasts(record, entity, (9999, 0)) for row in past.rows if row.started]
    if not starts:
        raise cannot_tell(f"{entity.name} has not started a race")
    first = min(starts, key=lambda row: row.key)
    wanted = claim.value if claim.value is not None else claim.season
    return judged(first.season == wanted, first.season, f"At first {did(first, record)}.", first)
