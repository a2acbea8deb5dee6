"""How many races in a row somebody has won, or finished on the podium, or in the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import done, longest, pasts, run, venues, whole
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.counts import key_of, told, until_of
from racecraft.press.judging.look_ups import subject
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the races in a row up to the event, in all seasons or in this one.

    Where the claim is of a season as a whole, with its best run.
    """
    entity = subject(claim, 0, "driver", "team")
    until = until_of(claim, history)
    seen: list[tuple[Result, ...]] = []
    began = min(
        (past.rows[0].key for past in pasts(history, entity, until) if past.rows), default=0
    )
    for past in pasts(history, entity, until):
        deeds = done(past, claim.unit, history)
        if year := claim.details.get("season") or (claim.round is None and claim.season):
            seen.append(longest(past.since(first=(year, 0), last=(year, 999)), deeds))
        elif place := claim.details.get("place"):
            at = venues(history, None if place is True else place, key_of(claim) or until)
            seen += [run(past.at(keys), deeds) for keys in at]
        else:
            seen += [run(past, deeds), run(past.since(first=(until[0], 0)), deeds)]
    fair = [rows for rows in seen if agrees_with(claim, len(rows))]
    rows = fair[0] if fair else max(seen, key=len)
    if rows and rows[0].key == began:
        whole(history, entity)  # it may have begun in a season that is not stored
    unit = claim.unit.removesuffix(" in a row")
    reason = f"{entity.name} had {len(rows)} {unit} in a row up to {told(history, until)}."
    return judged(bool(fair), len(rows), reason, *rows)


TYPE = ClaimType(
    name="streak",
    says="Somebody has done something so many races in a row.",
    about=("driver", "team", "nation"),
    judge=judge,
    value="number",
    units=("wins", "podiums", "poles"),
    details={"season": "", "place": "at that venue"},
    words="{value} {unit} in a row",
)
