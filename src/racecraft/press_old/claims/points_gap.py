"""How many points lie between two in the championship, or how far its leader is ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.wording import number
from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import (
    cannot_tell,
    championship,
    moments,
    other,
    standing_of,
    subject,
    when_words,
)
from racecraft.press_old.claim import Entity
from racecraft.press_old.claims.points_total import row_of
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the difference of their points; the one named first must be ahead."""
    entity = subject(claim, 0, "driver", "team")
    seen = [(each, *_gap(claim, record, entity, each)) for each in moments(claim, record)]
    if claim.scope.get("direction"):
        return _moved(claim, record, entity)
    level = claim.value in (0, "level")
    fair = [
        each
        for each in seen
        if (each[1] == 0 if level else agrees_with(claim, each[1]))
        and (each[1] >= 0 or claim.relation == "&")
    ]
    moment, gap, rival = (fair or seen)[0]
    first, second = (standing_of(record, one, moment) for one in (entity, rival))
    where = f"{'ahead of' if gap >= 0 else 'behind'} {rival.name}"
    reason = (
        f"{entity.name} was {number(abs(gap))} points {where} {when_words(record, moment)}: "
        f"{number(first.points)} to {number(second.points)}."
    )
    rows = (row_of(record, entity, moment, first), row_of(record, rival, moment, second))
    return judged(bool(fair), gap, reason, *rows)


def _gap(
    claim: Claim, record: History, entity: Entity, moment: tuple[int, int, Moment]
) -> tuple[float, Entity]:
    """Points ahead of the rival, and who that is: whoever is named, or the best of the others."""
    mine = standing_of(record, entity, moment)
    rival = other(claim)
    if rival is None:
        season, round_, when = moment
        kind = championship(entity)
        rows = record.standings(season, round_, kind=kind, when=when)
        best = next(row for row in rows if row.id != mine.id)
        rival = Entity(
            "team" if kind == "constructors" else "driver", best.id, record.name(best.id)
        )
        gap = mine.points - best.points
        return (abs(gap) if claim.scope.get("behind") else gap), rival
    return round(mine.points - standing_of(record, rival, moment).points, 6), rival


def _moved(claim: Claim, record: History, entity: Entity) -> Verdict:
    """Whether the gap grew, shrank or stayed over the weekend of the race."""
    moment = next(iter(moments(claim, record)))
    season, round_, _ = moment
    now, rival = _gap(claim, record, entity, (season, round_, "after"))
    befores: list[Moment] = ["before"]
    if record.has_results(season, round_, "sprint"):
        befores.append("sprint")
    was = [
        standing_of(record, entity, (season, round_, when)).points
        - standing_of(record, rival, (season, round_, when)).points
        for when in befores
    ]
    direction = claim.scope["direction"]
    fair = {
        "increased": any(abs(now) > abs(gap) for gap in was),
        "decreased": any(abs(now) < abs(gap) for gap in was),
        "level": any(abs(now) == abs(gap) for gap in was),
    }.get(direction)
    if fair is None:
        raise cannot_tell(f"a gap cannot be {direction!r}")
    if isinstance(claim.value, (int, float)) and not isinstance(claim.value, bool):
        fair = fair and agrees_with(claim, now)
    reason = (
        f"{entity.name} was {number(now)} points ahead of {rival.name} after the race, "
        f"{' or '.join(number(gap) for gap in was)} before it."
    )
    return judged(
        fair,
        now,
        reason,
        row_of(record, entity, moment, standing_of(record, entity, moment)),
        row_of(record, rival, moment, standing_of(record, rival, moment)),
    )
