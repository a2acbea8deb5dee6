"""How many seconds lay between two cars at the finish, or between the winner and the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, other, result_of, run_event, subject
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the difference of race times, penalties included; the first must be ahead."""
    entity = subject(claim, 0)
    rival = other(claim)
    if entity.kind in ("driver", "team"):
        first = result_of(claim, history, entity)
        second = result_of(claim, history, rival) if rival else _rival(claim, history, first)
    else:
        first, second = _placed(claim, history, 1), _placed(claim, history, 2)
    if claim.unit == "laps":
        return _laps(claim, history, first, second)
    names = history.name(first.driver_id), history.name(second.driver_id)
    if first.time_s is None or second.time_s is None:
        raise cannot_tell(f"{names[0]} or {names[1]} has no race time: a lap down, or retired")
    gap = round(second.time_s - first.time_s, 3)
    ordered = gap >= 0 or claim.relation == "&" or rival is None
    reason = f"{names[0]} was {abs(gap):.3f} s {'ahead of' if gap >= 0 else 'behind'} {names[1]}."
    rows = (first.evidence("position", "time_s"), second.evidence("position", "time_s"))
    return judged(ordered and agrees_with(claim, gap), gap, reason, *rows)


def _laps(claim: Question, history: History, first: Result, second: Result) -> Verdict:
    gap = (first.laps or 0) - (second.laps or 0)
    reason = (
        f"{history.name(first.driver_id)} completed {first.laps} laps, "
        f"{history.name(second.driver_id)} {second.laps}."
    )
    rows = (first.evidence("laps"), second.evidence("laps"))
    return judged(agrees_with(claim, gap), gap, reason, *rows)


def _rival(claim: Question, history: History, first: Result) -> Result:
    """Of whom a gap is meant where nobody is named: the next car for the winner, else him."""
    if first.position == 1:
        return _placed(claim, history, 2)
    ahead = claim.details.get("position")
    return _placed(claim, history, int(ahead) if ahead else 1)


def _placed(claim: Question, history: History, position: int) -> Result:
    event = run_event(claim, history)
    session = "sprint" if claim.session == "sprint" else "race"
    row = history.at(event.season, event.round, position, session)
    if row is None:
        raise cannot_tell(f"nobody was classified in place {position}")
    return row


TYPE = ClaimType(
    name="time_gap",
    says="So many seconds or laps lay between two at the finish.",
    about=("driver", "team"),
    judge=judge,
    pair=True,
    value="seconds",
    units=("seconds", "laps"),
    words="{value} s ahead",
    clue_to_event=True,
)
