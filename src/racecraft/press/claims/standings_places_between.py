"""So many places lie between two in the championship."""

from __future__ import annotations

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.claims.standings_position import judge

TYPE = ClaimType(
    name="standings_places_between",
    says="So many places lie between two in the championship.",
    about=("driver", "team"),
    judge=judge,
    pair=True,
    value="number",
    units=("places",),
    words="{value} places ahead",
    clue_to_event=True,
)
