"""Whether an event was somebody's home race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.nations import same_country
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, event_of, subject
from racecraft.press.judging.verdict import judged, unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare the country of the event with the nationality of the driver, or of the team."""
    entity = subject(claim, 0, "driver", "team")
    event = event_of(claim, history)
    person = history.drivers.get(entity.id) or history.teams.get(entity.id)
    if person is None:
        raise cannot_tell(f"the nationality of {entity.name} is not known")
    home = same_country(person.nationality, event.country)
    reason = f"{person.name} is {person.nationality}; the {event.full_name} was in {event.country}."
    if not home and claim.value is not False:
        return unknown(f"{reason} Where one lives or was born is not in the data.", found=False)
    row = {"table": "drivers", "name": person.name, "nationality": person.nationality}
    return judged(home == (claim.value is not False), home, reason, row, event.evidence("country"))


TYPE = ClaimType(
    name="home_race",
    says="An event is the home race of a driver or team.",
    about=("driver", "team"),
    judge=judge,
    words={True: "home race", False: "no home race"},
)
