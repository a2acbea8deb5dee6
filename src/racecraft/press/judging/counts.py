"""How often somebody has done something: in a career, in a season, at a venue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import done, pasts, races, venues, whole
from racecraft.press.judging.look_ups import cannot_tell, season_of, subject
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.careers import Key, Past
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

SHOWN = 5  # rows of evidence of a long career


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the number up to and including the event, under either reading of a team."""
    entity = subject(claim, 0)
    if entity.kind in ("season", "event"):
        return _of_season(claim, history)
    until = until_of(claim, history)
    if claim.claim_type != "season_count":
        whole(history, entity, claim.unit)
    elif entity.kind == "driver" and _is_too_many(claim, history, until):
        raise cannot_tell(f"{until[0]} had fewer races: a career may be meant")
    if claim.unit.startswith("percent of "):
        return _share(claim, history, entity, until)
    if claim.unit == "points":
        return _points(claim, history, entity, _within(claim, history, entity, until))
    seen = [done(past, claim.unit, history) for past in _within(claim, history, entity, until)]
    counts = [_count(claim, rows) for rows in seen]
    fair = [place for place, count in enumerate(counts) if agrees_with(claim, count)]
    place = fair[0] if fair else 0
    where = {
        "career_count": "in all",
        "season_count": f"in {until[0]}",
        "venue_count": "there",
    }[claim.claim_type]
    reason = f"{entity.name} had {counts[place]} {claim.unit} {where} up to {told(history, until)}."
    return judged(bool(fair), counts[place], reason, *seen[place][-SHOWN:])


def _is_too_many(claim: Question, history: History, until: Key) -> bool:
    """Whether wins, podiums or poles are more than a season has races."""
    counted = claim.unit in ("wins", "podiums", "poles", "starts", "races")
    number = isinstance(claim.value, int | float)
    return counted and number and claim.value > len(history.calendar(until[0]))


def until_of(claim: Question, history: History) -> Key:
    """Last event that counts: that of the claim or the one before it, or the last one run."""
    if claim.season is None:
        event = history.latest(claim.day) if claim.day else None
        if event is None:
            raise cannot_tell("the claim does not say up to when")
        return event.key
    year = season_of(claim, history)
    rounds = [each.round for each in history.calendar(year) if history.has_results(*each.key)]
    if not rounds:
        raise cannot_tell(f"results of {year} are not stored", f"racecraft data add jolpica {year}")
    last = claim.round if claim.round is not None else rounds[-1]
    if claim.round is not None and claim.round not in rounds:
        raise cannot_tell(
            f"results of round {claim.round} of {year} are not stored",
            f"racecraft data add jolpica {year}",
        )
    return (
        (year, last - 1)
        if (claim.moment == "before" or claim.details.get("before"))
        else (year, last)
    )


def key_of(claim: Question) -> Key | None:
    """Season and round of the claim, if it has both."""
    return (claim.season, claim.round) if claim.season and claim.round else None


def told(history: History, until: Key) -> str:
    """The last event that counts, in words."""
    event = history.event(*until)
    return f"the {event.full_name}" if event else f"the start of {until[0]}"


def _within(claim: Question, history: History, entity: Entity, until: Key) -> list[Past]:
    """Results that count, once for each reading of the team and of the venue."""
    found = list(pasts(history, entity, until))
    if claim.claim_type == "season_count":
        return [past.since(first=(until[0], 0)) for past in found]
    if claim.claim_type == "venue_count":
        place = claim.details.get("place")
        place = None if place is True else place
        at = venues(history, place, key_of(claim) or until)
        return [past.at(keys) for past in found for keys in at]
    first = claim.details.get("since")
    return [past.since(first=tuple(first)) for past in found] if first else found


def _count(claim: Question, rows: tuple[Result, ...]) -> int:
    """How often; a race is started once, by a team of two cars or a driver who shared them."""
    return races(rows) if claim.unit in ("starts", "races", "grands prix") else len(rows)


def _points(claim: Question, history: History, entity: Entity, seen: list[Past]) -> Verdict:
    """Points scored in races and sprints; a round number may have been reached on the day."""
    totals = []
    for past in seen:
        rows = [*past.rows, *_sprints(history, past)]
        total = sum(row.points for row in rows)
        last = max((row.key for row in rows), default=(0, 0))
        totals.append((total, total - sum(row.points for row in rows if row.key == last)))
    fair = [
        total
        for total, before in totals
        if agrees_with(claim, total) or before < float(claim.value) <= total
    ]
    found = fair[0] if fair else totals[0][0]
    reason = f"{entity.name} had scored {found:g} points in races and sprints."
    return judged(bool(fair), found, reason, *seen[0].rows[-SHOWN:])


def _sprints(history: History, past: Past) -> list[Result]:
    """Sprint results of the same drivers at the same events."""
    return [
        sprint
        for row in past.rows
        for sprint in history.results(*row.key, "sprint")
        if sprint.driver_id == row.driver_id
    ]


def _share(claim: Question, history: History, entity: Entity, until: Key) -> Verdict:
    """Percent of all races of the season; of those run so far where the claim says so."""
    unit = claim.unit.removeprefix("percent of ")
    rows = done(pasts(history, entity, until)[0].since(first=(until[0], 0)), unit, history)
    races_run, calendar = until[1], len(history.calendar(until[0]))
    share = 100 * len(rows) / (races_run if claim.details.get("so_far") else calendar)
    reason = (
        f"{entity.name} had {len(rows)} {unit}, {races_run} of {calendar} races run: {share:.1f} %."
    )
    return judged(agrees_with(claim, share), share, reason, *rows[-SHOWN:])


def _of_season(claim: Question, history: History) -> Verdict:
    """How many different winners or winning teams a season has had."""
    until = until_of(claim, history)
    won = [
        row
        for event in history.calendar(until[0])
        if event.round <= until[1]
        for row in history.results(*event.key)
        if row.position == 1
    ]
    who = {
        "winners": [row.driver_id for row in won],
        "drivers": [row.driver_id for row in won],
        "teams": [row.team_id for row in won],
        "winning teams": [row.team_id for row in won],
    }.get(claim.unit)
    if who is None:
        raise cannot_tell(f"how many {claim.unit or 'of what'} a season had is not in the data")
    count = len(set(who))
    reason = f"{until[0]} had had {count} different {claim.unit} up to {told(history, until)}."
    return judged(agrees_with(claim, count), count, reason, *won[-SHOWN:])
