"""Somebody finished on the podium."""

from __future__ import annotations

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.claims.finish_position import judge

TYPE = ClaimType(
    name="podium",
    says="Somebody finished among the first three.",
    about=("driver", "team"),
    judge=judge,
    value="yes or no",
    words={True: "on the podium", False: "not on the podium"},
    clue_to_event=True,
)
