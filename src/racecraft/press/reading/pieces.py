"""Pieces: what the marks of a sentence make together, such as a place, a count or a gap.

"his third win of the season" is one piece of kind ``nth``: the number 3 and the concept of a
victory. Everything later works on pieces, and on the clauses that they stand in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from racecraft.press.lexicon.concepts import GRAMMAR, VERBS, Concept, Kind
from racecraft.press.reading.completing import complete
from racecraft.press.reading.placing import MOST_PLACES

if TYPE_CHECKING:
    from racecraft.press.claim import Entity, Hedge, Slot
    from racecraft.press.lexicon.marks import Mark, Sentence
    from racecraft.press.reading.mention import Mention

COUNTED = frozenset(
    (
        Concept.VICTORY, Concept.PODIUM, Concept.POLE, Concept.TITLE, Concept.STARTS,
        Concept.FASTEST_LAP, Concept.RETIRE, Concept.ONE_TWO, Concept.CHAMPION, Concept.RACE,
        Concept.GP, Concept.PIT, Concept.WINNER, Concept.SEASON, Concept.SPRINT, Concept.ATTEMPT,
        Concept.SAFETY_CAR, Concept.RED_FLAG, Concept.FRONT_ROW, Concept.IN_POINTS,
        Concept.LAPS_LED, Concept.CHAMPIONSHIP, Concept.POLESITTER, Concept.TIME, Concept.PENALTY,
    )
)  # fmt: skip
# What may stand between a number and what it counts: "third consecutive home win".
_BETWEEN = frozenset(
    (
        Concept.IN_A_ROW, Concept.HOME, Concept.GP, Concept.RACE, Concept.OF, Concept.CAREER,
        Concept.THIS_SEASON, Concept.SEASON, Concept.MAIDEN, Concept.EVER, Concept.CHAMPIONSHIP,
        Concept.MORE, Concept.OTHER, Concept.SPRINT, Concept.RECORD, Concept.ONLY, Concept.THE,
        Concept.CONSTRUCTORS,
        Kind.NATIONALITY, Kind.NATIONAL, Kind.YEAR,
    )
)  # fmt: skip
_UNITS = {"points": "points", "laps": "laps", "years": "years", "percent": "percent",
          "kilometres": "kilometres"}  # fmt: skip
MOST_ROUNDS = 26
MOST_ROWS = 17
A_PLACE = 2  # marks of a word and the ordinal that ends a sentence after it
FEW_WORDS = 3  # so many marks may stand between a number and what it counts


@dataclass(slots=True)
class Piece:
    """A few marks that make one thing.

    ``kind`` is one of ``who``, ``rank``, ``row``, ``nth``, ``count``, ``measure``, ``lap``,
    ``number``, ``score``, ``venue``, ``date``, ``year``, ``weekday``, ``verb``, ``noun``, ``link``,
    ``punct`` and ``word``. ``n`` is its number, ``unit`` what is measured or counted,
    ``concepts`` everything that its head can stand for, ``about`` what a rank is a place in,
    ``whose`` where its owner surely stands: "after" it, "before" it, or the "subject".
    ``plain`` says that the words right beside a place make it one of the race.
    """

    kind: str
    first: int
    last: int
    concepts: frozenset[str] = frozenset()
    n: float | None = None
    unit: str = ""
    hedge: Hedge = "exact"
    decimals: int = 0
    mention: Mention | None = None
    marks: tuple[Mark, ...] = field(default=(), repr=False)
    about: str = ""
    elided: bool = False
    listed: bool = False
    numbered: bool = False
    guessed: bool = False
    plain: bool = False
    whose: str = ""

    def has(self, *concepts: str) -> bool:
        """Whether its head can stand for one of these."""
        return not self.concepts.isdisjoint(concepts)

    @property
    def slot(self) -> Slot[Entity] | None:
        """Who is meant by a mention; None of anything else, or while that is not known."""
        return self.mention.slot if self.mention else None

    @property
    def word(self) -> str:
        """The folded words."""
        return " ".join(mark.word for mark in self.marks)

    def value(self, kind: str) -> Any:
        """Value of a kind of one of its marks, or None."""
        return next((mark.kinds[kind] for mark in self.marks if kind in mark.kinds), None)


def pieces_of(s: Sentence, mentions: list[Mention]) -> list[Piece]:
    """The pieces of a sentence, from left to right; together they are all its marks."""
    starts = {mention.first: mention for mention in mentions}
    found: list[Piece] = []
    hedge: Hedge = "exact"
    i = 0
    while i < len(s.marks):
        if mention := starts.get(i):
            piece = Piece("who", i, mention.last, mention=mention)
        elif _is_hedge(s, i):
            hedge = s.marks[i].kinds[Kind.HEDGE]
            piece = Piece("link", i, i, frozenset((Kind.HEDGE,)))
        else:
            piece = _figure(s, i, starts) or _single(s, i)
            if piece.n is not None:
                piece.hedge = hedge
            if piece.kind != "link" or not piece.has(Concept.THE, Concept.A):
                hedge = "exact"
        piece.marks = tuple(s.marks[piece.first : piece.last + 1])
        if not piece.concepts:
            piece.concepts = frozenset(kind for mark in piece.marks for kind in mark.kinds)
        found.append(piece)
        i = piece.last + 1
    complete(found)
    return found


def _is_hedge(s: Sentence, i: int) -> bool:
    """Whether a word hedges the number after it."""
    if not s.at(i, Kind.HEDGE):
        return False
    j = i + 1
    while s.at(j, Concept.THE, Concept.A) and not s.at(j, Kind.NUMBER, Kind.SECONDS):
        j += 1
    return s.at(j, Kind.NUMBER, Kind.SECONDS, Kind.UNIT)


def _figure(s: Sentence, i: int, starts: dict[int, Mention]) -> Piece | None:
    """A piece with a number, that begins at a mark."""
    kinds = s.marks[i].kinds
    if Kind.SECONDS in kinds:
        return Piece("measure", i, i, n=kinds[Kind.SECONDS], unit="seconds",
                     decimals=kinds.get("decimals", 3))  # fmt: skip
    if s.at(i, Concept.LAP, Kind.UNIT) and (lap := _lap(s, i)):
        return lap
    if n := _numbered(s, i, Concept.RACE, MOST_ROUNDS):
        return Piece("nth", i, i + 1, _head(s, i), n, numbered=True)  # "round 14"
    if s.at(i, Concept.LAST_LAP, Concept.FIRST_LAP, Concept.PENULTIMATE_LAP):
        return Piece("lap", i, i)
    if n := _numbered(s, i, Concept.ROW, MOST_ROWS):
        return Piece("row", i, i + 1, _head(s, i), n)  # "on row three"
    if Kind.ORDINAL in kinds:
        return _ordinal(s, i, starts)
    if Kind.NUMBER in kinds:
        return _number(s, i, starts)
    return _number_in_words(s, i, starts)


def _number_in_words(s: Sentence, i: int, starts: dict[int, Mention]) -> Piece | None:
    """A piece whose number is in a word: "twice", "a point", "his hundredth", "maiden win"."""
    kinds = s.marks[i].kinds
    if Kind.TIMES in kinds:
        return Piece("count", i, i, n=kinds[Kind.TIMES], unit="times")
    if Concept.A in kinds and s.at(i + 1, Kind.UNIT) and not s.at(i + 1, Kind.ORDINAL):
        unit = s.marks[i + 1].kinds[Kind.UNIT]
        if unit == "points":
            return Piece("measure", i, i + 1, _head(s, i + 1), 1, unit)  # "a point ahead of"
        if unit == "years" and s.at(i - 1, Kind.HEDGE):
            return Piece("measure", i, i + 1, _head(s, i + 1), 1, unit)  # "in more than a year"
    if kinds.get(Kind.UNIT) == "hundredth" and s.at(i - 1, Concept.HIS, Concept.THE) and (
        k := _counted(s, i + 1, starts)
    ):  # fmt: skip
        return Piece("nth", i, k, _head(s, k), 100)  # "his hundredth win", and no fraction
    if s.at(i, Concept.MAIDEN) and (k := _counted(s, i + 1, starts)):
        return Piece("nth", i, k, _head(s, k), 1)
    return None


def _numbered(s: Sentence, i: int, concept: str, most: int) -> float | None:
    """The number after a word that it numbers; None if it is no such number."""
    if not (s.at(i, concept) and s.at(i + 1, Kind.NUMBER)) or s.at(i + 1, Kind.YEAR):
        return None
    n: float = s.marks[i + 1].kinds[Kind.NUMBER]
    fits = n == int(n) and n <= most and not s.at(i + 2, Kind.UNIT, Concept.PLACE)
    return n if fits else None


def _lap(s: Sentence, i: int) -> Piece | None:
    """``lap 28``, ``lap 28 of the 71``."""
    kinds = s.marks[i].kinds
    of_laps = s.at(i, Concept.LAP) or kinds.get(Kind.UNIT) == "laps"
    if of_laps and s.at(i + 1, Kind.ORDINAL) and i + A_PLACE >= len(s.marks):
        return Piece("lap", i, i + 1, n=s.marks[i + 1].kinds[Kind.ORDINAL])  # "in Runde 18."
    if not of_laps or not s.at(i + 1, Kind.NUMBER):
        return None
    n = s.marks[i + 1].kinds[Kind.NUMBER]
    k = i + 2
    k += k < len(s.marks) and s.marks[k].word == "/"
    while s.at(k, Concept.OF, Concept.THE):
        k += 1
    total = s.at(k, Kind.NUMBER) and k > i + 2 and not s.at(k + 1, Kind.UNIT)
    return Piece("lap", i, k if total else i + 1, n=n, unit="of" if total else "")


def _ordinal(s: Sentence, i: int, starts: dict[int, Mention]) -> Piece:
    n = s.marks[i].kinds[Kind.ORDINAL]
    j = i + 1
    if n == 1 and (_many(s, i - 1) or _many(s, i + 1)) and not s.at(j, Concept.PLACE):
        return Piece("noun", i, i, frozenset((Concept.TOP,)))  # "los diez primeros", "i primi tre"
    while s.marks[j].word == "-" if j < len(s.marks) else False:
        j += 1
    if s.at(j, Concept.LAP) and not s.at(j, Concept.LAPS_LED):
        return Piece("lap", i, j, n=n)
    if s.at(j, Concept.ROW):
        return Piece("row", i, j, n=n)
    if s.at(j, Concept.PLACE, Concept.GRID):
        return Piece("rank", i, j, _head(s, j) | {Kind.ORDINAL}, n)
    if n == 1 and (k := _points_at(s, j)):
        return Piece("nth", i, k, frozenset((Concept.IN_POINTS,)), n)  # "his first points"
    is_place = s.at(i, Concept.PLACE)  # "von Platz 17 zum Sieg"
    if not is_place and (k := _counted(s, j, starts)):
        of_one = s.at(k, Concept.PODIUM, Concept.RACE, Concept.GP)  # "septième de la course"
        if of_one and any(s.at(between, Concept.OF) for between in range(j, k)):
            return Piece("rank", i, k, frozenset((Kind.ORDINAL, Concept.PLACE)), n)
        return Piece("nth", i, k, _counts(s, j, k), n)
    if s.at(j, Concept.FIRST) or s.marks[i].is_a(Concept.FIRST):
        return Piece("nth", i, i, frozenset((Concept.FIRST,)), n)
    if n > MOST_PLACES and j >= len(s.marks):
        return Piece("number", i, i, frozenset((Kind.NUMBER,)), n)  # "Ferrari 362."
    return Piece("rank", i, i, frozenset(s.marks[i].kinds), n)


def _points_at(s: Sentence, j: int) -> int | None:
    """Place of the points that stand at a mark, "of the championship" or not; None without."""
    for k in (j, j + 1, j + 2):
        if s.at(k, Kind.UNIT, Concept.POINTS) and not s.at(k, Concept.IN_POINTS):
            points = s.at(k, Concept.POINTS) or s.marks[k].kinds[Kind.UNIT] == "points"
            return k if points else None
        if not s.at(k, Concept.CHAMPIONSHIP, Concept.CAREER, Concept.GP):
            return None
    return None


def _many(s: Sentence, k: int) -> bool:
    """Whether a number of several stands there, and no year or place."""
    n = s.marks[k].kinds.get(Kind.NUMBER) if 0 <= k < len(s.marks) else None
    return n is not None and n > 1 and not s.at(k, Kind.YEAR)


def _is_of_old(s: Sentence, i: int) -> bool:
    """Whether it says that somebody races no more: "is a retired Australian racing driver"."""
    return s.at(i - 1, Concept.A) and s.at(i + 1, Kind.NATIONALITY, Kind.NATIONAL, Concept.PERSON)


def _number(s: Sentence, i: int, starts: dict[int, Mention]) -> Piece:
    kinds = s.marks[i].kinds
    n = kinds[Kind.NUMBER]
    j = i + 1
    while j < len(s.marks) and s.marks[j].word == "-":
        j += 1
    if s.at(j, Concept.MORE, Concept.LESS) and s.at(j + 1, Kind.UNIT):
        j += 1
    if s.at(j, Kind.UNIT) and Kind.YEAR not in kinds:
        unit = _UNITS.get(s.marks[j].kinds[Kind.UNIT], "")
        if unit:
            concepts = frozenset(k for mark in s.marks[i : j + 1] for k in mark.kinds)
            return Piece("measure", i, j, concepts, n, unit)
    if s.at(j, Concept.PLACE) and n <= MOST_PLACES and Kind.YEAR not in kinds:
        return Piece("measure", i, j, _head(s, j), n, "places")
    if (k := _counted(s, j, starts)) and Kind.YEAR not in kinds:
        times = k == j and s.at(k, Concept.TIME) and not s.at(k, *(COUNTED - {Concept.TIME}))
        return Piece("count", i, k, _counts(s, j, k), n, "times" if times else "")
    if s.at(j, Concept.IN_A_ROW) and Kind.YEAR not in kinds:
        return Piece("count", i, j, _head(s, j), n)
    if Kind.YEAR in kinds:
        return Piece("year", i, i, frozenset(kinds), n)
    return Piece("number", i, i, frozenset(kinds), n)


def _counted(s: Sentence, j: int, starts: dict[int, Mention]) -> int | None:
    """Place of what is counted by a number before ``j``, or None."""
    last = None
    for k in range(j, min(j + FEW_WORDS, len(s.marks))):
        if k in starts and not s.at(k, Kind.NATIONALITY, Kind.NATIONAL):
            break
        if s.at(k, Concept.SINCE) or (s.at(k, Concept.FROM) and not s.at(k, Concept.OF)):
            break  # "la prima dal Gran Premio di Monaco"
        if last is not None and s.at(k, Concept.SEASON, Concept.THIS_SEASON):
            break
        if k == j and s.at(k, Concept.AT, Concept.ON):
            break  # "terzo nella gara"
        if _is_only_in_it(s, j, k) and (last is None or not s.at(k, Concept.SEASON)):
            break
        if s.at(k, *COUNTED):
            last = k
            if not s.at(k, Concept.GP, Concept.RACE, Concept.CHAMPIONSHIP, Concept.SPRINT):
                break
        elif k == j and s.at(k, Concept.AND) and _last_of(s, k + 1):
            continue  # "his 24th and last Grand Prix"
        elif not s.at(k, *_BETWEEN) and not (
            (s.at(k, Kind.WORD) and k == j and s.marks[k].word != "-")
            or (k == j + 1 and s.at(j, Concept.AND))
        ):
            break
        elif s.marks[k].word == "-":
            continue
    return last


def _is_only_in_it(s: Sentence, j: int, k: int) -> bool:
    """Whether no titles or seasons are counted: "second of the championship", "17th of it"."""
    if s.at(k, Concept.CHAMPIONSHIP) and s.at(k - 1, Concept.OF, Concept.AT):
        return True
    left_out = s.at(j, Concept.OF, Concept.AT) or " " in s.marks[k].word
    return s.at(k, Concept.SEASON) and left_out


def _last_of(s: Sentence, k: int) -> bool:
    """Whether a word beside an ordinal says more of what is counted: "24th and last"."""
    other = (Concept.THE, Concept.A, Concept.HIS, Kind.ORDINAL, Kind.NUMBER)
    if s.at(k + 1, *COUNTED) and " " in s.marks[k + 1].word and not s.at(k + 1, Concept.GP):
        return False  # "cuarto y firmó la vuelta rápida"
    return s.at(k + 1, *COUNTED) and not s.at(k, *other)


def _counts(s: Sentence, j: int, k: int) -> frozenset[str]:
    """What is counted by the words from ``j`` to ``k``; titles of constructors are told so."""
    of_teams = any(s.at(i, Concept.CONSTRUCTORS) for i in range(j, k))
    return _head(s, k) | ({Concept.CONSTRUCTORS} if of_teams else frozenset())


def _head(s: Sentence, k: int) -> frozenset[str]:
    return frozenset(s.marks[k].kinds)


def _single(s: Sentence, i: int) -> Piece:
    """A piece of one mark, or of a venue and what belongs to it."""
    mark = s.marks[i]
    kinds = frozenset(mark.kinds)
    if Kind.DATE in kinds:
        return Piece("date", i, i, kinds)
    if Kind.VENUE in kinds and mark.text[:1].isupper():
        last = i
        while s.at(last + 1, Concept.GP) or (
            s.at(last + 1, Kind.VENUE) and not s.at(last + 1, Concept.AND)
        ):
            last += 1
        return Piece("venue", i, last, frozenset((Kind.VENUE,)))
    if Kind.WEEKDAY in kinds:
        return Piece("weekday", i, i, kinds)
    if kinds & VERBS:
        if Concept.LEAD in kinds and not s.at(i - 1, Kind.TEAM, Kind.DRIVER):
            return Piece("noun", i, i, kinds)
        named = kinds & {Concept.START, Concept.FINISH, Concept.WIN, Concept.BEAT}
        small = (Concept.THE, Concept.A, Concept.HIS, Concept.MORE, Concept.MOST)
        determined = s.at(i - 1, *small) and " " not in mark.word
        if s.at(i - 1, Concept.MORE) and s.at(i - 2, Concept.NOT):
            determined = False  # "had niet meer gewonnen", "nicht mehr gewonnen"
        if named and determined:
            return Piece("noun", i, i, kinds)
        if Concept.RETIRE in kinds and _is_of_old(s, i):
            return Piece("word", i, i, frozenset((Kind.WORD,)))
        return Piece("verb", i, i, kinds - {Concept.LEAD})  # "Mercedes lead Ferrari"
    if kinds & GRAMMAR or kinds & {Concept.AHEAD, Concept.BEHIND}:
        return Piece("link", i, i, kinds)
    if Kind.PUNCT in kinds:
        return Piece("punct", i, i, kinds)
    return Piece("word" if kinds <= {Kind.WORD, Kind.PARTICLE} else "noun", i, i, kinds)
