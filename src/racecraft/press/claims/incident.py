"""What happened on the track: told from the timing as closely as its lines stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.analysis.explain import explain
from racecraft.press.asked import cannot_tell, other, run_event, subject, timing_of
from racecraft.press.verdict import unknown

if TYPE_CHECKING:
    from racecraft.press.claim import Claim, Verdict
    from racecraft.press.record import Record


def check(claim: Claim, record: Record) -> Verdict:
    """Leave it open, but say what the timing of that lap has, if a lap and two cars are named."""
    if not claim.subjects or claim.subjects[0].kind != "driver" or claim.lap is None:
        raise cannot_tell("contact, damage and blame are not in the data")
    first, second = subject(claim), other(claim)
    event = run_event(claim, record)
    race = timing_of(event, record, claim.session)
    codes = [record.code(event.season, each.id) for each in (first, second or first)]
    if second is None or codes[0] is None or codes[1] is None:
        raise cannot_tell("what happens to one car alone shows in no timing")
    told = explain(race, lap=claim.lap, drivers=(codes[0], codes[1]))
    return unknown(f"Single corners are not timed; as far as timing goes: {told}", found=told)
