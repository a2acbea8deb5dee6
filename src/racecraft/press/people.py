"""Who is meant: names, pronouns, and the other ways to name a driver."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from racecraft.press.sentence import Mark, Person, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.press.names import Names
    from racecraft.press.record import Record
    from racecraft.press.setting import Setting

# What can stand in a phrase for a driver, beside his name.
ELEMENTS = ("nationality", "national", "age", "times", "CHAMPION", "year_old", "LEADER", "POLESITTER", "WINNER",
            "REIGNING", "former", "team", "team_mate", "HOME", "MAIDEN", "countryman", "RECORD", "person", "pair")  # fmt: skip
HEADS = ("nationality", "age", "CHAMPION", "year_old", "person", "LEADER", "POLESITTER", "WINNER", "team_mate",
         "countryman")  # fmt: skip
YOUNGEST, OLDEST = 16, 99  # ages of people in a paddock; other numbers of years are no ages
DEEP = 6  # how many sentences back somebody is still remembered


def is_name(mark: Mark) -> bool:
    """Whether these words are the name of somebody who has driven."""
    value = mark.kinds.get("driver") or mark.kinds.get("driver_s") or mark.kinds.get("given")
    return bool(value)


@dataclass
class Cast:
    """The people of an article, in the order in which it speaks of them."""

    record: Record
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
            if self._is_apposition(sentence, person, people):
                people[-1].said += person.said
                i = person.last + 1
                continue
            people.append(person)
            sentence.people = people
            self.spoken.append((sentence.number, person.who))
            i = person.last + 1
        for person in people:
            self._said_after(sentence, person, people)
        ranked = sorted(people, key=lambda person: person.genitive)
        for person in ranked:
            if not is_object(sentence, person) and person.how != "his":
                subject = person.who
                break
        here = subject in self.setting.entered or not self.setting.entered
        if subject and not sentence.quoted and (here or not self.topic):
            self.topic = subject

    def _is_apposition(self, s: Sentence, person: Person, people: list[Person]) -> bool:
        """Whether a phrase without a name only says more of whoever was named just before."""
        if not people or person.how in ("name", "he", "him", "his") or people[-1].genitive:
            return False
        if any(kind == "team_mate" for kind, _, _ in person.said):
            return False
        gap = range(people[-1].last + 1, person.first)
        return (
            len(gap) == 1
            and s.marks[gap[0]].word in (",", "(", "-", "–", "—")
            and (
                person.last + 1 >= len(s)
                or s.marks[person.last + 1].word in (",", ".", ")", "-", "–", "—")
                or s.at(person.last + 1, "but", "of", "he")
            )
        )

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
                mark.is_a("team") and not self._is_driver_here(mark, s, j)
            ):
                genitive = self._genitive(s, j)
                if (
                    genitive
                    and s.at(j + genitive, "team")
                    and not (
                        self._element(s, j + genitive + 1) or self._named_at(s, j + genitive + 1)
                    )
                ):
                    # "Massa's Williams": his car is himself
                    said.append(("team", s.marks[j + genitive].kinds["team"], j + genitive))
                    person = Person(j, i, j + genitive, who, "name", said)
                    self._attach(person, said, owner, s, people)
                    return person
                if genitive and self._element(s, j + genitive):
                    owner = who
                    self.spoken.append((s.number, who))
                    if not said and head < 0:
                        people.append(Person(j, i, j, who, "name", [], True))
                        return self._phrase_of(s, j + genitive, i, people, owner)
                if other := self._another(s, i, j, said, who, people):
                    return other
                person = Person(j, i, j, who, "name", said, bool(genitive))
                self._attach(person, said, owner, s, people)
                return person
            step = self._element(s, j)
            if not step:
                filler = (
                    (determined or said)
                    and s.at(j, "word")
                    and (self._element(s, j + 1) or self._named_at(s, j + 1))
                )
                comma = said and s.marks[j].word in ("-", "of") and self._element(s, j + 1)
                comma = comma or said and s.at(j, "belonging") and self._team_at(s, j + 1)
                if filler or comma:
                    j += 1
                    continue
                break
            said += self._said(s, j)
            if step > 1 or (s.marks[j].is_a(*HEADS) and not s.at(j, "team")):
                head = j
            j += step
            if g := self._genitive(s, j - 1):
                j += g - 1 if self._element(s, j + g - 1) or self._named_at(s, j + g - 1) else 0
                if not (self._element(s, j) or self._named_at(s, j)):
                    break
        if head < 0 or s.at(head + 1, "EVER") or not (determined or self._bare(s, head)):
            return None
        who, how = self._meant(s, said + self._team_after(s, head), people, s.at(i, "his"))
        if not who:
            return None
        last = max(head, j - 1)
        mates = [(kind, self._mates(who)[:1], k) for kind, _, k in said if kind == "team_mate"]
        said = [fact for fact in said if fact[0] != "team_mate"]
        said += [(kind, found[0], k) for kind, found, k in mates if found]
        return Person(head, i, last, who, how, said, bool(self._genitive(s, last)))

    def _team_after(self, s: Sentence, head: int) -> list[tuple[str, Any, int]]:
        """``the driver of Ferrari``: the team that tells who is meant."""
        k = head + 2 + s.at(head + 2, "the")
        if s.at(head, "person") and s.at(head + 1, "of") and s.at(k, "team"):
            return [("team", s.marks[k].kinds["team"], k)]
        return []

    def _team_at(self, s: Sentence, j: int) -> bool:
        """Whether a team is named at a place and not somebody of that name: "piloto de Ferrari"."""
        return s.at(j, "team") and not (
            s.at(j, "driver") and self._is_driver_here(s.marks[j], s, j)
        )

    def _phrase_of(
        self, s: Sentence, j: int, i: int, people: list[Person], owner: str
    ) -> Person | None:
        """``Vettel's Ferrari team-mate Kimi Räikkönen``: a phrase that begins with an owner."""
        said: list[tuple[str, Any, int]] = []
        k, mate, head = j, False, -1
        while k < len(s):
            if who := self._named(s.marks[k], s, k):
                if not s.at(k, "team") or self._is_driver_here(s.marks[k], s, k):
                    person = Person(k, j, k, who, "name", said, bool(self._genitive(s, k)))
                    if mate:
                        person.said.append(("team_mate", owner, k))
                    return person
            step = self._element(s, k)
            if not step:
                if s.at(k, "word") and (self._element(s, k + 1)) and k == j:
                    k += 1
                    continue
                break
            mate |= s.at(k, "team_mate")
            if s.at(k, "team_mate"):
                head = k
            said += self._said(s, k)
            k += step
        if not mate:
            return None
        mates = self._mates(owner)
        who = mates[0] if mates else ""
        return (
            Person(head, j, k - 1, who, "team_mate", [("team_mate", owner, head)]) if who else None
        )

    def _another(
        self, s: Sentence, i: int, j: int, said: list[tuple[str, Any, int]], who: str, people: list[Person]
    ) -> Person | None:  # fmt: skip
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
        meant, how = self._meant(s, said, people, his=False)
        return Person(j - 1, i, j - 1, meant, how, list(said)) if meant else None

    def _attach(
        self, person: Person, said: list[tuple[str, Any, int]], owner: str, s: Sentence,
        people: list[Person],
    ) -> None:  # fmt: skip
        """Say whose team-mate somebody is who is called one."""
        for n, (kind, _, place) in enumerate(said):
            if kind == "team_mate":
                other = owner or self._before(s, people, person.who)
                said[n] = ("team_mate", other, place)
            elif kind == "countryman":
                said[n] = ("nationality", self._country_of(s, people, person.who, owner), place)

    def _country_of(self, s: Sentence, people: list[Person], who: str, owner: str) -> str:
        """Country of whoever somebody is said to share it with."""
        mine = self.names.nationality(who)
        before = [owner] if owner else [self._before(s, people, who)]
        before += [w for _, w in reversed(self.spoken[-4:]) if w != who and not owner]
        theirs = [self.names.nationality(w) for w in before]
        return mine if mine in theirs else theirs[0]

    def _before(self, s: Sentence, people: list[Person], who: str) -> str:
        """Whoever "his" can mean before this place: somebody of his team first."""
        earlier = [p.who for p in reversed(people) if p.who != who]
        earlier += [self.topic] if self.topic and self.topic != who else []
        earlier += [w for _, w in reversed(self.spoken[-8:]) if w != who]
        mates = self._mates(who)
        return next((w for w in earlier if w in mates), earlier[0] if earlier else "")

    def _element(self, s: Sentence, j: int) -> int:
        """How many marks there are at a place that can stand in a phrase for a driver."""
        if not 0 <= j < len(s):
            return 0
        mark = s.marks[j]
        if mark.is_a("number") and (k := self._age_at(s, j)):
            return k
        if mark.is_a("year") and s.at(j + 1, "CHAMPION"):
            return 1
        if mark.is_a("place") and self._genitive(s, j) and mark.value[0][0] == "country":
            return 1
        if mark.is_a("ordinal", "OTHER") and s.at(j + 1, "team"):
            return 1
        if is_name(mark) and not mark.is_a("team", "nationality"):
            return 0
        return 1 if mark.is_a(*ELEMENTS) else 0

    def _age_at(self, s: Sentence, j: int) -> int:
        """How many marks an age has: "33-year-old", "32 Jahre alte"."""
        k = j + 1
        while k < len(s) and s.marks[k].word == "-":
            k += 1
        old_enough = YOUNGEST <= s.marks[j].kinds["number"] <= OLDEST
        return k - j + 1 if s.at(k, "year_old") and old_enough else 0

    def _said(self, s: Sentence, j: int) -> list[tuple[str, Any, int]]:
        mark = s.marks[j]
        if mark.is_a("number") and self._age_at(s, j):
            return [("age", int(mark.kinds["number"]), j)]
        if mark.is_a("year"):
            return [("champion_of", mark.kinds["year"], j)]
        if mark.is_a("place"):
            return [("nationality", mark.value[0][1], j)]
        if mark.is_a("nationality") and not (mark.is_a("team") or self._adjective_of_place(s, j)):
            return [("nationality", mark.kinds["nationality"][0], j)]
        if mark.is_a("national"):
            return [("nationality", mark.kinds["national"][0], j)]
        if mark.is_a("age"):
            return [("age", mark.kinds["age"], j)]
        if mark.is_a("team"):
            return [("team", mark.kinds["team"], j)]
        if mark.is_a("times"):
            champion = [("CHAMPION", None, j)] if mark.is_a("CHAMPION") else []  # "tricampeón"
            return [("titles", mark.kinds["times"], j), *champion]
        for kind in ("CHAMPION", "LEADER", "POLESITTER", "WINNER", "REIGNING", "former", "HOME", "team_mate",
                     "countryman"):  # fmt: skip
            if mark.is_a(kind):
                return [(kind, mark.value, j)]
        return []

    def _adjective_of_place(self, s: Sentence, j: int) -> bool:
        return s.at(j + 1, "GP", "RACE", "FORM")

    def _genitive(self, s: Sentence, j: int) -> int:
        """How many marks make the name at ``j`` a genitive; 0 if it is none."""
        if s.at(j, "driver_s") and not s.at(j, "driver"):
            return 1
        if j + 1 >= len(s) or s.marks[j + 1].word not in s.grammar.genitive:
            return 0
        return 2 if s.marks[j + 1].word != "'" or s.marks[j].word.endswith(("s", "x", "z")) else 0

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
        if not ids or mark.is_a("place") and not mark.text[0].isupper():
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

    def _is_driver_here(self, mark: Mark, s: Sentence, j: int) -> bool:
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
            named = [p for p in people if not p.genitive and _parted(s, p.last, i)]
            who = (subjects[:1] or named[-1:] or [None])[0]
            who = who.who if who else self.topic
        elif how == "his":
            who = (subjects or people)[-1].who if people else self.topic
        else:
            other = subjects[-1].who if subjects else ""
            named = [p.who for p in people if not p.genitive and _parted(s, p.last, i)]
            who = self.topic if self.topic != other else ""
            who = named[-1] if named and not subjects else who
            if people and any(s.at(k, "who") for k in range(people[-1].last + 1, i)):
                who = people[-1].who
        return Person(i, i, i, who, how) if who else None

    def _meant(
        self, s: Sentence, said: list[tuple[str, Any, int]], people: list[Person], his: bool
    ) -> tuple[str, str]:
        """Whom a phrase without a name means, and which of its words told."""
        facts = {kind: value for kind, value, _ in reversed(said)}
        recent = self._recent(people)
        if "team_mate" in facts:
            owner = (recent[0] if recent else "") if his or not people else recent[0]
            if owner and self._mates(owner):
                return self._mates(owner)[0], "mate"
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

    def _mates(self, who: str) -> list[str]:
        return [mate for mate in self.setting.mates(who)]

    def age(self, who: str) -> int:
        """Age of a driver on the day of the article."""
        driver = self.record.drivers.get(who)
        day = self.setting.day
        if driver is None or driver.date_of_birth is None or day is None:
            return -99
        born = driver.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    # --- what is said after a name --------------------------------------------------------------

    def _said_after(self, s: Sentence, person: Person, people: list[Person]) -> None:
        """What follows a name and belongs to it: "of McLaren", "(24)", ", the 2007 champion,"."""
        j = person.last + 1
        taken = {k for other in people for k in range(other.first, other.last + 1)}
        if person.how in ("he", "him", "his") or person.genitive:
            return
        if j < len(s) and s.marks[j].word == "(":
            k = j + 1
            while k < len(s) and s.marks[k].word != ")" and k - j < 6:
                if s.at(k, "team"):
                    person.said.append(("team", s.marks[k].kinds["team"], k))
                elif (
                    s.at(k, "number")
                    and s.marks[k + 1].word in (")", ",")
                    and 16 < s.marks[k].value < 60
                    and not s.has("POINTS", "STANDINGS", "CHAMPIONSHIP")
                ):
                    person.said.append(("age?", int(s.marks[k].value), k))
                k += 1
            j = k + 1 if k < len(s) and s.marks[k].word == ")" else j
        k = j + 2 + s.at(j + 2, "the")
        if (
            j < len(s)
            and s.marks[j].word == ","
            and s.at(j + 1, "of")
            and self._team_at(s, k)
            and s.at(k + 1, "punct")
        ):
            person.said.append(("team", s.marks[k].kinds["team"], k))  # "Leclerc, da Ferrari,"
        for _ in range(2):
            k = j
            if s.at(k, "of"):
                k += 1
                while (
                    k < len(s)
                    and k not in taken
                    and (s.at(k, "the", "OTHER", "ordinal", "word", "HOME") and not s.at(k, "team"))
                    and k - j < 4
                ):
                    k += 1
                if s.at(k, "team") and not self._genitive(s, k) and k not in taken:
                    person.said.append(("team", s.marks[k].kinds["team"], k))
                    j = k + 1
                elif (
                    s.at(k, "place")
                    and k == j + 1
                    and s.marks[k].value[0][0] == "country"
                    and (s.marks[j].word in ("of", "uit", "aus", "de", "di"))
                ):
                    person.said.append(("nationality?", s.marks[k].value[0][1], k))
                    j = k + 1
        if j < len(s) and s.marks[j].word in (",", "-", "–", "—"):
            k = j + 1
            found: list[tuple[str, Any, int]] = []
            while (
                k < len(s)
                and k not in taken
                and s.marks[k].word not in (",", ".", ";", "-", "–", "—")
            ):
                if step := self._element(s, k):
                    found += self._said(s, k)
                    k += step
                elif s.at(k, "the", "of", "former", "word", "and", "HAVE", "year"):
                    if s.at(k, "year"):
                        found.append(("champion_of", s.marks[k].kinds["year"], k))
                    k += 1
                else:
                    found = []
                    break
            if (
                k == j + 2
                and s.at(j + 1, "number")
                and abs(self.age(person.who) - s.marks[j + 1].value) <= 2
            ):
                found = [("age", int(s.marks[j + 1].value), j + 1)]
            kinds = {kind for kind, _, _ in found}
            if kinds & {
                "titles",
                "champion_of",
                "age",
                "CHAMPION",
                "LEADER",
                "POLESITTER",
                "nationality",
            }:
                if "champion_of" not in kinds or "CHAMPION" in kinds:
                    person.said += [fact for fact in found if fact[0] != "team_mate"]


