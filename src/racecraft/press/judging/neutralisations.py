"""Whether, and on which lap, the safety car came out or the race was stopped."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError
from racecraft.press.claims.pit_stop import STOPPAGE_S
from racecraft.press.judging.look_ups import cannot_tell, run_event, timing_of
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from datetime import timedelta

    from racecraft.history.results import History
    from racecraft.history.rows import Event
    from racecraft.model.race import Race
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

CARS = 3  # so many in the pit lane for so long, and the race was stopped
LAP_OFF = 1
STATES = {"red_flag": ("red",), "safety_car": ("SC",)}
WORDS = {"red_flag": "stopped by a red flag", "safety_car": "run behind the safety car"}


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the state of the track; a stoppage also shows in the stops of the cars."""
    event = run_event(claim, history)
    states = ("VSC",) if claim.value == "VSC" else STATES[claim.claim_type]
    try:
        race = timing_of(event, history, claim.session)
        if race.control.is_empty():
            raise cannot_tell(f"the state of the track in the {event.full_name} is not stored")
    except NotEnoughDataError:
        if claim.claim_type == "red_flag" and (laps := _stopped(history, event)):
            return _told(claim, event, laps)
        raise
    rows = race.control.filter(race.control["state"].is_in(states)).sort("from")
    return _told(claim, event, [_lap(race, since) for since in rows["from"].to_list()])


def _told(claim: Question, event: Event, laps: list[int]) -> Verdict:
    """Judge by how often and on which laps."""
    listed = ", ".join(map(str, laps))
    what = WORDS[claim.claim_type]
    where = f"on lap {listed}" if laps else "at no time"
    reason = f"The {event.full_name} was {what} {where}."
    row = {"table": "control", "season": event.season, "round": event.round, "laps": laps}
    fair = bool(laps) == (claim.value is not False)
    if isinstance(claim.value, int) and not isinstance(claim.value, bool):
        fair = len(laps) == claim.value
    if claim.lap is not None:
        fair = fair and any(abs(lap - claim.lap) <= LAP_OFF for lap in laps)
    return judged(fair, laps, reason, row)


def _lap(race: Race, since: timedelta) -> int:
    """Lap that the leader was on at that time."""
    import numpy as np

    from racecraft.analysis.order.timing import timing

    at = timing(race)
    ends = np.nanmin(at.time[len(at.lines) - 1 :: len(at.lines)], axis=1)
    return int((ends <= since.total_seconds() * 1e6).sum()) + 1


def _stopped(history: History, event: Event) -> list[int]:
    """Laps of stoppages, by cars that all stood in the pit lane far too long for a stop."""
    laps = Counter(
        stop.lap
        for row in history.results(*event.key)
        for stop in history.pit_stops(*event.key, row.driver_id) or ()
        if (stop.duration_s or 0.0) > STOPPAGE_S and stop.lap is not None
    )
    return sorted(lap for lap, cars in laps.items() if cars >= CARS)
