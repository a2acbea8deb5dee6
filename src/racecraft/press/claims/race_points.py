"""Somebody scored so many points in a race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import results_of, run_event, subject
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import number

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

FASTEST_LAP_POINT = range(2019, 2025)  # seasons with a point for the fastest lap


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the points of the race; with a sprint, those of the weekend are as fair."""
    entity = subject(claim, 0, "driver", "team")
    rows = results_of(claim, history, entity)
    race = sum(row.points for row in rows)
    event = run_event(claim, history)
    drivers = {row.driver_id for row in rows}
    sprint = [
        row for row in history.results(*event.key, "sprint")
        if row.driver_id in drivers and row not in rows
    ]  # fmt: skip
    totals = [race, race + sum(row.points for row in sprint)] if sprint else [race]
    totals += _parts(rows[0], history)
    fair = [total for total in totals if agrees_with(claim, total)]
    of = "sprint of the " if claim.session == "sprint" else ""
    reason = f"{entity.name} scored {number(race)} points in the {of}{event.full_name}."
    return judged(bool(fair), (fair or totals)[0], reason, *rows)


def _parts(row: Result, history: History) -> list[float]:
    """Points without the one for the fastest lap, or that one alone, where it was scored."""
    if (
        row.session == "sprint"
        or row != history.fastest(*row.key)
        or row.season not in FASTEST_LAP_POINT
    ):
        return []
    return [row.points - 1.0, 1.0]


TYPE = ClaimType(
    name="race_points",
    says="Somebody scored so many points in a race.",
    about=("driver", "team"),
    judge=judge,
    value="number",
    units=("points",),
    words="{value} points in the race",
    clue_to_event=True,
)
