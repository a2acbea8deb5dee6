"""Guesses: what a sentence may say where no frame has read it, by the relations of the network.

A frame is a way to say a claim that somebody has thought of; there are always more. The network
(`relations`) has learned from examples what figures, names and words say of whom. Guesses are kept
apart from claims: nobody is accused because of one; they may agree with the data, and are worth a
tick where they surely do. How likely the network finds what a frame has read is told to the model
of confidence.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.press.claim import Scope
from racecraft.press.reading.bonds import teller
from racecraft.press.reading.build import UNITS, claims_of
from racecraft.press.reading.frames import Frame, Match
from racecraft.press.reading.relations import LEAST
from racecraft.press.reading.telling import NAME, Label, telling_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from racecraft.press.claim import Claim, Entity
    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.build import Context
    from racecraft.press.reading.pieces import Piece
    from racecraft.press.reading.relations import Relation
    from racecraft.press.reading.telling import Told

HARDLY = 0.02  # chance below which all are alike
PAIR = 2
GAPS = frozenset(("points_gap", "winning_margin", "time_gap", "qualifying_gap"))
SAME_GAP = {"winning_margin": "time_gap"}  # until it is known who has won
# What a claim about an event needs, to be made as the frames of its type make it.
NEEDS = {"circuit": ("circuit",), "date": ("day",)}
AHEAD, BEHIND = ">", "<"


def guesses(
    parsed: Parsed, contexts: Sequence[Context], claims: Iterable[Claim],
    relations: Sequence[Relation], before: Iterable[Claim] = (),
) -> Iterator[Claim]:  # fmt: skip
    """What a sentence may say beside what was read in it, and is not what was said ``before``."""
    made = list(claims)
    said = {(_key(c, slot.value), str(c.value)) for c in before for slot in c.subjects}
    read = {_key(c, slot.value) for c in made for slot in c.subjects}
    read |= {_key(c, None) for c in made if not c.subjects}
    for match, chance in _matches(parsed, relations):
        context = contexts[parsed.clause_of[match.anchor.first]]
        for claim in claims_of(match, context):
            who = {slot.value for slot in claim.subjects}
            known = any(
                _key(claim, one) in read or (_key(claim, one), str(claim.value)) in said
                for one in who or (None,)
            )
            if not known and claim.modality == "fact" and claim.polarity == "affirmed":
                told = float(any(_is_inside(match.anchor, c) for c in made))
                features = {**claim.features, "guessed kind": chance, "read otherwise": told}
                scope = _scope(claim, match.anchor)
                yield replace(claim, features=features, scope=scope, source="guess")


def backed(
    claims: Iterable[Claim], parsed: Parsed, relations: Sequence[Relation]
) -> Iterator[Claim]:
    """Claims with how likely the network finds each, and something else of the same words."""
    for claim in claims:
        piece = teller(claim, parsed)
        same = others = 0.0
        for relation in relations:
            if _says(relation, claim, piece):
                same = max(same, relation.chance)
            elif piece is not None and relation.by is not None and relation.by is piece:
                others = max(others, relation.chance)
        told = {"seen": same, "seen odds": odds(same), "seen otherwise": others}
        yield replace(claim, features={**claim.features, **told})


def odds(chance: float) -> float:
    """Logarithm of the odds of a chance, within reason."""
    within = min(max(chance, HARDLY), 1 - HARDLY / 20)
    return math.log(within / (1 - within))


def _says(relation: Relation, claim: Claim, piece: Piece | None) -> bool:
    """Whether a relation is what a claim says, of one of those whom it is about."""
    label = Label.of(relation.label)
    if _gap(label.claim_type) != _gap(claim.claim_type):
        return False
    figure = isinstance(claim.value, int | float) and not isinstance(claim.value, bool)
    if figure and relation.by is not None and relation.by is not piece:
        return False
    if figure and label.what.isdigit() and int(label.what) != claim.value:
        return False
    who = relation.who.slot.value if relation.who is not None and relation.who.slot else None
    if not claim.subjects:
        return who is None
    side = 1 if label.side == BEHIND and len(claim.subjects) == PAIR else 0
    return claim.subjects[side].value == who


def _gap(claim_type: str) -> str:
    return SAME_GAP.get(claim_type, claim_type)


def _key(claim: Claim, who: Entity | None) -> tuple[str, Entity | None]:
    return _gap(claim.claim_type), who


def _is_inside(piece: Piece, claim: Claim) -> bool:
    """Whether a piece is among the words of a claim."""
    return claim.start <= piece.marks[0].start and piece.marks[-1].end <= claim.end


def _matches(parsed: Parsed, relations: Sequence[Relation]) -> Iterator[tuple[Match, float]]:
    """Relations as if frames had found them, each with how likely it is."""
    between: defaultdict[tuple[str, int], list[tuple[str, Relation]]] = defaultdict(list)
    for relation in relations:
        label = Label.of(relation.label)
        if label.side and relation.by is not None:
            between[label.claim_type, relation.by.first].append((label.side, relation))
        elif relation.chance >= LEAST and (match := _of_one(label, relation, parsed)):
            yield match, relation.chance
    for (kind, _), sides in between.items():
        if found := _of_two(kind, sides, parsed):
            yield found


def _of_one(label: Label, relation: Relation, parsed: Parsed) -> Match | None:
    """What is said of somebody, or of the event."""
    who, by = relation.who, relation.by
    if label.claim_type == "relative_order":
        return _in_order(relation, parsed)
    if by is None and who is None:
        return None
    anchor = by or telling_word(label.claim_type, who, parsed)
    told = label.told_by(by, parsed.at(anchor))
    return _match(label, told, anchor, who, relation.chance, parsed) if told else None


def _match(
    label: Label, told: Told, anchor: Piece, who: Piece | None, chance: float, parsed: Parsed
) -> Match:
    value, details = told
    frame = Frame(
        label.claim_type, who=("near",) if who else (), rest=True, likely=chance, details=details,
        needs=NEEDS.get(label.claim_type, ()) if label.how == NAME else (),
        counts=_counted(anchor, parsed) if label.claim_type == "first_since" else "",
    )  # fmt: skip
    return Match(frame, parsed.at(anchor), anchor, (who,) if who else (), None, value, "near")


def _in_order(relation: Relation, parsed: Parsed) -> Match | None:
    """That one finished ahead of another."""
    ahead, behind = relation.who, relation.by
    if ahead is None or behind is None or behind.slot is None:
        return None
    anchor = telling_word("relative_order", behind, parsed)
    frame = Frame(
        "relative_order", who=("near",), rival=("near",), rest=True, likely=relation.chance
    )
    return Match(frame, parsed.at(anchor), anchor, (ahead,), behind, True, "near")


def _of_two(
    kind: str, sides: Sequence[tuple[str, Relation]], parsed: Parsed
) -> tuple[Match, float] | None:
    """That somebody is ahead of somebody by a figure: the likeliest two, never turned.

    Where only one is likely, the other is unsaid: the leader, the winner, or the next.
    """
    best = [_likeliest(side, sides) for side in (AHEAD, BEHIND)]
    known = [r for r in best if r is not None]
    if not known:
        return None
    if len(known) == PAIR and known[0].who is not known[1].who:
        ahead, behind = known
        chance = math.sqrt(ahead.chance * behind.chance)
    else:
        ahead = behind = max(known, key=_chance)
        chance = ahead.chance
    if ahead.by is None or ahead.by.n is None or chance < LEAST:
        return None
    alone = ahead is behind
    turned = alone and Label.of(ahead.label).side == BEHIND
    frame = Frame(
        kind, who=("near",), rival=() if alone else ("near",), rest=True, turned=turned,
        against="" if not alone else "1" if turned else "2", likely=chance,
    )  # fmt: skip
    who, rival = ahead.who, None if alone else behind.who
    anchor = ahead.by
    match = Match(frame, parsed.at(anchor), anchor, (who,) if who else (), rival, anchor.n, "near")
    return match, chance


def _likeliest(side: str, sides: Sequence[tuple[str, Relation]]) -> Relation | None:
    """The likeliest of those who may be on one side of a figure."""
    return max((r for of, r in sides if of == side and r.who), key=_chance, default=None)


def _chance(relation: Relation) -> float:
    return relation.chance


def _scope(claim: Claim, piece: Piece) -> Scope:
    """Scope of a guess: the lap that it tells; of a first since a year, not that year."""
    if claim.details.get("kind"):
        return replace(claim.scope, lap=int(piece.n or 0))
    if claim.claim_type == "first_since" and piece.kind == "year":
        return Scope(moment=claim.scope.moment)
    return claim.scope


def _counted(piece: Piece, parsed: Parsed) -> str:
    """What is the first of its kind: as the piece says, or else its clause; a win otherwise."""
    told = (piece, *parsed.at(piece).pieces)
    return next((unit for p in told for concept, unit in UNITS.items() if p.has(concept)), "wins")
