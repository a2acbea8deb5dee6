"""What a count or an ordinal goes over: a streak, a season, a career, a venue, so many races."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.clauses import distance

if TYPE_CHECKING:
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

MOST_ROUNDS = 26  # of a season
MOST_AT_A_VENUE = 15  # wins, poles or podiums of one man at one place
A_RACE = 2  # pieces between winning and how often: "the race"
NEAR = 5  # pieces after a count that may belong to it


def of_count(clause: Clause, i: int, piece: Piece) -> str:
    """What a count goes over: streak, since, season, career, venue or races."""
    inside = {kind for mark in piece.marks for kind in mark.kinds}
    after = []
    for p in clause.pieces[i + 1 : i + 1 + NEAR]:
        if p.kind == "verb" or p.word in (";", ":", "(") or p.has(Concept.AFTER):
            break
        if p.kind in ("nth", "count") and not p.has(Concept.RACE, Concept.STARTS, Concept.GP):
            break  # "the 52nd win, the fifth of this year"
        after.append(p)
    if Concept.IN_A_ROW in inside:
        return "streak"
    if _is_so_often_there(clause, i, piece):
        return "venue"
    if not piece.elided and _of_a_country(clause, i):
        return "nation"
    if _since_follows(clause, i):
        return "since"
    first = piece.kind == "nth" and piece.n == 1
    places = [p for p in after if p.kind == "venue"]
    for p in after:
        if p in places and len(places) > 1:
            continue  # "won twice, in Monaco and Singapore"
        about = "span" if first and p.unit == "years" else _counts_over(p)
        if about and (about != "venue" or _may_be_at_a_venue(piece)):
            return about
    if Concept.CAREER in inside:
        return "career"
    return "season" if _is_nearest_season(clause, piece) else ""


def _is_so_often_there(clause: Clause, i: int, piece: Piece) -> bool:
    """Whether it is told how often somebody won there, and not how long he had not won at all."""
    nth_time = piece.kind == "nth" and piece.has(Concept.TIME, Concept.FIRST)
    often = piece.unit == "times" or nth_time
    in_years = any(p.unit == "years" for p in clause.pieces[i + 1 : i + NEAR])
    if piece.elided and piece.has(Concept.FIRST) and (in_years or _since_follows(clause, i)):
        return False
    return often and (_won_that_race(clause, i) or _won_there(clause, i))


def _of_a_country(clause: Clause, i: int) -> bool:
    """Whether it is a country that is given a win: "gave France a thirteenth victory"."""
    before = [p for p in clause.pieces[max(i - 4, 0) : i] if not p.has(Concept.THE, Concept.A)]
    place = before[-1] if before else None
    given = len(before) > 1 and (before[-2].has(Concept.TO) or before[-2].kind == "verb")
    return given and place is not None and place.kind == "venue" and any(
        kind == "country" for kind, _ in place.value(Kind.VENUE)
    )  # fmt: skip


def _won_that_race(clause: Clause, i: int) -> bool:
    """Whether it is the race itself that was won so often: "has won the race twice"."""
    before = clause.pieces[max(i - 3, 0) : i]
    return (
        len(before) > A_RACE and before[0].has(Concept.WIN) and before[1].has(Concept.THE)
        and before[2].kind == "noun" and before[2].has(Concept.RACE, Concept.GP)
    )  # fmt: skip


def _won_there(clause: Clause, i: int) -> bool:
    """Whether it is told before it where so much was won: "has won at Silverstone five times"."""
    places = [p for p in clause.pieces[:i] if p.kind == "venue" or p.has(Concept.HERE)]
    return bool(places) and clause.has(Concept.WIN) and not clause.has(Concept.THIS_SEASON)


def _is_nearest_season(clause: Clause, piece: Piece) -> bool:
    """Whether "this season" stands in a clause, and no other count stands nearer to it."""
    seasons = [p for p in clause.pieces if p.has(Concept.THIS_SEASON)]
    counts = [p for p in clause.find("nth", "count") if not p.has(Concept.RACE, Concept.GP)]
    return any(min(counts, key=lambda c: distance(c, p), default=piece) is piece for p in seasons)


def _since_follows(clause: Clause, i: int) -> bool:
    """Whether "since" follows a count, with no other count or place between."""
    for p in clause.pieces[i + 1 :]:
        if p.has(Concept.SINCE):
            return True
        if p.kind in ("nth", "rank", "count"):
            return False
    after = clause.after
    return after is not None and after.kind == "when" and after.pieces[0].has(Concept.SINCE)


def _counts_over(piece: Piece) -> str:
    """What a piece after a count says that it goes over."""
    if piece.has(Concept.IN_A_ROW):
        return "streak"
    if piece.kind in ("count", "nth") and piece.has(Concept.RACE, Concept.STARTS, Concept.GP):
        return "races" if (piece.n or 0) <= MOST_ROUNDS else "career"
    if piece.kind == "year" or piece.has(Concept.THIS_SEASON, Concept.SEASON, Concept.CHAMPIONSHIP):
        return "season"
    if piece.has(Concept.CAREER):
        return "career"
    return "venue" if piece.kind == "venue" or piece.has(Concept.HERE) else ""


def _may_be_at_a_venue(piece: Piece) -> bool:
    """Whether so much can have been done at one place: "91 wins" were not all in Portugal."""
    starts = piece.has(Concept.RACE, Concept.GP, Concept.STARTS)
    return starts or (piece.n or 0) <= MOST_AT_A_VENUE
