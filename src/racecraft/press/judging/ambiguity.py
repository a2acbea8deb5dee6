"""What a claim may mean: its open parts tried one after the other, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from racecraft.press.claim import UNKNOWN_SEASON
from racecraft.press.judging.question import Question
from racecraft.press.judging.roles import who_is

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from racecraft.history.results import History
    from racecraft.press.claim import Claim, Entity, EventRef, Moment, Session, Slot
    from racecraft.press.reading.roster_names import RosterNames

Key = tuple[int, int]
MOST = 24  # meanings of one claim that are tried
ABSENT = 0.2  # weight of whoever raced in another year, where a pronoun may mean somebody else
LIGHT = 0.02  # weight below which a meaning is not worth a look
# Claims about standings or a count hold at a moment, which often is not said.
AT_A_MOMENT = frozenset(
    (
        "points_total", "points_gap", "standings_position", "standings_places_between",
        "title_math", "career_count", "season_count", "venue_count", "streak", "ranking",
        "calendar",
    )
)  # fmt: skip
# Figures of standings, which a report tells as they were before its race as well as after it.
FIGURES = frozenset(("points_gap", "points_total"))
EITHER = 0.35  # weight of a figure from before the race, and of a place in the other race of a day
IN_A_SESSION = frozenset(("finish_position", "relative_order", "podium"))
# Claims that need no race: where none is named, the whole season or career is meant.
WITHOUT_A_RACE = frozenset(
    (
        "age", "nationality", "date_of_birth", "titles", "career_count", "ranking", "debut_season",
        "team", "season_count", "birthplace",
    )
)  # fmt: skip

TIMELESS = frozenset(("nationality", "date_of_birth", "birthplace"))


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a claim may mean, and how likely, from what was read alone."""

    question: Question
    weight: float
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What all claims of an article share: its race (surely or not), its day, known names.

    ``table`` is the race after which its standings are, where that is another one; ``ahead`` is
    set where nothing is told of the race itself, as in a preview of the morning.
    """

    history: History
    names: RosterNames
    event: Key | None
    day: date | None
    sure: bool = True
    table: Key | None = None
    ahead: bool = False


def meanings(claim: Claim, setting: Setting) -> tuple[Meaning, ...]:
    """Everything that a claim may mean, the likeliest first; empty where nobody can be meant.

    The direction of a pair is never tried the other way round.
    """
    if claim.scope.season.value == UNKNOWN_SEASON and claim.claim_type not in TIMELESS:
        return ()
    found: list[Meaning] = []
    for event, of_event in _events(claim, setting):
        for season, of_season in _seasons(claim, setting, event):
            found += _in(claim, setting, event, season, of_event * of_season)
    best: dict[tuple[Any, ...], Meaning] = {}
    for each in found:
        q = each.question
        key = (q.subjects, q.season, q.round, q.session, q.moment)
        if key not in best or best[key].weight < each.weight:
            best[key] = each
    ranked = sorted(best.values(), key=lambda each: -each.weight)[:MOST]
    return tuple(each for each in ranked if each.weight >= LIGHT * ranked[0].weight)


def _in(
    claim: Claim, setting: Setting, event: Key | None, season: int | None, weight: float
) -> Iterator[Meaning]:
    """Meanings at one event: who, in which session, at what moment."""
    reported = bool(claim.features.get("reported"))
    slots = [
        list(_people(slot, setting, event, season, reported=reported)) for slot in claim.subjects
    ]
    for chosen in product(*slots):
        if len({entity for entity, _ in chosen}) < len(chosen):
            continue
        who = 1.0
        for _, each in chosen:
            who *= each
        for session, of_session in _sessions(claim, setting, event):
            for moment, of_moment in _moments(claim, setting, event):
                question = _question(claim, setting, [one for one, _ in chosen], event, season)
                yield Meaning(
                    replace(question, session=session, moment=moment),
                    weight * who * of_session * of_moment,
                )


def _question(
    claim: Claim, setting: Setting, who: list[Entity], event: Key | None, season: int | None
) -> Question:
    return Question(
        claim_type=claim.claim_type,
        subjects=tuple(who),
        relation=claim.relation,
        value=claim.value,
        unit=claim.unit,
        hedge=claim.hedge,
        season=event[0] if event else season,
        round=event[1] if event else None,
        lap=claim.scope.lap or _from_the_end(claim, setting, event),
        polarity=claim.polarity,
        details=claim.details,
        day=setting.day,
    )


def _from_the_end(claim: Claim, setting: Setting, event: Key | None) -> int | None:
    """Lap that is told from the end: "with three laps to go"."""
    held = setting.history.event(*event) if event else None
    to_go = claim.details.get("to_go")
    return held.laps - to_go if held and held.laps and to_go is not None else None


def _people(
    slot: Slot[Entity], setting: Setting, event: Key | None, season: int | None, *, reported: bool
) -> Iterator[tuple[Entity, float]]:
    """Who may be meant; a role is whoever had it at the event.

    Of what somebody is reported to have said, "he" is rather a driver than who is speaking.
    """
    for entity, weight in ((slot.value, 1.0), *slot.others):
        if entity.kind != "role":
            absent = (
                reported and slot.bound == "pronoun" and not _raced(entity, setting.history, event)
            )
            yield entity, weight * ABSENT if absent else weight
        elif meant := who_is(entity, setting.history, event, season):
            yield meant, weight


def _raced(entity: Entity, history: History, event: Key | None) -> bool:
    """Whether somebody was entered in the season of an event, as whoever it is about must be."""
    if entity.kind != "driver" or event is None:
        return True
    return bool(history.roster.teams_of(entity.id, event[0]))


def _events(claim: Claim, setting: Setting) -> Iterator[tuple[Key | None, float]]:
    slot = claim.scope.event
    if then := _with_races_left(claim, setting):
        yield then, 2.0
    refs: Iterable[tuple[EventRef, float]] = ((slot.value, 1.0), *slot.others)
    for ref, weight in refs:
        yield from ((key, weight * each) for key, each in _keys(ref, claim, setting))


def _with_races_left(claim: Claim, setting: Setting) -> Key | None:
    """Race after which so many were left: "with two races to go he led by 17 points"."""
    left = claim.details.get("races_left")
    season = claim.scope.season.value or (setting.event[0] if setting.event else 0)
    if not left or claim.claim_type not in AT_A_MOMENT or season <= 0:
        return None
    rounds = [event.round for event in setting.history.calendar(season)]
    return (season, rounds[-left - 1]) if left < len(rounds) else None


def _keys(ref: EventRef, claim: Claim, setting: Setting) -> Iterator[tuple[Key | None, float]]:
    """Season and round that a reference may mean."""
    if ref.key:
        yield ref.key, 1.0
    elif ref.step is not None:
        for key, weight in _stepped(ref.step, claim, setting):
            if not ref.name or _is_called(ref.name, key, setting):
                yield key, weight
    elif ref.name:
        yield from _named(ref, claim, setting)
    else:
        if claim.claim_type in WITHOUT_A_RACE or _of_whole_season(claim):
            yield None, 1.0
        if setting.event and _may_be_of(claim, setting.event):
            yield setting.event, 0.5


def _is_called(name: str, key: Key | None, setting: Setting) -> bool:
    """Whether an event is one of that name: "in Bahrain a week earlier"."""
    return key is not None and any(event.key == key for event in setting.names.events(name, key[0]))


def _stepped(step: int, claim: Claim, setting: Setting) -> Iterator[tuple[Key | None, float]]:
    other_season = claim.scope.season.value not in (0, setting.event[0] if setting.event else 0)
    if other_season and claim.scope.season.bound != "assumed":
        yield None, 1.0
    elif step == 0 and setting.table and claim.claim_type in AT_A_MOMENT:
        yield setting.table, 1.0
        if setting.event:
            yield setting.event, 0.5
    elif setting.event:
        found = setting.history.step(*setting.event, step)
        if found:
            yield found.key, 1.0
    elif claim.claim_type in WITHOUT_A_RACE:
        yield None, 1.0


def _named(ref: EventRef, claim: Claim, setting: Setting) -> Iterator[tuple[Key | None, float]]:
    """Events of a name, in the season that is said or else in that of the article's race."""
    season = ref.season or claim.scope.season.value
    if not season and setting.event:
        season = setting.event[0]
    found = setting.names.events(ref.name, season) if season else ()
    own = [event for event in found if event.key == setting.event]
    for n, event in enumerate([*own, *(event for event in found if event not in own)]):
        yield event.key, 1.0 if n == 0 else 0.3


