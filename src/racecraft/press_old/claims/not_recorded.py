"""Claims of which no table of results or timing has anything to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.verdict import unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict

REASONS = {
    "attendance": "how many people came is not in the data",
    "attribution": "who spoke to whom is not in the data",
    "counterfactual": "what did not happen cannot be looked up",
    "finance": "money is not in the data",
    "odds": "what bookmakers offered is not in the data",
    "penalty": "penalties as such are not in the data; times and places include them",
    "quote": "an opinion in somebody's words is neither right nor wrong",
    "role": "people without a car are not in the data",
    "team_base": "where a team has its home is not in the data",
    "team_order": "what a team told its drivers is not in the data",
    "transfer": "contracts and rumours are not in the data",
    "tyres": "tyres of this race are not stored",
    "weather": "the weather is not in the data",
}


def check(claim: Claim, _record: History) -> Verdict:
    """Say why it cannot be checked."""
    kind = claim.claim_type.replace("_", " ")
    return unknown(
        REASONS.get(claim.claim_type, f"claims of {kind} are not told by results or timing")
    )
