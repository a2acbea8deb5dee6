"""At which circuit, or in which town or country, an event was held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.nations import same_country
from racecraft.model.race import fold
from racecraft.press_old.asked import cannot_tell, event_of
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the calendar; any of circuit, town and country may be named."""
    event = event_of(claim, record)
    places = claim.scope.get("circuits") or [claim.scope.get("circuit") or claim.value]
    if places == [None]:
        raise cannot_tell("the claim does not name a place")
    names = {str(getattr(place, part, place)) for place in places for part in ("id", "name")}
    fair = any(
        fold(name) in (fold(event.circuit), fold(event.locality), fold(event.country))
        or same_country(name, event.country)
        for name in names
    )
    reason = f"The {event.full_name} was held at {event.circuit} in {event.locality}."
    return judged(fair, event.circuit, reason, event.evidence("circuit", "locality", "country"))
