"""Somebody has done something so often in a season."""

from __future__ import annotations

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.counts import judge

TYPE = ClaimType(
    name="season_count",
    says="Somebody has done something so often in a season.",
    about=("driver", "team", "nation", "season"),
    judge=judge,
    value="number",
    units=("wins", "podiums", "poles", "front rows", "starts", "points", "one-twos"),
    details={"place": "the venue", "before": "without the race itself"},
    words="{value} {unit} in the season",
)
