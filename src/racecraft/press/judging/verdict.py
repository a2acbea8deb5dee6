"""What the data say of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.history.rows import Event, Qualified, Result

Judgement = Literal["supported", "contradicted", "uncheckable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the data say of a claim: the value they have, the rows that prove it, and why."""

    verdict: Judgement
    found: Any = None
    evidence: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    hint: str | None = None


def judged(
    fair: bool, found: Any, reason: str, *rows: Result | Qualified | Event | Mapping[str, Any]
) -> Verdict:
    """Supported or contradicted, with the value in the data, why, and the rows that prove it."""
    return Verdict(
        verdict="supported" if fair else "contradicted",
        found=found,
        evidence=tuple(row.evidence() if isinstance(row, tuple) else row for row in rows),
        reason=reason,
    )


def unknown(
    reason: str, *rows: Mapping[str, Any], hint: str | None = None, found: Any = None
) -> Verdict:
    """Not to be told from the data, and why; what there is of it in rows."""
    return Verdict(
        verdict="uncheckable", found=found, evidence=tuple(rows), reason=reason, hint=hint
    )
