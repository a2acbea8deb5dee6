"""Coreference: whom a pronoun or "the Spaniard" means, as candidates in order of likelihood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from racecraft.press.claim import Entity, Slot
from racecraft.press.lexicon.concepts import Concept
from racecraft.press.reading.clauses import mentions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.press.claim import Bound
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.mention import Mention
    from racecraft.press.reading.people import People
    from racecraft.press.reading.pieces import Piece
    from racecraft.press.reading.topic import Topic

REMEMBERED = 24  # so many of the last mentions can be meant by a pronoun or an epithet
EQUAL, MOST_EQUAL = 0.9, 8  # weight of those who may be the "four-time champion" as well
FAR = 4  # sentences after which a pronoun means nobody any more
FADES = 0.5  # how much less somebody comes to mind with every sentence
MAIN, FIRST, SUBJECT, OTHER = 1.0, 0.6, 0.5, 0.35  # by what somebody did in a sentence
SECOND, THIRD = 0.5, 0.25  # weights of who is meant if not the first
# Whoever these govern is the other one, of whom less is said afterwards.
_BESIDE = frozenset(
    (Concept.AFTER, Concept.THAN, Concept.MORE, Concept.LESS, Concept.AHEAD, Concept.BEHIND,
     Concept.FROM, Concept.OVER, Concept.VERSUS, Concept.SINCE)
)  # fmt: skip
_NAMED = ("name", "epithet", "team")
_ROLES = {
    Concept.WINNER: "winner", Concept.POLESITTER: "pole", Concept.LEADER: "leader",
}  # fmt: skip


@dataclass(slots=True)
class Spoken:
    """Somebody who was spoken of: where, and how much he comes to mind after it."""

    entity: Entity
    sentence: int
    salience: float


@dataclass
class Resolver:
    """Fills in who is meant, from the first clause of an article to the last."""

    people: People
    spoken: list[Spoken] = field(default_factory=list)
    topic: Topic = (None, 0.0)  # whom the article, or the heading above, is all about
    named: tuple[tuple[int, Entity], ...] = ()  # who is named in the sentence, and at which mark

    def clauses(self, number: int, clauses: Sequence[Clause]) -> None:
        """Resolve everybody in the clauses of one sentence, in the order of the words."""
        self.named = tuple(
            (p.first, p.mention.slot.value)
            for clause in clauses
            for p in clause.find("who")
            if p.mention and p.mention.slot and p.mention.how == "name"
        )
        for n, clause in enumerate(clauses):
            implied = [p for p in clause.subject if p.mention and p.mention.slot is None]
            found = [*clause.find("who"), *(p for p in implied if p not in clause.pieces)]
            ordered = sorted(found, key=lambda p: p.first)
            for piece in ordered:
                mention = piece.mention
                if mention is None:
                    continue
                if mention.slot is None:
                    own = any(p.mention is mention for p in clause.subject)
                    subjects = [] if own else mentions_of(clause.subject)
                    mention.slot = self._slot(mention, number, subjects, clause.kind)
                self._whose_mate(mention, clause, number)
                if mention.slot is not None and mention.slot.value.kind == "driver":
                    salience = self._salience(piece, clause, number, opening=n == 0)
                    self.spoken.append(Spoken(mention.slot.value, number, salience))
            del self.spoken[:-REMEMBERED]

    def _slot(
        self, mention: Mention, number: int, subjects: list[Mention], kind: str
    ) -> Slot[Entity] | None:
        others = [each.slot.value for each in subjects if each.slot is not None]
        later = self._named_after(mention) if kind != "when" else set()
        if mention.how == "epithet":
            return self._epithet(mention, number, later)
        recent = self._recent(number)
        if mention.how != "his":
            recent = [each for each in recent if each not in later] or recent
        if mention.how == "his":
            here = [s.entity for s in reversed(self.spoken) if s.sentence == number]
            named = [each.slot.value for each in subjects if each.slot and each.how in _NAMED]
            recent = [*named, *here[:1], *others, *recent]
        if mention.how == "him":
            recent = [each for each in recent if each not in others]
        return _weighed(recent, "pronoun", self._back(number)) if recent else None

    def _named_after(self, mention: Mention) -> set[Entity]:
        """Who is named later in the sentence, and not before: nobody is called "he" before that."""
        before = {who for first, who in self.named if first < mention.first}
        return {who for first, who in self.named if first > mention.last} - before

    def _whose_mate(self, mention: Mention, clause: Clause, number: int) -> None:
        """Note whose team-mate somebody is who is named and called one."""
        mate = mention.says(Concept.TEAM_MATE)
        if mate is None or mention.how != "name" or mention.slot is None:
            return
        if mate.value == "of":
            later = [p for p in clause.find("who") if p.first > mention.last]
            mate.value = later[0].mention.slot if later and later[0].mention else None
            return
        here = [s.entity for s in reversed(self.spoken) if s.sentence == number]
        subjects = [m.slot.value for m in mentions_of(clause.subject) if m.slot]
        found = [*here[:1], *subjects, *self._recent(number)]
        found = [e for e in found if e.kind == "driver" and e != mention.slot.value]
        mate.value = _weighed(found, "pronoun", 0) if found else None

    def _salience(self, piece: Piece, clause: Clause, number: int, *, opening: bool) -> float:
        """How much somebody comes to mind afterwards: a subject, alone and in front, the most."""
        mention = piece.mention
        subject = piece in clause.subject and not (mention and mention.genitive)
        if subject:
            weight = MAIN if opening and clause.kind == "main" else SUBJECT
            return weight / len(clause.subject)
        here = any(s.sentence == number for s in self.spoken)
        governed = clause.governed.get(piece.first, frozenset())
        beside = governed & _BESIDE and Concept.FOR not in governed  # "after Fangio"
        return OTHER if here or beside else FIRST

    def _recent(self, number: int) -> list[Entity]:
        """Everybody spoken of lately, whoever a pronoun most likely means first."""
        weights: dict[Entity, float] = {}
        for spoken in self.spoken:
            if number - spoken.sentence <= FAR:
                fades = FADES ** (number - spoken.sentence)
                had = weights.get(spoken.entity, 0.0)
                weights[spoken.entity] = max(had, spoken.salience * fades) + 0.1 * min(
                    had, spoken.salience * fades
                )
        topic, weight = self.topic
        if topic is not None:
            weights[topic] = max(weights.get(topic, 0.0), weight)
        return sorted(weights, key=lambda who: -weights[who])

    def _back(self, number: int) -> int:
        return number - self.spoken[-1].sentence if self.spoken else 0

    # --- epithets -----------------------------------------------------------------------------

    def _epithet(self, mention: Mention, number: int, later: set[Entity]) -> Slot[Entity] | None:
        facts = {each.what: each.value for each in mention.said}
        if Concept.TEAM_MATE in facts:
            return self._team_mate(number)
        if Concept.FORMER in facts and Concept.CHAMPION in facts:
            return None
        if "champion_of" in facts:
            of = str(facts["champion_of"])
            return Slot(Entity("role", "champion", f"champion of {of}", of), "epithet")
        for concept, role in _ROLES.items():
            if concept in facts and not facts.keys() & {"nationality", "age", "team"}:
                return Slot(Entity("role", role, f"the {role}"), "epithet")
        fitting = self._fitting(facts, number)
        of = str(facts.get("titles", ""))
        nearer = [who for who in fitting if who not in later]
        fitting = nearer if nearer or of else fitting
        titled = Entity("role", "titled", f"the {of}-time champion", of)
        if fitting:
            if of:  # the results tell who it is, and the reader has none
                others = tuple((who, EQUAL) for who in (titled, *fitting[1:MOST_EQUAL]))
                return Slot(fitting[0], "epithet", others, self._back(number))
            return _weighed(fitting, "epithet", self._back(number))
        if of and Concept.CHAMPION in facts:
            return Slot(titled, "epithet")
        if Concept.CHAMPION in facts and not facts.keys() & {"titles", "team", "nationality"}:
            return Slot(Entity("role", "champion", "the champion"), "epithet")
        return None

    def _team_mate(self, number: int) -> Slot[Entity] | None:
        recent = self._recent(number)
        if not recent:
            return None
        of = recent[0]
        role = Entity("role", "teammate", f"team-mate of {of.name}", of.id)
        return Slot(role, "epithet")

    def _fitting(self, facts: dict[str, object], number: int) -> list[Entity]:
        """Whom an epithet fits: of those spoken of lately first, else of everybody entered."""
        recent = [*self._recent(number), *(s.entity for s in reversed(self.spoken))]
        fits = [e for e in dict.fromkeys(recent) if e.kind == "driver" and self._fits(e.id, facts)]
        if fits or not facts.keys() & {"nationality", "team"}:
            return self._by_age(fits, facts)
        entered = [who for who in self.people.entered if self._fits(who, facts)]
        return [self.people.driver(entered[0])] if len(entered) == 1 else []

    def _by_age(self, fits: list[Entity], facts: dict[str, object]) -> list[Entity]:
        """Those of that age first: it tells of several Germans who is meant."""
        age = facts.get("age")
        if not isinstance(age, int) or len(fits) == 1:
            return fits
        return sorted(fits, key=lambda who: not self.people.may_be_aged(who.id, age))

    def _fits(self, who: str, facts: dict[str, object]) -> bool:
        nation = facts.get("nationality")
        if nation and self.people.names.nationality(who) != nation:
            return False
        team = facts.get("team")
        return not team or self.people.drives_for(who, team)  # type: ignore[arg-type]


def _weighed(candidates: list[Entity], bound: Bound, distance: int) -> Slot[Entity]:
    first, *others = dict.fromkeys(candidates)
    weights = (SECOND, THIRD)
    others_ = tuple(zip(others, weights, strict=False))
    return Slot(first, bound, others_, distance)
