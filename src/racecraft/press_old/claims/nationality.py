"""Which country somebody comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.nations import country, same_country
from racecraft.press_old.asked import cannot_tell, subject
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the nationality that a driver or a team races under."""
    entity = subject(claim, 0, "driver", "team")
    person = record.drivers.get(entity.id) or record.teams.get(entity.id)
    claimed = str(getattr(claim.value, "id", claim.value))
    if person is None or not person.nationality:
        raise cannot_tell(f"the nationality of {entity.name} is not known")
    if country(claimed) is None:
        raise cannot_tell(f"{claimed} is no country that is known here")
    nation = person.nationality
    table = "teams" if entity.kind == "team" else "drivers"
    row = {"table": table, "name": person.name, "nationality": nation}
    return judged(same_country(nation, claimed), nation, f"{person.name} is {nation}.", row)
