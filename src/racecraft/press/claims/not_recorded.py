"""Claims of which no table of results or timing has anything to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.verdict import unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

REASONS = {
    "attendance": "how many people came is not in the data",
    "attribution": "who spoke to whom is not in the data",
    "birthplace": "where people were born is not in the data",
    "counterfactual": "what did not happen cannot be looked up",
    "engine": "who built the engines is not in the data",
    "exclusive": "who alone has done something is not worked out from the data",
    "finance": "money is not in the data",
    "odds": "what bookmakers offered is not in the data",
    "other_series": "results of other series are not in the data",
    "penalty": "penalties as such are not in the data; times and places include them",
    "personal": "what people do elsewhere is not in the data",
    "publication": "who wrote what is not in the data",
    "qualifying": "how the grid was made is not in the data",
    "quote": "an opinion in somebody's words is neither right nor wrong",
    "role": "people without a car are not in the data",
    "team_base": "where a team has its home is not in the data",
    "team_order": "what a team told its drivers is not in the data",
    "technical": "parts of cars are not in the data",
    "transfer": "contracts and rumours are not in the data",
    "tyres": "tyres of this race are not stored",
    "weather": "the weather is not in the data",
}


def judge(claim: Question, _history: History) -> Verdict:
    """Say why it cannot be checked."""
    return unknown(REASONS[claim.claim_type])


TYPES = tuple(
    ClaimType(
        name=name,
        says=f"Not checked: {reason}.",
        about=("driver", "team", "event", "person"),
        judge=judge,
        value="any",
        words=name.replace("_", " ") + ": {value}",
    )
    for name, reason in REASONS.items()
)
