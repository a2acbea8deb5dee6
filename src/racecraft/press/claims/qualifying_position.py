"""Where somebody qualified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, qualified, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import ordinal

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Qualified
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

KNOCK_OUT_SINCE = 2006  # season from which qualifying is in three parts
LAST_PART = 10  # cars that drive in the last one
OUT, THROUGH = "out in Q", "through to Q"


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
        case str() as part if part[:-1] in (OUT, THROUGH):
            return _part(claim, history, row)
        case int() | float():
            fair = place == claim.value
        case _:
            raise cannot_tell("qualifying tells places alone")
    name = history.name(row.driver_id)
    return judged(fair, row.position, f"{name} qualified {ordinal(place)}.", row)


def _part(claim: Question, history: History, row: Qualified) -> Verdict:
    """Whether somebody came as far as a part of qualifying; sixteen or so do the second one."""
    if row.season < KNOCK_OUT_SINCE or row.position is None:
        raise cannot_tell(f"qualifying was not in three parts in {row.season}")
    cars = len(history.qualifying(row.season, row.round))
    second = LAST_PART + (cars - LAST_PART) // 2
    reached = 3 if row.position <= LAST_PART else 2 if row.position <= second else 1
    wanted = int(claim.value[-1])
    fair = reached == wanted if claim.value.startswith(OUT) else reached >= wanted
    name = history.name(row.driver_id)
    reason = f"{name} qualified {ordinal(row.position)}, and came as far as Q{reached}."
    return judged(fair, f"Q{reached}", reason, row)


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
