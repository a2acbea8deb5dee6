"""Somebody set the fastest lap of a race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import (
    cannot_tell,
    other,
    result_of,
    results_of,
    run_event,
    subject,
)
from racecraft.press.judging.tolerance import agrees
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the fastest of all; with a figure, its lap or how much faster it was."""
    entity = subject(claim, 0, "driver", "team")
    event = run_event(claim, history)
    best = history.fastest(event.season, event.round)
    if best is None or best.fastest_lap_s is None:
        raise cannot_tell(f"fastest laps of the {event.full_name} are not known")
    rows = results_of(claim, history, entity)
    own = best in rows
    reason = (
        f"The fastest lap of the {event.full_name} was {history.name(best.driver_id)}'s: "
        f"{best.fastest_lap_s:.3f} s on lap {best.fastest_lap}."
    )
    shown = best.evidence("fastest_lap", "fastest_lap_s")
    if not isinstance(claim.value, (int, float)) or isinstance(claim.value, bool):
        return judged(own == (claim.value is not False), best.driver_id, reason, shown)
    mine = rows[0]
    if claim.unit in ("lap", ""):
        fair = mine.fastest_lap is not None and abs(mine.fastest_lap - claim.value) <= 1
        return judged(fair, mine.fastest_lap, reason, mine.evidence("fastest_lap"))
    rival = other(claim)
    second = result_of(claim, history, rival) if rival else None
    if second is None:
        timed = [row for row in history.results(*event.key) if row.fastest_lap_s and row != mine]
        second = min(timed, key=lambda row: row.fastest_lap_s or 0.0)
    if mine.fastest_lap_s is None or second.fastest_lap_s is None:
        raise cannot_tell("one of them has no fastest lap")
    gap = round(second.fastest_lap_s - mine.fastest_lap_s, 3)
    return judged(agrees(claim.value, gap, hedge=claim.hedge), gap, reason, shown)


TYPE = ClaimType(
    name="fastest_lap",
    says="Somebody set the fastest lap of a race.",
    about=("driver", "team"),
    judge=judge,
    pair=True,
    value="any",
    units=("lap", "seconds"),
    words={True: "fastest lap", False: "no fastest lap"},
    clue_to_event=True,
)
