"""What a claim asks about, found in the record; or why it cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError
from racecraft.history.lineage import kin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.results import History, Moment
    from racecraft.history.rows import Event, Qualified, Result, Standing
    from racecraft.model.race import Race
    from racecraft.model.rulebook.rules import Championship
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question

LAP_TIMES_SINCE = 1996  # first season of which any public source has lap times
TIMING_SINCE = 2018  # first season of the live timing archive


def cannot_tell(reason: str, hint: str = "") -> NotEnoughDataError:
    """Error to raise where a claim cannot be checked: it becomes its verdict."""
    return NotEnoughDataError(reason, hint=hint)


def subject(claim: Question, at: int = 0, *kinds: str) -> Entity:
    """Whom or what the claim is about, known to the record and of one of these kinds."""
    if at >= len(claim.subjects):
        raise cannot_tell("the claim does not say whom it is about")
    entity = claim.subjects[at]
    if not entity.id:
        raise cannot_tell(f"{entity.name or 'the subject'} is not in the data")
    if kinds and entity.kind not in kinds:
        raise cannot_tell(f"{entity.name} is not a {' or a '.join(kinds)}")
    return entity


def other(claim: Question) -> Entity | None:
    """The second one that a claim is about, whether a subject or in its scope."""
    if len(claim.subjects) > 1:
        return subject(claim, 1)
    found: Entity | None = claim.details.get("other")
    return found


def season_of(claim: Question, history: History) -> int:
    """Season of the claim, which must be among those of the history."""
    entity = claim.subjects[0] if claim.subjects else None
    year = claim.season
    if entity and entity.kind in ("season", "event"):
        year = int(entity.id.partition("-")[0])
    if year is None:
        raise cannot_tell("the claim does not say of which season it is")
    if year not in history.seasons:
        raise cannot_tell(f"the season {year} is not stored", f"racecraft data add jolpica {year}")
    return year


def event_of(claim: Question, history: History) -> Event:
    """Event of the claim."""
    year, round_ = season_of(claim, history), claim.round
    entity = claim.subjects[0] if claim.subjects else None
    if entity and entity.kind == "event":
        round_ = int(entity.id.partition("-")[2])
    if round_ is None:
        raise cannot_tell("the claim does not say of which race it is")
    event = history.event(year, round_)
    if event is None:
        raise cannot_tell(f"{year} had no round {round_}")
    return event


def run_event(claim: Question, history: History) -> Event:
    """Event of the claim, whose results are known."""
    event = event_of(claim, history)
    if not history.has_results(event.season, event.round, _session(claim)):
        raise cannot_tell(
            f"results of the {event.full_name} are not stored",
            f"racecraft data add jolpica {event.season}",
        )
    return event


def results_of(claim: Question, history: History, entity: Entity) -> tuple[Result, ...]:
    """Results of a driver, or of the cars of a team, in the race or sprint of the claim."""
    event = run_event(claim, history)
    rows = history.results(event.season, event.round, _session(claim))
    if entity.kind == "team":
        ids = kin(entity.id, event.season)
        found = tuple(row for row in rows if row.team_id in ids)
    else:
        found = tuple(row for row in rows if row.driver_id == entity.id)
    if not found:
        raise cannot_tell(f"{entity.name} took no part in the {event.full_name}")
    return found


def result_of(claim: Question, history: History, entity: Entity) -> Result:
    """Result of a driver, or of the best car of a team."""
    return results_of(claim, history, entity)[0]


def qualified(claim: Question, history: History, entity: Entity) -> Qualified:
    """Place in qualifying of a driver, or of the better car of a team."""
    event = event_of(claim, history)
    rows = history.qualifying(event.season, event.round)
    if not rows:
        raise cannot_tell(
            f"qualifying of the {event.full_name} is not stored",
            f"racecraft data add jolpica {event.season}",
        )
    mine = {entity.id}
    if entity.kind == "team":
        ids = kin(entity.id, event.season)
        entries = history.results(event.season, event.round)
        mine = {row.driver_id for row in entries if row.team_id in ids}
    found = next((row for row in rows if row.driver_id in mine), None)
    if found is None:
        raise cannot_tell(f"{entity.name} is not in qualifying of the {event.full_name}")
    return found


def timing_of(event: Event, history: History, session: str = "race") -> Race:
    """Timing of the race, or what would fetch it."""
    race = history.race(event.season, event.round, session)
    if race is not None and not race.crossings.is_empty():
        return race
    hint = ""
    if event.season >= TIMING_SINCE:
        hint = f'racecraft data add fastf1 {event.season} "{event.name}"'
    elif event.season >= LAP_TIMES_SINCE:
        hint = "racecraft data add ergast FOLDER, with its lap times"
    raise cannot_tell(f"the timing of the {event.full_name} is not stored", hint)


def championship(entity: Entity) -> Championship:
    """Which championship it is a part of."""
    return "constructors" if entity.kind == "team" else "drivers"


def moments(claim: Question, history: History) -> Iterator[tuple[int, int, Moment]]:
    """Season, round and moment at which the standings may be meant, the likeliest first.

    Before a race with a sprint may be before the weekend or after the sprint.
    """
    year = season_of(claim, history)
    round_ = claim.round
    run = [e.round for e in history.calendar(year) if history.has_results(year, e.round)]
    if not run:
        raise cannot_tell(f"results of {year} are not stored", f"racecraft data add jolpica {year}")
    if round_ is None or claim.moment == "end of season":
        yield year, run[-1], "after"
    elif claim.moment == "before":
        yield year, round_, "before"
        if history.has_results(year, round_, "sprint"):
            yield year, round_, "sprint"
    elif claim.session == "sprint":
        yield year, round_, "sprint"
    elif round_ not in run:
        raise cannot_tell(
            f"results of round {round_} of {year} are not stored",
            f"racecraft data add jolpica {year}",
        )
    else:
        yield year, round_, "after"


def standing_of(history: History, entity: Entity, moment: tuple[int, int, Moment]) -> Standing:
    """Place and points of a driver or team at that moment."""
    season, round_, when = moment
    kind = championship(entity)
    rows = history.standings(season, round_, kind=kind, when=when)
    if not rows:
        raise cannot_tell(
            f"standings {when_words(history, moment)} cannot be known",
            f"racecraft data add jolpica {season}",
        )
    ids = kin(entity.id, season) if entity.kind == "team" else {entity.id}
    found = next((row for row in rows if row.id in ids), None)
    if found is None:
        raise cannot_tell(f"{entity.name} is not in the standings {when_words(history, moment)}")
    return found


def when_words(history: History, moment: tuple[int, int, Moment]) -> str:
    """A moment in words: ``after the 2023 São Paulo Grand Prix``."""
    season, round_, when = moment
    event = history.event(season, round_)
    name = event.full_name if event else f"round {round_} of {season}"
    at = {"after": "after the", "before": "before the", "sprint": "after the sprint of the"}
    return f"{at[when]} {name}"


def _session(claim: Question) -> str:
    return "sprint" if claim.session == "sprint" else "race"
