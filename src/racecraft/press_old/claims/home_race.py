"""Whether an event was somebody's home race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.nations import same_country
from racecraft.press_old.asked import cannot_tell, event_of, subject
from racecraft.press_old.verdict import judged, unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare the country of the event with the nationality of the driver, or of the team."""
    entity = subject(claim, 0, "driver", "team")
    event = event_of(claim, record)
    person = record.drivers.get(entity.id) or record.teams.get(entity.id)
    if person is None:
        raise cannot_tell(f"the nationality of {entity.name} is not known")
    home = same_country(person.nationality, event.country)
    reason = f"{person.name} is {person.nationality}; the {event.full_name} was in {event.country}."
    if not home and claim.value is not False:
        return unknown(f"{reason} Where one lives or was born is not in the data.", found=False)
    row = {"table": "drivers", "name": person.name, "nationality": person.nationality}
    return judged(home == (claim.value is not False), home, reason, row, event.evidence("country"))