def _of_whole_season(claim: Claim) -> bool:
    return claim.scope.season.value != 0 and claim.claim_type in AT_A_MOMENT


def _may_be_of(claim: Claim, event: Key) -> bool:
    return claim.scope.season.value in (0, event[0])


def _seasons(
    claim: Claim, setting: Setting, event: Key | None
) -> Iterator[tuple[int | None, float]]:
    if event is not None:
        yield event[0], 1.0
        return
    slot = claim.scope.season
    for season, weight in ((slot.value, 1.0), *slot.others):
        if season:
            yield season, weight
        elif claim.claim_type in ("career_count", "ranking", "titles") and setting.day:
            yield None, weight
        else:
            yield (setting.event[0] if setting.event else None), weight


def _sessions(claim: Claim, setting: Setting, event: Key | None) -> Iterator[tuple[Session, float]]:
    slot = claim.scope.session
    said: Session = "sprint" if claim.claim_type == "sprint_position" else slot.value
    yield said, 1.0
    yield from slot.others
    if event is None or not setting.history.has_results(*event, "sprint"):
        return
    if slot.bound == "assumed" and said == "race" and claim.claim_type in IN_A_SESSION:
        yield "sprint", EITHER
    elif said == "sprint" and claim.claim_type in (*IN_A_SESSION, "grid_position"):
        yield "race", EITHER


def _moments(claim: Claim, setting: Setting, event: Key | None) -> Iterator[tuple[Moment, float]]:
    """At which moment it may be meant: where nothing says so, before a race that is to come."""
    slot = claim.scope.moment
    if slot.value not in ("unknown", "season so far"):
        yield slot.value, 1.0
        yield from slot.others
        return
    held = setting.history.event(*event) if event else None
    date = held.date if held else None
    same_day = date is not None and date == setting.day
    to_come = bool(date and setting.day and setting.day < date) or (same_day and setting.ahead)
    yield ("after" if slot.value == "unknown" else slot.value), 0.6 if to_come else 1.0
    yield from slot.others
    if claim.claim_type in AT_A_MOMENT:
        seldom = EITHER if claim.claim_type in FIGURES else 0.3 if same_day else 0.08
        yield "before", 1.0 if to_come else seldom
