"""Further parts of a claim, which its frame needs: since when, on which day, on which lap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.press.claim import Entity
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.numbers import IN_HALVES

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.press.reading.build import Context
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.frames import Match
    from racecraft.press.reading.pieces import Piece


_NEAR = 5  # pieces after a first one that may tell for how long it had not been done


def details_of(match: Match, context: Context) -> dict[str, Any] | None:
    """Further parts of a claim; None if one that the frame needs is not there."""
    details = dict(match.frame.details or {})
    for need in match.frame.needs:
        if not _NEEDS[need](match, context, details):
            return None
    if left := _races_left(match):
        details["races_left"] = left
    if match.anchor.decimals == IN_HALVES:
        details["decimals"] = IN_HALVES
    return details


def _races_left(match: Match) -> int | None:
    """How many races were left at the time that a clause tells of: "with two races to go"."""
    if not match.frame.who or not match.clause.has(Concept.TO_GO):
        return None
    counts = [p for p in match.clause.find("count") if p.has(Concept.RACE, Concept.GP)]
    sole = counts[0] if len(counts) == 1 and counts[0] is not match.anchor else None
    return int(sole.n) if sole is not None and sole.n else None


def is_since(clause: Clause, place: Piece) -> bool:
    """Whether a place only tells since when: "the first since Gasly at Monza in 2020"."""
    k = clause.pieces.index(place) - 1
    while k > 0 and clause.pieces[k].kind in ("link", "noun", "who") and not (
        clause.pieces[k].has(Concept.SINCE)
    ):  # fmt: skip
        k -= 1
    return k > 0 and clause.pieces[k].has(Concept.SINCE)


def _needs_season(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """A season that is named, and not only for the last of what is counted."""
    del details
    return context.scope.season.bound in ("named", "carried") and not year_is_apart(
        match.clause, match.anchor
    )


def year_is_apart(clause: Clause, anchor: Piece) -> bool:
    """Whether the year of a clause stands behind a comma: "six wins, the last of them in 1981"."""
    pieces = clause.pieces
    i = pieces.index(anchor)
    first = next((k for k, p in enumerate(pieces) if _year_of(p)), 0)
    return first > i and any(p.word == "," for p in pieces[i:first])


def _needs_lap(match: Match, context: Context, details: dict[str, Any]) -> bool:
    del match
    if context.to_go is not None:
        details["to_go"] = context.to_go
    return context.scope.lap is not None or context.to_go is not None


def _needs_total(match: Match, context: Context, details: dict[str, Any]) -> bool:
    del context, details
    return match.anchor.unit == "of"


def _needs_since(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """What stands after "since": a year, or a place."""
    pieces = match.clause.pieces
    after = match.clause.after
    if after is not None and after.kind == "when":
        pieces = [*pieces, *after.pieces]  # "the first win since Ricciardo won at Monza in 2021"
    start = next((i for i, p in enumerate(pieces) if p.has(Concept.SINCE)), len(pieces))
    since = _time_of(pieces[start:], context)
    if since:
        details["since"] = since
    return bool(since)


def _time_of(pieces: list[Piece], context: Context) -> dict[str, Any]:
    """Season and place of an earlier time, as far as they are told: "Monza in 2020"."""
    year = next((year for p in pieces if (year := _year_of(p))), None)
    venue = next((p for p in pieces if p.kind == "venue"), None)
    place = _place_of(venue, context) if venue is not None else ""
    told = {"season": year, "place": place}
    return {key: value for key, value in told.items() if value}


def _place_of(venue: Piece, context: Context) -> str:
    """Name of the race, circuit or country that a venue stands for."""
    places = venue.value(Kind.VENUE) or ()
    if not places or sum(kind == "circuit" for kind, _ in places) > 1:
        return ""  # a town that has had several circuits
    kind, which = places[0]
    return context.countries.get(which, which) if kind == "country" else str(which)


def _year_of(piece: Piece) -> int | None:
    when: dict[str, int] = piece.value(Kind.DATE) or {}
    return int(piece.n) if piece.kind == "year" and piece.n else when.get("year")


def _needs_its_year(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """The year, or place, of the last time: "whose last win was in Australia in 2013"."""
    since = _time_of([p for p in match.clause.pieces if p.kind in ("year", "venue")], context)
    details |= {"since": since, "negative": True}
    return match.anchor.n is not None or "place" in since


def _needs_day(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """The parts of a day that are named; not those of a line that tells when it was written."""
    del context
    clause = match.clause
    if not clause.kinds & {"who", "venue", "verb"} and not clause.has(Concept.RACE, Concept.GP):
        return False
    when = match.anchor.value(Kind.DATE)
    weekday = match.anchor.value(Kind.WEEKDAY)
    if when and not ("day" in when or "year" in when):
        return False  # "which nobody took seriously in March"
    if when:
        details |= when
    elif weekday is not None:
        details["weekday"] = weekday
    return bool(when) or weekday is not None


def _needs_year(match: Match, context: Context, details: dict[str, Any]) -> bool:
    del match, context, details
    return True


def _needs_circuit(match: Match, context: Context, details: dict[str, Any]) -> bool:
    del context
    i = match.clause.pieces.index(match.anchor)
    if any(p.has(Concept.GP) for p in match.clause.pieces[max(i - 3, 0) : i]):
        return False  # "the Grand Prix of São Paulo" is its name
    places = match.anchor.value(Kind.VENUE) or ()
    circuits = [which for kind, which in places if kind == "circuit"]
    details["circuits"] = circuits
    return bool(circuits)


def _needs_next(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """The race that is said to come next, by its place or name."""
    places = match.anchor.value(Kind.VENUE) or ()
    if not places:
        return False
    kind, which = places[0]
    name = context.countries.get(which, which) if kind == "country" else which
    details["next"] = Entity("event" if kind == "event" else "circuit", which, name)
    return True


def _needs_denial(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """That it had not been done since: "had not won since 2013"."""
    del context, details
    return match.clause.negated


def _needs_nation(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """The country among whose people somebody is first, where one is named: it need not be."""
    del context
    i = match.clause.pieces.index(match.anchor)
    for piece in match.clause.pieces[max(i - 1, 0) : i + 2]:
        code = piece.value(Kind.NATIONALITY) or piece.value(Kind.NATIONAL)
        if code and piece not in match.who:
            details["nation"] = Entity("nation", str(code), str(code))
    return True


def _needs_place(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """The place where something was done most often, where one is named: it need not be."""
    del context
    details |= {"place": True} if any(True for _ in match.clause.find("venue")) else {}
    return True


def _needs_span(match: Match, context: Context, details: dict[str, Any]) -> bool:
    """For how many years or races it had not been done: "his first win in three years"."""
    del context
    i = match.clause.pieces.index(match.anchor)
    for piece in match.clause.pieces[i + 1 : i + 1 + _NEAR]:
        if piece.n is None or piece.kind not in ("measure", "count"):
            continue
        if piece.unit == "years":
            details["years"] = int(piece.n)
        elif piece.has(Concept.RACE, Concept.GP):
            details["races"] = int(piece.n)
    return "years" in details or "races" in details


_NEEDS: dict[str, Callable[[Match, Context, dict[str, Any]], bool]] = {
    "season": _needs_season, "lap": _needs_lap, "total": _needs_total, "since": _needs_since,
    "circuit": _needs_circuit, "in_year": _needs_year, "day": _needs_day,
    "next": _needs_next, "nation": _needs_nation, "place": _needs_place, "span": _needs_span,
    "denial": _needs_denial, "year": _needs_its_year,
}  # fmt: skip
