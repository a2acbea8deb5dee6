"""Frames: how a claim is said, as data; and where a clause says it.

The frames of a type stand in its case file, ``claims/<type>.toml``. A frame names the verbs and
other concepts that a clause must have, the piece that carries the value, and who is meant: the
subject, an object, an owner, or whoever a preposition governs. The direction of a pair is in the
frame; it is never left open. A concept that there is not is an error when the file is loaded.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from racecraft.errors import ArgumentError
from racecraft.press.lexicon.concepts import Concept
from racecraft.press.reading.binding import bind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from racecraft.press.claim import Relation
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

_PLACES = frozenset(
    ("subject", "object", "owner", "beside", "before", "after", "aside", "named", "near", "next to")
)
_CONCEPTS = ("verb", "has", "also", "lacks", "of", "next", "last", "nobody")


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to say a claim, the ``number``-th of its type.

    ``verb``: the clause has one of these verbs. ``has`` and ``also``: it has one of each.
    ``lacks``: it has none of these. ``piece``: kind of the piece that carries the value, with one
    of the concepts ``of``, in this ``unit``, ``about`` this. ``next``: such a concept follows the
    piece. ``who`` and ``rival``: where they stand, tried in order: a place, or a preposition that
    governs them. ``value``: the value, if the piece does not tell it; ``offset`` and ``step``
    are added for the first and for every further one of a row, unless the row ``closes`` at the
    value. ``turned``: the rival is ahead. ``against``: the place of the rival, where none is named.
    ``without``: pieces that the clause must not have ("count", "verb:WIN", "measure:points");
    ``nobody``: prepositions that must govern nobody. ``rest``: read as a last resort, where no
    other frame has made something of the piece, unless it says more ``beside`` that. ``needs``:
    parts of the scope or the piece that must be known: ``season``, ``lap``, ``since``, ``span``,
    ``total``, ``circuit``, ``day``.
    """

    claim_type: str
    number: int = 0
    verb: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    piece: str = ""
    of: tuple[str, ...] = ()
    unit: str = ""
    about: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    rival: tuple[str, ...] = ()
    relation: Relation = ""
    kinds: tuple[str, ...] = ("driver", "team", "role")
    value: Any = "n"
    offset: int = 0
    step: int = 0
    turned: bool = False
    each: bool = False
    counts: str = ""
    without: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()
    nobody_else: bool = False
    against: str = ""
    first_only: bool = False
    closes: bool = False
    listed: bool = False
    numbered: bool = False
    early: bool = False
    from_rank: int = 0
    needs: tuple[str, ...] = ()
    details: Mapping[str, Any] | None = None
    rest: bool = False
    beside: bool = False
    least: int = 0
    most: float = 0
    likely: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """A frame found in a clause: its piece, who is meant, and the rival if it is about two."""

    frame: Frame
    clause: Clause
    anchor: Piece
    who: tuple[Piece, ...]
    rival: Piece | None = None
    value: Any = None
    place: str = ""


@cache
def frames() -> Mapping[str, tuple[Frame, ...]]:
    """All frames by claim type, read from the case files.

    Raises
    ------
    ArgumentError
        A frame has a key or names a concept that there is not.
    """
    folder = resources.files("racecraft.press").joinpath("claims")
    found = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            raw = tomllib.loads(_without_cases(file.read_text("utf-8")))
            found[name] = tuple(
                _frame(name, {"number": n, **each}) for n, each in enumerate(raw.get("frame", ()))
            )
    return found


def _without_cases(text: str) -> str:
    """Case file without its cases, which only tests are for."""
    top, *parts = re.split(r"^(?=\[\[\w+\]\])", text, flags=re.MULTILINE)
    return top + "".join(part for part in parts if not part.startswith("[[case]]"))


@cache
def frames_that(*, rest: bool) -> tuple[Frame, ...]:
    """The frames of all types that are, or are not, of the last resort."""
    return tuple(f for of_type in frames().values() for f in of_type if f.rest == rest)


def is_read(match: Match, read: set[int]) -> bool:
    """Whether another frame has made something of the piece, and this one says no more of it."""
    return match.anchor.first in read and not match.frame.beside


