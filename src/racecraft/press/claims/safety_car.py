"""The safety car came out."""

from __future__ import annotations

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.neutralisations import judge

TYPE = ClaimType(
    name="safety_car",
    says="The safety car came out.",
    about=("event",),
    judge=judge,
    value="any",
    words={True: "safety car", False: "no safety car"},
)
