"""On which day an event was held."""

from __future__ import annotations

from calendar import month_name
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from racecraft.history.names import own_names
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, event_of
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SATURDAY = 5
ROUGHLY = 4  # days by which a race in two weeks may be off
WEEKEND = timedelta(days=3)  # from the first practice to the race


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the calendar, by day, weekday, month or year, as far as the claim says."""
    event = event_of(claim, history)
    held = event.date
    if held is None:
        raise cannot_tell(f"the day of the {event.full_name} is not known")
    value, weekday = claim.value, claim.details.get("weekday")
    days = [held - timedelta(days=1)] if claim.session == "sprint" else [held]
    if held.weekday() == SATURDAY:
        days.append(held + timedelta(days=1))  # an evening race is on Sunday elsewhere
    elif event.name in own_names()["evening"]["before"]:
        days.append(held - timedelta(days=1))  # and on the day before where it is held
    if isinstance(value, str) and value in WEEKDAYS:
        weekday = WEEKDAYS.index(value)
    elif weekday is None and isinstance(value, int):
        weekday = value
    checks = []
    if isinstance(value, date):
        near = claim.session != "race" and timedelta(0) <= held - value <= WEEKEND
        checks.append(value in days or near)
    if (ahead := claim.details.get("days")) is not None and claim.day:
        checks.append(abs((held - claim.day).days - ahead) <= ROUGHLY)
    if weekday is not None:
        checks.append(claim.session != "race" or weekday in [day.weekday() for day in days])
    named = {part: n for part in ("year", "month", "day") if (n := claim.details.get(part))}
    if named:
        checks.append(any(all(getattr(day, part) == named[part] for part in named) for day in days))
    if not checks:
        raise cannot_tell("the claim names no day")
    reason = f"The {event.full_name} was held on {WEEKDAYS[held.weekday()]} {held.isoformat()}."
    row = event.evidence("date")
    return judged(all(checks), held.isoformat(), reason, row)


def told(value: Any, details: Mapping[str, Any]) -> str:
    """The day as far as a claim names it: a date, a weekday, a month and a year.

    >>> told("weekday", {"weekday": 6}), told("day", {"day": 5, "month": 11})
    ('Sunday', '5 November')
    """
    if value not in ("day", "weekday"):
        return str(value)
    weekday, month = details.get("weekday"), details.get("month")
    parts = (
        WEEKDAYS[weekday] if weekday is not None else "", details.get("day"),
        month_name[month] if month else "", details.get("year"),
    )  # fmt: skip
    return " ".join(str(part) for part in parts if part) or "that day"


TYPE = ClaimType(
    name="date",
    says="An event was held on that day.",
    about=("event",),
    judge=judge,
    value="date",
    details={
        "weekday": "0 is Monday",
        "days": "days until then",
        "year": "",
        "month": "",
        "day": "",
    },
    words="held on {value}",
    tell=told,
    clue_to_event=True,
)
