"""A sentence, looked at by those who find claims: who does what, and what a number counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from racecraft.press_old.claim import Claim, Entity
from racecraft.press_old.clauses import about_anybody, part, subject_of, verb_of
from racecraft.press_old.governed import is_object
from racecraft.press_old.roles import VERBS, roles_of
from racecraft.press_old.setting import CONSTRAINTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from racecraft.history.results import History
    from racecraft.history.rows import Event
    from racecraft.press_old.claim import Hedge, Relation
    from racecraft.press_old.names import Names
    from racecraft.press_old.people import Cast
    from racecraft.press_old.sentence import Person, Sentence
    from racecraft.press_old.setting import Setting


@dataclass
class Look:
    """One sentence with who is who, and with the roles of its numbers."""

    s: Sentence
    cast: Cast
    setting: Setting
    record: History
    names: Names
    before: Look | None = None
    placed: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    listing: bool = False

    @cached_property
    def people(self) -> list[Person]:
        """Everybody in the sentence who is named or meant, from left to right."""
        return [person for person in self.s.people if person.how != "his"]

    @cached_property
    def subjects(self) -> list[Person]:
        """Those of them who can do something: no owners, nobody behind a preposition."""
        return [p for p in self.people if not p.genitive and not is_object(self.s, p)]

    def __post_init__(self) -> None:
        """Remember the places that the sentences before have told."""
        if self.before is not None:
            self.known = self.before.known | self.before.placed

    def owner(self, i: int) -> str:
        """Whoever a noun at ``i`` belongs to: "his ... win", "Ricciardo's first win"."""
        for person in reversed(self.s.people):
            if person.last < i and (person.how == "his" or person.genitive):
                between = range(person.last + 1, i)
                if len(between) <= 6 and not any(self.s.marks[k].word in ";:" for k in between):
                    return person.who
        return ""

    def subject(self, i: int) -> list[str]:
        """Drivers who do what is said at a place, several where they are taken together."""
        if self._verb_second:
            first, _last = part(self.s, i, VERBS)
            if self.s.at(first, "they") or (
                self.s.at(first + 1, "they") and self.s.at(first, *VERBS, "and")
            ):
                return list(self.both())
            if doing := subject_of(self.s, i, VERBS, self.s.people, self.subjects):
                return [person.who for person in doing]
            if owner := self.owner(i):
                return [owner]
            if self.before and self.s.marks[0].word == self.s.grammar.file["order"].get("relative"):
                return [p.who for p in self.before.people[-1:]]  # "Die moest genoegen nemen met"
            return [self.topic] if self.topic and not self._of_team() else []
        if about_anybody(self.s, i, self.subjects):
            return []
        if relative := self._relative(i):
            return [relative]
        left = [p for p in self.subjects if p.last < i]
        if left:
            return self.together(left)
        right = [p for p in self.people if p.first > i and not p.genitive]
        if right and self.s.at(right[0].first - 1, "BEHIND", "AHEAD") and self.topic:
            right = []
        if right and right[0].first - i <= 6 and not self._stopped(i, right[0].first):
            return [right[0].who]
        if owner := self.owner(i):
            return [owner]
        if owners := [p for p in self.people if p.genitive and p.last < i]:
            return [owners[-1].who]
        return [self.topic] if self.topic else []

    def others(self, i: int) -> list[Person]:
        """Whom something is done to: those after it, or beside it where verbs come last."""
        after = [p for p in self.people if p.first > i and not p.genitive]
        if not self._verb_second:
            return after
        first, last = part(self.s, i, VERBS)
        return [p for p in self.people if first <= p.first <= last and not p.genitive]

    def _of_team(self) -> bool:
        """Whether a sentence without people is about a team."""
        s = self.s
        return not self.people and any(not s.at(k - 1, "of", "his") for k in s.find("team"))

    @property
    def _verb_second(self) -> bool:
        return bool(self.s.grammar.file.get("order", {}).get("verb_second"))

    @property
    def topic(self) -> str:
        """Whom the sentence before was about."""
        look = self.before
        while look is not None:
            here = [p for p in look.subjects if p.who in self.setting.entered]
            if here:
                return here[0].who
            if look.subjects:
                return look.subjects[0].who
            named = [p for p in look.people if p.genitive]
            if named:
                return named[0].who
            look = look.before
        return ""

    @property
    def in_a_list(self) -> bool:
        """Whether the sentence before told who has how many points."""
        return self.before is not None and getattr(self.before, "listing", False)

    def _relative(self, i: int) -> str:
        """Whoever a clause is about that says more of him: "Bottas, who came fifth"."""
        s = self.s
        for person in reversed(self.people):
            if person.last >= i or person.genitive:
                continue
            k = person.last + 1
            while k < len(s) and s.at(k, "of", "team", "the", "OTHER") and not s.at(k, "START"):
                k += 1
            comma = k < len(s) and s.marks[k].word == ","
            k += comma
            if k <= i and (
                s.at(k, "who") or (comma and s.at(k, "START") and not self.s.at(k, "BE"))
            ):
                others = [p for p in self.subjects if k < p.last < i]
                return person.who if not others else ""
            return ""
        return ""

    def event_at(self, i: int) -> Event | None:
        """The event that is meant at a place: one named near it in the past, or the article's."""
        event, s = self.event, self.s
        if event is None:
            return None
        first, last = self.segment(i)
        places = [
            k
            for k in s.find("place", start=first, end=last + 1)
            if not (s.number == 0 and k == 0) and not self.person_at(k)
        ]
        dated = s.find("year", "date", start=first, end=last + 1)
        years = [k for k in dated if not s.at(k - 1, "SINCE")]
        season = event.season
        for k in years:
            kinds = s.marks[k].kinds
            season = kinds.get("year") or kinds["date"].get("year") or season
        if not years and s.near(i, "LAST_YEAR", left=9, right=9) >= 0:
            season -= 1
        if not places and season < event.season and (then := self._in_month(years, season)):
            return then
        for k in sorted(places, key=lambda k: abs(k - i)):
            there = self.names.events_at(s.marks[k].kinds["place"], season)
            if there and event in there:
                break
            for each in there:
                if self.record.has_results(*each.key) and each.key <= event.key:
                    return each
        return event

    def _in_month(self, dates: list[int], season: int) -> Event | None:
        """The only event of a month that is named: "in October 2019"."""
        months = {self.s.marks[k].kinds.get("date", {}).get("month") for k in dates}
        found = [e for e in self.record.calendar(season) if e.date and e.date.month in months]
        return found[0] if len(found) == 1 else None

    def now(self) -> Event | None:
        """The event after which standings are meant: the latest before the article's day."""
        event, written = self.event, self.setting.written
        if event is None or written is None:
            return event
        latest = self.record.latest(written)
        if (
            latest is None
            or latest.season != event.season
            or not self.record.has_results(*latest.key)
        ):
            return event
        return latest if latest.key > event.key else event

    def segment(self, i: int) -> tuple[int, int]:
        """First and last mark of the part of the sentence, between punctuation, around a place."""
        s = self.s
        if self._verb_second:
            return part(s, i, VERBS)
        first, last = i, i
        while (
            first > 0
            and s.marks[first - 1].word not in (",", ";", ":", "(", ")")
            and not s.at(first - 1, "who")
        ):
            first -= 1
        while last + 1 < len(s) and s.marks[last + 1].word not in (",", ";", ":", "(", ")"):
            last += 1
        return first, last

    def venue(self, i: int) -> Entity | None:
        """The event named by a place at ``i``, as a venue to count at."""
        event = self.event
        there = self.names.events_at(self.s.marks[i].kinds["place"], event.season) if event else []
        return self.event_entity(there[0]) if there else None

    def together(self, left: list[Person]) -> list[str]:
        """The last of some people, with those who are joined to him by commas and "and"."""
        group = [left[-1]]
        for person in reversed(left[:-1]):
            gap = list(range(person.last + 1, group[0].first))
            joined = [k for k in gap if self.s.at(k, "and") or self.s.marks[k].word == ","]
            if not joined or any(self.s.at(k, *VERBS, "ordinal", "number") for k in gap):
                break
            if not all(
                self.s.at(k, "and", "the", "of", "team", "OTHER")
                or self.s.marks[k].word in ",()"
                or self._in_phrase(k)
                for k in gap
            ):
                break
            group.insert(0, person)
        if len(group) > 1 and not any(
            self.s.at(k, "and") for k in range(group[-2].last + 1, group[-1].first)
        ):
            group = group[-1:]
        return [person.who for person in group]

    def _in_phrase(self, k: int) -> bool:
        return any(person.first <= k <= person.last for person in self.s.people) or self.s.at(
            k, "team_mate", "nationality", "CHAMPION", "times"
        )

    def both(self) -> tuple[str, str] | tuple[()]:
        """The last two drivers spoken of up to this sentence."""
        found: list[str] = []
        look: Look | None = self
        while look is not None and len(found) < 2:
            for person in reversed(look.s.people):
                if person.who not in found and person.who in self.setting.entered:
                    found.append(person.who)
            look = look.before
        return (found[1], found[0]) if len(found) > 1 else ()

    def _stopped(self, i: int, j: int) -> bool:
        return any(self.s.marks[k].word in ".;:" for k in range(i + 1, j))

    def person_at(self, i: int) -> Person | None:
        """Whoever is meant by the words at a place."""
        return next((p for p in self.s.people if p.first <= i <= p.last), None)

    def list_after(self, i: int) -> list[Person]:
        """People in a row from a place on: "ahead of A, B of T and C"."""
        found: list[Person] = []
        for person in self.people:
            if person.first <= i:
                continue
            start = found[-1].last if found else i
            gap = range(start + 1, person.first)
            if any(
                (
                    self.s.at(k, *VERBS, "AHEAD", "BEHIND", "but")
                    and not self.s.at(k, "of", "the", "and")
                )
                or self.s.marks[k].word in ";:."
                for k in gap
            ) or len(gap) > (5 if not found else 8):
                break
            if found and not any(self.s.at(k, "and") or self.s.marks[k].word in ",(" for k in gap):
                break
            if person.genitive:
                if not any(
                    p.first > person.last and p.first - person.last <= 6 for p in self.people
                ):
                    found.append(person)
                continue
            found.append(person)
        return found

    def verb(self, i: int) -> int:
        """Place of the verb that governs a place: the nearest before, or else after; or -1."""
        if self._verb_second:
            return verb_of(self.s, i, VERBS)
        for j in range(i - 1, -1, -1):
            if self.s.marks[j].word in ";:":
                break
            if self.s.at(j, *VERBS) and not self._in_phrase(j):
                return j
            if self.s.at(j, "but") and not self.s.at(j, "of"):
                break
        for j in range(i + 1, len(self.s)):
            if self.s.marks[j].word in ";:" or (self.s.at(j, "but") and not self.s.at(j, "of")):
                break
            if self.s.at(j, *VERBS) and not self._in_phrase(j):
                return j
        return -1

    @cached_property
    def roles(self) -> dict[int, str]:
        """What every ordinal of the sentence tells, by its place; see `roles`."""
        return roles_of(self)

    @property
    def event(self) -> Event | None:
        """The event that the sentence is about: the one it names, or that of the article."""
        return self.setting.event

    def driver(self, who: str) -> Entity:
        """A driver as the subject of a claim."""
        return Entity("driver", who, self.record.name(who))

    def team(self, ids: Iterable[str]) -> Entity:
        """A team as the subject of a claim: that one of these which takes part."""
        ids, entered = list(ids), set(self.setting.team.values())
        which = next((each for each in ids if each in entered), ids[0])
        return Entity("team", which, self.record.teams[which].name)

    def event_entity(self, event: Event) -> Entity:
        """An event as the subject of a claim."""
        return Entity("event", event.id, f"{event.full_name} (round {event.round})")

    def hedge(self, i: int) -> Hedge:
        """How a number at a place is hedged: over, almost, about."""
        for j in range(i - 1, max(i - 4, -1), -1):
            if self.s.at(j, "HEDGE"):
                found: Hedge = self.s.marks[j].kinds["HEDGE"]
                return found
            if not self.s.at(j, "word", "the"):
                break
        return "exact"

    def claim(
        self,
        claim_type: str,
        subjects: Iterable[Entity],
        span: tuple[int, int],
        *,
        value: Any = None,
        relation: Relation = "",
        hedge: Hedge = "exact",
        unit: str = "",
        event: Event | None = None,
        session: str = "race",
        lap: int | None = None,
        scope: Mapping[str, Any] | None = None,
    ) -> Claim:
        """A claim of this sentence; ``span`` are the places of its first and last mark."""
        first, last = min(span), min(max(span), len(self.s) - 1)
        event = event or self.event_at(last)
        start, end = self.s.marks[first].start, self.s.marks[last].end
        return Claim(
            claim_type=claim_type,
            sentence=self.s.text,
            start=start,
            end=end,
            subjects=tuple(subjects),
            relation=relation,
            value=value,
            written=self.s.text[start - self.s.start : end - self.s.start],
            hedge=hedge,
            unit=unit,
            season=event.season if event else None,
            round=event.round if event else None,
            session=session,
            lap=lap,
            scope=dict(scope or {}),
            day=self.setting.day,
            hedged=any(self.s.at(k, "SEEM") for k in range(max(first - 6, 0), last)),
            attributed_to=self._speaker(),
            by_construction=self.setting.by_construction
            and event == self.event
            and claim_type in CONSTRAINTS,
        )

    def _speaker(self) -> str | None:
        if self.s.quoted or self.s.has("SAID"):
            i = next(self.s.find("SAID"), -1)
            who = [p for p in self.subjects if p.last < i] or self.subjects
            return self.record.name(who[0].who) if who else None
        return None
