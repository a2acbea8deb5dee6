"""How many races in a row somebody has won, or finished on the podium, or in the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import done, longest, pasts, run, venues, whole
from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import subject
from racecraft.press_old.claims.count import key_of, told, until_of
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the races in a row up to the event, in all seasons or in this one.

    Where the claim is of a season as a whole, with its best run.
    """
    entity = subject(claim, 0, "driver", "team")
    until = until_of(claim, record)
    seen: list[tuple[Result, ...]] = []
    began = min((past.rows[0].key for past in pasts(record, entity, until) if past.rows), default=0)
    for past in pasts(record, entity, until):
        deeds = done(past, claim.unit, record)
        if year := claim.scope.get("season"):
            seen.append(longest(past.since(first=(year, 0), last=(year, 999)), deeds))
        elif place := claim.scope.get("venue") or claim.scope.get("circuit"):
            at = venues(record, None if place is True else place, key_of(claim) or until)
            seen += [run(past.at(keys), deeds) for keys in at]
        else:
            seen += [run(past, deeds), run(past.since(first=(until[0], 0)), deeds)]
    fair = [rows for rows in seen if agrees_with(claim, len(rows))]
    rows = fair[0] if fair else max(seen, key=len)
    if rows and rows[0].key == began:
        whole(record, entity)  # it may have begun in a season that is not stored
    unit = claim.unit.removesuffix(" in a row")
    reason = f"{entity.name} had {len(rows)} {unit} in a row up to {told(record, until)}."
    return judged(bool(fair), len(rows), reason, *rows)
