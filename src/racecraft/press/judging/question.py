"""A claim of which every part is known, ready to be asked of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from racecraft.press.claim import Entity, Hedge, Moment, Polarity, Relation, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One candidate meaning of a `Claim`: nobody symbolic, nothing open.

    ``season`` and ``round`` are None where the claim is not about one; ``day`` is the day on which
    the article was written, if known.
    """

    claim_type: str
    subjects: tuple[Entity, ...] = ()
    relation: Relation = ""
    value: Any = None
    unit: str = ""
    hedge: Hedge = "exact"
    season: int | None = None
    round: int | None = None
    session: Session = "race"
    moment: Moment = "unknown"
    lap: int | None = None
    polarity: Polarity = "affirmed"
    details: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None

    @property
    def subject(self) -> str:
        """Whom or what it is about: ``A``, ``A over B`` or ``A & B``."""
        return f" {self.relation or '&'} ".join(entity.name for entity in self.subjects)
