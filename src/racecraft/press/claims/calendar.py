"""The calendar of a season: which round it was, what comes next, how many are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import FIRST_SEASON
from racecraft.model.folding import fold
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, event_of, season_of
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Event
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the calendar as it was run, or as it stands."""
    upcoming: Entity | None = claim.details.get("next")
    if upcoming is None and claim.unit == "races":
        return _races(claim, history)
    event = event_of(claim, history)
    if "follows" in claim.details:
        return _follows(claim, history, event)
    if upcoming is not None:
        return _next(history, event, upcoming)
    if claim.unit == "races left":
        left = len(history.calendar(event.season)) - event.round
        counts = [left] if claim.moment != "before" else [left + 1]
        if claim.details.get("day"):
            counts = [left, left + 1]
        fair = any(agrees_with(claim, count) for count in counts)
        reason = f"{left} races were left after the {event.full_name}."
        return judged(fair, counts[0], reason, event)
    if claim.unit == "sprints left":
        raise cannot_tell("which rounds to come have a sprint is not in the data")
    if "nth" in claim.details:
        return _nth(claim, history, event)
    wanted = claim.details.get("round", claim.value)
    last = len(history.calendar(event.season))
    wanted = {"last": last, "penultimate": last - 1}.get(str(wanted), wanted)
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise cannot_tell("the claim does not say which round it was")
    reason = f"The {event.full_name} was round {event.round} of {last}."
    return judged(event.round == wanted, event.round, reason, event)


def _nth(claim: Question, history: History, event: Event) -> Verdict:
    """Which race of the world championship it was, the first one being that of 1950."""
    if history.complete_since > FIRST_SEASON:
        raise cannot_tell(f"seasons before {history.complete_since} are not stored")
    number = sum(each.key <= event.key for each in history.events)
    reason = f"The {event.full_name} was race {number} of the world championship."
    return judged(number == claim.details["nth"], number, reason, event)


def _races(claim: Question, history: History) -> Verdict:
    year = season_of(claim, history)
    races = len(history.calendar(year))
    row = {"table": "events", "season": year, "events": races}
    return judged(agrees_with(claim, races), races, f"{year} had {races} races.", row)


def _follows(claim: Question, history: History, event: Event) -> Verdict:
    """Whether an event came right after another one."""
    before = history.step(event.season, event.round, -1)
    name = fold(str(claim.details["follows"]))
    if before is None or not name:
        raise cannot_tell(f"what came before the {event.full_name} is not told")
    names = (before.name, before.country, before.circuit, before.locality)
    fair = any(name in fold(each) or fold(each).startswith(name[:5]) for each in names)
    reason = f"Before the {event.full_name} came the {before.full_name}."
    return judged(fair, before.name, reason, before)


def _next(history: History, event: Event, upcoming: Entity) -> Verdict:
    """Whether that event, or one at that circuit or in that country, was the next one."""
    following = history.step(event.season, event.round)
    if following is None or (following.season != event.season and upcoming.kind == "event"):
        raise cannot_tell(f"what came after the {event.full_name} is not stored")
    names = (following.id, following.circuit, following.country, following.name)
    fair = upcoming.id in names or upcoming.name in names
    reason = f"After the {event.full_name} came the {following.full_name}."
    return judged(fair, following.name, reason, following)


TYPE = ClaimType(
    name="calendar",
    says="Which round an event was, what came next, how many were left.",
    about=("event", "season"),
    judge=judge,
    value="any",
    units=("races", "races left", "round", "sprints left"),
    details={
        "next": "the event that came next",
        "nth": "so many races of the championship until then",
        "follows": "the event before it",
        "round": "a number, last or penultimate",
    },
    words={
        "next": "next on the calendar",
        "last": "last on the calendar",
        "penultimate": "last but one on the calendar",
        "races": "{value} races on the calendar",
        "races left": "{value} races left",
        "round": "round {value}",
        "sprints left": "{value} sprints left",
        "": "calendar: {value}",
    },
    clue_to_event=True,
)
