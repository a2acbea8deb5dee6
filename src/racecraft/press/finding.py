"""What is handed to the editor: a claim, its place in the article, and what the data say of it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from html import escape
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Mark = Literal["supported", "contradicted", "unclear", "uncheckable"]
MARKS: tuple[Mark, ...] = ("contradicted", "unclear", "supported", "uncheckable")

COLUMNS = (
    "sentence", "start", "end", "claim_type", "subject", "value", "season", "round", "verdict",
    "leaning", "confidence", "found", "evidence", "reason", "read_as", "hedged", "attributed_to",
    "consistent", "hint", "source",
)  # fmt: skip  # of `FINDINGS`


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim of an article with its verdict; ``start`` and ``end`` refer to the article's text.

    ``value`` and ``found`` are plain values: numbers, text, or small dictionaries of them.
    ``claim`` is the claim in words, ``leaning`` what an unclear one would be if it were sure;
    ``open`` says that it turns round in another sense of the words.
    """

    sentence: str
    start: int
    end: int
    claim_type: str
    subject: str
    value: Any = None
    season: int | None = None
    round: int | None = None
    verdict: Mark = "uncheckable"
    confidence: float = 0.0
    found: Any = None
    evidence: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    read_as: str = ""
    hedged: bool = False
    attributed_to: str | None = None
    consistent: bool = False
    hint: str | None = None
    source: str = "rules"
    claim: str = field(default="", compare=False)
    leaning: str = field(default="", compare=False)
    open: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The race that an article is taken to be about: why, what else it may be, whether surely."""

    season: int | None = None
    round: int | None = None
    name: str = ""
    reasons: tuple[str, ...] = ()
    runner_up: str = ""
    sure: bool = False
    given: bool = False
    many: bool = False

    @property
    def sentence(self) -> str:
        """The answer as one line."""
        if not self.name:
            return "No race is assumed: nothing tells which one the article is about."
        if self.given:
            return f"About the {self.name}, as you said."
        if self.many:
            return (
                "About many races: each statement is checked at the race that it names, "
                f"one that names none at the {self.name}. --event says which."
            )
        why = f": {'; '.join(self.reasons)}" if self.reasons else ""
        if self.sure:
            return f"Taken to be about the {self.name}{why}."
        other = f"; it may be about the {self.runner_up}" if self.runner_up else ""
        return f"Perhaps about the {self.name}{why}{other}. --event says which."


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """The findings of an article, in its order, and the race that it is taken to be about.

    ``doubts`` are what an editor must know of how it was read, a sentence each.
    """

    findings: tuple[Finding, ...] = ()
    about: About = field(default_factory=About)
    doubts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say in a line what it is about, and how many claims have which mark."""
        marks = ", ".join(f"{len(self.of(mark))} {mark}" for mark in MARKS)
        return f"<Checked: {self.about.name or 'no race'}; {marks}>"

    def _repr_html_(self) -> str:
        """Show every claim as a notebook does: its mark, its sentence, and what the data say."""
        rows = [
            (each.verdict, " ".join(each.sentence.split()), each.claim, each.reason)
            for mark in MARKS
            for each in self.of(mark)
        ]
        head = "".join(f"<th>{name}</th>" for name in ("verdict", "sentence", "claim", "reason"))
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
        )
        told = "".join(f"<p>{escape(text)}</p>" for text in (self.about.sentence, *self.doubts))
        return f"{told}<table><tr>{head}</tr>{body}</table>" if rows else told

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, at: int) -> Finding:
        return self.findings[at]

    def of(self, mark: Mark) -> tuple[Finding, ...]:
        """Findings with that mark."""
        return tuple(each for each in self.findings if each.verdict == mark)


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding as one object, its columns in the order of `FINDINGS`."""
    values = {field.name: getattr(finding, field.name) for field in fields(finding)}
    values |= {"evidence": [dict(row) for row in finding.evidence]}
    values |= {"confidence": round(finding.confidence, 3)}
    return {name: values[name] for name in COLUMNS}


def about_object(about: About, doubts: Iterable[str] = ()) -> dict[str, Any]:
    """The race assumed, in the columns of `FINDINGS`: the first row of what is written as JSON.

    What went wrong while the article was read is its hint.
    """
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    return row | {
        "sentence": "", "start": 0, "end": 0, "claim_type": "about", "subject": about.name,
        "season": about.season, "round": about.round, "verdict": "assumed", "evidence": [],
        "leaning": "assumed",
        "confidence": 1.0 if about.given else None, "found": about.runner_up or None,
        "reason": about.sentence, "read_as": "", "hedged": not (about.sure or about.given),
        "consistent": False, "source": "rules", "hint": "; ".join(doubts) or None,
    }  # fmt: skip


def count_verdicts(findings: Iterable[Finding]) -> dict[Mark, int]:
    """How many findings there are of each mark, those without any included."""
    counts: dict[Mark, int] = dict.fromkeys(MARKS, 0)
    for finding in findings:
        counts[finding.verdict] += 1
    return counts


def in_words(value: object) -> str:
    """A plain value as one would say it.

    >>> in_words(12.5), in_words({"season": 2008, "round": 18}), in_words(False)
    ('12.5', 'season 2008, round 18', 'no')
    """
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".")
        case dict():
            return ", ".join(f"{name} {in_words(item)}" for name, item in value.items())
        case list() | tuple():
            return ", ".join(map(in_words, value))
        case _:
            return str(value)
