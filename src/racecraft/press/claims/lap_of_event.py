"""On which lap something happened: a pass, a stop, a retirement, a place held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.claims.pit_stop import stop_laps, stops_row
from racecraft.press.judging.look_ups import (
    cannot_tell,
    other,
    result_of,
    run_event,
    subject,
    timing_of,
)
from racecraft.press.judging.verdict import judged, unknown
from racecraft.press.wording import did, ordinal

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

LAP_OFF = 1  # articles count the lap begun, tables the laps completed
NOT_PASSES = ("retirement", "classification")


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the laps it happened on, one lap more or less."""
    entity = subject(claim, 0, "driver")
    rival = other(claim)
    kind = claim.details.get("kind") or ("overtake" if rival else "position")
    match kind:
        case "retirement":
            return _retirement(claim, history, entity)
        case "pit":
            event = run_event(claim, history)
            laps = stop_laps(history, event, entity)
            row = stops_row(history, event, entity, laps)
            return _near(claim, laps, f"{entity.name} stopped on laps {_listed(laps)}.", row)
        case "overtake" if rival is not None:
            return _overtake(claim, history, entity, rival)
        case "lead":
            return _position(claim, history, entity, 1)
        case "position" if claim.details.get("position"):
            return _position(claim, history, entity, int(claim.details["position"]))
    raise cannot_tell("what happened on that lap is not in the data")


def _retirement(claim: Question, history: History, entity: Entity) -> Verdict:
    row = result_of(claim, history, entity)
    lap = (row.laps or 0) + 1
    if row.finished:
        return judged(False, None, f"{did(row, history)}.", row.evidence("laps", "status"))
    fair = claim.lap is None or abs(lap - claim.lap) <= LAP_OFF
    return judged(fair, lap, f"{did(row, history)}.", row.evidence("laps", "status"))


def _overtake(claim: Question, history: History, entity: Entity, rival: Entity) -> Verdict:
    import polars as pl

    from racecraft.analysis.order.overtakes import overtakes

    race = timing_of(run_event(claim, history), history, claim.session)
    pair = [_code(history, race, each) for each in (entity, rival)]
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


def _near(claim: Question, laps: list[int], reason: str, *rows: dict[str, object]) -> Verdict:
    if claim.lap is None:
        return judged(bool(laps), laps, reason, *rows)
    fair = any(abs(lap - claim.lap) <= LAP_OFF for lap in laps)
    return judged(fair, laps, reason, *rows)


def _position(claim: Question, history: History, entity: Entity, place: int) -> Verdict:
    """Places are known at the end of laps; in between, a car may have been anywhere."""
    from racecraft.analysis.order.gaps import order

    race = timing_of(run_event(claim, history), history, claim.session)
    code = _code(history, race, entity)
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
        grid = result_of(claim, history, entity).grid
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


def _code(history: History, race: Race, entity: Entity) -> str:
    code = history.code(race.season, entity.id)
    if code is None or code not in set(race.crossings["car"]):
        raise cannot_tell(f"{entity.name} was not timed in the {race.season} {race.name}")
    return code


def _listed(laps: list[int]) -> str:
    return ", ".join(map(str, laps)) or "none"


TYPE = ClaimType(
    name="lap_of_event",
    says="Something happened on a lap: a pass, a stop, a retirement, a place held.",
    about=("driver",),
    judge=judge,
    pair=True,
    value="any",
    details={"kind": "overtake, pit, retirement, lead or position", "position": "the place held"},
    words={
        "led": "led on that lap",
        "passed": "passed on that lap",
        "retired": "out on that lap",
        "stopped": "stopped on that lap",
        "": "lap {value}",
    },  # fmt: skip,
)
