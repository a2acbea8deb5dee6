"""Where somebody qualified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, qualified, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import ordinal

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the result of qualifying, before any penalty on the grid."""
    entity = subject(claim, 0, "driver", "team")
    row = qualified(claim, history, entity)
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
    name = history.name(row.driver_id)
    return judged(fair, row.position, f"{name} qualified {ordinal(place)}.", row)


TYPE = ClaimType(
    name="qualifying_position",
    says="Somebody qualified in that place.",
    about=("driver", "team"),
    judge=judge,
    value="place",
    units=("place",),
    words="qualified {place}",
    clue_to_event=True,
)
