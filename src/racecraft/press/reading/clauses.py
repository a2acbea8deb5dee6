"""Clauses: who does what in which part of a sentence. Parsed once; nothing later looks at words.

A sentence is cut where a new verb begins something new: at subordinators, relative pronouns,
semicolons, and at commas and "and" with a verb on either side. Each part gets its verbs, its
subject and the preposition that governs everybody else in it. Languages differ in two switches
of their file: whether the verb comes second, and whether a subject may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.cuts import parts
from racecraft.press.reading.denials import denies, supposes
from racecraft.press.reading.mention import Mention
from racecraft.press.reading.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.lexicon.vocabulary import Vocabulary

_GOVERNING = (
    Concept.OF, Concept.FOR, Concept.TO, Concept.FROM, Concept.AT, Concept.ON, Concept.WITH,
    Concept.BY, Concept.AS, Concept.OVER, Concept.THAN, Concept.AFTER, Concept.PRIOR,
    Concept.MORE, Concept.LESS,
    Concept.AHEAD, Concept.BEHIND, Concept.IN_CAR, Concept.SINCE, Concept.VERSUS,
    Concept.FOLLOWED_BY, Concept.WON_BY, Concept.MORE, Concept.LESS,
)  # fmt: skip
_AUXILIARY = frozenset((Concept.BE, Concept.HAVE))


@dataclass(slots=True)
class Clause:
    """A part of a sentence with one thing to say.

    ``kind``: ``main``, ``relative``, ``when`` (subordinate), ``aside`` (between commas or
    brackets, after somebody). ``subject`` is who does it, one or a row of them; ``how`` it was
    found: ``before``, ``after`` the verb, ``relative``, ``shared`` with the clause before, or
    empty. ``governed`` has the preposition before each other mention, by the place of its piece.
    """

    kind: str
    pieces: list[Piece]
    sentence: Sentence
    subject: list[Piece] = field(default_factory=list)
    how: str = ""
    governed: dict[int, frozenset[str]] = field(default_factory=dict)
    before: Clause | None = None
    after: Clause | None = None
    negated: bool = False
    conditional: bool = False
    concepts: frozenset[str] = frozenset()
    verbal: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Note what is in it, and what is denied or supposed."""
        self.concepts = frozenset(c for p in self.pieces for c in p.concepts)
        self.verbal = frozenset(c for p in self.pieces if p.kind == "verb" for c in p.concepts)
        self.kinds = frozenset(p.kind for p in self.pieces)
        self.negated = any(denies(self.pieces, i) for i in range(len(self.pieces)))
        self.conditional = any(supposes(self.pieces, i) for i in range(len(self.pieces)))

    @property
    def verbs(self) -> list[Piece]:
        """Its verbs; auxiliaries only where there are no others."""
        found = [p for p in self.pieces if p.kind == "verb"]
        full = [p for p in found if not p.concepts & _AUXILIARY or len(p.concepts) > 2]
        return full or found

    def has(self, *concepts: str) -> bool:
        """Whether any piece can stand for one of these."""
        return not self.concepts.isdisjoint(concepts)

    def find(self, *kinds: str) -> Iterator[Piece]:
        """Its pieces of these kinds."""
        return (p for p in self.pieces if p.kind in kinds)

    def others(self, *governors: str) -> list[Piece]:
        """Mentions that one of these prepositions governs; the bare objects for none."""
        wanted = frozenset(governors)
        return [
            p for p in self.find("who")
            if p not in self.subject and p.first in self.governed and not _owns(self, p)
            and (self.governed[p.first] & wanted if wanted else not self.governed[p.first])
        ]  # fmt: skip

    def nearest(self, piece: Piece, *kinds: str) -> Piece | None:
        """The piece of these kinds that is nearest to another, one before it first."""
        found = [p for p in self.find(*kinds) if p is not piece]
        return min(found, key=lambda p: distance(p, piece), default=None)


def distance(a: Piece, b: Piece) -> int:
    """How many marks stand between two pieces."""
    return max(b.first - a.last - 1, a.first - b.last - 1, 0)


