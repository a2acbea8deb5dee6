"""On which day an event was held."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from racecraft.press.asked import cannot_tell, event_of
from racecraft.press.verdict import judged

if TYPE_CHECKING:
    from racecraft.press.claim import Claim, Verdict
    from racecraft.press.record import Record

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Calendars are in the day of the place or in UTC; an evening race may be a day later there.
EITHER_DAY = timedelta(days=1)


def check(claim: Claim, record: Record) -> Verdict:
    """Compare with the calendar, by day, weekday, month or year, as far as the claim says."""
    event = event_of(claim, record)
    held = event.date
    if held is None:
        raise cannot_tell(f"the day of the {event.full_name} is not known")
    value, weekday = claim.value, claim.scope.get("weekday")
    day = held - timedelta(days=1) if claim.session == "sprint" else held
    checks = []
    if isinstance(value, date):
        checks.append(
            value == day or (claim.session != "race" and abs(value - held) <= 3 * EITHER_DAY)
        )
    elif isinstance(value, str) and value in WEEKDAYS:
        weekday = WEEKDAYS.index(value)
    elif weekday is None and isinstance(value, int):
        weekday = value
    if weekday is not None:
        checks.append(weekday == day.weekday() or claim.session != "race")
    for part in ("year", "month"):
        if part in claim.scope:
            checks.append(claim.scope[part] == getattr(day, part))
    if not checks:
        raise cannot_tell("the claim names no day")
    reason = f"The {event.full_name} was held on {WEEKDAYS[held.weekday()]} {held.isoformat()}."
    row = event.evidence("date")
    return judged(all(checks), held.isoformat(), reason, row)
