"""How many points somebody has in the championship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import championship, moments, standing_of, subject, when_words
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import number

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.history.rows import Standing
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the points that count, added up by the rulebook."""
    entity = subject(claim, 0, "driver", "team")
    seen = [(each, standing_of(history, entity, each)) for each in moments(claim, history)]
    fair = [each for each in seen if agrees_with(claim, each[1].points)]
    moment, row = (fair or seen)[0]
    reason = f"{entity.name} had {number(row.points)} points {when_words(history, moment)}."
    return judged(bool(fair), row.points, reason, row_of(history, entity, moment, row))


def row_of(
    history: History, entity: Entity, moment: tuple[int, int, Moment], row: Standing
) -> dict[str, object]:
    """Row of evidence of a place in the standings."""
    season, round_, when = moment
    kind = championship(entity)
    name = history.code(season, row.id) if kind == "drivers" else history.name(row.id)
    return {
        "table": "standings" if kind == "drivers" else "team_standings",
        "season": season,
        "round": round_,
        "when": when,
        "driver" if kind == "drivers" else "team": name,
        "position": row.position,
        "points": row.points,
    }


TYPE = ClaimType(
    name="points_total",
    says="Somebody has so many points in the championship.",
    about=("driver", "team"),
    judge=judge,
    value="number",
    units=("points",),
    words="{value} points",
    clue_to_event=True,
)
