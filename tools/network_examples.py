"""What annotated texts say, as examples for the network: of whom, by which piece, what label.

An annotated claim is tied to the pieces of its sentence that mention whom it is about, and to those
that can tell its value. Where there are several, the nearest two are the example, and the others
are no example of anything. A claim that can be tied to nothing makes its type no example in its
sentence: it is said there, but nobody knows where.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from press_rows import same_subject
from press_sentences import Text, is_called

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.telling import CAUSES, is_team, nation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from racecraft.press.reading.pieces import Piece
    from racecraft.press.reading.relations import Place

EVENT = re.compile(r"\d{4} |.*grand prix", re.IGNORECASE)
MOST_TOLD = 3  # the highest figure that words tell without one
LEAST = 25  # claims under a label for it to be one
AHEAD, BEHIND = ">", "<"
BEFORE = 0.3  # by how much nearer somebody is who stands before what is said
APART = 100  # of pieces in two sentences
Pair = tuple["Place | None", "Place | None"]


@dataclass
class Said:
    """What a sentence says: labels by whom and what says it; what is no example of a label."""

    told: set[tuple[Pair, str]] = field(default_factory=set)
    unsure: set[tuple[Pair, str]] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


def said_in(text: Text) -> dict[int, Said]:
    """What each sentence of a text says, by its number."""
    found: defaultdict[int, Said] = defaultdict(Said)
    for claim in text.gold:
        for n, parsed in enumerate(text.sentences):
            span = text.where(claim, parsed)
            if span is not None:
                _note(claim, n, span, text, found[n])
                if text.quoted:
                    break
    return dict(found)


def labels_of(said: Iterable[dict[int, Said]]) -> tuple[str, ...]:
    """Every label that there are examples enough of, by name."""
    seen = Counter(label for each in said for one in each.values() for _, label in one.told)
    return tuple(sorted(label for label, times in seen.items() if times >= LEAST))


def _note(claim: dict[str, Any], n: int, span: tuple[int, int], text: Text, said: Said) -> None:
    """Add what a claim says of each of those whom it is about."""
    subject, kind = claim["subject"], claim["claim_type"]
    how, places = _how(claim, n, span, text)
    whose = _whose(subject, n, text)
    if not any(whose):
        said.unknown.add(kind)
        return
    first = min(
        (k for k, p in enumerate(text.sentences[n].pieces) if _overlaps(p, span)), default=0
    )
    if kind == "relative_order" and len(whose) > 1:
        ahead, behind = (_nearest(each, [None], (n, first)) for each in whose)
        if ahead is None or behind is None:
            said.unknown.add(kind)
        else:
            said.told.add(((ahead[0], behind[0]), f"{kind}@who"))
        return
    for side, each in zip((AHEAD, BEHIND), whose, strict=False):
        label = f"{kind}{how}{side if len(whose) > 1 else ''}"
        pair = _nearest(each, places, (n, first))
        if pair is None:
            said.unknown.update({kind} if each else ())
            continue
        said.told.add((pair, label))
        said.unsure |= {((who, by), label) for who in each for by in places}


def _nearest(
    whose: Sequence[Place | None], places: Sequence[Place | None], words: Place
) -> Pair | None:
    """Of those who are meant, and of what may say it, the two that stand nearest."""

    def apart(pair: Pair) -> float:
        who, by = pair
        if who is None:
            return 0.0
        at = by or words
        far = abs((who[0] - at[0]) * APART + who[1] - at[1])
        return far - BEFORE * (who[1] < at[1])

    return min(((who, by) for who in whose for by in places), key=apart, default=None)


def _whose(subject: str, n: int, text: Text) -> list[list[Place | None]]:
    """Where whoever a claim is about is mentioned; nowhere for the event itself."""
    if not subject or EVENT.match(subject):
        return [[None]]
    if re.search(r" (?:&|and) ", subject):
        return [[]]
    names = subject.replace("-", " ").split(" over ")
    return [list(_mentions(name, n, text)) for name in names]


def _mentions(name: str, n: int, text: Text) -> Iterator[Place]:
    """Where somebody is mentioned in a sentence, or else in the one before."""
    for m in (n, n - 1) if n else (n,):
        found = [
            (m, k) for k, piece in enumerate(text.sentences[m].pieces)
            if piece.kind == "who" and is_called(piece, name)
        ]  # fmt: skip
        if found:
            yield from found
            return


def _how(
    claim: dict[str, Any], n: int, span: tuple[int, int], text: Text
) -> tuple[str, list[Place | None]]:
    """How a claim is told, and which pieces of its sentence can tell it so."""
    pieces = [(k, p) for k, p in enumerate(text.sentences[n].pieces) if _overlaps(p, span)]
    for how, tells in _WAYS.get(claim["claim_type"], (("#", _by_figure),)):
        found: list[Place | None] = [(n, k) for k, piece in pieces if tells(piece, claim)]
        if found:
            return how, found
    return _by_words(claim), [None]


def _by_words(claim: dict[str, Any]) -> str:
    """How a claim is told that no single piece tells."""
    kind, value = claim["claim_type"], claim["value"]
    number = figure_of(value)
    if value is True:
        return "=yes"
    if number is not None and number <= MOST_TOLD and number == int(number):
        return f"={int(number)}"
    if kind == "title_math" and str(value).startswith(("clinched", "secured", "champion")):
        return "=secured"
    if kind == "first_since" and _is_maiden(value):
        return "=maiden"
    return "=other"


def figure_of(value: object) -> float | None:
    """The figure of an annotated value: 3.8 of "3.8 seconds"; None of words."""
    if isinstance(value, int | float):
        return None if isinstance(value, bool) else float(value)
    found = re.match(r"\s*-?(\d+(?:\.\d+)?)", str(value))
    return float(found.group(1)) if found else None


def _any_figure(value: object) -> set[str]:
    return set(re.findall(r"\d+", str(value)))


def _overlaps(piece: Piece, span: tuple[int, int]) -> bool:
    return piece.marks[0].start < span[1] and piece.marks[-1].end > span[0]


def _by_figure(piece: Piece, claim: dict[str, Any]) -> bool:
    number = figure_of(claim["value"])
    return number is not None and piece.n is not None and abs(piece.n - number) < 1e-6


def _by_year(piece: Piece, claim: dict[str, Any]) -> bool:
    year = piece.value(Kind.YEAR) if piece.kind == "year" else None
    return year is not None and str(year) in _any_figure(claim["value"])


def _by_first(piece: Piece, claim: dict[str, Any]) -> bool:
    first = piece.n == 1 or (piece.n is None and piece.has(Concept.MAIDEN, Concept.FIRST))
    return first and _is_maiden(claim["value"])


def _is_maiden(value: object) -> bool:
    """Whether an annotation tells of a first of all: "maiden", "first win", but not "since"."""
    told = str(value).lower()
    return told == "maiden" or ("first" in told and not re.search("since|\\d|season", told))


def _by_team(piece: Piece, claim: dict[str, Any]) -> bool:
    slot = piece.slot if is_team(piece) else None
    return slot is not None and same_subject(slot.value.name, str(claim["value"]))


def _by_lap(piece: Piece, claim: dict[str, Any]) -> bool:
    return piece.kind == "lap" and bool(piece.n) and (
        str(int(piece.n or 0)) in _any_figure(claim["value"])
    )  # fmt: skip


_WAYS: dict[str, tuple[tuple[str, Any], ...]] = {
    "first_since": (("@since", _by_year), ("@maiden", _by_first)),
    "titles": (("@year", _by_year), ("#", _by_figure)),
    "debut_season": (("@year", _by_year),),
    "team": (("@team", _by_team),),
    "lap_of_event": (("@lap", _by_lap), ("#", _by_figure)),
    "pit_stop": (("@stop", _by_lap), ("#", _by_figure)),
    "retirement_reason": (("@cause", lambda piece, _: piece.has(*CAUSES)),),
    "nationality": (("@nation", lambda piece, _: nation_of(piece) is not None),),
    "circuit": (("@venue", lambda piece, _: piece.kind == "venue"),),
    "date": (("@date", lambda piece, _: piece.kind in ("date", "weekday")),),
}
