"""What is handed to the reader: a claim, its place in the article, and what the data say of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.table import Column, Table
from racecraft.press.wording import ordinal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from racecraft.press_old.claim import Claim, Judgement, Verdict

FINDINGS = Table(
    "findings",
    key=(),
    columns=(
        Column("sentence", pl.String, "the whole sentence, as in the article"),
        Column("start", pl.Int32, "first character of the claim's words in the article"),
        Column("end", pl.Int32, "character after the last one"),
        Column("claim_type", pl.String, "what kind of claim it is"),
        Column("subject", pl.String, "whom or what it is about, in full"),
        Column("value", pl.String, "what is claimed, as JSON"),
        Column("season", pl.Int16, "season it is about"),
        Column("round", pl.Int16, "round it is about; null where it is about more than one"),
        Column("verdict", pl.String, "supported, contradicted or uncheckable"),
        Column("found", pl.String, "what the data have in its place, as JSON"),
        Column("evidence", pl.String, "rows that prove it, as JSON"),
        Column("reason", pl.String, "one sentence that says why"),
        Column("hedged", pl.Boolean, "the article itself is not sure"),
        Column("attributed_to", pl.String, "who is quoted as saying so; null if nobody"),
        Column("consistent", pl.Boolean, "it helped to find the event, so that it proves nothing"),
        Column("hint", pl.String, "what would make it checkable; null if nothing would"),
    ),
)


LONGEST_ORDINAL = 1000
# How claims are put in words, by what their value is.
OF_A_NUMBER = {
    "finish_position": "finished {place}",
    "sprint_position": "finished {place} in the sprint",
    "grid_position": "started {place}",
    "grid_row": "started from row {value}",
    "qualifying_position": "qualified {place}",
    "standings_position": "{place} in the championship",
    "standings_places_between": "{value} places ahead",
    "points_total": "{value} points",
    "race_points": "{value} points in the race",
    "points_gap": "{value} points ahead",
    "winning_margin": "{value} s ahead",
    "time_gap": "{value} s ahead",
    "qualifying_gap": "{value} s faster in qualifying",
    "season_count": "{value} in the season",
    "career_count": "{value} in a career",
    "venue_count": "{value} at that place",
    "streak": "{value} in a row",
    "titles": "{value} titles",
    "age": "{value} years old",
    "car_number": "number {value}",
    "calendar": "calendar: {value}",
    "lap_count": "{value} laps",
    "position_swaps": "changed places {value} times",
}
OF_A_WORD = {
    "finish_position": "finished {value}",
    "grid_position": "started from {value}",
    "points_gap": "{value}",
    "titles": "{value} champion",
    "nationality": "from {value}",
    "team": "{value}",
    "relative_order": "{value}",
    "circuit": "held at {value}",
    "calendar": "next is the {value}",
    "date": "held on {value}",
    "lap_of_event": "{value}",
    "position_swaps": "changed places {value} times",
    "retirement": "{value}",
    "retirement_reason": "out with {value}",
    "title_math": "championship place {value}",
    "first_since": "first since {value}",
    "quote": "an opinion",
    "incident": "{value}",
}
YES_AND_NO = {
    "podium": ("on the podium", "not on the podium"),
    "retirement": ("retired", "did not retire"),
    "fastest_lap": ("fastest lap", "no fastest lap"),
    "position_swaps": ("changed places", "did not change places"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim of an article with its verdict; ``start`` and ``end`` refer to the article's text.

    ``value`` and ``found`` are plain values: numbers, text, or small dictionaries of them.
    """

    sentence: str
    start: int
    end: int
    claim_type: str
    subject: str
    value: Any = None
    season: int | None = None
    round: int | None = None
    verdict: Judgement = "uncheckable"
    found: Any = None
    evidence: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    hedged: bool = False
    attributed_to: str | None = None
    consistent: bool = False
    hint: str | None = None

    @classmethod
    def of(cls, claim: Claim, told: Verdict) -> Finding:
        """Finding of a claim and the verdict on it."""
        return cls(
            sentence=claim.sentence,
            start=claim.start,
            end=claim.end,
            claim_type=claim.claim_type,
            subject=claim.subject,
            value=claim.value,
            season=claim.season,
            round=claim.round,
            verdict=told.verdict,
            found=told.found,
            evidence=told.evidence,
            reason=told.reason,
            hedged=claim.hedged,
            attributed_to=claim.attributed_to,
            consistent=told.consistent,
            hint=told.hint,
        )

    @property
    def claim(self) -> str:
        """The claim in words, such as ``Fernando Alonso: finished third``."""
        said = _said(self.claim_type, self.value)
        return f"{self.subject}: {said}" if self.subject else said


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding as one object, its columns in the order of `FINDINGS`."""
    values = {field.name: getattr(finding, field.name) for field in fields(finding)}
    return values | {"evidence": [dict(row) for row in finding.evidence]}


def count_verdicts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each verdict, those without any included."""
    counts = {"supported": 0, "contradicted": 0, "uncheckable": 0}
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


def _said(claim_type: str, value: object) -> str:
    kind = claim_type.replace("_", " ")
    if isinstance(value, bool) or value is None:
        yes, no = YES_AND_NO.get(claim_type, (kind, f"not {kind}"))
        return no if value is False else yes
    if claim_type in OF_A_NUMBER and isinstance(value, int | float):
        place = ordinal(int(value)) if 0 < value < LONGEST_ORDINAL else ""
        return OF_A_NUMBER[claim_type].format(value=in_words(value), place=place)
    if claim_type == "titles" and isinstance(value, dict):
        return f"champion of {value['season']}"
    return OF_A_WORD.get(claim_type, f"{kind} {{value}}").format(value=in_words(value))
