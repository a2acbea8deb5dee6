"""Which place somebody has in the championship, and how many places lie between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.claims.points_total import row_of
from racecraft.press.judging.look_ups import (
    cannot_tell,
    championship,
    moments,
    other,
    standing_of,
    subject,
    when_words,
)
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import number, ordinal

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.history.rows import Standing
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the place; level on points counts as sharing it."""
    entity = subject(claim, 0, "driver", "team")
    if claim.claim_type == "standings_places_between":
        return _between(claim, history, entity)
    seen = [(each, standing_of(history, entity, each)) for each in moments(claim, history)]
    fair = [each for each in seen if _is(claim.value, _places(history, entity, *each))]
    moment, row = (fair or seen)[0]
    place = ordinal(row.position) if row.position else "not placed"
    reason = (
        f"{entity.name} was {place} with {number(row.points)} points {when_words(history, moment)}."
    )
    return judged(bool(fair), row.position, reason, row_of(history, entity, moment, row))


def _places(
    history: History, entity: Entity, moment: tuple[int, int, Moment], row: Standing
) -> frozenset[int]:
    """Places that can be said to be his: his own and those of whoever has as many points."""
    season, round_, when = moment
    rows = history.standings(season, round_, kind=championship(entity), when=when)
    return frozenset(each.position for each in rows if each.position and each.points == row.points)


def _is(value: object, places: frozenset[int]) -> bool:
    match value:
        case int() | float():
            return value in places
        case "lead" | "leader":
            return 1 in places
        case str() if value.startswith("top "):
            return any(place <= int(value[4:]) for place in places)
        case "not lead":
            return 1 not in places or len(places) > 1
    raise cannot_tell("the standings tell places alone")


def _between(claim: Question, history: History, entity: Entity) -> Verdict:
    rival = other(claim)
    if rival is None:
        raise cannot_tell("the claim does not say between whom")
    moment = next(iter(moments(claim, history)))
    first, second = (standing_of(history, one, moment) for one in (entity, rival))
    if first.position is None or second.position is None:
        raise cannot_tell("one of them is not placed in the standings")
    places = second.position - first.position
    reason = (
        f"{entity.name} was {ordinal(first.position)} and {rival.name} "
        f"{ordinal(second.position)} {when_words(history, moment)}."
    )
    rows = (row_of(history, entity, moment, first), row_of(history, rival, moment, second))
    return judged(places == claim.value, places, reason, *rows)


TYPE = ClaimType(
    name="standings_position",
    says="Somebody has that place in the championship.",
    about=("driver", "team"),
    judge=judge,
    value="place",
    units=("place",),
    words="{place} in the championship",
    clue_to_event=True,
)
