"""Where somebody started: a place or a row of the grid, or the pit lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.asked import cannot_tell, results_of, subject
from racecraft.press.verdict import judged
from racecraft.press.words import ordinal

if TYPE_CHECKING:
    from racecraft.press.claim import Claim, Verdict
    from racecraft.press.record import Record
    from racecraft.press.rows import Result

ROW = 2  # cars in a row of the grid


def check(claim: Claim, record: Record) -> Verdict:
    """Compare with the grid of the race or sprint; one of a team's cars is enough."""
    rows = results_of(claim, record, subject(claim, 0, "driver", "team"))
    asked = _in_row if claim.claim_type == "grid_row" else _is
    fair = [row for row in rows if asked(row, claim.value)]
    told = (fair or list(rows))[0]
    found = "PL" if told.pit_lane else told.grid
    started = (
        "did not start"
        if not told.started
        else "started from the pit lane"
        if told.pit_lane
        else f"started {ordinal(told.grid or 0)}"
    )
    event = record.event(*told.key)
    where = f"{told.session} of the {event.full_name if event else told.season}"
    reason = f"{record.name(told.driver_id)} {started} in the {where}."
    return judged(bool(fair), found, reason, told.evidence("grid"))


def _is(row: Result, value: object) -> bool:
    match value:
        case "PL" | "pit lane":
            return row.pit_lane
        case "front row":
            return row.grid in (1, 2)
        case "pole" | "sprint pole":
            return row.grid == 1
        case str() if value.startswith("top "):
            return row.grid is not None and row.grid <= int(value[4:])
        case int() | float():
            return row.grid == value
    raise cannot_tell(f"a start from {value!r} is nothing that a grid tells")


def _in_row(row: Result, value: object) -> bool:
    if not isinstance(value, (int, float)):
        raise cannot_tell("the claim does not say which row")
    return row.grid is not None and (row.grid + 1) // ROW == value