def clauses_of(
    s: Sentence, pieces: list[Piece], words: Vocabulary, *, headed: bool = False
) -> list[Clause]:
    """Clauses of a sentence in the order in which they begin, with their subjects.

    ``headed``: below a heading that names somebody, whom a clause without a subject is about.
    """
    found: list[Clause] = []
    for kind, part in parts(pieces, words):
        clause = Clause(kind, part, s, before=_attached_to(found, kind))
        if found and part[0].word == ":" and found[-1].has(Concept.NEXT):
            clause.concepts |= {Concept.NEXT}  # "Next stop: Las Vegas"
        _govern(clause)
        _find_subject(clause, words)
        if headed and kind == "main" and _says_nobody(clause):
            _imply(clause, clause.pieces[0])
        if found:
            found[-1].after = clause
        found.append(clause)
    _lend_subject(found)
    _suppose(found)
    return found


def _lend_subject(clauses: list[Clause]) -> None:
    """What opens a sentence without a subject is said of that of the next clause.

    "Starting from eighth, Perez was third", "Als Achter gestartet, wurde Perez Dritter".
    """
    first, second = (*clauses[:2], None, None)[:2]
    if first is None or second is None or first.subject or second.how not in ("before", "after"):
        return
    opened = second.pieces[0].word == "," and _START_OR_PLACE & first.concepts
    place = next((p.first for p in first.pieces if p.kind == "verb"), 10**9)
    if opened and not any(True for _ in first.find("who")) and not _own(first, place):
        first.subject, first.how = second.subject, "shared"


_START_OR_PLACE = frozenset(
    (Concept.START, Concept.QUALIFY, Concept.GRID, Kind.ORDINAL, Concept.PIT_LANE, Concept.POLE)
)


def _suppose(clauses: list[Clause]) -> None:
    """What follows upon a condition that opens a sentence is supposed as well."""
    first, second = (*clauses[:2], None, None)[:2]
    opens = first is not None and first.conditional and first.pieces[0].has(Concept.IF)
    if opens and second is not None and second.kind == "main":
        second.conditional = True
        for clause in clauses[2:]:  # "if he wins, he has 256 points and Norris 240"
            if not clause.pieces[0].has(Concept.AND):
                break
            clause.conditional = True


def _attached_to(found: list[Clause], kind: str) -> Clause | None:
    """The clause that another one leans on: the nearest before that is no aside."""
    del kind
    return next((c for c in reversed(found) if c.kind != "aside"), found[-1] if found else None)


def _govern(clause: Clause) -> None:
    """Note the preposition before every mention; one of a row has that of the first."""
    last: frozenset[str] = frozenset()
    row = False
    for i, piece in enumerate(clause.pieces):
        if piece.kind == "who":
            if _begins(clause.pieces, i):
                last = frozenset()  # "Thanks to Russell, Mercedes kept second"
            elif not row or clause.pieces[i - 1].kind == "who":
                last = _governor(clause.pieces, i, opening=clause.kind == "when")
            clause.governed[piece.first] = last
            row = True
        elif not (
            piece.word in (",", "(", ")") or piece.has(Concept.AND, Concept.THE, Concept.OTHER)
        ):
            row = False


def _begins(pieces: list[Piece], i: int) -> bool:
    """Whether somebody after a comma does what follows."""
    return 0 < i < len(pieces) - 1 and pieces[i - 1].word == "," and pieces[i + 1].kind == "verb"


def _governor(pieces: list[Piece], i: int, *, opening: bool) -> frozenset[str]:
    """Prepositions that the piece before somebody can be."""
    k = i - 1
    while (
        k >= 0
        and pieces[k].kind in ("link", "noun", "word")
        and (
            pieces[k].has(Concept.THE, Concept.A, Concept.BOTH, Concept.HIS, Kind.HEDGE)
            and not pieces[k].has(*_GOVERNING)
        )
    ):
        k -= 1
    if k > 0 and pieces[k].has(Concept.THE) and pieces[k - 1].concepts & frozenset(_GOVERNING):
        k -= pieces[k - 1].kind == "link"  # "com a Aston Martin": the article is a preposition too
    if k == i - 1 and k > 0 and pieces[k].kind == "rank":
        k -= 1  # "ahead of number two Norris"
    if k < 0 or pieces[k].kind not in ("link", "noun", "verb") or (k == 0 and opening):
        return frozenset()
    return pieces[k].concepts & frozenset(_GOVERNING)


