"""The same in several years: "won at Monaco in 2013, 2014 and 2015" is said of three races."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.press.claim import EventRef, Slot
from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.reading.build import Context
    from racecraft.press.reading.clauses import Clause

_OF_ONE_RACE = frozenset(("finish_position", "grid_position", "qualifying_position", "podium"))
SEVERAL = 2


def in_each_year(claim: Claim, clause: Clause, context: Context) -> Iterator[Claim]:
    """A claim, or as many as there are years in a row beside the one place of its clause."""
    years = _row_of_years(clause)
    venues = [*clause.find("venue")]
    if claim.claim_type == "standings_position" and len(years) >= SEVERAL:
        for year in years:
            scope = replace(
                claim.scope, event=Slot(EventRef(season=year), "named"), season=Slot(year, "named")
            )  # fmt: skip
            yield replace(claim, scope=scope)
        return
    one = claim.claim_type in _OF_ONE_RACE and len(venues) == 1
    if not one or len(years) < SEVERAL or context.event_of is None:
        yield claim
        return
    for year in years:
        event = context.event_of(venues[0], year)
        if event is not None:
            scope = replace(
                claim.scope, event=Slot(event, "named"), season=Slot(year, "named")
            )  # fmt: skip
            yield replace(claim, scope=scope)


def _row_of_years(clause: Clause) -> list[int]:
    """Years that stand in a row, with only commas and "and" between them."""
    row: list[int] = []
    for p in clause.pieces:
        if p.kind == "year" and p.n:
            row.append(int(p.n))
        elif row and not (p.word == "," or p.has(Concept.AND, Concept.AT)):
            if len(row) >= SEVERAL:
                break
            row = []
    return row
