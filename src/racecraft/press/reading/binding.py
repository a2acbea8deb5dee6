"""Where somebody stands in a clause, seen from a piece of it: subject, owner, beside, near."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.clauses import distance

if TYPE_CHECKING:
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

_OF_ONE = frozenset(("subject", "beside", "near", "next to", "aside", "after"))
# Whom these govern is the other one, of whom a place or count is rarely said.
_AGAINST = frozenset((Concept.AHEAD, Concept.BEHIND, Concept.FROM, Concept.OVER, Concept.VERSUS))
_BEFORE = 3  # small words between somebody and what he is said to have
_AFTER = 2  # so many marks nearer must somebody be who stands after a piece
_OWNER_REACH = 3  # pieces between an owner and what he owns: "Hamilton's record 104th win"


def bind(place: str, clause: Clause, anchor: Piece) -> list[Piece]:
    """Who stands at a place of a frame, seen from its piece; one or a row of them."""
    if anchor.whose:
        return _surely(clause, anchor) if place in _OF_ONE else []
    return _seen(place, clause, anchor)


def _seen(place: str, clause: Clause, anchor: Piece) -> list[Piece]:
    """Who stands at a place of a frame, where no list tells it."""
    if place == "subject":
        return [] if _is_anothers(clause, anchor) else clause.subject
    if place == "aside":
        return clause.subject if clause.kind == "aside" else []
    if place == "owner":
        return _owner(clause, anchor)
    if place.startswith("owner_of:"):
        owned = next((p for p in clause.pieces if p.has(place.removeprefix("owner_of:"))), None)
        return _owner(clause, owned) if owned is not None else []
    if place == "object":
        verb = _last_of_first_verbs(clause)
        found = [p for p in clause.others() if p.first > verb and not (
            p.mention and (p.mention.how == "his" or p.mention.genitive))]  # fmt: skip
        return [_driver_of(clause, p) for p in found]
    if place in ("beside", "before"):
        return _whoever_is_beside(clause, anchor, place)
    if place == "named":
        return _titled(clause, anchor)
    if place in ("near", "next to"):
        return _nearest(clause, anchor, alone=place == "next to")
    if place == "after":
        return [p for p in clause.find("who") if p.first > anchor.last
                and distance(p, anchor) <= 1][:1]  # fmt: skip
    if place:
        governed = [p for p in clause.others(place) if p not in clause.subject]
        later = [p for p in governed if p.first > anchor.first]
        row = later if anchor.kind in ("rank", "row") else later or governed
        if anchor.kind == "rank" and _titled(clause, anchor):
            return []
        return _joined(clause, row)
    return []


def _surely(clause: Clause, anchor: Piece) -> list[Piece]:
    """Whose a piece of a list is, by the pattern of the list: "P4 Gasly, P5 Leclerc"."""
    if anchor.whose == "subject":
        return clause.subject[:1]
    if anchor.whose == "after":
        return [p for p in clause.find("who") if p.first > anchor.last][:1]
    return [p for p in clause.find("who") if p.last < anchor.first][-1:]


def side_by_side(clause: Clause, anchor: Piece) -> list[Piece]:
    """Places or counts that stand in a row with one of them: "fifth and seventh"."""
    row: list[Piece] = []
    for p in clause.pieces:
        if p.kind == anchor.kind and p.about == anchor.about:
            row.append(p)
        elif row and not (p.word == "," or p.has(Concept.AND, Concept.THE, Concept.A)):
            if anchor in row:
                break
            row = []
    return row


def _nearest(clause: Clause, anchor: Piece, *, alone: bool) -> list[Piece]:
    """Whoever stands nearest, before a piece rather than after it; else who is spoken of.

    ``alone``: in the clause itself, and no subject of another one.
    """
    named = [p for p in clause.find("who") if p.mention and not p.mention.is_team]
    found = [p for p in named if clause.governed.get(p.first, frozenset()).isdisjoint(_AGAINST)]
    found = found or (named if not clause.subject else [])
    if found:
        return [min(found, key=lambda p: distance(p, anchor) + _AFTER * (p.first > anchor.first))]
    if alone or clause.before is None:
        return clause.subject[-1:]
    return (clause.subject or clause.before.subject or [*clause.before.find("who")])[-1:]


def _driver_of(clause: Clause, piece: Piece) -> Piece:
    """Whose car it is: of "held off Hamilton's Ferrari" it is Hamilton who was held off."""
    i = clause.pieces.index(piece)
    before = clause.pieces[i - 1] if i else None
    team = piece.mention is not None and piece.mention.is_team
    owner = before.mention if before is not None and team else None
    return before if before is not None and owner is not None and owner.genitive else piece


def _whoever_is_beside(clause: Clause, anchor: Piece, place: str) -> list[Piece]:
    """Who stands right before a piece: one, or as many as there are places in a row."""
    anchor = _place_with(clause, anchor)
    found = [p for p in clause.find("who") if p.last < anchor.first]
    last = found[-1].mention if found else None
    if last is not None and last.is_team and anchor.listed and clause.kind == "aside":
        return _before_bracket(clause)  # "Norris (McLaren, 113)"
    if last is None or not _is_beside(clause, found[-1], anchor, place):
        return []
    summed = anchor.kind == "measure" and anchor.listed and not clause.verbs
    if last.is_team and clause.subject and found[-1] not in clause.subject and not summed:
        own = _has_before(clause, found[-1], Concept.HIS, Concept.OTHER)
        return (
            clause.subject if own else []
        )  # "put his Sauber third", "put the other Ferrari third"
    wanted = sum(1 for _ in side_by_side(clause, anchor))
    row = found[-wanted:]
    if wanted > 1 and len(row) == wanted and _joined(clause, row) == row:
        return row  # "Schumacher and Rosberg, fifth and sixth"
    return found[-1:]


def _before_bracket(clause: Clause) -> list[Piece]:
    """Who stands before what a bracket says of him."""
    outer = clause.before.find("who") if clause.before else ()
    return [p for p in outer if p.last < clause.pieces[0].first][-1:]


def _place_with(clause: Clause, anchor: Piece) -> Piece:
    """The place that a sum goes with, or the sum itself: "Ricciardo third with 66"."""
    i = clause.pieces.index(anchor)
    with_place = anchor.kind == "measure" and i > 1 and clause.pieces[i - 2].kind == "rank"
    joined = with_place and clause.pieces[i - 1].has(Concept.WITH, Concept.ON)
    return clause.pieces[i - 2] if joined else anchor


def _has_before(clause: Clause, piece: Piece, *concepts: str) -> bool:
    """Whether one of these stands before a piece, or begins it."""
    i = clause.pieces.index(piece)
    return piece.marks[0].is_a(*concepts) or (i > 0 and clause.pieces[i - 1].has(*concepts))


def _titled(clause: Clause, anchor: Piece) -> list[Piece]:
    """Who has a place for a title: "ahead of number two Norris"."""
    i = clause.pieces.index(anchor)
    after = clause.pieces[i + 1] if i + 1 < len(clause.pieces) else None
    if after is None or after.kind != "who" or not clause.governed.get(after.first):
        return []
    if after.mention and after.mention.is_team:
        return []  # "in the second Ferrari"
    before = clause.pieces[i - 1] if i else None
    return [after] if before is not None and before.kind == "link" else []


def _is_anothers(clause: Clause, anchor: Piece) -> bool:
    """Whether a place or sum stands beside somebody who is not the subject: "Russell, fifth"."""
    anchor = _place_with(clause, anchor)
    if anchor.kind not in ("rank", "row") and not anchor.listed:
        return False
    if anchor.kind == "rank" and _titled(clause, anchor):
        return True
    found = [p for p in clause.find("who") if p.last < anchor.first]
    return bool(found) and found[-1] not in clause.subject and (
        not found[-1].mention or not found[-1].mention.is_team
    ) and _is_beside(clause, found[-1], anchor, "beside")  # fmt: skip


def _last_of_first_verbs(clause: Clause) -> int:
    """Mark of the last of the verbs that a clause has side by side; -1 without a verb."""
    last = -1
    for p in clause.pieces:
        if p.kind == "verb" and (last < 0 or p.first == last + 1):
            last = p.last
        elif last >= 0 and p.has(Concept.AND, Concept.BUT) and p.kind == "link":
            break
    return last


def _is_beside(clause: Clause, who: Piece, anchor: Piece, place: str) -> bool:
    """Whether a piece says something of the one before it: "Russell, fifth", "only third"."""
    between = [p for p in clause.pieces if who.last < p.first and p.last < anchor.first]
    if place == "before":
        return len(between) <= _BEFORE and all(p.kind in ("link", "word", "noun") for p in between)
    small: tuple[str, ...] = (Concept.ONLY, Concept.THE, Concept.A, Kind.HEDGE)
    if anchor.listed:
        small = (*small, Concept.WITH, Concept.ON, Concept.TO, Concept.AT)
    if Concept.WITH in clause.governed.get(who.first, frozenset()):
        small = (*small, Concept.AS)  # "with Hamilton as the second"
    if between and between[-1].kind == "word" and len(between) > 1 and between[-2].has(Concept.A):
        between.pop()  # "a combative fourth"
    row = side_by_side(clause, anchor)
    return all(
        p.word == "," or p.has(*small) or p in row or (p.has(Concept.AND) and len(row) > 1)
        for p in between
    )


def _joined(clause: Clause, row: list[Piece]) -> list[Piece]:
    """The first of a row and those right after him."""
    found = row[:1]
    for p in row[1:]:
        between = [q for q in clause.pieces if found[-1].last < q.first and q.last < p.first]
        if any(
            not (q.word == "," or q.has(Concept.AND, Concept.THE, Concept.OTHER)) for q in between
        ):
            break
        found.append(p)
    return found


def _owner(clause: Clause, anchor: Piece) -> list[Piece]:
    """Whose a piece is: "Hamilton's 104th win", "his third", "the third of Hamilton"."""
    pieces = clause.pieces
    i = pieces.index(anchor)
    apart = i > 1 and pieces[i - 1].has(Concept.THE) and pieces[i - 2].has(Concept.AND)
    told = [p for p in clause.others(Concept.FOR, Concept.OF) if p.first > anchor.last]
    if apart and anchor.elided and not told:
        earlier = [p for p in pieces[:i] if p.kind == anchor.kind]
        return _owner(clause, earlier[-1]) if earlier else []  # "his 17th ... and the 52nd"
    reach = range(i - 1, max(i - 2 - _OWNER_REACH, -1), -1)
    for k in () if apart else reach:  # "his first win and the first one-two for Mercedes"
        p = pieces[k]
        if p.kind == "who":
            owns = p.mention and (p.mention.genitive or p.mention.how == "his")
            given = pieces[k - 1] if k and p.mention and p.mention.how == "his" else p
            if given.mention and given.mention.is_team and given is not p:
                return [given]  # "gave Mercedes its first win of the season"
            return [p] if owns else []
        if p.kind in ("verb", "punct"):
            break
    for p, following in pairwise(pieces[i + 1 :]):
        if p.kind == "who" and p.mention and p.mention.genitive and following.has(Concept.CAREER):
            return [p]
    after = [p for p in clause.others(Concept.OF) if p.first > anchor.last]
    return after[:1] if after and distance(anchor, after[0]) <= 2 else []
