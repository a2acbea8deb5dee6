"""Somebody won by so many seconds."""

from __future__ import annotations

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.claims.time_gap import judge

TYPE = ClaimType(
    name="winning_margin",
    says="Somebody won by so many seconds.",
    about=("driver", "team"),
    judge=judge,
    pair=True,
    value="seconds",
    units=("seconds",),
    words="{value} s ahead",
    clue_to_event=True,
)
