"""How old somebody is on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import cannot_tell, event_of, subject
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from datetime import date

    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with full years since birth: on the day of the article, or else of the race."""
    entity = subject(claim, 0, "driver")
    driver = record.drivers.get(entity.id)
    if driver is None or driver.date_of_birth is None:
        raise cannot_tell(f"the date of birth of {entity.name} is not known")
    day = claim.day or event_of(claim, record).date
    if day is None:
        raise cannot_tell("the day of the article is not known")
    born = driver.date_of_birth
    years = _years(born, day)
    row = {"table": "drivers", "name": driver.name, "date_of_birth": born.isoformat()}
    reason = f"{driver.name}, born on {born.isoformat()}, was {years} on {day.isoformat()}."
    if claim.scope.get("birthday"):
        fair = (born.month, born.day) == (day.month, day.day) and years == claim.value
        return judged(fair, years, reason, row)
    if claim.scope.get("past"):
        return judged(years > claim.value, years, reason, row)
    if claim.scope.get("soon"):
        years += 1
    return judged(agrees_with(claim, years), years, reason, row)


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