def is_rival(s: Sentence, person: Person) -> bool:
    """Whether somebody is the one whom another passed, beat, or was ahead of."""
    return is_object(s, person) and not s.at(person.first - 1, "of", "the", "OTHER")


def is_object(s: Sentence, person: Person) -> bool:
    """Whether a preposition or verb before somebody makes him no subject of the sentence."""
    j = person.first - 1
    while j >= 0 and (
        s.at(j, "the", "HEDGE", "ordinal", "OTHER") and not s.at(j, "AHEAD", "BEHIND", "START")
    ):
        j -= 1
    if person.how == "him":
        return True
    if j < 0:
        return False
    if s.at(j, "of") and s.at(j - 1, "team"):
        return (
            s.at(j - 2, "AHEAD", "BEHIND", "of") or s.at(j - 3, "AHEAD", "BEHIND")
            if j > 1
            else False
        )
    if s.at(j, "COLLISION") and " " in s.marks[j].word:  # "contatto con"
        return True
    if s.at(j, "about_whom") and told_of(s, j, person):
        return False
    if s.at(j, "AHEAD", "BEHIND", "PASS", "FOLLOWED_BY", "by", "of", "HEADS_HOME", "BEAT"):
        return True
    k = person.last + 1
    if s.marks[j].word == "," and s.at(
        k, "BE", "FINISH", "TAKE", "HAVE", "WIN", "START", "RETIRE", "LEADS"
    ):
        return False  # "31 more than Leclerc, Norris is third"
    if (s.at(j, "and") or s.marks[j].word == ",") and not s.at(j - 1, "ordinal"):
        before = [p for p in s.people if p.last < person.first]
        if before and before[-1].last >= j - 2 and before[-1] is not person:
            return is_object(s, before[-1])
    return False


def _parted(s: Sentence, i: int, j: int) -> bool:
    """Whether two places are in different parts of a sentence."""
    return any(s.marks[k].word in ",;:" or s.at(k, "and", "but") for k in range(i + 1, j))


def told_of(s: Sentence, j: int, person: Person) -> bool:
    """Whether "for" tells whom a sentence is about: "Voor Albon was het voorbij"."""
    if (
        j == 0
        or s.marks[j - 1].word in ",;:"
        and s.at(person.last + 1, "BE", "HAVE", "FINISH", "RETIRE")
    ):
        return True
    near = range(max(j - 5, 0), min(person.last + 4, len(s)))
    return any(s.at(k, "BE") and (s.at(k + 1, "it") or s.at(k - 1, "it")) for k in near)
