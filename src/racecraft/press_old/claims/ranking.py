"""Who has done something most often of all, or how many have done it more often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import FIRST_SEASON, ranked, venues
from racecraft.press.wording import ordinal
from racecraft.press_old.asked import cannot_tell, subject
from racecraft.press_old.claims.count import key_of, told, until_of
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the place among all drivers up to the event; sharing a place is fair."""
    entity = subject(claim, 0, "driver")
    until = until_of(claim, record)
    season = claim.scope.get("season")
    if record.complete_since > FIRST_SEASON and not season:
        raise cannot_tell(
            f"seasons before {record.complete_since} are not stored",
            f"racecraft data add jolpica {record.complete_since - 1}, and back to {FIRST_SEASON}",
        )
    unit = claim.unit or "wins"
    rounds = None
    if place := claim.scope.get("venue") or claim.scope.get("circuit"):
        readings = venues(record, None if place is True else place, key_of(claim) or until)
        rounds = frozenset().union(*readings[-1:])
    elif season:
        rounds = frozenset(each.key for each in record.calendar(int(season)))
    table = ranked(record, unit, until, rounds=rounds)
    if lacking := claim.scope.get("without"):
        barred = {who for who, _ in ranked(record, lacking, until, rounds=rounds)}
        table = [row for row in table if row[0] not in barred]
    mine = dict(table).get(entity.id, 0)
    better = [who for who, count in table if count > mine]
    place_now = len(better) + 1
    wanted = claim.value if isinstance(claim.value, int) else 1
    tied = sum(count == mine for _, count in table)
    fair = bool(mine) and place_now <= wanted < place_now + max(tied, 1)
    leader = record.name(table[0][0]) if table else "nobody"
    most = table[0][1] if table else 0
    reason = (
        f"{entity.name} was {ordinal(place_now)} with {mine} {claim.unit} up to "
        f"{told(record, until)}; most had {leader} with {most}."
    )
    rows = [
        {"table": "results", "driver": record.name(who), "unit": claim.unit, "count": count}
        for who, count in table[:3]
    ]
    return judged(fair, place_now, reason, *rows)
