"""What an article claims, and what is said of the claim once it has been checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

EntityKind = Literal["driver", "team", "event", "season", "circuit", "country", "person"]
Relation = Literal["", "over", "&"]
Hedge = Literal["exact", "over", "under", "almost", "about"]
Judgement = Literal["supported", "contradicted", "uncheckable"]


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that a claim is about.

    ``id`` is what the record knows it by: ``driver_id`` of a driver, ``team_id`` of a team,
    ``"2012-5"`` (season and round) of an event, the year of a season, the name of a circuit as in
    ``events``, the name of a country in English. A person without a place on any grid has no id.
    """

    kind: EntityKind
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One checkable sentence within a sentence.

    ``value`` is what is claimed, in the unit that its type documents; ``written`` how it was
    written. ``start`` and ``end`` are the span of the words in the article.
    """

    claim_type: str
    sentence: str
    start: int
    end: int
    subjects: tuple[Entity, ...]
    relation: Relation = ""
    value: Any = None
    written: str = ""
    hedge: Hedge = "exact"
    unit: str = ""
    season: int | None = None
    round: int | None = None
    session: str = "race"
    lap: int | None = None
    scope: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None
    hedged: bool = False
    attributed_to: str | None = None
    by_construction: bool = False

    @property
    def subject(self) -> str:
        """Whom or what it is about: ``A``, ``A over B`` or ``A & B``."""
        return f" {self.relation or '&'} ".join(entity.name for entity in self.subjects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the data say of a claim: the value they have, the rows that prove it, and why."""

    verdict: Judgement
    found: Any = None
    evidence: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    consistent: bool = False
    hint: str | None = None
