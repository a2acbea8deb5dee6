"""Who was ahead of whom: in the race, on the grid, in qualifying, in the championship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.claims.points_total import row_of
from racecraft.press.judging.look_ups import (
    cannot_tell,
    moments,
    other,
    qualified,
    result_of,
    standing_of,
    subject,
    when_words,
)
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import did

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare places; where only one was classified he is ahead."""
    first = subject(claim, 0, "driver", "team")
    second = other(claim)
    if second is None:
        raise cannot_tell("the claim does not say ahead of whom")
    if claim.value == "behind":
        first, second = second, first
    match claim.session:
        case "qualifying":
            return _qualifying(claim, history, first, second)
        case "standings":
            return _standings(claim, history, first, second)
        case "grid":
            return _grid(claim, history, first, second)
    one, two = (result_of(claim, history, each) for each in (first, second))
    if one.position is None and two.position is None:
        raise cannot_tell(f"neither {first.name} nor {second.name} was classified")
    fair = two.position is None or (one.position is not None and one.position < two.position)
    found = _names(fair, first, second)
    return judged(fair, found, f"{did(one, history)}; {did(two, history)}.", one, two)


def _qualifying(claim: Question, history: History, first: Entity, second: Entity) -> Verdict:
    one, two = (qualified(claim, history, each) for each in (first, second))
    if one.position is None or two.position is None:
        raise cannot_tell("one of them has no place in qualifying")
    fair = one.position < two.position
    reason = (
        f"{history.name(one.driver_id)} qualified in place {one.position}, "
        f"{history.name(two.driver_id)} in place {two.position}."
    )
    return judged(fair, _names(fair, first, second), reason, one, two)


def _grid(claim: Question, history: History, first: Entity, second: Entity) -> Verdict:
    one, two = (result_of(claim, history, each) for each in (first, second))
    if one.grid is None and two.grid is None:
        raise cannot_tell("neither of them had a place on the grid")
    fair = two.grid is None or (one.grid is not None and one.grid < two.grid)
    reason = f"{first.name} started {one.grid or 'last'}, {second.name} {two.grid or 'last'}."
    rows = (one.evidence("grid"), two.evidence("grid"))
    return judged(fair, _names(fair, first, second), reason, *rows)


def _standings(claim: Question, history: History, first: Entity, second: Entity) -> Verdict:
    moment = next(iter(moments(claim, history)))
    one, two = (standing_of(history, each, moment) for each in (first, second))
    fair = (one.position or 0) < (two.position or 0)
    reason = (
        f"{first.name} had {one.points:g} points and {second.name} {two.points:g} "
        f"{when_words(history, moment)}."
    )
    rows = (row_of(history, first, moment, one), row_of(history, second, moment, two))
    return judged(fair, _names(fair, first, second), reason, *rows)


def _names(fair: bool, first: Entity, second: Entity) -> str:
    ahead, behind = (first, second) if fair else (second, first)
    return f"{ahead.name} ahead of {behind.name}"


TYPE = ClaimType(
    name="relative_order",
    says="Somebody was ahead of somebody else.",
    about=("driver", "team"),
    judge=judge,
    pair=True,
    value="yes or no",
    details={"session": "race, qualifying, grid or standings"},
    words="ahead",
    clue_to_event=True,
)
