"""How many points somebody has in the championship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.wording import number
from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import championship, moments, standing_of, subject, when_words
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.history.rows import Standing
    from racecraft.press_old.claim import Claim, Entity, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the points that count, added up by the rulebook."""
    entity = subject(claim, 0, "driver", "team")
    seen = [(each, standing_of(record, entity, each)) for each in moments(claim, record)]
    fair = [each for each in seen if agrees_with(claim, each[1].points)]
    moment, row = (fair or seen)[0]
    reason = f"{entity.name} had {number(row.points)} points {when_words(record, moment)}."
    return judged(bool(fair), row.points, reason, row_of(record, entity, moment, row))


def row_of(
    record: History, entity: Entity, moment: tuple[int, int, Moment], row: Standing
) -> dict[str, object]:
    """Row of evidence of a place in the standings."""
    season, round_, when = moment
    kind = championship(entity)
    name = record.code(season, row.id) if kind == "drivers" else record.name(row.id)
    return {
        "table": "standings" if kind == "drivers" else "team_standings",
        "season": season,
        "round": round_,
        "when": when,
        "driver" if kind == "drivers" else "team": name,
        "position": row.position,
        "points": row.points,
    }
