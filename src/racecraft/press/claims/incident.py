"""What happened on the track: told from the timing as closely as its lines stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, other, run_event, subject, timing_of
from racecraft.press.judging.verdict import unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Leave it open, but say what the timing has of that lap, or of the last pass between two."""
    first, second = (subject(claim), other(claim)) if claim.subjects else (None, None)
    if first is None or first.kind != "driver" or (claim.lap is None and second is None):
        raise cannot_tell("contact, damage and blame are not in the data")
    event = run_event(claim, history)
    race = timing_of(event, history, claim.session)
    codes = [history.code(event.season, each.id) for each in (first, second or first)]
    if second is None or codes[0] is None or codes[1] is None:
        raise cannot_tell("what happens to one car alone shows in no timing")
    from racecraft.analysis.fights.explain import explain
    from racecraft.analysis.telemetry.corners import has_corners

    lap = claim.lap or _last_pass(race, codes[1], codes[0])
    told = explain(race, lap=lap, drivers=(codes[0], codes[1]))
    by = (
        "As far as timing and telemetry go"
        if has_corners(race)
        else ("Single corners are not timed; as far as timing goes")
    )
    return unknown(f"{by}: {told}", found=told)


def _last_pass(race: Race, passer: str, passed: str) -> int:
    """Lap on which one car passed another for the last time."""
    import polars as pl

    from racecraft.analysis.order.overtakes import overtakes

    rows = overtakes(race).filter(pl.col("passer") == passer, pl.col("passed") == passed)
    if rows.is_empty():
        raise cannot_tell(f"{passer} is not seen to pass {passed} at any timing line")
    return int(rows["lap"].to_list()[-1])


TYPE = ClaimType(
    name="incident",
    says="Something happened on the track.",
    about=("driver", "team"),
    judge=judge,
    value="word",
    words="{value}",
)
