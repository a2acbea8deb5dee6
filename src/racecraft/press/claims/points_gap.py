"""How many points lie between two in the championship, or how far its leader is ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claim import Entity
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
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import number

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the difference of their points; the one named first must be ahead."""
    entity = subject(claim, 0, "driver", "team")
    seen = [(each, *_gap(claim, history, entity, each)) for each in moments(claim, history)]
    if claim.details.get("direction"):
        return _moved(claim, history, entity)
    level = claim.value in (0, "level")
    fair = [
        each
        for each in seen
        if (each[1] == 0 if level else agrees_with(claim, each[1]))
        and (each[1] >= 0 or claim.relation == "&")
    ]
    moment, gap, rival = (fair or seen)[0]
    first, second = (standing_of(history, one, moment) for one in (entity, rival))
    if not fair and claim.value in (first.points, second.points):
        raise cannot_tell("that many points are what one of them had, and no gap")
    where = f"{'ahead of' if gap >= 0 else 'behind'} {rival.name}"
    reason = (
        f"{entity.name} was {number(abs(gap))} points {where} {when_words(history, moment)}: "
        f"{number(first.points)} to {number(second.points)}."
    )
    rows = (row_of(history, entity, moment, first), row_of(history, rival, moment, second))
    return judged(bool(fair), gap, reason, *rows)


def _gap(
    claim: Question, history: History, entity: Entity, moment: tuple[int, int, Moment]
) -> tuple[float, Entity]:
    """Points ahead of the rival, and who that is: whoever is named, or the best of the others."""
    mine = standing_of(history, entity, moment)
    rival = other(claim)
    if rival is None:
        season, round_, when = moment
        kind = championship(entity)
        rows = history.standings(season, round_, kind=kind, when=when)
        best = next(row for row in rows if row.id != mine.id)
        rival = Entity(
            "team" if kind == "constructors" else "driver", best.id, history.name(best.id)
        )
        gap = mine.points - best.points
        return (abs(gap) if claim.details.get("behind") else gap), rival
    return round(mine.points - standing_of(history, rival, moment).points, 6), rival


def _moved(claim: Question, history: History, entity: Entity) -> Verdict:
    """Whether the gap grew, shrank or stayed over the weekend of the race."""
    moment = next(iter(moments(claim, history)))
    season, round_, _ = moment
    now, rival = _gap(claim, history, entity, (season, round_, "after"))
    befores: list[Moment] = ["before"]
    if history.has_results(season, round_, "sprint"):
        befores.append("sprint")
    was = [
        standing_of(history, entity, (season, round_, when)).points
        - standing_of(history, rival, (season, round_, when)).points
        for when in befores
    ]
    direction = claim.details["direction"]
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
        row_of(history, entity, moment, standing_of(history, entity, moment)),
        row_of(history, rival, moment, standing_of(history, rival, moment)),
    )


TYPE = ClaimType(
    name="points_gap",
    says="Somebody is so many points ahead of somebody else.",
    about=("driver", "team"),
    judge=judge,
    pair=True,
    value="number",
    units=("points",),
    details={"direction": "whether the gap grew or shrank"},
    words={0: "level on points", "": "{value} points ahead"},
    clue_to_event=True,
)
