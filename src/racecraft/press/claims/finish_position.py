"""Where somebody finished: a place, the podium, the points; in a race or a sprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, results_of, run_event, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import did, ordinal

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the final classification; one of a team's cars is enough."""
    rows = results_of(claim, history, subject(claim, 0, "driver", "team"))
    value = _wanted(claim)
    if value == "one-two":
        return _one_two(rows, history)
    fair = [row for row in rows if _is(row, value, rows_run(claim, history))]
    told = fair or list(rows)
    reason = "; ".join(did(row, history) for row in told)
    if not fair and isinstance(value, int) and rows[0].position and claim.session == "race":
        reason += f", not {ordinal(value)}, in the final classification"
    return judged(bool(fair), told[0].position, f"{reason}.", *told)


def _one_two(rows: tuple[Result, ...], history: History) -> Verdict:
    """Whether two cars of a team came first and second."""
    places = {row.position for row in rows}
    reason = "; ".join(did(row, history) for row in rows)
    return judged({1, 2} <= places, sorted(p for p in places if p), f"{reason}.", *rows)


def rows_run(claim: Question, history: History) -> tuple[Result, ...]:
    """Results of everybody in the race or sprint of the claim."""
    event = run_event(claim, history)
    session = "sprint" if claim.session == "sprint" else "race"
    return history.results(event.season, event.round, session)


def _wanted(claim: Question) -> object:
    if claim.claim_type == "podium":
        return "no podium" if claim.value is False else "podium"
    return claim.value


def _is(row: Result, value: object, everybody: tuple[Result, ...]) -> bool:
    place = row.position
    match value:
        case bool():
            return (place is not None) == value
        case int() | float():
            return place == value
        case "podium":
            return place is not None and place <= 3
        case "no podium":
            return place is None or place > 3
        case "points":
            return row.points > 0
        case "outside points":
            return row.points == 0
        case "last":
            classified = [each.position for each in everybody if each.position is not None]
            return place is not None and place == max(classified)
        case "retired":
            return row.retired
        case str() if value.startswith("outside top "):
            return place is None or place > int(value.rpartition(" ")[2])
        case str() if value.startswith("top "):
            return place is not None and place <= int(value.rpartition(" ")[2])
    raise cannot_tell(f"a finish {value!r} is nothing that a classification tells")


TYPE = ClaimType(
    name="finish_position",
    says="Somebody finished a race in that place.",
    about=("driver", "team"),
    judge=judge,
    value="place",
    units=("place",),
    words="finished {place}",
    clue_to_event=True,
)
