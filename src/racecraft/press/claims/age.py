"""How old somebody is on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, subject
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from datetime import date

    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


FAR = 8  # years by which an age may be wrong and still be meant of that day
LONG_AGO = 30  # days after which an age may be that at the race


def judge(claim: Question, history: History) -> Verdict:
    """Compare with full years since birth: on the day of the article, or else of the race."""
    entity = subject(claim, 0, "driver")
    driver = history.drivers.get(entity.id)
    if driver is None or driver.date_of_birth is None:
        raise cannot_tell(f"the date of birth of {entity.name} is not known")
    days = _days(claim, history)
    if not days:
        raise cannot_tell("the day of the article is not known")
    born = driver.date_of_birth
    row = {"table": "drivers", "name": driver.name, "date_of_birth": born.isoformat()}
    seen = [_on(claim, driver.name, born, day, row) for day in days]
    found = next((each for each in seen if each.verdict == "supported"), seen[0])
    far = isinstance(claim.value, int | float) and abs(found.found - claim.value) > FAR
    if found.verdict == "contradicted" and far:
        raise cannot_tell(f"{found.reason.removesuffix('.')}; another time may be meant")
    return found


def _days(claim: Question, history: History) -> list[date]:
    """Days on which the age may be meant: that of the race, and that of the article."""
    event = history.event(claim.season or 0, claim.round or 0)
    race = event.date if event else None
    if race and claim.day and (claim.day - race).days > LONG_AGO:
        return [race, claim.day]
    return [day for day in (claim.day, race) if day][:1]


def _on(claim: Question, name: str, born: date, day: date, row: dict[str, str]) -> Verdict:
    years = _years(born, day)
    reason = f"{name}, born on {born.isoformat()}, was {years} on {day.isoformat()}."
    if claim.details.get("birthday"):
        fair = (born.month, born.day) == (day.month, day.day) and years == claim.value
        return judged(fair, years, reason, row)
    if claim.details.get("past"):
        return judged(years > claim.value, years, reason, row)
    if claim.details.get("soon"):
        years += 1
    return judged(agrees_with(claim, years), years, reason, row)


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


TYPE = ClaimType(
    name="age",
    says="Somebody is so many years old on the day of the article, or of the race.",
    about=("driver",),
    judge=judge,
    value="number",
    units=("years",),
    details={
        "birthday": "it is his birthday",
        "soon": "he soon will be",
        "past": "he is older than that",
    },
    words="{value} years old",
)
