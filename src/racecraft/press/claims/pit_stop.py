"""How often somebody stopped, or on which lap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.rows import PitStop
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, other, run_event, subject, timing_of
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Event
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

LAP_OFF = 1  # articles count the lap begun, tables the laps completed
STOPPAGE_S = 300.0  # nobody is serviced for so long: the race was stopped


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the stops; those during a stoppage of the race may be counted or not."""
    entity = subject(claim, 0, "driver")
    event = run_event(claim, history)
    laps = stop_laps(history, event, entity)
    rival = other(claim)
    row = stops_row(history, event, entity, laps)
    where = f"stopped on laps {', '.join(map(str, laps))}" if laps else "did not stop"
    reason = f"{entity.name} {where}."
    if claim.unit == "lap" or claim.lap is not None:
        wanted = claim.lap if claim.lap is not None else claim.value
        fair = any(abs(lap - wanted) <= LAP_OFF for lap in laps)
        return judged(fair, laps, reason, row)
    if not isinstance(claim.value, (int, float)) or isinstance(claim.value, bool):
        if claim.value in (True, False, None):
            return judged(bool(laps) == (claim.value is not False), len(laps), reason, row)
        raise cannot_tell("the claim does not say how many stops, or when")
    counts = _counts(history, event, entity)
    if rival is not None:
        counts = {one - two for one in counts for two in _counts(history, event, rival)}
    fair = any(agrees_with(claim, count) for count in counts)
    return judged(fair, min(counts), reason, row)


def stop_laps(history: History, event: Event, entity: Entity) -> list[int]:
    """Laps on which a driver came in."""
    return [stop.lap for stop in _stops(history, event, entity) if stop.lap is not None]


def stops_row(history: History, event: Event, entity: Entity, laps: list[int]) -> dict[str, object]:
    """Row of evidence of a driver's stops."""
    code = history.code(event.season, entity.id)
    return {"table": "pit_stops", "season": event.season, "round": event.round, "driver": code,
            "laps": laps}  # fmt: skip


def _stops(history: History, event: Event, entity: Entity) -> tuple[PitStop, ...]:
    """Stops as reported; where none of the race are, as timed."""
    stops = history.pit_stops(event.season, event.round, entity.id)
    return timed_stops(history, event, entity) if stops is None else stops


def timed_stops(history: History, event: Event, entity: Entity) -> tuple[PitStop, ...]:
    """Visits to the pit lane in the timing of the race."""
    race = timing_of(event, history)
    if race.pit_visits.is_empty():
        raise cannot_tell(f"pit stops of the {event.full_name} are not stored")
    visits = race.pit_visits.filter(car=history.code(event.season, entity.id)).sort("lap")
    return tuple(
        PitStop(stop, lap, duration.total_seconds() if duration else None)
        for stop, (lap, duration) in enumerate(visits["lap", "duration"].rows(), 1)
    )


def _counts(history: History, event: Event, entity: Entity) -> set[int]:
    """How many stops, with and without those on the way into a stoppage of the race."""
    stops = _stops(history, event, entity)
    stopped = {stop.lap for stop in stops if (stop.duration_s or 0.0) > STOPPAGE_S}
    near = {lap - before for lap in stopped if lap is not None for before in (0, 1)}
    served = [stop for stop in stops if stop.lap not in near]
    return {len(stops), len(served)}


TYPE = ClaimType(
    name="pit_stop",
    says="Somebody stopped so often, or on that lap.",
    about=("driver",),
    judge=judge,
    value="number",
    units=("stops", "lap"),
    words={"lap": "stopped on that lap", "": "{value} stops"},
)
