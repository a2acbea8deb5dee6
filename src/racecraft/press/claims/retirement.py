"""Whether somebody retired, did not start, or carried on to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, results_of, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import did

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the result; of a team, one car is enough, or both where the claim says so."""
    rows = results_of(claim, history, subject(claim, 0, "driver", "team"))
    fair = [row for row in rows if _is(row, claim.value)]
    enough = len(fair) == len(rows) if claim.details.get("both") else bool(fair)
    told = fair or list(rows)
    reason = "; ".join(did(row, history) for row in told)
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


TYPE = ClaimType(
    name="retirement",
    says="Somebody retired, did not start, or carried on to the end.",
    about=("driver", "team"),
    judge=judge,
    value="any",
    details={"both": "both cars of a team"},
    words={True: "retired", False: "did not retire"},
    clue_to_event=True,
)
