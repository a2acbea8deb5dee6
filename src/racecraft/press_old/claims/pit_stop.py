"""How often somebody stopped, or on which lap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.rows import PitStop
from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import cannot_tell, other, run_event, subject, timing_of
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Event
    from racecraft.press_old.claim import Claim, Entity, Verdict

LAP_OFF = 1  # articles count the lap begun, tables the laps completed
STOPPAGE_S = 300.0  # nobody is serviced for so long: the race was stopped


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the stops; those during a stoppage of the race may be counted or not."""
    entity = subject(claim, 0, "driver")
    event = run_event(claim, record)
    laps = stop_laps(record, event, entity)
    rival = other(claim)
    row = stops_row(record, event, entity, laps)
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
    counts = _counts(record, event, entity)
    if rival is not None:
        counts = {one - two for one in counts for two in _counts(record, event, rival)}
    fair = any(agrees_with(claim, count) for count in counts)
    return judged(fair, min(counts), reason, row)


def stop_laps(record: History, event: Event, entity: Entity) -> list[int]:
    """Laps on which a driver came in."""
    return [stop.lap for stop in _stops(record, event, entity) if stop.lap is not None]


def stops_row(record: History, event: Event, entity: Entity, laps: list[int]) -> dict[str, object]:
    """Row of evidence of a driver's stops."""
    code = record.code(event.season, entity.id)
    return {"table": "pit_stops", "season": event.season, "round": event.round, "driver": code,
            "laps": laps}  # fmt: skip


def _stops(record: History, event: Event, entity: Entity) -> tuple[PitStop, ...]:
    """Stops as reported; where none of the race are, as timed."""
    stops = record.pit_stops(event.season, event.round, entity.id)
    return timed_stops(record, event, entity) if stops is None else stops


def timed_stops(record: History, event: Event, entity: Entity) -> tuple[PitStop, ...]:
    """Visits to the pit lane in the timing of the race."""
    race = timing_of(event, record)
    if race.pit_visits.is_empty():
        raise cannot_tell(f"pit stops of the {event.full_name} are not stored")
    visits = race.pit_visits.filter(car=record.code(event.season, entity.id)).sort("lap")
    return tuple(
        PitStop(stop, lap, duration.total_seconds() if duration else None)
        for stop, (lap, duration) in enumerate(visits["lap", "duration"].rows(), 1)
    )


def _counts(record: History, event: Event, entity: Entity) -> set[int]:
    """How many stops, with and without those on the way into a stoppage of the race."""
    stops = _stops(record, event, entity)
    stopped = {stop.lap for stop in stops if (stop.duration_s or 0.0) > STOPPAGE_S}
    near = {lap - before for lap in stopped if lap is not None for before in (0, 1)}
    served = [stop for stop in stops if stop.lap not in near]
    return {len(stops), len(served)}
