"""What is said of somebody in passing, by what he is called: "the 33-year-old Ferrari driver"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from racecraft.press.claim import Claim, Entity, Slot
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.build import modality_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.reading.build import Context
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.mention import Epithet, Mention
    from racecraft.press.reading.people import People
    from racecraft.press.reading.pieces import Piece

YOUNGEST, OLDEST = 16, 60


def said_in_passing(clause: Clause, context: Context, people: People) -> Iterator[Claim]:
    """Claims of the epithets and brackets of everybody in a clause."""
    for piece in clause.find("who"):
        mention = piece.mention
        if mention is None or mention.slot is None or mention.slot.value.kind == "team":
            continue
        former = mention.says(Concept.FORMER) is not None
        for epithet in mention.said:
            if not (former and epithet.what in _PAST):
                yield from _of_epithet(epithet, mention, piece, clause, context, people)
        yield from _beside(piece, clause, context)
    yield from _told_to_be(clause, context)


def _told_to_be(clause: Clause, context: Context) -> Iterator[Claim]:
    """What the subject is said to be: "remains the championship leader", "was the winner"."""
    verb = next((p for p in clause.pieces if p.kind == "verb" and p.has(Concept.BE)), None)
    subject = clause.subject[0].mention if len(clause.subject) == 1 else None
    if verb is None or subject is None or subject.slot is None or subject.is_team:
        return
    if clause.conditional:
        return  # "if he wins, he is champion"
    for piece in () if clause.has(*_AMONG_MANY) else clause.others():
        said = piece.mention
        if said is None or said.how != "epithet" or piece.first < verb.first:
            continue
        for epithet in said.said:
            if epithet.what == "champion_of":
                year = {"season": epithet.value}
                yield passing_claim("titles", subject.slot, year, piece, clause, context,
                                    by_name=True)  # fmt: skip
            if epithet.what in _CALLED and _is_all_he_is_called(said):
                claim_type, value = _CALLED[epithet.what]
                value = "reigning" if said.says(Concept.REIGNING) else value
                yield passing_claim(
                    claim_type, subject.slot, value, piece, clause, context, by_name=True
                )


def _of_epithet(
    epithet: Epithet, mention: Mention, piece: Piece, clause: Clause, context: Context,
    people: People,
) -> Iterator[Claim]:  # fmt: skip
    slot = mention.slot
    assert slot is not None  # noqa: S101
    named = slot.bound == "named"
    if epithet.what == "nationality":
        yield passing_claim(
            "nationality", slot, epithet.value, piece, clause, context, by_name=named
        )
    elif epithet.what == "age" and (named or not _is_anybody(piece, context)):
        yield passing_claim("age", slot, epithet.value, piece, clause, context, by_name=named)
    elif epithet.what == "titles":
        known = tuple((who, w) for who, w in slot.others if who.id != "titled")
        slot = replace(slot, others=known)  # of whoever has so many it would be true
        yield passing_claim("titles", slot, epithet.value, piece, clause, context, by_name=named)
    elif epithet.what == "team" and slot.value.kind == "driver":
        team = people.team(people.team_of(epithet.value)[0])
        yield passing_claim("team", slot, team.name, piece, clause, context, by_name=named,
                     details={"team": team})  # fmt: skip
    elif epithet.what == "champion_of" and named:
        year = {"season": epithet.value}
        yield passing_claim("titles", slot, year, piece, clause, context, by_name=True)
    elif epithet.what == Concept.TEAM_MATE and slot.value.id == "teammate":
        of = Entity("driver", slot.value.of, people.roster.name(slot.value.of))
        yield passing_claim("team", slot, "team-mates", piece, clause, context, by_name=False,
                            mate=Slot(of, "pronoun"))  # fmt: skip
    elif epithet.what == Concept.TEAM_MATE and isinstance(epithet.value, Slot) and named:
        yield passing_claim("team", slot, "team-mates", piece, clause, context, by_name=True,
                     mate=epithet.value)  # fmt: skip
    elif named and epithet.what in _CALLED and _is_all_he_is_called(mention):
        claim_type, value = _CALLED[epithet.what]
        if claim_type == "titles" and mention.says(Concept.REIGNING):
            value = "reigning"
        yield passing_claim(claim_type, slot, value, piece, clause, context, by_name=True)


def _is_anybody(piece: Piece, context: Context) -> bool:
    """Whether nobody in particular is meant: "not bad for a 24-year-old"."""
    marks = context.sentence.marks[max(piece.first - 1, 0) : piece.first + 1]
    return any(mark.is_a(Concept.A) and not mark.is_a(Concept.THE) for mark in marks)


# What makes a winner one of many: "the youngest winner", "the 111th different winner".
_AMONG_MANY = (
    Concept.YOUNGEST, Concept.OLDEST, Concept.DIFFERENT, Concept.MOST, Concept.RECORD,
    Concept.EVER,
)  # fmt: skip
# What is not so any more of somebody who was it once.
_PAST = ("team", Concept.CHAMPION, Concept.TEAM_MATE, "champion_of")
# What somebody is who is called so beside his name.
_CALLED: dict[str, tuple[str, Any]] = {
    Concept.CHAMPION: ("titles", "champion"), Concept.LEADER: ("standings_position", 1),
    Concept.POLESITTER: ("grid_position", 1), Concept.WINNER: ("finish_position", 1),
}  # fmt: skip


def _is_all_he_is_called(mention: Mention) -> bool:
    """Whether no number or year says more of it: "the 2008 champion", "seven-time champion"."""
    return not any(mention.says(what) for what in ("titles", "champion_of", Concept.FORMER))


def _beside(piece: Piece, clause: Clause, context: Context) -> Iterator[Claim]:
    """An age right after a name: "Alonso (42)", "Alonso, 42, ..."."""
    slot = piece.mention.slot if piece.mention else None
    s, k = context.sentence, piece.last + 1
    if slot is None or slot.bound != "named" or k + 2 >= len(s.marks):
        return
    n = s.marks[k + 1].kinds.get(Kind.NUMBER)
    last = k + 2 + (s.marks[k + 2].kinds.get(Kind.UNIT) == "years")
    if n is None or last >= len(s.marks) or not YOUNGEST <= n <= OLDEST or n != int(n):
        return
    closing = {"(": ")", ",": ","}.get(s.marks[k].word)
    most = 1 if closing == ")" else 2  # more of them are a list of numbers
    alone = sum(1 for mark in s.marks if mark.word == s.marks[k].word) <= most
    if (
        closing == s.marks[last].word
        and alone
        and not clause.has(Concept.POINTS, Concept.STANDINGS, Concept.LAP)
    ):
        yield passing_claim("age", slot, int(n), piece, clause, context, by_name=True)


def passing_claim(
    claim_type: str, slot: Slot[Entity], value: Any, piece: Piece, clause: Clause,
    context: Context, *, by_name: bool, details: dict[str, Any] | None = None,
    mate: Slot[Entity] | None = None,
) -> Claim:  # fmt: skip
    """A claim by what somebody is called, in the scope of the words around it."""
    s = context.sentence
    start, end = piece.marks[0].start, piece.marks[-1].end
    modality, hedged = modality_of(clause, s, piece)
    return Claim(
        claim_type=claim_type,
        sentence=s.text,
        quote=s.text[start - s.start : end - s.start],
        start=start,
        end=end,
        subjects=(slot, mate) if mate else (slot,),
        relation="&" if mate else "",
        value=value,
        details=details or {},
        scope=context.scope,
        modality=modality if modality == "opinion" else "fact",
        hedged=hedged,
        named=context.named,
        features={
            "passing": 1.0, f"passing {claim_type} {slot.bound}": 1.0,
            "likely": 0.9 if by_name else 0.6, "named": float(by_name),
            "epithet": float(not by_name), "clauses": float(context.clauses),
            "rivals": max((w for _, w in slot.others), default=0.0),
            "event assumed": float(context.scope.event.bound == "assumed"),
            "words": float(len(s.marks)), **context.extra,
        },
    )  # fmt: skip
