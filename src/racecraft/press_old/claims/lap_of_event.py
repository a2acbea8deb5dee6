"""On which lap something happened: a pass, a stop, a retirement, a place held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.order.gaps import order
from racecraft.analysis.order.overtakes import overtakes
from racecraft.press.wording import did, ordinal
from racecraft.press_old.asked import cannot_tell, other, result_of, run_event, subject, timing_of
from racecraft.press_old.claims.pit_stop import stop_laps, stops_row
from racecraft.press_old.verdict import judged, unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.press_old.claim import Claim, Entity, Verdict

LAP_OFF = 1  # articles count the lap begun, tables the laps completed
NOT_PASSES = ("retirement", "classification")


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the laps it happened on, one lap more or less."""
    entity = subject(claim, 0, "driver")
    rival = other(claim)
    kind = claim.scope.get("kind") or ("overtake" if rival else "position")
    match kind:
        case "retirement":
            return _retirement(claim, record, entity)
        case "pit":
            event = run_event(claim, record)
            laps = stop_laps(record, event, entity)
            row = stops_row(record, event, entity, laps)
            return _near(claim, laps, f"{entity.name} stopped on laps {_listed(laps)}.", row)
        case "overtake" if rival is not None:
            return _overtake(claim, record, entity, rival)
        case "lead":
            return _position(claim, record, entity, 1)
        case "position" if claim.scope.get("position"):
            return _position(claim, record, entity, int(claim.scope["position"]))
    raise cannot_tell("what happened on that lap is not in the data")


def _retirement(claim: Claim, record: History, entity: Entity) -> Verdict:
    row = result_of(claim, record, entity)
    lap = (row.laps or 0) + 1
    if row.finished:
        return judged(False, None, f"{did(row, record)}.", row.evidence("laps", "status"))
    fair = claim.lap is None or abs(lap - claim.lap) <= LAP_OFF
    return judged(fair, lap, f"{did(row, record)}.", row.evidence("laps", "status"))


def _overtake(claim: Claim, record: History, entity: Entity, rival: Entity) -> Verdict:
    race = timing_of(run_event(claim, record), record, claim.session)
    pair = [_code(record, race, each) for each in (entity, rival)]
    rows = overtakes(race).filter(
        pl.col("passer") == pair[0],
        pl.col("passed") == pair[1],
        ~pl.col("kind").is_in(NOT_PASSES),
    )
    laps = rows["lap"].to_list()
    if not laps:
        return unknown(f"{entity.name} is not seen to pass {rival.name} at any timing line.")
    reason = f"{entity.name} passed {rival.name} on laps {_listed(laps)}."
    columns = ["lap", "line", "passer", "passed", "kind"]
    shown = [{"table": "overtakes", **row} for row in rows.select(columns).to_dicts()]
    return _near(claim, laps, reason, *shown)


def _near(claim: Claim, laps: list[int], reason: str, *rows: dict[str, object]) -> Verdict:
    if claim.lap is None:
        return judged(bool(laps), laps, reason, *rows)
    fair = any(abs(lap - claim.lap) <= LAP_OFF for lap in laps)
    return judged(fair, laps, reason, *rows)


def _position(claim: Claim, record: History, entity: Entity, place: int) -> Verdict:
    """Places are known at the end of laps; in between, a car may have been anywhere."""
    race = timing_of(run_event(claim, record), record, claim.session)
    code = _code(record, race, entity)
    laps = race.crossings["lap"].max()
    last = int(laps) if isinstance(laps, int) else 0
    asked = range(1, last + 1) if claim.lap is None else range(claim.lap - 1, claim.lap + 2)
    held = {
        lap: position
        for lap in asked
        if 1 <= lap <= last
        for position in order(race, lap=lap).filter(car=code)["position"]
    }
    if claim.lap == 1:
        grid = result_of(claim, record, entity).grid
        held |= {0: grid} if grid else {}
    fair = [lap for lap, position in held.items() if position == place]
    rows = [
        {"table": "order", "lap": lap, "driver": code, "position": held[lap]}
        for lap in (fair or list(held))[:3]
    ]
    if not fair and claim.lap is None:
        return unknown(f"{entity.name} was not {ordinal(place)} at the end of any lap.")
    places = {lap: ordinal(position) for lap, position in held.items() if lap}
    if not fair and abs(min(held.values(), key=lambda p: abs(p - place), default=99) - place) == 1:
        return unknown(f"{entity.name} was {places} at the end of laps; in between is not known.")
    told = ", ".join(f"{where} at the end of lap {lap}" for lap, where in list(places.items())[:3])
    return judged(bool(fair), held.get(claim.lap or 0), f"{entity.name} was {told}.", *rows)


def _code(record: History, race: Race, entity: Entity) -> str:
    code = record.code(race.season, entity.id)
    if code is None or code not in set(race.crossings["car"]):
        raise cannot_tell(f"{entity.name} was not timed in the {race.season} {race.name}")
    return code


def _listed(laps: list[int]) -> str:
    return ", ".join(map(str, laps)) or "none"
