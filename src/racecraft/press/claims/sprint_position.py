"""Somebody finished a sprint in that place."""

from __future__ import annotations

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.claims.finish_position import judge

TYPE = ClaimType(
    name="sprint_position",
    says="Somebody finished a sprint in that place.",
    about=("driver", "team"),
    judge=judge,
    value="place",
    units=("place",),
    words="finished {place} in the sprint",
    clue_to_event=True,
)
