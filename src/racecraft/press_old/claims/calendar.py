"""The calendar of a season: which round it was, what comes next, how many are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import cannot_tell, event_of, season_of
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Event
    from racecraft.press_old.claim import Claim, Entity, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the calendar as it was run, or as it stands."""
    upcoming: Entity | None = claim.scope.get("next")
    if claim.claim_type == "event":
        event = event_of(claim, record)
        return judged(True, event.id, f"There was a {event.full_name}.", event)
    if upcoming is None and claim.unit == "races":
        return _races(claim, record)
    event = event_of(claim, record)
    if upcoming is not None:
        return _next(record, event, upcoming)
    if claim.unit == "races left":
        left = len(record.calendar(event.season)) - event.round
        counts = [left] if not claim.scope.get("before") else [left + 1]
        if claim.scope.get("day"):
            counts = [left, left + 1]
        fair = any(agrees_with(claim, count) for count in counts)
        reason = f"{left} races were left after the {event.full_name}."
        return judged(fair, counts[0], reason, event)
    if claim.unit == "sprints left":
        raise cannot_tell("which rounds to come have a sprint is not in the data")
    reason = f"The {event.full_name} was round {event.round}."
    return judged(event.round == claim.value, event.round, reason, event)


def _races(claim: Claim, record: History) -> Verdict:
    year = season_of(claim, record)
    races = len(record.calendar(year))
    row = {"table": "events", "season": year, "events": races}
    return judged(agrees_with(claim, races), races, f"{year} had {races} races.", row)


def _next(record: History, event: Event, upcoming: Entity) -> Verdict:
    """Whether that event, or one at that circuit or in that country, was the next one."""
    following = record.step(event.season, event.round)
    if following is None or (following.season != event.season and upcoming.kind == "event"):
        raise cannot_tell(f"what came after the {event.full_name} is not stored")
    names = (following.id, following.circuit, following.country, following.name)
    fair = upcoming.id in names or upcoming.name in names
    reason = f"After the {event.full_name} came the {following.full_name}."
    return judged(fair, following.name, reason, following)
