"""Cues: what stands around a piece of a sentence, as names that a small model weighs.

A cue is what the piece is, or a concept, kind or word before or after it, near or far. Concepts
are the same in every language, so that what is learned in one helps in the others; words carry
theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.pieces import Piece

AROUND = 4  # pieces on either side whose kind and concepts are told apart from the clause
WORDS, BESIDE = 3, 2  # on either side whose words are, and whose exact place is
LONGEST = 20  # letters of a word
_SILENT = frozenset((Kind.WORD, Kind.PUNCT, Kind.PARTICLE))
_WORDED = frozenset(("word", "link", "punct"))
_UP_TO = (0, 1, 2, 3, 10, 20, 26, 80)
_FORWARD, _BACK = "+", "-"


def cues_of(i: int, parsed: Parsed) -> frozenset[str]:
    """Everything that stands around the ``i``-th piece of a sentence, and what it is itself."""
    piece, lang = parsed.pieces[i], parsed.lang
    found = set(_own(piece, lang))
    for by in range(-AROUND, AROUND + 1):
        if by and 0 <= i + by < len(parsed.pieces):
            found.update(_beside(parsed.pieces[i + by], by, lang))
    clause = parsed.clause_of[piece.first]
    for other in parsed.pieces:
        same = parsed.clause_of[other.first] == clause
        where = "clause" if same else "sentence"
        found.update(f"{where} {concept}" for concept in other.concepts if concept not in _SILENT)
        if same and other.kind in ("word", "verb", "noun"):
            found.add(f"clause {word_of(other, lang)}")
    return frozenset(found)


def _own(piece: Piece, lang: str) -> Iterator[str]:
    yield f"kind {piece.kind}"
    yield f"unit {piece.unit}"
    yield f"about {piece.about}"
    yield f"is {word_of(piece, lang)}"
    yield f"lang {lang}"
    yield from (f"is {concept}" for concept in piece.concepts)
    if piece.decimals:
        yield "decimals"
    if piece.hedge != "exact":
        yield "hedged"
    if piece.n is not None:
        size = next((str(most) for most in _UP_TO if piece.n <= most), "more")
        yield f"size {size}"
        yield f"kind {piece.kind} {size}"


def _beside(other: Piece, by: int, lang: str) -> Iterator[str]:
    """Cues of a piece so many before or after another."""
    side = _FORWARD if by > 0 else _BACK
    yield from (f"{side} {concept}" for concept in other.concepts)
    if other.unit:
        yield f"{side} unit {other.unit}"
    if abs(by) <= BESIDE:
        yield from (f"{by} {concept}" for concept in other.concepts)
    if other.kind not in _WORDED:
        yield f"{by} kind {other.kind}"
        if other.mention is not None:
            yield f"{by} who {other.mention.how}"
        return
    if abs(by) <= WORDS:
        yield f"{side} {word_of(other, lang)}"
    if abs(by) <= BESIDE:
        yield f"{by} {word_of(other, lang)}"


def word_of(piece: Piece, lang: str) -> str:
    """The words of a piece, as a cue of their language."""
    return f"{lang}:{piece.word[:LONGEST]}"
