"""In which season somebody raced for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.asked import cannot_tell, subject
from racecraft.press.careers import pasts, whole
from racecraft.press.verdict import judged
from racecraft.press.words import did

if TYPE_CHECKING:
    from racecraft.press.claim import Claim, Verdict
    from racecraft.press.record import Record


def check(claim: Claim, record: Record) -> Verdict:
    """Compare with the first race started."""
    entity = subject(claim, 0, "driver", "team")
    whole(record, entity)
    starts = [row for past in pasts(record, entity, (9999, 0)) for row in past.rows if row.started]
    if not starts:
        raise cannot_tell(f"{entity.name} has not started a race")
    first = min(starts, key=lambda row: row.key)
    wanted = claim.value if claim.value is not None else claim.season
    return judged(first.season == wanted, first.season, f"At first {did(first, record)}.", first)
