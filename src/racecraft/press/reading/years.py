"""The same at several races: "won at Monaco in 2013, 2014 and 2015", "won at Monza and Spa"."""

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
    from racecraft.press.reading.pieces import Piece

_OF_ONE_RACE = frozenset(("finish_position", "grid_position", "qualifying_position", "podium"))
_THERE = (Concept.AT, Concept.ON, Concept.IN_CAR)
SEVERAL = 2


def in_each_year(claim: Claim, clause: Clause, context: Context) -> Iterator[Claim]:
    """A claim, or as many as there are years in a row beside the one place of its clause."""
    years = _row_of_years(clause)
    venues = [*clause.find("venue")]
    if claim.claim_type in _OF_ONE_RACE and (row := _row_of_places(clause)):
        yield from _at_each(claim, row, context)
        return
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


def at_each_counted(claim: Claim, clause: Clause, context: Context) -> Iterator[Claim]:
    """A count as it stood after the last of its places, and what was done at each of them.

    If as many are told: "has won three times this year: in Bahrain, Australia and Austria".
    """
    one = _ONE_OF.get(claim.unit)
    row = _places_told(clause) if claim.claim_type in _COUNTS and one is not None else []
    if one is None or len(row) != claim.value or len(row) < SEVERAL or len(claim.subjects) > 1:
        yield claim
        return
    kind, value = one
    single = replace(claim, claim_type=kind, value=value, unit="", details={})
    each = list(_at_each(single, row, context))
    yield (
        replace(claim, scope=each[-1].scope)
        if each and claim.scope.event.bound == "named"
        else claim
    )
    if claim.polarity != "denied":
        yield from each


_COUNTS = ("season_count", "career_count", "streak")
_ONE_OF = {
    "wins": ("finish_position", 1), "podiums": ("podium", True), "poles": ("grid_position", 1),
}  # fmt: skip


def _places_told(clause: Clause) -> list[Piece]:
    """Places in a row in a clause, or alone after the colon or bracket that follows it."""
    if row := _row_of_places(clause):
        return row
    after = clause.after
    listed = after is not None and (
        after.kind == "aside" or after.pieces[0].word in (":", ",", "–", "—")
    )
    if after is None or not listed or not all(_is_of_row(p) for p in after.pieces):
        return []
    return [*after.find("venue")]


def _is_of_row(piece: Piece) -> bool:
    """Whether a piece may stand in a row of places."""
    small = piece.has(*_THERE, Concept.AND, Concept.THE)
    return small or piece.kind in ("venue", "punct", "year", "date", "noun")


def _at_each(claim: Claim, places: list[Piece], context: Context) -> Iterator[Claim]:
    """A claim for every place of a row; what it is of a row that no calendar has stays out."""
    year = claim.scope.season.value if claim.scope.season.value > 0 else None
    for venue in places if context.event_of else ():
        event = context.event_of(venue, year) if context.event_of else None
        if event is not None:
            scope = replace(claim.scope, event=Slot(event, "named"))
            yield replace(claim, scope=scope, features={**claim.features, "each place": 1.0})


def _row_of_places(clause: Clause) -> list[Piece]:
    """Places in a row, the only ones of a clause: "at Monza, Singapore and in Korea"."""
    row: list[Piece] = []
    for i, p in enumerate(clause.pieces):
        if p.kind == "venue":
            if not row and not (i and clause.pieces[i - 1].has(*_THERE)):
                return []  # "his third win, after Canada and Hungary"
            row.append(p)
        elif row and not (p.word == "," or p.has(Concept.AND, Concept.AT, Concept.THE)):
            break
    alone = len(row) == sum(1 for _ in clause.find("venue"))
    joined = any(p.has(Concept.AND) and row[0].first < p.first < row[-1].first
                 for p in clause.pieces) if row else False  # fmt: skip
    return row if len(row) >= SEVERAL and alone and joined else []


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