def _find_subject(clause: Clause, words: Vocabulary) -> None:
    """Find who does it; whoever a preposition governs or owns something does not."""
    verbs = [p for p in clause.pieces if p.kind == "verb"]
    free = [
        p for p in clause.find("who")
        if p.mention and not clause.governed.get(p.first) and not _owns(clause, p)
    ]  # fmt: skip
    alone = clause.before is None or not any(True for _ in clause.before.find("who"))
    if alone and not (free or verbs) and _lists_a_career(clause):
        _imply(clause, clause.pieces[0])
        return
    if verbs and (with_him := _with_whom(clause, verbs[0])):
        clause.subject, clause.how = [with_him], "before"
        return
    place = verbs[0].first if verbs else 10**9
    early = [p for p in free if p.first < place and p.mention and p.mention.how != "him"]
    late = [p for p in free if p.first > place and p.mention and p.mention.how != "him"]
    counted = verbs and verbs[0].has(Concept.BE) and "nth" in clause.kinds
    if not free and verbs and _is_it(clause, verbs[0]):
        _imply(clause, verbs[0])
        return
    if clause.kind == "relative" and clause.before is not None and not early:
        _take_antecedent(clause)
        return
    if words.drops_subject and verbs and not (free or counted or _own(clause, place)):
        # "Terminó segundo": about whoever was spoken of
        _imply(clause, verbs[0])
        return
    if clause.kind in ("relative", "aside") and clause.before is not None and not early:
        _take_antecedent(clause)
    elif (
        late
        and verbs[0].has(Concept.BE)
        and any(p.has(Concept.IT) for p in clause.pieces if p.first < place)
    ):  # "it was Clark who ..."
        clause.subject, clause.how = late[:1], "after"
    elif early and _is_said_of(early, late, verbs):
        clause.subject, clause.how = late[:1], "after"
    elif early:
        clause.subject, clause.how = _row(clause, early[0], free), "before"
    elif verbs and late and _inverted(clause, verbs[0], words):
        clause.subject, clause.how = _row(clause, late[0], free), "after"
    elif clause.before is not None and clause.kind != "relative" and not _own(clause, place):
        clause.subject, clause.how = clause.before.subject, "shared"


def _with_whom(clause: Clause, verb: Piece) -> Piece | None:
    """Who does what a part tells that begins with him: "with Verstappen completing the podium"."""
    pieces = [p for p in clause.pieces if p.kind != "punct" and not p.has(Concept.AND)]
    i = next((k for k, p in enumerate(pieces) if p is verb), 0)
    if i < 2 or pieces[i - 1].kind != "who" or not pieces[0].has(Concept.WITH):
        return None
    who = pieces[i - 1].mention
    driver = who is not None and not who.is_team and not who.genitive
    free = all(p.kind == "who" or p.has(Concept.THE) for p in pieces[1:i])
    return pieces[i - 1] if driver and free else None


def _is_said_of(early: list[Piece], late: list[Piece], verbs: list[Piece]) -> bool:
    """Whether what somebody is stands first, and he himself after it: "The winner is Norris"."""
    if not late or not verbs or not verbs[0].has(Concept.BE):
        return False
    first, second = early[0].mention, late[0].mention
    said = first is not None and first.how == "epithet" and len(early) == 1
    named = second is not None and second.how == "name" and late[0].first == verbs[0].last + 1
    return said and named


def _is_it(clause: Clause, verb: Piece) -> bool:
    """Whether something that was spoken of is counted: "It was the 24th win of his career"."""
    first = clause.pieces[0]
    return (
        first.has(Concept.IT, Concept.THE)
        and first.kind == "link"
        and len(clause.pieces) > 1
        and clause.pieces[1] is verb
        and verb.has(Concept.BE)
        and "nth" in clause.kinds
        and not any(governed & _FOR_WHOM for governed in clause.governed.values())
    )


def _lists_a_career(clause: Clause) -> bool:
    """Whether counts stand there without anybody who has them: "Wins: 103. Poles: 104"."""
    return any(p.has(*_OF_A_CAREER) for p in clause.find("count"))


_OF_A_CAREER = (
    Concept.VICTORY, Concept.PODIUM, Concept.POLE, Concept.STARTS, Concept.TITLE,
    Concept.FASTEST_LAP,
)  # fmt: skip
_FOR_WHOM = frozenset((Concept.FOR, Concept.OF))


