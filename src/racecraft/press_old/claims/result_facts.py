"""Facts of one result: points of the race, number of the car, fastest lap, taking part at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.wording import did, number
from racecraft.press_old.agree import agrees, agrees_with
from racecraft.press_old.asked import (
    cannot_tell,
    other,
    result_of,
    results_of,
    run_event,
    subject,
)
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Entity, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the row of the results."""
    entity = subject(claim, 0, "driver", "team")
    match claim.claim_type:
        case "race_points":
            return _points(claim, record, entity)
        case "car_number":
            row = result_of(claim, record, entity)
            driver = record.drivers.get(entity.id)
            fair = claim.value in (row.number, driver.number if driver else None)
            reason = f"{entity.name} raced with number {row.number}."
            return judged(fair, row.number, reason, row.evidence("number"))
        case "entry":
            return _entry(claim, record, entity)
        case _:
            return _fastest_lap(claim, record, entity)


def _points(claim: Claim, record: History, entity: Entity) -> Verdict:
    """Points of the race; with a sprint, those of the whole weekend are as fair."""
    rows = results_of(claim, record, entity)
    race = sum(row.points for row in rows)
    event = run_event(claim, record)
    sprint = [
        row
        for row in record.results(event.season, event.round, "sprint")
        if row.driver_id in {each.driver_id for each in rows}
    ]
    totals = [race, race + sum(row.points for row in sprint)] if sprint else [race]
    fair = [total for total in totals if agrees_with(claim, total)]
    reason = f"{entity.name} scored {number(race)} points in the {event.full_name}."
    return judged(bool(fair), (fair or totals)[0], reason, *rows)


def _entry(claim: Claim, record: History, entity: Entity) -> Verdict:
    event = run_event(claim, record)
    rows = record.results(event.season, event.round)
    row = next((each for each in rows if entity.id in (each.driver_id, each.team_id)), None)
    took_part = row is not None and row.started
    if row is not None:
        return judged(
            took_part == (claim.value is not False), took_part, f"{did(row, record)}.", row
        )
    reason = f"{entity.name} took no part in the {event.full_name}."
    return judged(claim.value is False, False, reason, event)


def _fastest_lap(claim: Claim, record: History, entity: Entity) -> Verdict:
    event = run_event(claim, record)
    best = record.fastest(event.season, event.round)
    if best is None or best.fastest_lap_s is None:
        raise cannot_tell(f"fastest laps of the {event.full_name} are not known")
    rows = results_of(claim, record, entity)
    own = best in rows
    reason = (
        f"The fastest lap of the {event.full_name} was {record.name(best.driver_id)}'s: "
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
    second = result_of(claim, record, rival) if rival else None
    if second is None:
        timed = [row for row in record.results(*event.key) if row.fastest_lap_s and row != mine]
        second = min(timed, key=lambda row: row.fastest_lap_s or 0.0)
    if mine.fastest_lap_s is None or second.fastest_lap_s is None:
        raise cannot_tell("one of them has no fastest lap")
    gap = round(second.fastest_lap_s - mine.fastest_lap_s, 3)
    return judged(agrees(claim.value, gap, hedge=claim.hedge), gap, reason, shown)
