"""A claim, and what its words were taken to mean, as one would say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.press.claims.registry import claim_types
from racecraft.press.finding import in_words
from racecraft.press.wording import ordinal

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.claim import Claim, Moment
    from racecraft.press.judging.question import Question

LONGEST_ORDINAL = 1000
WHEN: dict[Moment, str] = {
    "before": "before the race", "after": "after the race", "season so far": "so far that season",
    "end of season": "at the end of the season", "career": "in the career so far",
    "start": "at the start", "lap": "during the race",
}  # fmt: skip


def claim_in_words(claim: Claim, subject: str) -> str:
    """The claim in words, such as ``Fernando Alonso: finished third``."""
    said = said_in_words(claim.claim_type, claim.value, claim.unit, claim.details)
    said = f"not so: {said}" if claim.polarity == "denied" else said
    return f"{subject}: {said}" if subject else said


def said_in_words(kind: str, value: Any, unit: str, details: Any) -> str:
    """What is claimed of somebody, by the words of its type."""
    known = claim_types().get(kind)
    words = known.words if known else "{value}"
    if not isinstance(words, str):
        return (
            words[value is not False]
            if isinstance(value, bool) or value is None
            else (f"{words[True]}: {in_words(value)}")
        )
    if kind == "team" and (team := details.get("team")):
        return f"drove for {team.name}"
    if value is None or isinstance(value, bool):
        return kind.replace("_", " ") if value is not False else f"no {kind.replace('_', ' ')}"
    number = isinstance(value, int | float)
    place = ordinal(int(value)) if number and 0 < value < LONGEST_ORDINAL else in_words(value)
    return words.format(value=in_words(value), place=place, unit=unit or "times").strip()


def read_as(question: Question, subject: str, history: History) -> str:
    """Who, what and when, as the words were read: a misreading is seen at a glance."""
    what = said_in_words(question.claim_type, question.value, question.unit, question.details)
    event = history.event(question.season or 0, question.round or 0)
    where = event.full_name if event else (str(question.season) if question.season else "")
    session = "" if question.session == "race" else question.session
    when = WHEN.get(question.moment, "")
    return "; ".join(part for part in (subject, what, where, session, when) if part)


def plain(value: Any) -> Any:
    """A value as text, numbers and small dictionaries alone."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return getattr(value, "name", str(value))
