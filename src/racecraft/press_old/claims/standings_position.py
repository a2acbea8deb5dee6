"""Which place somebody has in the championship, and how many places lie between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.wording import number, ordinal
from racecraft.press_old.asked import (
    cannot_tell,
    championship,
    moments,
    other,
    standing_of,
    subject,
    when_words,
)
from racecraft.press_old.claims.points_total import row_of
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.history.rows import Standing
    from racecraft.press_old.claim import Claim, Entity, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the place; level on points counts as sharing it."""
    entity = subject(claim, 0, "driver", "team")
    if claim.claim_type == "standings_places_between":
        return _between(claim, record, entity)
    seen = [(each, standing_of(record, entity, each)) for each in moments(claim, record)]
    fair = [each for each in seen if _is(claim.value, _places(record, entity, *each))]
    moment, row = (fair or seen)[0]
    place = ordinal(row.position) if row.position else "not placed"
    reason = (
        f"{entity.name} was {place} with {number(row.points)} points {when_words(record, moment)}."
    )
    return judged(bool(fair), row.position, reason, row_of(record, entity, moment, row))


def _places(
    record: History, entity: Entity, moment: tuple[int, int, Moment], row: Standing
) -> frozenset[int]:
    """Places that can be said to be his: his own and those of whoever has as many points."""
    season, round_, when = moment
    rows = record.standings(season, round_, kind=championship(entity), when=when)
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


def _between(claim: Claim, record: History, entity: Entity) -> Verdict:
    rival = other(claim)
    if rival is None:
        raise cannot_tell("the claim does not say between whom")
    moment = next(iter(moments(claim, record)))
    first, second = (standing_of(record, one, moment) for one in (entity, rival))
    if first.position is None or second.position is None:
        raise cannot_tell("one of them is not placed in the standings")
    places = second.position - first.position
    reason = (
        f"{entity.name} was {ordinal(first.position)} and {rival.name} "
        f"{ordinal(second.position)} {when_words(record, moment)}."
    )
    rows = (row_of(record, entity, moment, first), row_of(record, rival, moment, second))
    return judged(places == claim.value, places, reason, *rows)
