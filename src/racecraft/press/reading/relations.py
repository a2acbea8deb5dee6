"""Relations: what the pieces of sentences say of those whom they mention, by the network.

Sentences are read a few together, so that who is meant may stand in the one before. Whom a name
means is not told to the network: it sees one that means nobody, the same wherever he is named.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from racecraft.press.lexicon.concepts import Kind
from racecraft.press.reading.bonds import FIGURES
from racecraft.press.reading.network import AT_ONCE, LONGEST, Network, distance
from racecraft.press.reading.telling import CAUSES
from racecraft.press.reading.wordpieces import UNKNOWN, word_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.pieces import Piece

LEAST = 0.05  # chance from which a relation is told
MOST_OF_ONE = 12  # word pieces of a piece
BEGIN, END = "[CLS]", "[SEP]"
_SILENT = frozenset((Kind.WORD, Kind.PUNCT, Kind.PARTICLE))
_UP_TO = (0, 1, 2, 3, 10, 20, 26, 80)
_TELLING = FIGURES | {"year", "who", "venue", "date", "weekday"}
Place = tuple[int, int]  # number of a sentence, and of a piece of it


class Relation(NamedTuple):
    """That ``by`` says something of ``who``: a label of the network, and how likely.

    Without ``who`` it is said of the event; without ``by`` by the sentence, and by no figure or
    name in it.
    """

    label: str
    who: Piece | None
    by: Piece | None
    chance: float


def relations_of(told: Sequence[Parsed], network: Network, before: int = 0) -> list[list[Relation]]:
    """Relations of every sentence but the first ``before``, which only say who was spoken of."""
    passage = Passage(told, network)
    found: dict[int, list[Relation]] = {}
    todo = list(passage.windows(before))
    for k in range(0, len(todo), AT_ONCE):
        found |= passage.read(todo[k : k + AT_ONCE])
    return [found.get(n, []) for n in range(before, len(told))]


class Window(NamedTuple):
    """Sentences that are read together; ``new`` are those whose relations are asked for."""

    sentences: tuple[int, ...]
    new: tuple[int, ...]


class Encoded(NamedTuple):
    """Word pieces of a window, the signs of each, and where each piece of a sentence stands."""

    row: list[int]
    signs: list[list[int]]
    spans: dict[Place, tuple[int, int]]


class Passage:
    """Some sentences, and what the network makes of them."""

    def __init__(self, told: Sequence[Parsed], network: Network) -> None:
        self.told, self.network = told, network
        self.cut = [[self._pieces(piece, parsed) for piece in parsed.pieces] for parsed in told]

    def length(self, window: Window) -> int:
        """Word pieces of a window."""
        return sum(len(part or (0,)) for n in window.sentences for part in self.cut[n])

    def windows(self, before: int) -> Iterator[Window]:
        """As many sentences together as may be, each window with the last one of that before."""
        long = [sum(len(part or (0,)) for part in cut) for cut in self.cut]
        i = before
        while i < len(long):
            context = (i - 1,) if i and long[i - 1] + long[i] < LONGEST - 4 else ()
            length = sum(long[n] for n in (*context, i))
            last = i + 1
            while last < len(long) and length + long[last] < LONGEST - 4:
                length += long[last]
                last += 1
            new = tuple(range(i, last))
            yield Window((*context, *new), new)
            i = last

    def read(self, windows: Sequence[Window]) -> dict[int, list[Relation]]:
        """Relations by sentence of some windows."""
        encoded = [self.encoded(window) for window in windows]
        states = self.network.hidden([e.row for e in encoded], [e.signs for e in encoded])
        found = {}
        for window, e, state in zip(windows, encoded, states, strict=True):
            for n in window.new:
                found[n] = list(self._of(n, window, e, state))
        return found

    def asked(self, n: int, window: Window, e: Encoded) -> list[tuple[Place | None, Place | None]]:
        """Of whom each piece of a sentence may say something: all pairs of the two.

        Whoever is mentioned in it or in the one before, or the event; and every telling piece.
        """
        who: list[Place | None] = [None, *(
            (m, k) for m in (n - 1, n) if m in window.sentences
            for k, piece in enumerate(self.told[m].pieces)
            if piece.slot is not None and (m, k) in e.spans
        )]  # fmt: skip
        by: list[Place | None] = [None, *(
            (n, k) for k, piece in enumerate(self.told[n].pieces)
            if is_telling(piece) and (n, k) in e.spans
        )]  # fmt: skip
        return [(w, b) for w in who for b in by if w is None or w != b]

    def _of(self, n: int, window: Window, e: Encoded, state: Any) -> Iterator[Relation]:
        pairs = self.asked(n, window, e)
        rows = {place: row for row, place in enumerate(dict.fromkeys(chain(*pairs)))}
        nothing = self.network.weights["nothing"]
        means = np.stack([
            state[slice(*e.spans[place])].mean(0) if place else state[0] for place in rows
        ] + [nothing])  # fmt: skip
        chances = self.network.chances(
            means,
            [rows[w] for w, _ in pairs],
            [rows[b] if b else len(rows) for _, b in pairs],
            [distance(w and e.spans[w][0], b and e.spans[b][0]) for w, b in pairs],
        )
        for k, label in np.argwhere(chances >= LEAST):
            w, b = pairs[k]
            yield Relation(
                self.network.labels[label], self._at(w), self._at(b), float(chances[k, label])
            )

    def _at(self, place: Place | None) -> Piece | None:
        return self.told[place[0]].pieces[place[1]] if place else None

    def encoded(self, window: Window) -> Encoded:
        """The word pieces of a window as the network is given them."""
        known, names = self.network.pieces, dict[tuple[str, str], int]()
        row, signs, spans = [known[BEGIN]], [list[int]()], dict[Place, tuple[int, int]]()
        for n in window.sentences:
            parsed = self.told[n]
            for k, (piece, cut) in enumerate(zip(parsed.pieces, self.cut[n], strict=True)):
                mine = cut or [self._stand_in(piece, names)]
                if len(row) + len(mine) > LONGEST - 1:
                    break
                spans[n, k] = len(row), len(row) + len(mine)
                known_signs = self.network.signs
                said = [known_signs[s] for s in signs_of(piece, parsed) if s in known_signs]
                row += mine
                signs += [said] * len(mine)
        return Encoded([*row, known[END]], [*signs, []], spans)

    def _pieces(self, piece: Piece, parsed: Parsed) -> list[int]:
        """Word pieces of a piece; none of a name, for which another one stands in."""
        if is_named(piece):
            return []
        start, end = (piece.marks[0].start, piece.marks[-1].end)
        sentence = parsed.sentence
        text = sentence.text[start - sentence.start : end - sentence.start]
        found = list(word_pieces(text, self.network.pieces))[:MOST_OF_ONE]
        return found or [self.network.pieces[UNKNOWN]]

    def _stand_in(self, piece: Piece, names: dict[tuple[str, str], int]) -> int:
        """The word piece that stands in for a name, the same wherever that is meant."""
        slot = piece.slot
        assert slot is not None  # noqa: S101
        team = piece.mention is not None and piece.mention.is_team
        key = slot.value.kind, slot.value.id or slot.value.name
        if key not in names:
            pool = self.network.teams if team else self.network.people
            taken = sum((kind == "team") == team for kind, _ in names)
            names[key] = pool[taken % len(pool)]
        return names[key]


def is_named(piece: Piece) -> bool:
    """Whether a piece is the name of somebody or of a team, who is known."""
    return piece.slot is not None and piece.mention is not None and (
        piece.mention.how in ("name", "team")
    )  # fmt: skip


def is_telling(piece: Piece) -> bool:
    """Whether a piece can say something of somebody: a figure, a name, a place, a cause."""
    nation = piece.value(Kind.NATIONALITY) or piece.value(Kind.NATIONAL)
    return piece.kind in _TELLING or piece.has(*CAUSES) or nation is not None


def signs_of(piece: Piece, parsed: Parsed) -> Iterator[str]:
    """What the lexicon and the clause say of a piece: the same in every language."""
    clause = parsed.at(piece)
    yield f"kind {piece.kind}"
    yield f"unit {piece.unit}"
    yield f"about {piece.about}"
    yield from (f"is {concept}" for concept in piece.concepts if concept not in _SILENT)
    if piece.n is not None:
        size = next((str(most) for most in _UP_TO if piece.n <= most), "more")
        yield f"size {size}"
    if piece.mention is not None:
        yield f"how {piece.mention.how}"
    yield from (f"gov {concept}" for concept in clause.governed.get(piece.first) or ())
    yield f"clause {clause.kind}"
    told = {
        "decimals": piece.decimals,
        "hedged": piece.hedge != "exact",
        "genitive": piece.mention is not None and piece.mention.genitive,
        "open": piece.mention is not None and piece.slot is None,
        "subject": any(other.first == piece.first for other in clause.subject),
        "negated": clause.negated,
        "conditional": clause.conditional,
        "starts clause": bool(clause.pieces) and clause.pieces[0].first == piece.first,
    }
    yield from (sign for sign, holds in told.items() if holds)
