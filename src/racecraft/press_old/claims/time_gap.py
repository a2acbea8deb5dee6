"""How many seconds lay between two cars at the finish, or between the winner and the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import cannot_tell, other, result_of, run_event, subject
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the difference of race times, penalties included; the first must be ahead."""
    entity = subject(claim, 0)
    rival = other(claim)
    if entity.kind in ("driver", "team"):
        first = result_of(claim, record, entity)
        second = result_of(claim, record, rival) if rival else _rival(claim, record, first)
    else:
        first, second = _placed(claim, record, 1), _placed(claim, record, 2)
    if claim.unit == "laps":
        return _laps(claim, record, first, second)
    names = record.name(first.driver_id), record.name(second.driver_id)
    if first.time_s is None or second.time_s is None:
        raise cannot_tell(f"{names[0]} or {names[1]} has no race time: a lap down, or retired")
    gap = round(second.time_s - first.time_s, 3)
    ordered = gap >= 0 or claim.relation == "&" or rival is None
    reason = f"{names[0]} was {abs(gap):.3f} s {'ahead of' if gap >= 0 else 'behind'} {names[1]}."
    rows = (first.evidence("position", "time_s"), second.evidence("position", "time_s"))
    return judged(ordered and agrees_with(claim, gap), gap, reason, *rows)


def _laps(claim: Claim, record: History, first: Result, second: Result) -> Verdict:
    gap = (first.laps or 0) - (second.laps or 0)
    reason = (
        f"{record.name(first.driver_id)} completed {first.laps} laps, "
        f"{record.name(second.driver_id)} {second.laps}."
    )
    rows = (first.evidence("laps"), second.evidence("laps"))
    return judged(agrees_with(claim, gap), gap, reason, *rows)


def _rival(claim: Claim, record: History, first: Result) -> Result:
    """Of whom a gap is meant where nobody is named: the next car for the winner, else him."""
    if first.position == 1:
        return _placed(claim, record, 2)
    ahead = claim.scope.get("position")
    return _placed(claim, record, int(ahead) if ahead else 1)


def _placed(claim: Claim, record: History, position: int) -> Result:
    event = run_event(claim, record)
    session = "sprint" if claim.session == "sprint" else "race"
    row = record.at(event.season, event.round, position, session)
    if row is None:
        raise cannot_tell(f"nobody was classified in place {position}")
    return row
