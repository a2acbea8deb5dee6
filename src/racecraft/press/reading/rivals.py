"""Rivals: who is ahead of whom by a figure, by a model learned from examples.

Everybody whom a sentence mentions may be ahead of everybody else by its points or seconds; or one
of them ahead of, or behind, somebody unsaid: the leader, the winner, the next. What stands before,
between and behind the two and the figure tells which.
"""

from __future__ import annotations

import math
from itertools import permutations
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept
from racecraft.press.reading.cues import word_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.pieces import Piece

Pair = tuple["Piece | None", "Piece | None"]  # who is ahead of whom; None is somebody unsaid

MOST = 7  # people around a figure who may be meant
NEAR = 3  # pieces around a figure whose words are told
PAIRED = frozenset(("points_gap", "winning_margin", "time_gap", "qualifying_gap", "relative_order"))
_TELLING = frozenset(
    (
        Concept.AHEAD, Concept.BEHIND, Concept.LEAD, Concept.LEADS, Concept.LEADER, Concept.LED,
        Concept.TRAIL, Concept.BEAT, Concept.DEFICIT, Concept.OVER, Concept.FROM, Concept.LESS,
        Concept.MORE, Concept.CUT, Concept.EXTEND, Concept.LOSE, Concept.WIN, Concept.WINNER,
        Concept.VICTORY, Concept.FOLLOW, Concept.FOLLOWED_BY, Concept.VERSUS, Concept.THAN,
        Concept.TO, Concept.AFTER, Concept.BEFORE, Concept.CLINCH, Concept.TAKE, Concept.WON_BY,
        Concept.FURTHER, Concept.GAP, Concept.HAVE, Concept.AND, Concept.HIS, Concept.WHO,
        Concept.OF, Concept.CHASE, Concept.BY, Concept.WITH, Concept.FOR, Concept.POLE,
        Concept.NEXT, Concept.STILL_POSSIBLE,
    )
)  # fmt: skip


def pairs_of(piece: Piece, parsed: Parsed) -> list[Pair]:
    """Whoever may be ahead of whom by a figure, in every order."""
    near = sorted(parsed.who, key=lambda who: len(parsed.between(who, piece)))[:MOST]
    known = [who for who in near if who.slot]
    found: list[Pair] = [pair for pair in permutations(known, 2) if _may_be_rivals(*pair)]
    for who in known:
        found += [(who, None), (None, who)]
    return found


def _may_be_rivals(one: Piece, other: Piece) -> bool:
    """Whether two are different, and both teams or neither."""
    a, b = one.slot, other.slot
    if a is None or b is None or a.value == b.value:
        return False
    return (a.value.kind == "team") == (b.value.kind == "team")


def cues_of_pair(pair: Pair, piece: Piece, parsed: Parsed) -> frozenset[str]:
    """What tells whether the first of two is ahead of the second by a figure."""
    ahead, behind = pair
    placed = sorted(
        ((who.first, name) for who, name in ((ahead, "A"), (behind, "B"), (piece, "#")) if who)
    )
    order = "".join(name for _, name in placed)
    found = {f"order {order}"}
    for who, name in ((ahead, "A"), (behind, "B")):
        if who is not None:
            found.update(_alone(who, name, order, piece, parsed))
    i = parsed.pieces.index(piece)
    for k, other in enumerate(parsed.pieces):
        part = sum(first < other.first for first, _ in placed)
        for concept in other.concepts & _TELLING:
            found.add(f"{order} {concept}@{part}")
        if 0 < abs(k - i) <= NEAR:
            side = "+" if k > i else "-"
            found.update(f"{order} {concept}{side}" for concept in other.concepts & _TELLING)
            if other.kind in ("word", "link"):
                found.add(f"{order} {word_of(other, parsed.lang)}{side}")
    return frozenset(found)


def _alone(who: Piece, name: str, order: str, piece: Piece, parsed: Parsed) -> Iterator[str]:
    """Cues of one of two: how near he stands, in which clause, as its subject or not."""
    between = parsed.between(who, piece)
    names = sum(p.kind == "who" for p in between)
    clause, his = parsed.at(piece), parsed.at(who)
    yield f"{name} names {min(names, 3)}"
    yield f"{order} {name} names {min(names, 3)}"
    yield f"{name} far {min(len(between) // 3, 4)}"
    if his is not clause:
        yield f"{name} elsewhere"
    if any(p.first == who.first for p in clause.subject):
        yield f"{order} {name} subject"
    for concept in his.governed.get(who.first) or ():
        yield f"{order} {name} {concept}"
    if who.mention is not None:
        yield f"{order} {name} {who.mention.how}"


def chances_of_pairs(
    piece: Piece, parsed: Parsed, weights: Mapping[str, int], start: int
) -> list[tuple[Pair, float]]:
    r"""Pairs with how likely each is meant, the likeliest first.

    Notes
    -----
    :math:`p = 1 / (1 + e^{-(w_0 + \sum_c w_c)})` for each pair alone, less what the others take
    where they come to more than one together.
    """
    found = []
    for pair in pairs_of(piece, parsed):
        cues = cues_of_pair(pair, piece, parsed)
        score = start + sum(weights.get(cue, 0) for cue in cues)
        found.append((pair, 1.0 / (1.0 + math.exp(-score / 100))))
    whole = max(sum(chance for _, chance in found), 1.0)
    return sorted(((pair, chance / whole) for pair, chance in found), key=lambda each: -each[1])
