"""Facts of a race: its laps, its time, how many retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import cannot_tell, run_event
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Event
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the results of the race or sprint."""
    event = run_event(claim, record)
    if claim.claim_type == "race_distance":
        raise cannot_tell("lengths of circuits are not in the data")
    session = "sprint" if claim.session == "sprint" else "race"
    rows = record.results(event.season, event.round, session)
    if claim.claim_type == "lap_count":
        return _laps(claim, event, max(row.laps or 0 for row in rows))
    if claim.claim_type == "retirement_count":
        out = [row for row in rows if row.retired]
        reason = f"{len(out)} cars retired from the {event.full_name}."
        return judged(agrees_with(claim, len(out)), len(out), reason, *out)
    winner = record.at(event.season, event.round, 1, session)
    if winner is None or winner.time_s is None:
        raise cannot_tell(f"the time of the {event.full_name} is not known")
    reason = f"The {event.full_name} was won in {winner.time_s:.3f} s."
    fair = agrees_with(claim, winner.time_s)
    return judged(fair, winner.time_s, reason, winner.evidence("position", "time_s"))


def _laps(claim: Claim, event: Event, run: int) -> Verdict:
    row = event.evidence("laps", "sprint_laps")
    reason = f"The {event.full_name} was run over {run} laps."
    return judged(agrees_with(claim, run), run, reason, row)
