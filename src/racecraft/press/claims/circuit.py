"""At which circuit, or in which town or country, an event was held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.nations import same_country
from racecraft.model.folding import fold
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, event_of
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the calendar; any of circuit, town and country may be named."""
    event = event_of(claim, history)
    place = claim.details.get("place")
    places = claim.details.get("circuits") or ([place] if place else ())
    if not places:
        raise cannot_tell("the claim names no place that is known")
    names = {str(getattr(place, part, place)) for place in places for part in ("id", "name")}
    fair = any(
        fold(name) in (fold(event.circuit), fold(event.locality), fold(event.country))
        or same_country(name, event.country)
        for name in names
    )
    reason = f"The {event.full_name} was held at {event.circuit} in {event.locality}."
    return judged(fair, event.circuit, reason, event.evidence("circuit", "locality", "country"))


TYPE = ClaimType(
    name="circuit",
    says="An event was held at a circuit, in a town or a country.",
    about=("event",),
    judge=judge,
    value="word",
    details={"circuits": "names of circuits that may be meant", "place": "or the place itself"},
    words="held at {value}",
    clue_to_event=True,
)
