"""A claim, and what its words were taken to mean, as one would say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from racecraft.press.claims.registry import claim_types
from racecraft.press.finding import in_words
from racecraft.press.wording import ordinal

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.claim import Claim, Moment, Polarity
    from racecraft.press.judging.question import Question

LONGEST_ORDINAL = 1000
WHEN: dict[Moment, str] = {
    "before": "before the race", "after": "after the race", "season so far": "so far that season",
    "end of season": "at the end of the season", "career": "in the career so far",
    "start": "at the start", "lap": "during the race",
}  # fmt: skip
ONE = re.compile(r"(?<![\d.])1 ([a-z-]{2,})s\b")  # "1 points"
# What is done, and what it is not to do it; everything else takes a "not".
UNDONE = {
    "drove": "did not drive", "finished": "did not finish", "led": "did not lead",
    "passed": "did not pass", "qualified": "did not qualify", "retired": "did not retire",
    "started": "did not start", "stopped": "did not stop", "won": "did not win",
}  # fmt: skip


def claim_in_words(claim: Claim, subject: str) -> str:
    """The claim in words, such as ``Fernando Alonso: finished third``."""
    said = said_in_words(
        claim.claim_type, claim.value, claim.unit, claim.details, polarity=claim.polarity
    )
    return f"{subject}: {said}" if subject else said


def said_in_words(
    kind: str, value: Any, unit: str, details: Any, *, polarity: Polarity = "affirmed"
) -> str:
    """What is claimed of somebody, by the words of its type; or what is denied of him."""
    known = claim_types().get(kind)
    denied = polarity == "denied" and not (known and known.opinions)
    words = known.words if known else "{value}"
    yes_or_no = value is None or isinstance(value, bool)
    if yes_or_no and isinstance(words, Mapping) and True in words:
        return str(words[(value is not False) is not denied])
    if kind == "team" and (team := details.get("team")):
        return _denied(f"drove for {team.name}") if denied else f"drove for {team.name}"
    told = known.tell(value, details) if known and known.tell else in_words(value)
    place = told
    if isinstance(value, int | float) and 0 < value < LONGEST_ORDINAL:
        place = ordinal(int(value))
    template = _template(kind.replace("_", " "), words, value, unit)
    said = ONE.sub(r"1 \1", template.format(value=told, place=place, unit=unit or "times").strip())
    return _denied(said) if denied else said


def _template(kind: str, words: str | Mapping[Any, str], value: Any, unit: str) -> str:
    """Words for a value or a unit, with gaps; the name of the type where nothing is said."""
    yes_or_no = value is None or isinstance(value, bool)
    if isinstance(words, Mapping):
        own = words.get(value) if value and isinstance(value, str | int | float) else None
        level = words.get(0) if value == 0 and not yes_or_no else None
        words = own or level or words.get(unit) or words.get("", f"{words.get(True)}: {{value}}")
    if yes_or_no and "{" in words:
        return kind if value is not False else f"no {kind}"
    return words


def _denied(said: str) -> str:
    """What is said, denied.

    >>> _denied("finished third"), _denied("on the podium")
    ('did not finish third', 'not on the podium')
    """
    verb, _, rest = said.partition(" ")
    return f"{UNDONE[verb]} {rest}".strip() if verb in UNDONE else f"not {said}"


def read_as(question: Question, subject: str, history: History) -> str:
    """Who, what and when, as the words were read: a misreading is seen at a glance."""
    what = said_in_words(
        question.claim_type, question.value, question.unit, question.details,
        polarity=question.polarity,
    )  # fmt: skip
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
