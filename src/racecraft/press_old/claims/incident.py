"""What happened on the track: told from the timing as closely as its lines stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.fights.explain import explain
from racecraft.analysis.order.overtakes import overtakes
from racecraft.press_old.asked import cannot_tell, other, run_event, subject, timing_of
from racecraft.press_old.verdict import unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Leave it open, but say what the timing has of that lap, or of the last pass between two."""
    first, second = (subject(claim), other(claim)) if claim.subjects else (None, None)
    if first is None or first.kind != "driver" or (claim.lap is None and second is None):
        raise cannot_tell("contact, damage and blame are not in the data")
    event = run_event(claim, record)
    race = timing_of(event, record, claim.session)
    codes = [record.code(event.season, each.id) for each in (first, second or first)]
    if second is None or codes[0] is None or codes[1] is None:
        raise cannot_tell("what happens to one car alone shows in no timing")
    lap = claim.lap or _last_pass(race, codes[1], codes[0])
    told = explain(race, lap=lap, drivers=(codes[0], codes[1]))
    return unknown(f"Single corners are not timed; as far as timing goes: {told}", found=told)


def _last_pass(race: Race, passer: str, passed: str) -> int:
    """Lap on which one car passed another for the last time."""
    rows = overtakes(race).filter(pl.col("passer") == passer, pl.col("passed") == passed)
    if rows.is_empty():
        raise cannot_tell(f"{passer} is not seen to pass {passed} at any timing line")
    return int(rows["lap"].to_list()[-1])
