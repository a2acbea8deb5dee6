"""Bonds: how what is said is tied, within its sentence, to whom it is said of.

Nothing here knows a word: only what stands between two pieces, how many others stand nearer, and
where clauses begin. From that a small model tells how likely it is that a place or figure belongs
to each of those whom a sentence mentions, or to nobody of them, whatever rule has bound it; and
counts tell how much of a clause was read at all.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from racecraft.press.lexicon.concepts import Concept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from racecraft.press.claim import Claim, Entity
    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

Tie = dict[str, float]

FIGURES = frozenset(("rank", "row", "nth", "count", "measure", "lap", "number", "score"))
_AGAINST = (Concept.AHEAD, Concept.BEHIND, Concept.FROM, Concept.OVER, Concept.VERSUS)
_KINDS = {"rank": "rank", "row": "rank", "nth": "count", "count": "count", "measure": "measure",
          "number": "measure", "score": "measure", "verb": "verb"}  # fmt: skip
_SAME = 1e-6
_MOST = 4
_PARTS = frozenset(";:—–-")
# Of the tie that a rule has made, what the model of confidence is told.
_SHOWN = (
    "after", "marks", "names", "figures", "commas", "parts", "verbs", "other clause",
    "unread words", "first", "taken", "subject", "governed", "against", "relatives",
)  # fmt: skip


@dataclass(frozen=True)
class Parsed:
    """The pieces of a sentence from left to right, each once, the clause of each, its language."""

    pieces: tuple[Piece, ...]
    clause_of: Mapping[int, int]
    clauses: Sequence[Clause]
    lang: str = ""

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.clauses[0].sentence

    @property
    def who(self) -> list[Piece]:
        """Everybody who is mentioned."""
        return [p for p in self.pieces if p.kind == "who"]

    def between(self, one: Piece, other: Piece) -> list[Piece]:
        """Pieces between two."""
        a, b = sorted((one, other), key=lambda p: p.first)
        return [p for p in self.pieces if a.last < p.first and p.last < b.first]

    def at(self, piece: Piece) -> Clause:
        """The clause that a piece stands in."""
        return self.clauses[self.clause_of[piece.first]]


def parsed_of(clauses: Sequence[Clause], lang: str = "") -> Parsed:
    """A sentence by its clauses; a piece that several share is that of the last."""
    pieces: dict[int, Piece] = {}
    clause_of: dict[int, int] = {}
    for n, clause in enumerate(clauses):
        for piece in clause.pieces:
            pieces[piece.first] = piece
            clause_of[piece.first] = n
    return Parsed(tuple(pieces[k] for k in sorted(pieces)), clause_of, clauses, lang)


def bonded(claims: Iterable[Claim], parsed: Parsed) -> list[Claim]:
    """Claims of a sentence, each with how it is tied to it among its features."""
    made = list(claims)
    told = [teller(claim, parsed) for claim in made]
    read = {piece.first for piece in told if piece is not None}
    meant = {slot.value for claim in made for slot in claim.subjects}
    return [
        replace(claim, features={**claim.features, **_features(claim, piece, parsed, read, meant)})
        for claim, piece in zip(made, told, strict=True)
    ]


def teller(claim: Claim, parsed: Parsed) -> Piece | None:
    """The piece that tells what a claim says: its figure, or else its verb or noun."""
    spanned = [
        p for p in parsed.pieces
        if p.marks and p.marks[0].start >= claim.start and p.marks[-1].end <= claim.end
    ]  # fmt: skip
    rest = [p for p in spanned if p.kind not in ("who", "link", "punct")]
    if isinstance(claim.value, int | float) and not isinstance(claim.value, bool):
        for piece in rest:
            if piece.n is not None and abs(piece.n - claim.value) < _SAME:
                return piece
    rest = [p for p in rest if p.kind != "word"] or rest
    if not rest:
        return None
    starts_with_who = spanned[0].kind == "who"
    return rest[-1] if starts_with_who else rest[0]


def _features(
    claim: Claim, piece: Piece | None, parsed: Parsed, read: set[int], meant: set[Any]
) -> Tie:
    """Features of one claim: how likely its bond and the best other are, what was left unread."""
    if piece is None:
        return {"bond": 0.0} if claim.subjects else {}
    found = _left_unread(piece, parsed, read, meant)
    if not claim.subjects:
        return found
    mine = [slot.value for slot in claim.subjects]
    chances = chances_of(piece, parsed)
    own = sum(chance for who, chance in chances if who and _is_of(who, mine))
    others = [chance for who, chance in chances if who and not _is_of(who, mine)]
    found |= {"bond": own, "bond to another": max(others, default=0.0)}
    members = [who for who in parsed.who if _is_of(who, mine)]
    if members:
        nearest = min(members, key=lambda who: len(parsed.between(who, piece)))
        tie = tie_of(nearest, piece, parsed)
        found |= {f"tie {name}": tie[name] for name in _SHOWN if tie.get(name)}
    else:
        found["tie outside"] = 1.0
    return found


def _is_of(who: Piece, entities: Sequence[Entity]) -> bool:
    return who.slot is not None and who.slot.value in entities


def _left_unread(piece: Piece, parsed: Parsed, read: set[int], meant: set[Any]) -> Tie:
    """How much of a clause, and of its sentence, is in no claim."""
    clause = parsed.at(piece)
    loose = [p for p in parsed.pieces if p.kind in FIGURES and p.first not in read]
    silent = [p for p in parsed.who if p.mention and (
        p.mention.slot is None or p.mention.slot.value not in meant)]  # fmt: skip
    inside = {p.first for p in clause.pieces}
    words = [p for p in clause.pieces if p.kind == "word"]
    spoken = [p for p in clause.pieces if p.kind != "punct"]
    return {
        "figures unread": _few(sum(p.first in inside for p in loose)),
        "figures unread around": _few(len(loose)),
        "names unread": _few(sum(p.first in inside for p in silent)),
        "names unread around": _few(len(silent)),
        "words unread": min(len(words), 12) / 12,
        "share unread": len(words) / max(1, len(spoken)),
        "laps told": _few(sum(p.kind == "lap" for p in clause.pieces)),
        "years told": _few(sum(p.kind in ("year", "date") for p in parsed.pieces)),
        "places told": _few(sum(p.kind == "venue" for p in parsed.pieces)),
        "figures told": _few(sum(p.kind in FIGURES for p in clause.pieces)),
        "verbs told": _few(sum(p.kind == "verb" for p in clause.pieces)),
        "supposed around": float(any(c.conditional for c in parsed.clauses)),
        "negated around": float(any(c.negated for c in parsed.clauses)),
    }


def _few(n: int) -> float:
    return min(n, _MOST) / _MOST


def chances_of(piece: Piece, parsed: Parsed) -> list[tuple[Piece | None, float]]:
    r"""How likely something is said of each who is mentioned, or of nobody (``None``).

    Notes
    -----
    :math:`p_m = e^{w \cdot x_m} / \sum_k e^{w \cdot x_k}`, where :math:`x_m` are the features
    of a tie; one of the candidates is nobody.
    """
    fitted = weights()
    ties = ties_of(piece, parsed)
    scores = [sum(fitted.get(name, 0.0) * x for name, x in tie.items()) for _, tie in ties]
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    return [(who, each / sum(raised)) for (who, _), each in zip(ties, raised, strict=True)]


def ties_of(piece: Piece, parsed: Parsed) -> list[tuple[Piece | None, Tie]]:
    """Everybody whom something may be said of, with its tie to each; last, nobody."""
    who = parsed.who
    kind = _KINDS.get(piece.kind, "other")
    nobody = {"nobody": 1.0, f"nobody {kind}": 1.0, "nobody, of many": _few(len(who))}
    return [*((each, tie_of(each, piece, parsed)) for each in who), (None, nobody)]


def tie_of(who: Piece, piece: Piece, parsed: Parsed) -> Tie:
    """What stands between somebody and what may be said of him, and how he stands there."""
    between = parsed.between(who, piece)
    after = who.first > piece.first
    clause, his = parsed.at(piece), parsed.at(who)
    marks = max(who.first - piece.last - 1, piece.first - who.last - 1, 0)
    names = sum(p.kind == "who" for p in between)
    figures = sum(p.kind in FIGURES for p in between)
    kind = _KINDS.get(piece.kind, "other")
    subject = any(p.first == who.first for p in clause.subject)
    governed = his.governed.get(who.first) or frozenset()
    mention = who.mention
    tie = {
        "after": float(after),
        "marks": math.log1p(marks),
        "beside": float(marks == 0),
        "names": _few(names),
        "names after": _few(names) * after,
        "figures": _few(figures),
        "figures after": _few(figures) * after,
        "commas": _few(sum(p.word == "," for p in between)),
        "parts": _few(sum(p.word in _PARTS for p in between)),
        "brackets": float(any(p.word in "()" for p in between if p.kind == "punct")),
        "joined": _few(sum(p.has(Concept.AND, Concept.BUT) for p in between)),
        "verbs": _few(sum(p.kind == "verb" for p in between)),
        "verbs after": _few(sum(p.kind == "verb" for p in between)) * after,
        "relatives": _few(sum(p.has(Concept.WHO) for p in between)),
        "unread words": _few(sum(p.kind == "word" for p in between)),
        "other clause": float(his is not clause),
        "subject": float(subject),
        "subject of": float(subject and clause.how == "before"),
        "subject lent": float(subject and clause.how == "shared"),
        "subject there": float(any(p.first == who.first for p in his.subject)),
        "first": float(who.first == parsed.who[0].first),
        "governed": float(bool(governed)),
        "against": float(not governed.isdisjoint(_AGAINST)),
        "owner": float(bool(mention and (mention.genitive or mention.how == "his"))),
        "pronoun": float(bool(mention and mention.how in ("he", "him"))),
        "epithet": float(bool(mention and mention.how == "epithet")),
        "team": float(bool(mention and mention.is_team)),
        "taken": float(_has_another(who, piece, marks, parsed)),
        "open": float(mention is None or mention.slot is None),
    }
    for name in ("after", "marks", "names", "subject", "governed", "owner", "team"):
        tie[f"{kind} {name}"] = tie[name]
    return tie


def _has_another(who: Piece, piece: Piece, marks: int, parsed: Parsed) -> bool:
    """Whether another figure of that kind stands nearer to somebody."""
    return any(
        p.kind == piece.kind and p.first != piece.first
        and max(who.first - p.last, p.first - who.last) - 1 < marks
        for p in parsed.pieces
        if p.kind in FIGURES
    )  # fmt: skip


@cache
def weights() -> dict[str, float]:
    """Weights of the features of a tie, as their file has them."""
    file = resources.files("racecraft.press.reading").joinpath("bonds.json")
    found: dict[str, float] = json.loads(file.read_text("utf-8"))["weights"]
    return found
