"""The first of its kind: a maiden win, or the first one since another time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import Past, done, pasts, races, venues, whole
from racecraft.history.nations import same_country
from racecraft.press.wording import did
from racecraft.press_old.agree import agrees
from racecraft.press_old.asked import championship, run_event, subject
from racecraft.press_old.verdict import judged, unknown

if TYPE_CHECKING:
    from racecraft.history.careers import Key
    from racecraft.history.results import History
    from racecraft.history.rows import Event, Result
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Find the last time before the event, and whether it was done at the event at all."""
    event = run_event(claim, record)
    if claim.unit in ("lead", "leads"):
        return _lead(claim, record, event)
    if claim.unit in ("title", "titles"):
        return _title(claim, record, event)
    verdicts = [_judge(claim, record, past, event.key) for past in _pasts(claim, record, event.key)]
    return next((each for each in verdicts if each.verdict == "supported"), verdicts[0])


def _judge(claim: Claim, record: History, past: Past, now: Key) -> Verdict:
    name = claim.subject or "nobody"
    unit = claim.unit or "wins"
    deeds = done(past, unit, record)
    before = [row for row in deeds if row.key < now]
    today = [row for row in deeds if row.key == now]
    rows = [*before[-1:], *today[:1]]
    if claim.value == "maiden":
        first = f"the first was that {did(deeds[0], record)}" if deeds else "there was none"
        reason = f"{name}: {first}."
        if before and not today:
            return unknown(f"{reason} The claim may be about another race.")
        fair = bool(today) and not before
        return judged(fair, _when(deeds[0]) if deeds else None, reason, *rows)
    if not before:
        return judged(False, None, f"{name} had no {unit} before that.", *rows)
    last = before[-1]
    since = races(row for row in past.rows if row.key > last.key)
    fair = (bool(today) or bool(claim.scope.get("negative"))) and _fits(claim, last, since)
    reason = f"{name} had done so before when {did(last, record)}, {since} races earlier."
    return judged(fair, _when(last), reason, *rows)


def _lead(claim: Claim, record: History, event: Event) -> Verdict:
    """Whether he leads the championship alone after the event, and did not earlier this season."""
    entity = subject(claim, 0, "driver", "team")
    kind = championship(entity)
    led = []
    for each in record.calendar(event.season):
        rows = record.standings(event.season, each.round, kind=kind)[:2]
        alone = len(rows) < 2 or rows[0].points > rows[1].points
        if each.round <= event.round and rows and rows[0].id == entity.id and alone:
            led.append(each)
    first = led[0] if led else None
    told = f"first led after the {first.full_name}" if first else "did not lead"
    found = first.round if first else None
    return judged(first == event, found, f"{entity.name} {told}.", *led[:1])


def _title(claim: Claim, record: History, event: Event) -> Verdict:
    """The first title of all, or the first one since another season."""
    entity = subject(claim, 0, "driver", "team")
    whole(record, entity)
    champions = record.champions if entity.kind == "driver" else record.team_champions
    won = [year for year, who in champions.items() if who == entity.id]
    before = [year for year in won if year < event.season]
    last = before[-1] if before else None
    wanted = None if claim.value == "maiden" else claim.value
    wanted = wanted.get("season") if isinstance(wanted, dict) else wanted
    fair = event.season in won and last == wanted
    row = {"table": "champions", "champion": entity.name, "seasons": won}
    return judged(fair, last, f"{entity.name} was champion in {won or 'no season'}.", row)


def _fits(claim: Claim, last: Result, since: int) -> bool:
    wanted = claim.value if isinstance(claim.value, dict) else {"season": claim.value}
    if wanted.get("season") not in (None, True) and wanted["season"] != last.season:
        return False
    if wanted.get("round") is not None and wanted["round"] != last.round:
        return False
    number = claim.scope.get("races")
    if number is None:
        return True
    return any(agrees(number, count, hedge=claim.hedge) for count in (since, since - 1))


def _when(row: Result) -> dict[str, int]:
    return {"season": row.season, "round": row.round}


def _pasts(claim: Claim, record: History, now: Key) -> list[Past]:
    """Results among which to look, once for each reading of the team and of the venue."""
    nation = claim.scope.get("nationality")
    if nation:
        whole(record, claim.subjects[0])
        people = {
            each.driver_id
            for each in record.drivers.values()
            if same_country(each.nationality, getattr(nation, "name", nation))
        }
        rows = [
            row
            for event in record.events
            if event.key <= now
            for row in record.results(*event.key)
            if row.driver_id in people
        ]
        found = [Past(tuple(rows))]
    else:
        entity = subject(claim, 0, "driver", "team")
        whole(record, entity, claim.unit)
        found = list(pasts(record, entity, now))
    if first := claim.scope.get("season"):
        found = [past.since(first=(int(first), 0)) for past in found]
    if place := claim.scope.get("venue") or claim.scope.get("circuit"):
        at = venues(record, None if place is True else place, now)
        found = [past.at(keys) for past in found for keys in at]
    return found
