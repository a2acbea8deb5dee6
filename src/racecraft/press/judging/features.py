"""What tells how far a reading can be trusted: named numbers, the input of the confidence model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.press.claim import Slot
    from racecraft.press.judging.weighing import Judged

NEAR = 0.3  # share of the true figure by which one that is altered is off, rather than misread
FAR = 20  # tokens between words and what binds them that count as far


def features_of(each: Judged, context: Mapping[str, float]) -> dict[str, float]:
    """Features of a judged claim; those of the context and of the reader as they are."""
    claim = each.claim
    scope = claim.scope
    found = {
        f"type_{claim.claim_type}": 1.0,
        "hedged": float(claim.hedged),
        "quoted": float(claim.attributed_to is not None),
        "denied": float(claim.polarity == "denied"),
        "plan": float(claim.modality == "plan"),
        "pair": float(len(claim.subjects) > 1),
        "by_model": float(claim.source == "model"),
        "guessed": float(claim.source == "guess"),
        "meanings": min(each.tried, 10) / 10,
        "share_true": each.shares.get("supported", 0.0),
        "share_false": each.shares.get("contradicted", 0.0),
        "decimals": float(isinstance(claim.value, float)),
        "figure": float(isinstance(claim.value, int | float) and not isinstance(claim.value, bool)),
        "long_sentence": min(len(claim.sentence), 400) / 400,
        "names_in_sentence": min(len(claim.named), 8) / 8,
        "rounded": float(claim.hedge != "exact"),
    }
    found |= _distance(claim.value, each.verdict.found)
    slots: dict[str, Slot[Any]] = {
        "event": scope.event, "season": scope.season,
        "session": scope.session, "moment": scope.moment,
    }  # fmt: skip
    slots |= {f"subject{n}": slot for n, slot in enumerate(claim.subjects)}
    for name, slot in slots.items():
        found[f"{name.rstrip('01')}_{slot.bound}"] = 1.0
    found["distance"] = min(sum(slot.distance for slot in slots.values()), FAR) / FAR
    found["others_possible"] = min(sum(len(slot.others) for slot in slots.values()), 5) / 5
    return {**found, **context, **{f"read_{name}": n for name, n in claim.features.items()}}


def _distance(claimed: object, true: object) -> dict[str, float]:
    """How far a claimed figure is from the true one: a slip is near, a misreading anywhere."""
    if not (isinstance(claimed, int | float) and isinstance(true, int | float)):
        return {"no_figures": 1.0}
    off = abs(abs(claimed) - abs(true))
    return {
        "near": float(0 < off <= NEAR * max(abs(true), 1.0)),
        "off_by_one": float(0 < off <= 1),
        "off_by_few": float(1 < off <= 4),
        "off": min(off / max(abs(true), 1.0), 3.0) / 3.0,
    }