def _frame(name: str, raw: Mapping[str, Any]) -> Frame:
    known = {each.name for each in fields(Frame)}
    if unknown := raw.keys() - known:
        raise ArgumentError(f"{name}.toml: a frame has no {', '.join(sorted(unknown))}")
    lists = {
        key: (value,) if isinstance(value, str) and key in _LISTS else
        tuple(value) if isinstance(value, list) else value
        for key, value in raw.items()
    }  # fmt: skip
    named = [each for key in _CONCEPTS for each in lists.get(key, ())]
    named += [
        each for key in ("who", "rival") for each in lists.get(key, ()) if each not in _PLACES
    ]
    named = [each.removeprefix("owner_of:") for each in named]
    if wrong := [each for each in named if each not in Concept.__members__]:
        raise ArgumentError(f"{name}.toml: no concept {', '.join(wrong)}")
    made: dict[str, Any] = {"claim_type": name} | lists
    return Frame(**made)


_LISTS = frozenset((*_CONCEPTS, "who", "rival", "about", "kinds", "needs", "without", "nobody"))


def matches(frame: Frame, clause: Clause) -> Iterator[Match]:
    """Where a clause says what a frame is for."""
    if not _fits(frame, clause):
        return
    for anchor in _anchors(frame, clause):
        for place in frame.who or ("",):
            row = bind(place, clause, anchor)
            if row or not place:
                yield from _with_rival(frame, clause, anchor, tuple(row), place)
                break


def _fits(frame: Frame, clause: Clause) -> bool:
    if frame.piece and frame.piece not in clause.kinds:
        return False
    if frame.verb and clause.verbal.isdisjoint(frame.verb):
        return False
    if frame.has and not clause.has(*frame.has):
        return False
    if frame.also and not clause.has(*frame.also):
        return False
    if frame.lacks and clause.has(*frame.lacks):
        return False
    if any(_stands_in(each, clause) for each in frame.without):
        return False
    return not any(governed & set(frame.nobody) for governed in clause.governed.values())


def _stands_in(what: str, clause: Clause) -> bool:
    """Whether a clause has such a piece: "count", "verb:WIN", "measure:points"."""
    kind, _, which = what.partition(":")
    return any(
        p.kind == kind and (not which or p.unit == which or p.has(which))
        for p in clause.pieces
        if not (p.elided and p.has(Concept.FIRST))  # "on pole for the first time" counts no poles
    )


def _anchors(frame: Frame, clause: Clause) -> list[Piece]:
    if not frame.piece:
        wanted = frame.has or frame.verb
        return [p for p in clause.pieces if p.has(*wanted)][:1]
    return [p for i, p in enumerate(clause.pieces) if _carries(frame, clause, i, p)]


def _carries(frame: Frame, clause: Clause, i: int, p: Piece) -> bool:
    """Whether a piece is the one that a frame takes its value from."""
    if p.kind != frame.piece or (frame.of and not p.has(*frame.of)):
        return False
    if (frame.unit and frame.piece == "measure" and p.unit != frame.unit) or (
        frame.about and p.about not in frame.about
    ):
        return False
    if frame.early and any(v.kind == "verb" and v.first < p.first for v in clause.pieces):
        return False
    if frame.numbered and not p.numbered:
        return False
    if frame.piece == "count" and frame.unit and p.unit != frame.unit:
        return False
    if frame.listed != p.listed and (frame.listed or frame.piece == "measure"):
        return False
    if frame.least and (p.n is None or p.n < frame.least):
        return False
    if frame.most and (p.n is None or p.n > frame.most):
        return False
    if frame.next and not _near(clause, i + 1, 1, frame.next):
        return False
    return not (frame.last and not _near(clause, i - 1, -1, frame.last))


def _near(clause: Clause, i: int, by: int, concepts: tuple[str, ...]) -> bool:
    """Whether one of these stands beside a piece, past the smallest words."""
    while 0 <= i < len(clause.pieces):
        piece = clause.pieces[i]
        if piece.has(*concepts):
            return True
        if not piece.has(Concept.THE, Concept.A, Concept.HIS, Concept.OF):
            return False
        i += by
    return False


def _with_rival(
    frame: Frame, clause: Clause, anchor: Piece, who: tuple[Piece, ...], place: str
) -> Iterator[Match]:
    value = anchor.n if frame.value == "n" else frame.value
    if frame.first_only:
        who = who[:1]
    if frame.nobody_else and any(p not in who for p in clause.find("who")):
        return
    for other in frame.rival:
        row = [p for p in bind(other, clause, anchor) if p not in who]
        for rival in row if frame.each else row[:1]:
            yield Match(frame, clause, anchor, who, rival, value, place)
        if row:
            return
    if not frame.rival or frame.against:
        yield Match(frame, clause, anchor, who, None, value, place)
