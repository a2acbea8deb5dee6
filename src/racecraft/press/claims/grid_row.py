"""Somebody started from that row of the grid."""

from __future__ import annotations

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.claims.grid_position import judge

TYPE = ClaimType(
    name="grid_row",
    says="Somebody started from that row of the grid.",
    about=("driver", "team"),
    judge=judge,
    value="number",
    units=("row",),
    words={"last": "started from the last row", "": "started from row {value}"},
    clue_to_event=True,
)
