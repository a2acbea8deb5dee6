"""Whether somebody retired, did not start, or carried on to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.wording import did
from racecraft.press_old.asked import cannot_tell, results_of, subject
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the result; of a team, one car is enough, or both where the claim says so."""
    rows = results_of(claim, record, subject(claim, 0, "driver", "team"))
    fair = [row for row in rows if _is(row, claim.value)]
    enough = len(fair) == len(rows) if claim.scope.get("both") else bool(fair)
    told = fair or list(rows)
    reason = "; ".join(did(row, record) for row in told)
    found = "retired" if told[0].retired else "finished" if told[0].started else "did not start"
    return judged(enough, found, f"{reason}.", *told)


def _is(row: Result, value: object) -> bool:
    match value:
        case True | None | "retired":
            return row.retired or not row.started
        case False | "continued" | "finished":
            return row.finished or row.position is not None
        case "did not start":
            return not row.started
        case "disqualified":
            return row.status in ("Disqualified", "Excluded", "Underweight")
    raise cannot_tell(f"{value!r} is nothing that a result tells")
