"""Where somebody started: a place or a row of the grid, or the pit lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, results_of, run_event, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import ordinal

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

ROW = 2  # cars in a row of the grid
# In that season the sprint made the grid, while pole went to the fastest in qualifying; in 2021 the
# winner of the sprint had both, since 2023 qualifying makes the grid again.
POLE_APART = 2022


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the grid of the race or sprint; one of a team's cars is enough."""
    rows = results_of(claim, history, subject(claim, 0, "driver", "team"))
    event = run_event(claim, history)
    back = max((row.grid or 0 for row in history.results(*event.key, rows[0].session)), default=0)
    asked = _in_row if claim.claim_type == "grid_row" else _is
    fair = [row for row in rows if asked(row, claim.value, back)]
    told = (fair or list(rows))[0]
    reason = f"{history.name(told.driver_id)} {_started(told)} in the {told.session} of the "
    shown = [told.evidence("grid")]
    best = history.qualifying(*event.key)[:1]
    apart = event.season == POLE_APART and history.has_results(*event.key, "sprint")
    if apart and claim.value in (1, "pole") and not fair and best:
        fair = [row for row in rows if row.driver_id == best[0].driver_id]
        shown.append(best[0].evidence())
    found = "PL" if told.pit_lane else told.grid
    return judged(bool(fair), found, f"{reason}{event.full_name}.", *shown)


def _started(row: Result) -> str:
    if not row.started:
        return "did not start"
    return "started from the pit lane" if row.pit_lane else f"started {ordinal(row.grid or 0)}"


def _is(row: Result, value: object, back: int) -> bool:
    match value:
        case "PL" | "pit lane":
            return row.pit_lane
        case "front row":
            return row.grid in (1, 2)
        case "last":
            return row.grid == back
        case "pole" | "sprint pole":
            return row.grid == 1
        case str() if value.startswith("top "):
            return row.grid is not None and row.grid <= int(value[4:])
        case int() | float():
            return row.grid == value or (row.pit_lane and value > back)
    raise cannot_tell(f"a start from {value!r} is nothing that a grid tells")


def _in_row(row: Result, value: object, back: int) -> bool:
    if value == "last":
        return row.grid is not None and (row.grid + 1) // ROW == (back + 1) // ROW
    if not isinstance(value, (int, float)):
        raise cannot_tell("the claim does not say which row")
    return row.grid is not None and (row.grid + 1) // ROW == value


TYPE = ClaimType(
    name="grid_position",
    says="Somebody started a race from that place.",
    about=("driver", "team"),
    judge=judge,
    value="place",
    units=("place",),
    words="started {place}",
    clue_to_event=True,
)
