"""A race was stopped by a red flag."""

from __future__ import annotations

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.neutralisations import judge

TYPE = ClaimType(
    name="red_flag",
    says="A race was stopped by a red flag.",
    about=("event",),
    judge=judge,
    value="any",
    words={True: "red flag", False: "no red flag"},
)
