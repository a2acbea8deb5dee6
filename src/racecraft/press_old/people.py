"""Who is meant: names, pronouns, and the other ways to name a driver."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from racecraft.press_old.epithets import HEADS, element, genitive, is_name, said_at
from racecraft.press_old.governed import is_object, parted
from racecraft.press_old.passing import is_apposition, say_after
from racecraft.press_old.sentence import Mark, Person, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.history.results import History
    from racecraft.press_old.names import Names
    from racecraft.press_old.setting import Setting

DEEP = 6  # how many sentences back somebody is still remembered


@dataclass
class Cast:
    """The people of an article, in the order in which it speaks of them."""

    record: History
    names: Names
    setting: Setting
    spoken: list[tuple[int, str]] = field(default_factory=list)
    topic: str = ""
    full: set[str] = field(default_factory=set)

    def identify(self, article: Iterable[Sentence]) -> None:
        """Find everybody in every sentence, from the first to the last."""
        sentences = list(article)
        for sentence in sentences:
            for mark in sentence.marks:
                ids = mark.kinds.get("driver", ())
                if len(ids) == 1 and len(mark.word.split()) > 1:
                    self.full.add(ids[0])
        for sentence in sentences:
            self._sentence(sentence)

    def _sentence(self, sentence: Sentence) -> None:
        i, subject = 0, ""
        people: list[Person] = []
        while i < len(sentence):
            person = self._phrase(sentence, i, people) or self._pronoun(sentence, i, people)
            if person is None:
                i += 1
                continue
            if is_apposition(sentence, person, people):
                people[-1].said += person.said
                i = person.last + 1
                continue
            people.append(person)
            sentence.people = people
            self.spoken.append((sentence.number, person.who))
            i = person.last + 1
        for person in people:
            say_after(self, sentence, person, people)
        for person in people:
            if not is_object(sentence, person) and person.how != "his":
                subject = person.who
                break
        here = subject in self.setting.entered or not self.setting.entered
        if subject and not sentence.quoted and (here or not self.topic):
            self.topic = subject

    # --- a phrase with a name or without ------------------------------------------------------

    def _phrase(self, s: Sentence, i: int, people: list[Person]) -> Person | None:
        """The person whose phrase begins at a mark, or None."""
        if s.at(i, "the") and s.at(i, "of", "by", "to"):
            # "del", "vom", "du": a preposition and an article in one word, outside of the phrase
            i += 1
        j = i
        determined = j > 0 and s.at(j - 1, "the")
        while s.at(j, "the", "his") and not is_name(s.marks[j]):
            determined = True
            j += 1
        said: list[tuple[str, Any, int]] = []
        owner = ""
        head = -1
        while j < len(s):
            mark = s.marks[j]
            if (who := self._named(mark, s, j)) and not (
                mark.is_a("team") and not self._is_driver_here(mark)
            ):
                owned = genitive(s, j)
                if (
                    owned
                    and s.at(j + owned, "team")
                    and not (element(s, j + owned + 1) or self._named_at(s, j + owned + 1))
                ):
                    # "Massa's Williams": his car is himself
                    said.append(("team", s.marks[j + owned].kinds["team"], j + owned))
                    person = Person(j, i, j + owned, who, "name", said)
                    self._attach(person, said, owner, people)
                    return person
                if owned and element(s, j + owned):
                    owner = who
                    self.spoken.append((s.number, who))
                    if not said and head < 0:
                        people.append(Person(j, i, j, who, "name", [], True))
                        return self._phrase_of(s, j + owned, owner)
                if other := self._another(s, i, j, said, who, people):
                    return other
                person = Person(j, i, j, who, "name", said, bool(owned))
                self._attach(person, said, owner, people)
                return person
            step = element(s, j)
            if not step:
                filler = (
                    (determined or said)
                    and s.at(j, "word")
                    and (element(s, j + 1) or self._named_at(s, j + 1))
                )
                comma = said and s.marks[j].word in ("-", "of") and element(s, j + 1)
                comma = comma or (said and s.at(j, "belonging") and self.team_at(s, j + 1))
                if filler or comma:
                    j += 1
                    continue
                break
            said += said_at(s, j)
            if step > 1 or (s.marks[j].is_a(*HEADS) and not s.at(j, "team")):
                head = j
            j += step
            if g := genitive(s, j - 1):
                j += g - 1 if element(s, j + g - 1) or self._named_at(s, j + g - 1) else 0
                if not (element(s, j) or self._named_at(s, j)):
                    break
        if head < 0 or s.at(head + 1, "EVER") or not (determined or self._bare(s, head)):
            return None
        who, how = self._meant(said + self._team_after(s, head), people, s.at(i, "his"))
        if not who:
            return None
        last = max(head, j - 1)
        mates = [
            (kind, self.setting.mates(who)[:1], k) for kind, _, k in said if kind == "team_mate"
        ]
        said = [fact for fact in said if fact[0] != "team_mate"]
        said += [(kind, found[0], k) for kind, found, k in mates if found]
        return Person(head, i, last, who, how, said, bool(genitive(s, last)))

    def _team_after(self, s: Sentence, head: int) -> list[tuple[str, Any, int]]:
        """``the driver of Ferrari``: the team that tells who is meant."""
        k = head + 2 + s.at(head + 2, "the")
        if s.at(head, "person") and s.at(head + 1, "of") and s.at(k, "team"):
            return [("team", s.marks[k].kinds["team"], k)]
        return []

    def team_at(self, s: Sentence, j: int) -> bool:
        """Whether a team is named at a place and not somebody of that name: "piloto de Ferrari"."""
        return s.at(j, "team") and not (s.at(j, "driver") and self._is_driver_here(s.marks[j]))

    def _phrase_of(self, s: Sentence, j: int, owner: str) -> Person | None:
        """``Vettel's Ferrari team-mate Kimi Räikkönen``: a phrase that begins with an owner."""
        said: list[tuple[str, Any, int]] = []
        k, mate, head = j, False, -1
        while k < len(s):
            who = self._named(s.marks[k], s, k)
            if who and (not s.at(k, "team") or self._is_driver_here(s.marks[k])):
                person = Person(k, j, k, who, "name", said, bool(genitive(s, k)))
                if mate:
                    person.said.append(("team_mate", owner, k))
                return person
            step = element(s, k)
            if not step:
                if s.at(k, "word") and (element(s, k + 1)) and k == j:
                    k += 1
                    continue
                break
            mate |= s.at(k, "team_mate")
            if s.at(k, "team_mate"):
                head = k
            said += said_at(s, k)
            k += step
        if not mate:
            return None
        mates = self.setting.mates(owner)
        who = mates[0] if mates else ""
        return (
            Person(head, j, k - 1, who, "team_mate", [("team_mate", owner, head)]) if who else None
        )

    def _another(
        self,
        s: Sentence,
        i: int,
        j: int,
        said: list[tuple[str, Any, int]],
        who: str,
        people: list[Person],
    ) -> Person | None:
        """``ging de Nederlander Norris voorbij``: a noun and a name that mean two people.

        Only where a noun of a country is never an adjective, and somebody passes somebody.
        """
        if not (s.grammar.file.get("adjectives") and s.has("PASS")) or len(said) != 1:
            return None
        kind, code, _ = said[0]
        if (
            kind != "nationality"
            or not s.at(j - 1, "nationality")
            or self.names.nationality(who) == code
        ):
            return None
        meant, how = self._meant(said, people, his=False)
        return Person(j - 1, i, j - 1, meant, how, list(said)) if meant else None

    def _attach(
        self,
        person: Person,
        said: list[tuple[str, Any, int]],
        owner: str,
        people: list[Person],
    ) -> None:
        """Say whose team-mate somebody is who is called one."""
        for n, (kind, _, place) in enumerate(said):
            if kind == "team_mate":
                other = owner or self._before(people, person.who)
                said[n] = ("team_mate", other, place)
            elif kind == "countryman":
                said[n] = ("nationality", self._country_of(people, person.who, owner), place)

    def _country_of(self, people: list[Person], who: str, owner: str) -> str:
        """Country of whoever somebody is said to share it with."""
        mine = self.names.nationality(who)
        before = [owner] if owner else [self._before(people, who)]
        before += [w for _, w in reversed(self.spoken[-4:]) if w != who and not owner]
        theirs = [self.names.nationality(w) for w in before]
        return mine if mine in theirs else theirs[0]

    def _before(self, people: list[Person], who: str) -> str:
        """Whoever "his" can mean before this place: somebody of his team first."""
        earlier = [p.who for p in reversed(people) if p.who != who]
        earlier += [self.topic] if self.topic and self.topic != who else []
        earlier += [w for _, w in reversed(self.spoken[-8:]) if w != who]
        mates = self.setting.mates(who)
        return next((w for w in earlier if w in mates), earlier[0] if earlier else "")

    def _bare(self, s: Sentence, head: int) -> bool:
        """Whether such a word may stand for a driver without an article before it."""
        if s.at(head, "team_mate"):
            return head == 0
        return s.at(head, "LEADER", "POLESITTER") and head == 0

    # --- names --------------------------------------------------------------------------------

    def _named_at(self, s: Sentence, j: int) -> bool:
        return j < len(s) and bool(self._named(s.marks[j], s, j))

    def _named(self, mark: Mark, s: Sentence, j: int) -> str:
        """Driver whom a name means in this article, or an empty string."""
        ids: list[str] = list(mark.kinds.get("driver", ())) + list(mark.kinds.get("driver_s", ()))
        given = not ids
        if given:
            if s.at(j + 1, "place") or not mark.is_a("given"):
                return ""
            ids = list(mark.kinds["given"])
        if not ids or (mark.is_a("place") and not mark.text[0].isupper()):
            return ""
        field = self.setting.entered
        here = [who for who in ids if who in field]
        if given:
            known = [who for who in here if who in self.full] or here
            return known[0] if len(known) == 1 else ""
        if len(here) == 1:
            return here[0]
        known = [who for who in ids if who in self.full]
        if len(known) == 1:
            return known[0]
        if mark.is_a("team", "place", "weekday", "month") and not here:
            return ""
        if len(mark.word.split()) == 1 and not known and not here:
            ids = [who for who in ids if self._renowned(who)]
        return min(ids, key=self._far, default="")

    def _renowned(self, who: str) -> bool:
        return any(row.position == 1 for row in self.record.of_driver.get(who, ()))

    def _far(self, who: str) -> int:
        season = self.setting.season or 9999
        years = self.record.drivers[who].codes
        return min((abs(season - year) for year in years), default=9999)

    def _is_driver_here(self, mark: Mark) -> bool:
        ids = set(mark.kinds.get("driver", ()))
        return bool(ids & self.full)

    # --- who is meant -------------------------------------------------------------------------

    def _pronoun(self, s: Sentence, i: int, people: list[Person]) -> Person | None:
        mark = s.marks[i]
        how = next((kind for kind in ("he", "him", "his") if mark.is_a(kind)), "")
        if not how or s.at(i, "the"):
            return None
        if s.quoted and how != "he":
            return None
        subjects = [p for p in people if not p.genitive and not is_object(s, p)]
        subjects = [p for p in subjects if p.who in self.setting.entered] or subjects
        if how == "he":
            named = [p for p in people if not p.genitive and parted(s, p.last, i)]
            who = next((p.who for p in (*subjects[:1], *named[-1:])), self.topic)
        elif how == "his":
            who = (subjects or people)[-1].who if people else self.topic
        else:
            other = subjects[-1].who if subjects else ""
            named = [p for p in people if not p.genitive and parted(s, p.last, i)]
            who = self.topic if self.topic != other else ""
            who = named[-1].who if named and not subjects else who
            if people and any(s.at(k, "who") for k in range(people[-1].last + 1, i)):
                who = people[-1].who
        return Person(i, i, i, who, how) if who else None

    def _meant(
        self, said: list[tuple[str, Any, int]], people: list[Person], his: bool
    ) -> tuple[str, str]:
        """Whom a phrase without a name means, and which of its words told."""
        facts = {kind: value for kind, value, _ in reversed(said)}
        recent = self._recent(people)
        if "team_mate" in facts:
            owner = (recent[0] if recent else "") if his or not people else recent[0]
            if owner and self.setting.mates(owner):
                return self.setting.mates(owner)[0], "mate"
            return "", ""
        if "champion_of" in facts:
            return self.record.champions.get(facts["champion_of"], ""), "champion_of"
        if facts.keys() & {"nationality", "age", "titles", "team"} and "former" not in facts:
            return self._fitting(facts, recent)
        if "CHAMPION" in facts and "former" not in facts:
            who = self.setting.reigning
            return (who, "champion") if who else ("", "")
        if "LEADER" in facts:
            return self.setting.leader, "leader"
        if "POLESITTER" in facts:
            return self.setting.on_pole, "on pole"
        if "WINNER" in facts:
            return self.setting.winner, "winner"
        if "countryman" in facts:
            return "", ""
        return (
            (recent[0], "driver") if recent and his is False and "team" not in facts else ("", "")
        )

    def _fitting(self, facts: dict[str, Any], recent: list[str]) -> tuple[str, str]:
        """Whoever fits best what a phrase says: country and team first, then age and titles."""
        people = list(dict.fromkeys([*recent, *self.setting.order]))
        scores = []
        for n, who in enumerate(people):
            known = n < len(recent)
            score = 2.0 * (who == self.topic) + (0.5 - 0.05 * n if known else -1.0)
            if "nationality" in facts:
                score += 6.0 * (self.names.nationality(who) == facts["nationality"])
            if "team" in facts:
                score += 6.0 * (self.setting.team.get(who) in facts["team"])
            if "age" in facts:
                off = abs(self.age(who) - facts["age"])
                score += 2.5 if off == 0 else 0.3 if off == 1 else 0.0
            if "titles" in facts:
                held = self.setting.titles(who)
                held += who == self.setting.leader and facts["titles"] == held + 1
                score += 2.5 if held == facts["titles"] else 1.0 if held else -1.0
            scores.append((score, -n, who))
        best = max(scores, default=(0.0, 0, ""))
        hard = 6.0 * len(facts.keys() & {"nationality", "team"})
        if best[0] < hard - 1.5 or (not hard and best[0] < 0.5):
            return "", ""
        how = next(kind for kind in ("nationality", "age", "titles", "team") if kind in facts)
        return best[2], f"by {how}"

    def _recent(self, people: list[Person]) -> list[str]:
        """Everybody spoken of lately: in this sentence, the topic, then backwards."""
        found = [p.who for p in people if not p.genitive]
        found += [self.topic] if self.topic else []
        last = self.spoken[-1][0] if self.spoken else 0
        found += [who for n, who in reversed(self.spoken) if last - n <= DEEP]
        return list(dict.fromkeys(found))

    def age(self, who: str) -> int:
        """Age of a driver on the day of the article."""
        driver = self.record.drivers.get(who)
        day = self.setting.day
        if driver is None or driver.date_of_birth is None or day is None:
            return -99
        born = driver.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
