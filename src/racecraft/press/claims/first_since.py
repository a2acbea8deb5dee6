"""The first of its kind: a maiden win, or the first one since another time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.history.careers import Past, done, of_nation, pasts, races, venues, whole
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, championship, run_event, subject
from racecraft.press.judging.tolerance import agrees
from racecraft.press.judging.verdict import judged, unknown
from racecraft.press.wording import did

if TYPE_CHECKING:
    from racecraft.history.careers import Key
    from racecraft.history.results import History
    from racecraft.history.rows import Event, Result
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

YEAR = 365.25


def judge(claim: Question, history: History) -> Verdict:
    """Find the last time before the event, and whether it was done at the event at all."""
    if claim.details.get("complex"):
        raise cannot_tell("what was done for the first time is not one thing that is counted")
    if claim.subjects and claim.subjects[0].kind in ("event", "circuit"):
        return _event_again(claim, history)
    if claim.unit in ("title", "titles"):
        return _title(claim, history, run_event(claim, history))
    event = run_event(claim, history)
    if claim.unit in ("lead", "leads"):
        return _lead(claim, history, event)
    seen = [_judge(claim, history, past, event) for past in _pasts(claim, history, event.key)]
    best = next((each for each in seen if each.verdict == "supported"), seen[0])
    later = _later(claim, history) if claim.value == "last" else None
    if best.verdict == "supported" and later is not None:
        return unknown(f"{claim.subject} did so again later: {did(later, history)}.")
    return best


def _later(claim: Question, history: History) -> Result | None:
    """A later time than the one that is told as the last, before the latest race of the day."""
    season, latest = _told(claim).get("season"), history.latest(claim.day) if claim.day else None
    if season is None or latest is None:
        return None
    rows = [
        row for past in _pasts(claim, history, latest.key)
        for row in done(past, claim.unit or "wins", history)
    ]  # fmt: skip
    return next((row for row in rows if row.season > season and row.key < latest.key), None)


def _judge(claim: Question, history: History, past: Past, event: Event) -> Verdict:
    name = claim.subject or "nobody"
    unit = claim.unit or "wins"
    deeds = done(past, unit, history)
    if claim.details.get("of_season"):
        deeds = tuple(row for row in deeds if row.season == event.season)
    before = [row for row in deeds if row.key < event.key]
    today = [row for row in deeds if row.key == event.key]
    rows = [*before[-1:], *today[:1]]
    if claim.details.get("maiden") or claim.value == "maiden":
        first = f"the first was that {did(deeds[0], history)}" if deeds else "there was none"
        reason = f"{name}: {first}."
        if not today:
            return unknown(f"{reason} The claim may be about another race.")
        return judged(not before, _when(deeds[0]), reason, *rows)
    if claim.value == "last" and today and _fits(claim, history, today[-1], event, 0):
        return judged(True, _when(today[-1]), f"{name} did so when {did(today[-1], history)}.")
    if not before:
        return judged(False, None, f"{name} had no {unit} before that.", *rows)
    last = before[-1]
    since = races(row for row in past.rows if row.key > last.key)
    fits = _fits(claim, history, last, event, since)
    fair = fits and (bool(today) or bool(claim.details.get("negative")))
    if fits and not today and not claim.details.get("negative"):
        return unknown(f"{name} did so last when {did(last, history)}, and not in this race.")
    reason = f"{name} had done so before when {did(last, history)}, {since} races earlier."
    return judged(fair, _when(last), reason, *rows)


def _fits(claim: Question, history: History, last: Result, event: Event, since: int) -> bool:
    """Whether the time that it was done last is the one that the claim gives, in any way."""
    told = _told(claim)
    if isinstance(claim.value, dict):
        told = {**claim.value, **told}
    checks = []
    if told.get("season"):
        checks.append(told["season"] == last.season)
    if told.get("round"):
        checks.append(told["round"] == last.round)
    years = claim.details.get("years")
    if years:
        checks.append(years in _years(history, last, event))
    if number := claim.details.get("races"):
        near = (since, since - 1)
        checks.append(any(agrees(number, count, hedge=claim.hedge) for count in near))
    if place := told.get("place"):
        checks.append(any(last.key in keys for keys in venues(history, place, event.key)))
    if not checks:
        raise cannot_tell("the claim does not say since when")
    return all(checks)


def _told(claim: Question) -> dict[str, Any]:
    """Season, and perhaps round, of the last time as the claim tells it."""
    since = claim.details.get("since")
    return {"season": since} if isinstance(since, int) else dict(since or {})


def _years(history: History, last: Result, event: Event) -> set[int]:
    """Years since, as one may count them: by the calendar, or full ones."""
    found = {event.season - last.season}
    then = history.event(*last.key)
    if then and then.date and event.date:
        years = (event.date - then.date).days / YEAR
        found |= {int(years), round(years)}
    return found


def _lead(claim: Question, history: History, event: Event) -> Verdict:
    """Whether he leads the championship alone after the event, and did not earlier this season."""
    entity = subject(claim, 0, "driver", "team")
    kind = championship(entity)
    led = []
    for each in history.calendar(event.season):
        rows = history.standings(event.season, each.round, kind=kind)[:2]
        alone = len(rows) < 2 or rows[0].points > rows[1].points
        if each.round <= event.round and rows and rows[0].id == entity.id and alone:
            led.append(each)
    first = led[0] if led else None
    told = f"first led after the {first.full_name}" if first else "did not lead"
    return judged(
        first == event, first.round if first else None, f"{entity.name} {told}.", *led[:1]
    )


def _title(claim: Question, history: History, event: Event) -> Verdict:
    """The first title of all, or the first one since another season."""
    entity = subject(claim, 0, "driver", "team")
    whole(history, entity)
    champions = history.champions if entity.kind == "driver" else history.team_champions
    won = [year for year, who in champions.items() if who == entity.id]
    before = [year for year in won if year < event.season]
    last = before[-1] if before else None
    since = _told(claim)
    wanted = since.get("season")
    if wanted is None and (years := claim.details.get("years")):
        wanted = event.season - int(years)
    fair = event.season in won and last == wanted
    row = {"table": "champions", "champion": entity.name, "seasons": won}
    return judged(fair, last, f"{entity.name} was champion in {won or 'no season'}.", row)


def _event_again(claim: Question, history: History) -> Verdict:
    """The first race at a circuit or of a name since another year."""
    key = (claim.season or 0, claim.round or 0)
    event = history.event(*key)
    if event is None:
        raise cannot_tell("the claim does not say of which race it is")
    same = [
        [each for each in history.events if each.circuit == event.circuit and each.key < key],
        [each for each in history.events if each.name == event.name and each.key < key],
    ]
    since = _told(claim)
    for before in same:
        last = before[-1] if before else None
        if claim.details.get("maiden") and last is None:
            return judged(True, None, f"There was none before the {event.full_name}.", event)
        gap = event.season - last.season if last else None
        if last and (since.get("season") == last.season or claim.details.get("years") == gap):
            return judged(True, last.season, f"The last one was the {last.full_name}.", last)
    last = same[0][-1] if same[0] else None
    told = f"The last one there was the {last.full_name}." if last else "There was none before."
    return judged(False, last.season if last else None, told, event)


def _when(row: Result) -> dict[str, int]:
    return {"season": row.season, "round": row.round}


def _pasts(claim: Question, history: History, now: Key) -> list[Past]:
    """Results among which to look, once for each reading of the team and of the venue."""
    entity = subject(claim, 0, "driver", "team", "nation")
    nation = claim.details.get("nation")
    if nation and entity.kind == "driver":
        people = of_nation(history, nation.id)
        found = [Past(tuple(r for r in history.of_all if r.driver_id in people and r.key <= now))]
    else:
        whole(history, entity, claim.unit)
        found = list(pasts(history, entity, now))
    if team := claim.details.get("team"):
        found = [Past(tuple(r for r in past.rows if r.team_id == team.id)) for past in found]
    if first := claim.details.get("season"):
        found = [past.since(first=(int(first), 0)) for past in found]
    if place := claim.details.get("place"):
        at = venues(history, None if place is True else place, now)
        found = [past.at(keys) for past in found for keys in at]
    return found


TYPE = ClaimType(
    name="first_since",
    says="Somebody has done something for the first time, or for the first time since.",
    about=("driver", "team", "nation", "event"),
    judge=judge,
    value="any",
    units=("wins", "podiums", "poles", "front rows", "points finishes", "lead", "titles"),
    details={
        "maiden": "it is the first one of all",
        "since": "season, and perhaps round, of the last time",
        "years": "years since the last time",
        "races": "races since the last time",
        "place": "at that venue alone; true for that of the event",
        "season": "in that season alone",
        "nation": "by anybody of that country",
        "team": "for that team",
        "negative": "it has not been done today either",
    },
    words={
        "first": "the first one since",
        "last": "the last one",
        "maiden": "the first one ever",
        "": "the first one since: {value}",
    },  # fmt: skip,
)
