"""Where somebody qualified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.wording import ordinal
from racecraft.press_old.asked import cannot_tell, qualified, subject
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the result of qualifying, before any penalty on the grid."""
    entity = subject(claim, 0, "driver", "team")
    row = qualified(claim, record, entity)
    place = row.position or 0
    match claim.value:
        case "pole":
            fair = place == 1
        case "front row":
            fair = place in (1, 2)
        case str() as top if top.startswith("top "):
            fair = 0 < place <= int(top[4:])
        case int() | float():
            fair = place == claim.value
        case _:
            raise cannot_tell("qualifying tells places alone")
    name = record.name(row.driver_id)
    return judged(fair, row.position, f"{name} qualified {ordinal(place)}.", row)
