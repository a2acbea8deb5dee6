"""Pieces completed by those beside them: figures whose unit, place or count was said before."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.first_times import count_first_times
from racecraft.press.reading.listing import say_whose
from racecraft.press.reading.placing import (
    MOST_PLACES,
    further_places,
    places_counted,
    places_reached,
)

if TYPE_CHECKING:
    from racecraft.press.reading.pieces import Piece

MOST_POINTS = 1000  # more than anybody had in a season
A_KIND = 2  # words before races that say of what kind they are; one may be "this"
A_FIGHT = 6  # pieces from the verb to the fight that is won: "won in Brazil the fight for third"
A_HALF = 0.5
A_LIST = 2  # so many sums after names are a list of them
_RACES = (Concept.RACE, Concept.GP, Concept.STARTS)
_COUNTS_LATER = (Concept.VICTORY, Concept.PODIUM, Concept.POLE, Concept.TITLE)


def complete(pieces: list[Piece]) -> None:
    """Say of every figure of a sentence what its neighbours tell of it."""
    _one_point(pieces)
    _and_a_half(pieces)
    _labelled(pieces)
    _fill_in_units(pieces)
    places_reached(pieces)
    further_places(pieces)
    places_counted(pieces)
    _took_what(pieces)
    _gaps_in_standings(pieces)
    _laps_left_out(pieces)
    _from_there_on(pieces)
    _won_by_how_much(pieces)
    _out_of(pieces)
    _races_without(pieces)
    _scores(pieces)
    _sums_after_places(pieces)
    count_first_times(pieces)
    _counts_in_lists(pieces)
    _sums_in_lists(pieces)
    _counts_that_go_on(pieces)
    say_whose(pieces)


def _one_point(pieces: list[Piece]) -> None:
    """A point is one where it lies between two: "liegt einen Punkt vor Red Bull"."""
    for i in range(1, len(pieces) - 1):
        article, point, after = pieces[i - 1 : i + 2]
        if article.has(Concept.A) and point.kind == "noun" and point.has(Concept.POINTS) and (
            after.has(Concept.AHEAD, Concept.BEHIND, Concept.MORE, Concept.LESS, Concept.OVER)
        ):  # fmt: skip
            point.kind, point.unit, point.n = "measure", "points", 1.0


def _and_a_half(pieces: list[Piece]) -> None:
    """A half after "and" belongs to what it follows: "a point and a half", "un punto e mezzo"."""
    for i in range(len(pieces) - 3, -1, -1):
        whole, k = pieces[i], i + 2 + pieces[i + 2].has(Concept.A)
        half = pieces[k] if k < len(pieces) else None
        joined = pieces[i + 1].has(Concept.AND) and pieces[i + 1].kind == "link"
        one = whole.kind == "noun" and whole.has(Concept.POINTS)  # "punto y medio"
        if (whole.kind == "measure" or one) and joined and half is not None and half.n == A_HALF:
            whole.kind, whole.unit = "measure", whole.unit or "points"
            whole.n, whole.last = (1.0 if one else whole.n or 0.0) + A_HALF, half.last
            whole.marks = tuple(m for p in pieces[i : k + 1] for m in p.marks)
            del pieces[i + 1 : k + 1]


def _labelled(pieces: list[Piece]) -> None:
    """Counts after what they count, as in a list: "Wins: 103", "Podiums 201"."""
    for i, label in enumerate(pieces[:-1]):
        colon = pieces[i + 1].word in (":", "-", "–")
        number = pieces[i + 1 + colon] if i + 1 + colon < len(pieces) else None
        after = pieces[i + 2 + colon] if i + 2 + colon < len(pieces) else None
        first = i == 0 or pieces[i - 1].kind == "punct"
        alone = after is None or (after.kind == "punct" and after.word != ":")
        counted = (label.kind == "noun" or colon) and label.has(*_COUNTS_LATER, Concept.STARTS)
        if counted and first and alone and number is not None and number.kind == "number":
            number.kind, number.concepts = "count", label.concepts


def _took_what(pieces: list[Piece]) -> None:
    """Winning pole, or a fight, is no winning of the race: "won his second pole"."""
    for i, verb in enumerate(pieces):
        if verb.kind != "verb" or not verb.has(Concept.WIN):
            continue
        k = i + 1
        while k < len(pieces) and _determines(pieces[k]):
            k += 1
        if (k < len(pieces) and pieces[k].has(Concept.POLE)) or _is_of_a_fight(pieces, i):
            verb.concepts = (verb.concepts - {Concept.WIN}) | {Concept.TAKE}
        elif k == i + 1 and (_others_races(pieces, k) or _is_more(pieces, k)):
            verb.concepts -= {Concept.WIN}


def _from_there_on(pieces: list[Piece]) -> None:
    """A word that closes "from ..." retires nobody: "gewann von der Pole aus"."""
    won = False
    for p in pieces:
        won = won or (p.kind == "verb" and p.has(Concept.WIN, Concept.START, Concept.LED))
        if won and p.has(Concept.FROM) and p.has(Concept.RETIRE):
            p.kind, p.concepts = "link", p.concepts - {Concept.RETIRE}


def _is_of_a_fight(pieces: list[Piece], i: int) -> bool:
    """Whether it is a fight that a verb says is won: "won the duel for third"."""
    for p in pieces[i + 1 : i + A_FIGHT]:
        if p.has(Concept.BATTLE):
            return True
        if p.kind in ("verb", "punct") or p.has(Concept.RACE, Concept.GP, Concept.AFTER):
            return False
    return False


def _determines(piece: Piece) -> bool:
    """Whether it is an article or "his", and nobody: "won his", but not "gewann der Monegasse"."""
    somebody = piece.mention is not None and piece.mention.how != "his"
    return piece.has(Concept.THE, Concept.A, Concept.HIS) and not somebody


def _is_more(pieces: list[Piece], k: int) -> bool:
    """Whether more follows: "only Hamilton has won more races"."""
    return k < len(pieces) and pieces[k].has(Concept.MORE, Concept.MOST)


def _others_races(pieces: list[Piece], k: int) -> bool:
    """Whether races of another kind follow, without an article: "won gravel bike races"."""
    end = k
    while end < len(pieces) and pieces[end].kind == "word":
        end += 1
    race = pieces[end] if k + A_KIND <= end < len(pieces) else None
    return race is not None and race.kind == "noun" and race.has(Concept.RACE)


def _scores(pieces: list[Piece]) -> None:
    """Two sums after a gap are no gaps: "lead by 10 points, 345 to 335"."""
    for i in range(2, len(pieces) - 2):
        one, to, two = pieces[i : i + 3]
        after = pieces[i + 3] if i + 3 < len(pieces) else None
        closed = after is None or after.kind == "punct" or after.has(Concept.AND)
        figures = all(p.kind == "number" or (p.unit == "points" and p.elided) for p in (one, two))
        apart = pieces[i - 1].word == "," or pieces[i - 1].word == "("
        if figures and closed and apart and to.has(Concept.TO, Concept.VERSUS):
            one.kind = two.kind = "score"


def _counts_in_lists(pieces: list[Piece]) -> None:
    """Numbers after names that count what was counted first: "has 17 wins, Pérez two"."""
    counted: frozenset[str] | None = None
    won = False
    for i, piece in enumerate(pieces):
        won = won or (piece.kind == "verb" and piece.has(Concept.WIN))
        if counted is not None and _counts_for_name(pieces, i):
            piece.kind, piece.unit, piece.concepts = "count", "", counted
            piece.elided, piece.whose = True, "before"
        elif piece.kind == "count" and piece.has(*_COUNTS_LATER):
            counted = piece.concepts
        elif piece.kind == "count" and won and (
            piece.unit == "times" or piece.has(Concept.RACE, Concept.GP)
        ):  # fmt: skip
            counted = frozenset((Concept.VICTORY,))
        elif piece.unit == "points":
            counted = None


def _counts_for_name(pieces: list[Piece], i: int) -> bool:
    """Whether a number right behind a name ends an item of a row: "..., Leclerc three times"."""
    piece, after = pieces[i], pieces[i + 1] if i + 1 < len(pieces) else None
    number = piece.kind in ("number", "count") and not piece.has(*_COUNTS_LATER)
    closed = after is None or after.kind == "punct" or after.has(Concept.AND)
    return number and closed and i > 0 and pieces[i - 1].kind == "who"


def _sums_in_lists(pieces: list[Piece]) -> None:
    """Points right after names, once it is points that are told: "Bottas (184)", "Pérez 224"."""
    told = any(p.unit == "points" or p.has(Concept.STANDINGS, Concept.POINTS) for p in pieces)
    listed = []
    for i, number in enumerate(pieces):
        if number.kind != "number" and not (number.unit == "points" and number.elided):
            continue
        k = _past_team(pieces, i - 1)
        while k >= 0 and (pieces[k].word == "(" or pieces[k].has(
            Concept.WITH, Concept.ON, Concept.TO, Concept.HAVE, Kind.HEDGE)):  # fmt: skip
            k -= 1
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        closed = after is None or after.kind == "punct" or after.has(Concept.AND)
        if (
            k >= 0
            and pieces[k].kind in ("who", "rank")
            and closed
            and (number.n or 0) < MOST_POINTS
        ):
            listed.append(number)
    if told or len(listed) >= A_LIST:
        for number in listed:
            number.kind, number.unit, number.elided, number.listed = "measure", "points", True, True


def _past_team(pieces: list[Piece], k: int) -> int:
    """Place of the bracket before a team and a comma: "Norris (McLaren, 113)"."""
    team = pieces[k - 1] if k > 1 and pieces[k].word == "," else None
    in_bracket = team is not None and team.kind == "who" and pieces[k - 2].word == "("
    return k - 2 if in_bracket else k


def _sums_after_places(pieces: list[Piece]) -> None:
    """Numbers after a place that can only be points: "is fourth on 132", "third on 223"."""
    for i, number in enumerate(pieces[2:], 2):
        there = pieces[i - 2].kind == "rank" or (
            pieces[i - 2].has(Concept.STANDINGS, Concept.CHAMPIONSHIP)
            and (number.n or 0) > MOST_PLACES
        )
        placed = there and pieces[i - 1].has(Concept.ON, Concept.WITH)
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        closed = after is None or after.kind == "punct" or after.has(Concept.AND, Concept.BUT)
        closed = closed and (
            (number.n or 0) > MOST_PLACES or (i > 2 and pieces[i - 1].has(Concept.ON))
        )
        if number.kind == "number" and _has_in_place(pieces, i):
            placed = closed = True  # "Vettel has 60 in fifth"
        if number.kind == "number" and placed and closed:
            number.kind, number.unit, number.elided = "measure", "points", True


def _has_in_place(pieces: list[Piece], i: int) -> bool:
    """Whether somebody has a number and a place: "has 60 in fifth"."""
    after = pieces[i + 1 : i + 3]
    return (
        pieces[i - 1].kind == "verb" and pieces[i - 1].has(Concept.HAVE) and len(after) > 1
        and after[0].has(Concept.AT, Concept.AS) and after[1].kind == "rank"
    )  # fmt: skip


def _counts_that_go_on(pieces: list[Piece]) -> None:
    """Ordinals that count what was counted before: "his 99th win and the fourth of this year"."""
    counted: Piece | None = None
    for i, piece in enumerate(pieces):
        if piece.kind in ("nth", "count") and _only_in_a_row(piece):
            if counted is not None:
                piece.concepts |= counted.concepts
                piece.elided = True
        elif piece.kind == "nth" or (piece.kind == "noun" and piece.has(*_COUNTS_LATER)):
            counted = piece
        elif piece.kind == "rank" and counted is not None and not piece.has(Concept.PLACE):
            after = pieces[i + 1] if i + 1 < len(pieces) else None
            before = pieces[i - 1]
            owned = before.mention is not None and before.mention.genitive
            small = owned or (
                before.has(Concept.THE, Concept.HIS) and before.kind in ("link", "who")
            )
            goes_on = after is not None and after.has(
                Concept.OF, Concept.IN_A_ROW, Concept.SINCE, Concept.FOR, Concept.AT, Concept.ON,
                Concept.THIS_SEASON, Concept.CAREER,
            )  # fmt: skip
            ends = after is None or after.kind == "punct" or after.has(Concept.AND)
            if (small and goes_on) or (owned and ends and _same_breath(pieces, counted, piece)):
                piece.kind, piece.concepts, piece.elided = "nth", counted.concepts, True


def _same_breath(pieces: list[Piece], counted: Piece, piece: Piece) -> bool:
    """Whether no verb stands between two: "his first victory, and Jordan's fourth"."""
    return not any(p.kind == "verb" and counted.last < p.first < piece.first for p in pieces)


def _won_by_how_much(pieces: list[Piece]) -> None:
    """Winning by so much is winning, not being won by somebody: "won by 8.277 seconds"."""
    for verb, after in pairwise(pieces):
        if verb.has(Concept.WON_BY) and (after.kind == "measure" or after.has(Kind.HEDGE)):
            won = frozenset() if verb.has(Concept.CUT) else {Concept.WIN, Concept.BY}
            verb.concepts = (verb.concepts - {Concept.WON_BY}) | won  # "revient à huit points"


def _out_of(pieces: list[Piece]) -> None:
    """So many out of so many: "won 19 of the 20 races" counts 19, "his eighth of the 13" eight."""
    for i, number in enumerate(pieces):
        k = i + 1
        while k < len(pieces) and k < i + 4 and _is_of(pieces[k]):
            k += 1
        k += k + 1 < len(pieces) and k > i + 1 and _is_some_of(pieces[k], pieces[k + 1])
        if number.unit == "times" and (races := _races_of(pieces, i)):
            races.kind = "number"
        alone = {"number": "count", "rank": "nth"}.get(number.kind)
        if alone and i + 1 < k < len(pieces) and pieces[k].kind == "count":
            number.kind, number.concepts, number.elided = alone, pieces[k].concepts, True
            pieces[k].kind = "number"


def _races_without(pieces: list[Piece]) -> None:
    """Races "without" anything count nothing that was done: "after ten races without a win"."""
    for races, without in pairwise(pieces):
        if races.kind == "count" and races.has(*_RACES) and without.has(Concept.WITHOUT):
            races.kind = "number"


def _is_of(piece: Piece) -> bool:
    """Whether a word stands between a number and those of which it counts some: "25 of his 72"."""
    his = piece.mention is not None and piece.mention.how == "his"
    return his or piece.has(Concept.OF, Concept.THE)


def _races_of(pieces: list[Piece], i: int) -> Piece | None:
    """Races among which something was done so often: "five times in nine races"."""
    k = i + 1
    while k < len(pieces) and k < i + A_LIST + A_LIST and _is_among(pieces[k]):
        k += 1
    among = k > i + 1 and k < len(pieces) and pieces[k].kind == "count"
    return pieces[k] if among else None


def _is_among(piece: Piece) -> bool:
    """Whether a word stands before races among which something is counted: "in the first"."""
    small = (Concept.AT, Concept.OF, Concept.IN_CAR, Concept.THE, Concept.TOP, Concept.PREVIOUS)
    return piece.kind in ("link", "noun") and piece.has(*small)


def _is_some_of(some: Piece, races: Piece) -> bool:
    """Whether races are told of which there are more: "of the first four races"."""
    return races.kind == "count" and (
        some.kind == "nth" or some.has(Concept.FIRST, Concept.TOP, Kind.ORDINAL)
    )


def _fill_in_units(pieces: list[Piece]) -> None:
    """Numbers whose unit was said before: "four points from Alonso and seven from Hamilton"."""
    unit = ""
    for i, piece in enumerate(pieces):
        if piece.kind == "measure":
            unit = piece.unit
        elif piece.kind in ("count", "nth"):
            unit = ""  # "213 points and five wins, one more than ..."
        elif piece.kind == "number" and unit and 0 < i < len(pieces) - 1:
            before, after = pieces[i - 1], pieces[i + 1]
            joined = before.word == "," or before.has(
                Concept.AND, Concept.FROM, Concept.TO, Kind.HEDGE, Concept.WITH
            )
            has = unit == "points" and before.kind == "verb" and before.has(Concept.HAVE)
            if (joined or has) and (
                after.kind in ("link", "punct") or after.has(Concept.MORE, Concept.LESS)
            ):
                piece.kind, piece.unit, piece.elided = "measure", unit, True


def _laps_left_out(pieces: list[Piece]) -> None:
    """Figures beside others than who pitted on a lap: "s'arrêta au 17e tour, Verstappen au 18e"."""
    told = False
    for i, piece in enumerate(pieces):
        told = told or piece.kind == "lap"
        k = i - 1
        while k > 0 and pieces[k].kind == "link" and pieces[k].has(
            Concept.AT, Concept.ON, Concept.TO, Concept.THE
        ):  # fmt: skip
            k -= 1
        figure = piece.kind in ("rank", "number") and not piece.has(Concept.PLACE)
        beside = 0 <= k < i - 1 and pieces[k].kind == "who"
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        closed = after is None or after.kind == "punct" or after.has(Concept.AND)
        if told and figure and beside and closed and any(
            p.kind == "verb" and p.has(Concept.PIT) for p in pieces[:k]
        ):  # fmt: skip
            piece.kind, piece.unit, piece.elided = "lap", "", True


def _gaps_in_standings(pieces: list[Piece]) -> None:
    """Numbers that lie between two of whose points it is told: "has 181, 34 more than Pérez"."""
    told = any(p.unit == "points" or p.has(Concept.STANDINGS, Concept.CHAMPIONSHIP,
               Concept.CONSTRUCTORS, Concept.LEADS) for p in pieces)  # fmt: skip
    for i, number in enumerate(pieces):
        if not told or number.kind != "number" or not 0 < (number.n or 0) < MOST_POINTS:
            continue
        before, after = pieces[max(i - 1, 0)], pieces[i + 1 : i + 4]
        compares = bool(after) and after[0].has(
            Concept.AHEAD, Concept.BEHIND, Concept.MORE, Concept.LESS
        )
        rival = compares and (
            before.has(Concept.FURTHER) or any(p.kind == "who" for p in after[1:])
        )
        closed = not after or after[0].kind == "punct"
        led = any(p.has(Concept.LEADS) for p in pieces[max(i - A_FIGHT, 0) : i])
        by = i > 0 and before.has(Concept.BY) and led and closed
        lead = i > 1 and before.has(Concept.OF) and pieces[i - 2].has(Concept.LEAD)
        by = by or (lead and bool(after) and after[0].kind == "link")
        if rival or by:
            number.kind, number.unit, number.elided = "measure", "points", True


def _only_in_a_row(piece: Piece) -> bool:
    """Whether a count says that it goes on, and not of what: "and the third in succession"."""
    in_row = any(mark.is_a(Concept.IN_A_ROW) for mark in piece.marks)
    return in_row and not piece.has(*_COUNTS_LATER, Concept.RACE, Concept.GP, Concept.RETIRE)
