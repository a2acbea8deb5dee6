"""Somebody was born on that day, or in that year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, subject
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the day of birth, as far as the claim says it."""
    entity = subject(claim, 0, "driver")
    driver = history.drivers.get(entity.id)
    if driver is None or driver.date_of_birth is None:
        raise cannot_tell(f"the date of birth of {entity.name} is not known")
    born = driver.date_of_birth
    fair = claim.value in (born, born.year) or str(claim.value) in (
        born.isoformat(),
        str(born.year),
    )
    row = {"table": "drivers", "name": driver.name, "date_of_birth": born.isoformat()}
    return judged(fair, born.isoformat(), f"{driver.name} was born on {born.isoformat()}.", row)


TYPE = ClaimType(
    name="date_of_birth",
    says="Somebody was born on that day, or in that year.",
    about=("driver",),
    judge=judge,
    value="date",
    words="born {value}",
)
