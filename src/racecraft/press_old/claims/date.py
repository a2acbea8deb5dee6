"""On which day an event was held."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from racecraft.press_old.asked import cannot_tell, event_of
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SATURDAY = 5
ROUGHLY = 4  # days by which a race in two weeks may be off
WEEKEND = timedelta(days=3)  # from the first practice to the race


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the calendar, by day, weekday, month or year, as far as the claim says."""
    event = event_of(claim, record)
    held = event.date
    if held is None:
        raise cannot_tell(f"the day of the {event.full_name} is not known")
    value, weekday = claim.value, claim.scope.get("weekday")
    days = [held - timedelta(days=1)] if claim.session == "sprint" else [held]
    if held.weekday() == SATURDAY:
        days.append(held + timedelta(days=1))  # an evening race is on Sunday elsewhere
    if isinstance(value, str) and value in WEEKDAYS:
        weekday = WEEKDAYS.index(value)
    elif weekday is None and isinstance(value, int):
        weekday = value
    checks = []
    if isinstance(value, date):
        near = claim.session != "race" and timedelta(0) <= held - value <= WEEKEND
        checks.append(value in days or near)
    if (ahead := claim.scope.get("days")) is not None and claim.day:
        checks.append(abs((held - claim.day).days - ahead) <= ROUGHLY)
    if weekday is not None:
        checks.append(claim.session != "race" or weekday in [day.weekday() for day in days])
    checks += [
        claim.scope[part] == getattr(held, part)
        for part in ("year", "month", "day")
        if part in claim.scope
    ]
    if not checks:
        raise cannot_tell("the claim names no day")
    reason = f"The {event.full_name} was held on {WEEKDAYS[held.weekday()]} {held.isoformat()}."
    row = event.evidence("date")
    return judged(all(checks), held.isoformat(), reason, row)
