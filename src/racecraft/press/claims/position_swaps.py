"""How often two cars changed places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, other, run_event, subject, timing_of
from racecraft.press.judging.verdict import judged, unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

SEVERAL = 2
NOT_SWAPS = ("retirement", "classification")


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the changes of order at timing lines: there may have been more in between."""
    import polars as pl

    from racecraft.analysis.order.overtakes import overtakes

    first, second = subject(claim, 0, "driver"), other(claim)
    if second is None:
        raise cannot_tell("the claim does not say between whom")
    event = run_event(claim, history)
    race = timing_of(event, history, claim.session)
    pair = [history.code(event.season, each.id) for each in (first, second)]
    begin = claim.details.get("from_lap") or 1
    end = claim.details.get("to_lap") or 999
    rows = overtakes(race).filter(
        pl.col("passer").is_in(pair),
        pl.col("passed").is_in(pair),
        ~pl.col("kind").is_in(NOT_SWAPS),
        pl.col("lap").is_between(begin, end),
    )
    seen = rows.height
    columns = ["lap", "line", "passer", "passed", "kind"]
    shown = [{"table": "overtakes", **row} for row in rows.select(columns).to_dicts()]
    told = ", ".join(f"{row['passer']} at {row['line']} of lap {row['lap']}" for row in shown)
    reason = f"{first.name} and {second.name} changed places {seen} times: {told}."
    figure = isinstance(claim.value, (int, float)) and not isinstance(claim.value, bool)
    least = SEVERAL if claim.value == "several" else 1
    if not figure and seen >= least:
        return judged(True, seen, reason, *shown)
    if not figure or claim.value > seen or (claim.hedge == "over" and claim.value >= seen):
        return unknown(
            f"{reason} More than is seen at timing lines cannot be ruled out.", found=seen
        )
    return judged(claim.value == seen or claim.hedge == "over", seen, reason, *shown)


TYPE = ClaimType(
    name="position_swaps",
    says="Two cars changed places so often.",
    about=("driver",),
    judge=judge,
    pair=True,
    value="any",
    units=("times",),
    words="changed places {value} times",
)