def _imply(clause: Clause, verb: Piece) -> None:
    """Take whoever was spoken of last as the subject, who is not named."""
    implied = Mention("he", verb.first, verb.first, verb.first)
    said = clause.before.subject if clause.before is not None else []
    clause.subject = said or [
        Piece("who", verb.first, verb.first, mention=implied, marks=verb.marks)
    ]
    clause.how = "shared"


def _says_nobody(clause: Clause) -> bool:
    """Whether a clause has no subject of its own: "Qualified: 5th", "Sixth after Norris spun"."""
    verb = next((p.first for p in clause.pieces if p.kind == "verb"), 10**9)
    told = next((p for p in clause.pieces if p.kind in ("who", "rank", "nth", "verb")), None)
    if told is not None and told.kind in ("rank", "nth"):
        return clause.how != "after"
    before = any(p.kind == "who" and p.first < verb for p in clause.pieces)
    return not (clause.subject or before or _own(clause, verb))


def _own(clause: Clause, place: int) -> bool:
    """Whether something that is nobody does it: "and the rain came", "the race was stopped"."""
    determined = governed = False
    for p in clause.pieces:
        if p.first >= place or p.kind == "verb":
            return False
        if determined and p.kind in ("noun", "word"):
            return True
        small = p.has(Concept.THE, Concept.A, Concept.HIS) and p.kind in ("link", "who")
        determined = small and not governed  # "en la general suma 72 puntos"
        governed = p.kind == "link" and p.has(Concept.AT, Concept.ON, Concept.WITH) and not small
    return False


def _owns(clause: Clause, piece: Piece) -> bool:
    """Whether somebody only owns what follows: "Norris's lead", "his lead"."""
    mention = piece.mention
    if mention is None or not (mention.genitive or mention.how == "his"):
        return False
    following = next((p for p in clause.pieces if p.first > piece.last), None)
    return following is not None and following.kind != "verb"


def _inverted(clause: Clause, verb: Piece, words: Vocabulary) -> bool:
    """Whether the subject stands after the verb."""
    intransitive = verb.has(
        Concept.WIN, Concept.FINISH, Concept.START, Concept.RETIRE, Concept.BE, Concept.PIT,
        Concept.COMPLETE_PODIUM, Concept.COMPLETE_TOP_TEN, Concept.COMPLETE_TOP_FIVE,
        Concept.COMPLETE_TOP_SIX, Concept.FOLLOW,
    )  # fmt: skip
    if words.drops_subject and intransitive:
        return True
    if words.verb_second or words.drops_subject:
        first = next((p for p in clause.pieces if not p.has(Concept.AND, Concept.BUT)), None)
        return words.verb_second or first is not verb
    # "Behind him came two Finns", "Third was Norris"
    earlier = [p for p in clause.pieces if p.first < verb.first]
    return (
        bool(earlier)
        and verb.has(Concept.FINISH, Concept.BE, Concept.FOLLOW)
        and any(p.kind in ("rank", "link", "noun", "venue", "nth") for p in earlier)
        and not any(p.has(Concept.HE, Concept.THEY, Concept.IT) for p in earlier)
    )


def _take_antecedent(clause: Clause) -> None:
    """The one before a relative pronoun is its subject."""
    start = clause.pieces[0].first
    outer = clause.before
    while outer is not None:
        before = [p for p in outer.find("who") if p.last < start]
        if before:
            clause.subject, clause.how = [before[-1]], "relative"
            return
        outer = outer.before


def _row(clause: Clause, first: Piece, free: list[Piece]) -> list[Piece]:
    """Somebody and those who are joined to him by commas and "and"."""
    row = [first]
    for piece in free:
        if piece.first <= row[-1].last:
            continue
        between = [p for p in clause.pieces if row[-1].last < p.first and p.last < piece.first]
        joined = any(p.word == "," or p.has(Concept.AND) for p in between)
        if not joined or any(
            not (p.word == "," or p.has(Concept.AND, Concept.THE, Concept.OTHER, Concept.BOTH))
            for p in between
        ):
            break
        row.append(piece)
    return row


def mentions_of(row: list[Piece]) -> list[Mention]:
    """Mentions of a row of people."""
    return [p.mention for p in row if p.mention is not None]
