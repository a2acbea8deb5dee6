"""So many cars retired from a race, or of a team, or of a season."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.lineage import kin
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.counts import until_of
from racecraft.press.judging.look_ups import run_event
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the cars that started and did not see the flag; a team's or everybody's."""
    entity = claim.subjects[0] if claim.subjects else None
    if entity and entity.kind == "driver":
        return _of_driver(claim, history, entity)
    event = run_event(claim, history)
    rows = history.results(*event.key, "sprint" if claim.session == "sprint" else "race")
    if entity and entity.kind == "team":
        rows = tuple(row for row in rows if row.team_id in kin(entity.id, event.season))
    out = [row for row in rows if row.retired]
    least = len([row for row in out if row.position is None])
    fair = agrees_with(claim, len(out)) or agrees_with(claim, least)
    whose = f" of {entity.name}" if entity and entity.kind == "team" else ""
    reason = f"{len(out)} cars{whose} retired from the {event.full_name}."
    return judged(fair, len(out), reason, *out)


def _of_driver(claim: Question, history: History, entity: Entity) -> Verdict:
    until = until_of(claim, history)
    rows = [
        row
        for row in history.of_driver.get(entity.id, ())
        if row.season == until[0] and row.key <= until and row.retired
    ]
    reason = f"{entity.name} retired {len(rows)} times in {until[0]}."
    return judged(agrees_with(claim, len(rows)), len(rows), reason, *rows)


TYPE = ClaimType(
    name="retirement_count",
    says="So many cars retired from a race, or somebody so often in a season.",
    about=("event", "team", "driver"),
    judge=judge,
    value="number",
    words="{value} retirements",
)
