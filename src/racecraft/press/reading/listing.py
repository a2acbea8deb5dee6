"""Rows of figures and names: the pattern of the first item tells whose all the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind

if TYPE_CHECKING:
    from racecraft.press.reading.pieces import Piece

A_ROW = 2  # so many items make a row
MOST_OF_A_RACE = 26  # points that one race has given at most
_LABELS = (
    Concept.RESULT, Concept.FINISH, Concept.GRID, Concept.START, Concept.QUALIFY, Concept.SPRINT,
    Concept.STANDINGS, Concept.CHAMPIONSHIP, Concept.CONSTRUCTORS,
)  # fmt: skip
_BETWEEN_ITEMS = frozenset((",", ";", "·", "|", "/", "-", "–", "—", "."))


def say_whose(pieces: list[Piece]) -> None:
    """Say of the figures of a row whose they are."""
    _numbered(pieces)
    _places_before_names(pieces)
    _places_for_names(pieces)
    _places_after_names(pieces)
    _place_closes(pieces)
    _figures_after_names(pieces)
    _against(pieces)
    _sums_with(pieces)
    _sums_of(pieces)


def _numbered(pieces: list[Piece]) -> None:
    """Numbers before names are places: "4. Leclerc, 5. Alonso", "4 Leclerc, 5 Alonso, 6 Norris".

    Not where sums follow the names, nor where it is not told of what the list is: "my favourites".
    """
    row = [i for i in range(len(pieces) - A_ROW) if _is_numbered(pieces, i)]
    counted = [pieces[i].n or 0 for i in row]
    label = row and (row[0] == 0 or any(p.has(*_LABELS) for p in pieces[: row[0]]))
    if not label or len(row) <= A_ROW or counted != [counted[0] + k for k in range(len(row))]:
        return
    others = [p for i, p in enumerate(pieces) if i > row[0] and i not in row]
    if any(p.unit == "points" or p.kind == "number" for p in others):
        return
    for i in reversed(row):
        place = pieces[i]
        place.kind, place.numbered = "rank", True
        if pieces[i + 1].word == ".":
            stop = pieces.pop(i + 1)
            place.last, place.marks = stop.last, (*place.marks, *stop.marks)


def _is_numbered(pieces: list[Piece], i: int) -> bool:
    """Whether a number, with a full stop or without, stands there before a driver."""
    number, stop, who = pieces[i : i + 3]
    who = who if stop.word == "." else stop
    driver = who.kind == "who" and who.mention is not None and not who.mention.is_team
    return driver and number.kind in ("number", "rank") and number.word.rstrip(".").isdigit()


def _places_before_names(pieces: list[Piece]) -> None:
    """Places before those who have them: "P4 Gasly, P5 Leclerc, P6 Alonso (from the back)"."""
    row: list[int] = []
    for i, place in enumerate(pieces):
        if not _is_item(pieces, i):
            continue
        if row and not (
            _goes_on(pieces, row[-1], i) and (place.n or 0) == (pieces[row[-1]].n or 0) + 1
        ):
            _mark(pieces, row)
            row = []
        if row or i == 0 or pieces[i - 1].kind == "punct":
            row.append(i)
    _mark(pieces, row)


def _places_for_names(pieces: list[Piece]) -> None:
    """Places that are somebody's: "second for Norris, third for Alonso", but "for Ferrari".

    Of "werd tweede voor Norris" the place is another's: after a verb the word means ahead of him.
    """
    acts = any(p.kind == "verb" for p in pieces)
    for place, link, who in zip(pieces, pieces[1:], pieces[2:], strict=False):
        ahead = acts and link.has(Concept.AHEAD)
        for_him = link.kind == "link" and link.has(Concept.FOR) and not ahead
        if place.kind == "rank" and for_him and who.mention and (
            who.mention.how == "name" and not who.mention.genitive
        ):  # fmt: skip
            place.whose = "after"


def _places_after_names(pieces: list[Piece]) -> None:
    """Places after those who have them, without a verb: "Bottas auf Platz drei, Hamilton ..."."""
    row = [
        i for i, place in enumerate(pieces)
        if place.kind == "rank" and i > 1 and pieces[i - 2].kind == "who"
        and pieces[i - 1].kind == "link" and pieces[i - 1].has(Concept.ON, Concept.AT, Concept.AS)
        and (i == A_ROW or pieces[i - 3].word in _BETWEEN_ITEMS or pieces[i - 3].has(Concept.AND))
    ]  # fmt: skip
    for i in row if len(row) >= A_ROW else ():
        pieces[i].whose = "before"


def _figures_after_names(pieces: list[Piece]) -> None:
    """Figures right after those whose they are, in turn: "Red Bull 446, McLaren 438"."""
    row = [i for i in range(1, len(pieces)) if _is_pair(pieces, i)]
    for i in row if len(row) >= A_ROW else ():
        pieces[i].whose = "before"
    if len(row) >= A_ROW and pieces[row[0]].unit == "points":
        _close_row(pieces, row[-1])


def _close_row(pieces: list[Piece], last: int) -> None:
    """The last of a row, told at more length: "..., and Ferrari a distant third on 307.5"."""
    people = [k for k in range(last + 1, len(pieces)) if pieces[k].kind == "who"]
    figures = [k for k in range(last + 1, len(pieces)) if pieces[k].kind in ("number", "measure")
               and pieces[k - 1].has(Concept.ON, Concept.WITH, Concept.AT)]  # fmt: skip
    if len(people) != 1 or len(figures) != 1 or figures[0] < people[0]:
        return
    figure = pieces[figures[0]]
    if figure.unit in ("", "points"):
        figure.kind, figure.unit, figure.whose = "measure", "points", "before"
        figure.listed = figure.elided = True
    for p in pieces[people[0] : figures[0]]:
        if p.kind == "rank":
            p.whose = "before"


def _is_pair(pieces: list[Piece], i: int) -> bool:
    """Whether a sum or place stands right behind a name that itself begins an item of a row."""
    figure, who = pieces[i], pieces[i - 1]
    if who.kind != "who" or not (figure.listed or figure.kind == "rank") or figure.whose:
        return False
    k = i - 2
    while k >= 0 and pieces[k].kind == "link" and pieces[k].has(Concept.THE, Concept.AND):
        k -= 1
    begins = k < 0 or k < i - 2 or pieces[k].word in (*_BETWEEN_ITEMS, ":", "(")
    after = pieces[i + 1] if i + 1 < len(pieces) else None
    ends = after is None or after.kind == "punct" or after.has(Concept.AND)
    return begins and ends


def _place_closes(pieces: list[Piece]) -> None:
    """A last place, before who has it: "Secondo Alonso, che partiva settimo, terzo Räikkönen"."""
    for i in range(A_ROW, len(pieces) - 1):
        after = pieces[i + 2] if i + 2 < len(pieces) else None
        closed = after is None or after.kind == "punct"
        joint = pieces[i - 1].word == "," or pieces[i - 1].has(Concept.AND)
        if closed and joint and not pieces[i].whose and _is_item(pieces, i) and any(
            p.kind == "rank" and p is not pieces[i] for p in pieces[:i]
        ):  # fmt: skip
            pieces[i].whose = "after"


def _is_item(pieces: list[Piece], i: int) -> bool:
    """Whether a place stands right before somebody who is a driver."""
    who = pieces[i + 1] if i + 1 < len(pieces) else None
    place = pieces[i]
    named = who is not None and who.kind == "who" and who.mention is not None
    return bool(named and place.kind == "rank" and who and who.mention and not who.mention.is_team)


def _goes_on(pieces: list[Piece], last: int, i: int) -> bool:
    """Whether only a comma, or a bracket, stands between an item of a row and the next."""
    depth = 0
    for p in pieces[last + 2 : i]:
        depth += (p.word == "(") - (p.word == ")")
        if depth == 0 and p.word != ")" and p.word not in _BETWEEN_ITEMS and not p.has(Concept.AND):
            return False
    return last + 2 < i


def _mark(pieces: list[Piece], row: list[int]) -> None:
    if len(row) >= A_ROW:
        for i in row:
            pieces[i].whose = "after"


def _against(pieces: list[Piece]) -> None:
    """The sums of two are no gaps: "224.5 points against 221.5 for Hamilton"."""
    for i in range(1, len(pieces) - 1):
        one, against, two = pieces[i - 1 : i + 2]
        if not against.has(Concept.VERSUS) or one.unit != "points" or one.kind != "measure":
            continue
        if two.kind == "number" or two.unit == "points":
            after = pieces[i + 2 : i + 5]
            named = next((p for p in after if p.kind == "who"), None)
            for p in (one, two):
                p.kind, p.unit, p.listed, p.elided = "measure", "points", True, True
            one.whose = "subject"
            two.whose = "after" if named else "nobody"


def _sums_with(pieces: list[Piece]) -> None:
    """The sums of several: "leads with 268 points ahead of Bottas with 203 points"."""
    found = [
        i for i, p in enumerate(pieces)
        if i > 0 and p.kind == "measure" and p.unit == "points" and (p.n or 0) > MOST_OF_A_RACE
        and pieces[i - 1].has(Concept.WITH, Concept.ON)
    ]  # fmt: skip
    of_names = [i for i in found if i > 1 and pieces[i - 2].kind == "who"]
    if len(found) < A_ROW or len(of_names) + 1 < len(found):
        return
    for i in found:
        piece = pieces[i]
        if i in of_names or (i == found[0] and not _is_more(pieces, i)):
            piece.listed, piece.elided = True, True
            piece.whose = "before" if i in of_names else "subject"


def _sums_of(pieces: list[Piece]) -> None:
    """Further sums, told to be somebody's: "with 524 points, to the 258 of Perez"."""
    told = False
    for i, number in enumerate(pieces):
        told = told or (number.kind == "measure" and number.unit == "points")
        before, after = pieces[max(i - 1, 0)], pieces[i + 1 : i + 3]
        if not told or number.kind != "number" or (number.n or 0) <= MOST_OF_A_RACE:
            continue
        named = len(after) > 1 and after[0].has(Concept.OF, Concept.FOR) and (
            after[1].kind == "who" or after[1].has(Concept.THE)
        )  # fmt: skip
        if named and before.kind in ("link", "noun") and before.has(*_BEFORE_SUMS):
            number.kind, number.unit, number.whose = "measure", "points", "after"
            number.listed = number.elided = True


_BEFORE_SUMS = (Concept.THE, Concept.VERSUS, Concept.AHEAD, Concept.AND, Concept.FOR, Concept.TO)


def _is_more(pieces: list[Piece], i: int) -> bool:
    after = pieces[i + 1] if i + 1 < len(pieces) else None
    return after is not None and after.has(Concept.MORE, Concept.LESS, Kind.HEDGE)
