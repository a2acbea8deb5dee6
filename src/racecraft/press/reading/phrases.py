"""A phrase that calls somebody by what he is: "the 33-year-old Ferrari driver", "team-mate X"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.press.claim import Slot
from racecraft.press.lexicon.concepts import VERBS, Concept, Kind
from racecraft.press.reading.mention import Epithet, Mention, genitive_at
from racecraft.press.reading.people import DRIVER_S

if TYPE_CHECKING:
    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.lexicon.vocabulary import Vocabulary
    from racecraft.press.reading.people import People

YOUNGEST, OLDEST = 16, 99  # ages of people in a paddock; other numbers of years are no ages

A_ROW = 8  # marks within which the next of a row stands

# Words that can call somebody by what he is; a phrase of them needs an article before it.
_HEADS = (
    Concept.PERSON, Concept.CHAMPION, Concept.LEADER, Concept.POLESITTER, Concept.WINNER,
    Concept.TEAM_MATE, Concept.COUNTRYMAN,
)  # fmt: skip
_BESIDE = (
    *_HEADS, Concept.REIGNING, Concept.FORMER, Concept.HOME, Concept.MAIDEN, Concept.PAIR,
)  # fmt: skip
# Prepositions that an article may have gone into.
_WITH_ARTICLE = (Concept.OF, Concept.TO, Concept.FROM, Concept.AT, Concept.BY, Concept.ON)
_FILLERS = (
    Kind.WORD, Concept.OTHER, Concept.PREVIOUS, Concept.ONLY, Concept.RECORD, Concept.NEXT,
    Concept.FORM,
)  # fmt: skip
_OF_YEAR = (Concept.OF, Concept.AT, Concept.FROM)


def country_at(s: Sentence, j: int) -> str:
    """Code of the country that is named at a place; empty if none is."""
    places = s.marks[j].kinds.get(Kind.VENUE, ()) if 0 <= j < len(s.marks) else ()
    return next((which for kind, which in places if kind == "country"), "")


class Phrase:
    """Parses one phrase for a person or team from left to right."""

    def __init__(self, s: Sentence, people: People, words: Vocabulary) -> None:
        self.s, self.people, self.words = s, people, words
        self.said: list[Epithet] = []
        self.head = -1

    def at(self, i: int, before: list[Mention]) -> Mention | None:
        """The mention whose phrase begins at a mark, or None."""
        j, determined, his = i, False, False
        if i and self.s.at(i - 1, Concept.THE) and self.s.at(i - 1, *_WITH_ARTICLE):
            determined = True  # "del", "vom", "du": the article is in the word before
        if self.s.at(i, Concept.THE) and self.s.at(i, *_WITH_ARTICLE):
            return None
        while self.s.at(j, Concept.THE, Concept.HIS, Concept.A) and not self._name(j):
            determined, his = True, his or self.s.at(j, Concept.HIS)
            j += 1
        while j < len(self.s.marks):
            if name := self._name(j):
                return self._named(i, j, name)
            step = self._epithet(j, determined=determined)
            if step == 0:
                break
            j += step
        return self._unnamed(i, j, determined=determined, his=his, before=before)

    def _name(self, j: int) -> list[tuple[str, float]]:
        """Who is called by the name at a mark; nobody, if it is only half of another name."""
        if j >= len(self.s.marks):
            return []
        found = self.people.candidates(self.s.marks[j])
        if found and self.s.at(j, Kind.TEAM) and self._among_teams(j):
            return []
        return [] if found and self._is_half(j, {who for who, _ in found}) else found

    def _among_teams(self, j: int) -> bool:
        """Whether a name stands in a row of teams: "for Brabham (1972-76), Ferrari and Lotus"."""
        for by in (1, -1):
            k, joined = j + by, False
            while 0 <= k < len(self.s.marks) and abs(k - j) < A_ROW and self._parts(k):
                joined = joined or self.s.marks[k].word == "," or self.s.at(k, Concept.AND)
                k += by
            if joined and self.s.at(k, Kind.TEAM) and not self.s.at(k, Kind.DRIVER):
                return True
        return False

    def _parts(self, k: int) -> bool:
        """Whether a mark may stand between two of a row: a comma, "and", years in brackets."""
        mark = self.s.marks[k]
        return mark.word in (",", "(", ")", "-", "–") or mark.is_a(
            Concept.AND, Kind.NUMBER, Kind.YEAR
        )

    def _is_half(self, j: int, found: set[str]) -> bool:
        """Whether a given name, or a family name, goes with a word that makes it another's.

        Of "Murray Hamilton" neither is a driver, though there are drivers of either name.
        """
        mark = self.s.marks[j]
        if not mark.kinds.get(Kind.DRIVER) and not mark.kinds.get(DRIVER_S):
            after = self.s.marks[j + 1] if j + 1 < len(self.s.marks) else None
            others = {who for who, _ in self.people.candidates(after)} if after else set()
            return (
                bool(others)
                and found.isdisjoint(others)
                and bool(after and after.text[0].isupper())
            )
        before = self.s.marks[j - 1] if j else None
        given = before.kinds.get(Kind.GIVEN, ()) if before else ()
        strange = bool(given) and " " not in mark.word and found.isdisjoint(given)
        return strange and bool(before and before.text[0].isupper())

    def _named(self, i: int, j: int, name: list[tuple[str, float]]) -> Mention:
        last = j
        genitive = genitive_at(self.s, j, self.words)
        if genitive >= 0:
            last = j + genitive
        team = last + 1
        if genitive >= 0 and self.s.at(team, Kind.WORD) and self.s.marks[team].text[0].islower():
            team += self.s.at(team + 1, Kind.TEAM)  # "Coulthard's lapped McLaren"
        if (
            genitive >= 0
            and self.s.at(team, Kind.TEAM)
            and not self._name(team)
            and not self._is_called(team + 1)
        ):
            # "Massa's Williams": his car is himself
            self.said.append(Epithet("team", self.s.marks[team].kinds[Kind.TEAM], team))
            return Mention("name", i, team, j, self.people.slot(name), self.said)
        first = min([i, *(each.i for each in self.said)])
        return Mention("name", first, last, j, self.people.slot(name), self.said, genitive >= 0)

    def _is_called(self, k: int) -> bool:
        """Whether a person follows a team: "Hamilton's McLaren team-mate"."""
        k += k < len(self.s.marks) and self.s.marks[k].word == "-"
        return self.s.at(k, Concept.TEAM_MATE, Concept.PERSON) or bool(self._name(k))

    def _unnamed(
        self, i: int, j: int, *, determined: bool, his: bool, before: list[Mention]
    ) -> Mention | None:
        s = self.s
        team = next((each for each in self.said if each.what == "team"), None)
        heads = [each for each in self.said if each.what not in ("team", "FORMER", "REIGNING")]
        if self.head >= 0 and heads and (determined or self._bare(before)):
            mention = Mention("epithet", i, j - 1, self.head, None, self.said)
            genitive = genitive_at(s, j - 1, self.words)
            mention.genitive, mention.last = genitive >= 0, j - 1 + max(genitive, 0)
            if his and (mate := mention.says("TEAM_MATE")):
                mate.value = "his"
            return mention
        if self.head >= 0 and heads:
            return Mention("epithet", i, j - 1, self.head, None, self.said)
        if team is not None and s.at(i, Kind.TEAM, Concept.THE, Concept.HIS, Concept.A):
            first = i if s.at(i, Kind.TEAM) else team.i
            ids = self.people.team_of(team.value)
            slot = Slot(
                self.people.team(ids[0]),
                "named",
                tuple((self.people.team(other), 0.3) for other in ids[1:3]),
            )
            genitive = genitive_at(s, team.i, self.words)
            if first > team.i:
                return None
            return Mention("team", first, team.i + max(genitive, 0), team.i, slot, [],
                           genitive >= 0)  # fmt: skip
        return None

    def _bare(self, before: list[Mention]) -> bool:
        """Whether a phrase may stand without an article: "Team-mate Russell", a title."""
        del before
        first = self.said[0].i
        after_comma = first > 0 and self.s.marks[first - 1].word == ","
        if after_comma and self.s.at(self.head, Concept.CHAMPION):
            return True
        return self.s.at(self.head, Concept.TEAM_MATE, Concept.LEADER, Concept.POLESITTER) and (
            self.head <= 1
        )

    def _times(self, j: int) -> int:
        """Note how often somebody was champion: "three-time world champion"."""
        s, mark = self.s, self.s.marks[j]
        champion = (
            s.at(j + 1, Concept.CHAMPION)
            or mark.is_a(Concept.CHAMPION)
            or (s.at(j + 1, Kind.WORD) and s.at(j + 2, Concept.CHAMPION))
        )
        if not champion:
            return 0
        self._say("titles", mark.kinds[Kind.TIMES], j)
        if mark.is_a(Concept.CHAMPION):
            self._say(Concept.CHAMPION, None, j, head=True)
        return 1

    def _epithet(self, j: int, *, determined: bool) -> int:
        """Note what the words at a place say of somebody; how many marks that took."""
        s = self.s
        mark = s.marks[j]
        if not VERBS.isdisjoint(mark.kinds) and " " in mark.word:
            return 0  # "took the title": what somebody does, not what he is
        if step := self._age(j):
            return step
        if mark.is_a(Kind.YEAR) and s.at(j + 1, Concept.CHAMPION):
            self._say("champion_of", mark.kinds[Kind.YEAR], j)
            return 1
        if mark.is_a(Kind.TIMES):
            return self._times(j)
        if mark.is_a(Kind.TEAM):
            self._say("team", mark.kinds[Kind.TEAM], j)
            genitive = genitive_at(s, j, self.words)
            return 1 + max(genitive, 0) if self._goes_on(j + 1 + max(genitive, 0)) else 1
        if mark.is_a(Kind.NATIONALITY, Kind.NATIONAL):
            return self._nation(j, determined=determined)
        if country := country_at(s, j):
            owner = genitive_at(s, j, self.words)
            if owner < 0 or not self._goes_on(j + 1 + owner):
                return 0
            self._say("nationality", country, j)
            return 1 + owner
        if mark.is_a(Concept.CHAMPION) and s.at(j + 1, *_OF_YEAR) and s.at(j + 2, Kind.YEAR):
            # "the champion of 2009", "campeón en 2005"
            self._say("champion_of", s.marks[j + 2].kinds[Kind.YEAR], j + 2)
            self._say(Concept.CHAMPION, None, j, head=True)
            return 3
        for concept in _BESIDE:
            record = concept == Concept.WINNER and mark.is_a(Concept.RECORD)
            if mark.is_a(concept) and not record:  # a "Rekordsieger" has won most, not today
                self._say(concept, None, j, head=concept in _HEADS)
                return 1
        hyphen = mark.word == "-" and self.said and self._goes_on(j + 1)
        filler = (
            (determined or self.said)
            and mark.is_a(*_FILLERS)
            and (mark.text[:1].islower() and self._goes_on(j + 1))
        )
        return 1 if hyphen or filler else 0

    def _nation(self, j: int, *, determined: bool) -> int:
        s = self.s
        if s.at(j + 1, Concept.GP, Concept.RACE):
            return 0
        if s.at(j, Concept.POLE, Concept.POLESITTER) and not self._name(j + 1):
            return 0  # "von der Pole" is a place on the grid, "der Pole Kubica" a man
        kinds = s.marks[j].kinds
        code = (kinds.get(Kind.NATIONALITY) or kinds[Kind.NATIONAL])[0]
        person = Kind.NATIONALITY in kinds
        self.said = [each for each in self.said if each.what != "nationality"]
        if not person and not self._goes_on(j + 1):
            return 0
        self._say("nationality", code, j, head=person and determined)
        return 1

    def _age(self, j: int) -> int:
        """How many marks an age has: "33-year-old", "32 Jahre alte"; 0 if there is none."""
        kinds = self.s.marks[j].kinds
        if Kind.AGE in kinds:
            self._say("age", kinds[Kind.AGE], j, head=True)
            return 1
        n = kinds.get(Kind.NUMBER)
        if n is None or not YOUNGEST <= n <= OLDEST:
            return 0
        k = j + 1
        while k < len(self.s.marks) and self.s.marks[k].word == "-":
            k += 1
        if not self.s.at(k, Concept.YEAR_OLD) or self._is_a_while(j, k):
            return 0
        self._say("age", int(n), j, head=True)
        self.head = k
        return k - j + 1

    def _is_a_while(self, j: int, k: int) -> bool:
        """Whether years are no age of somebody called by it: "24 ans après", "qui avait 26 ans"."""
        s = self.s
        if Kind.UNIT not in s.marks[k].kinds:
            return False  # "year-old" is always an age
        later = s.at(k + 1, Concept.AFTER, Concept.PRIOR, Concept.SINCE, Concept.AGO)
        long = s.at(j - 1, Concept.OF) and j > 1 and set(s.marks[j - 2].kinds) <= {Kind.WORD}
        whose = s.at(j - 1, Concept.HAVE, Concept.BE) and s.at(j - 2, Concept.WHO)
        return later or long or whose or s.at(j - 1, Concept.AGO_BEFORE, Concept.AFTER)

    def _goes_on(self, j: int) -> bool:
        """Whether more of a phrase for a person stands at a place."""
        s = self.s
        if not 0 <= j < len(s.marks):
            return False
        return (
            bool(self._name(j))
            or s.at(
                j, *_BESIDE, Kind.NATIONALITY, Kind.NATIONAL, Kind.TIMES, Concept.YEAR_OLD, Kind.AGE
            )
            or (s.marks[j].word == "-" and s.at(j + 1, *_BESIDE))
        )

    def _say(self, what: str, value: Any, i: int, *, head: bool = False) -> None:
        self.said.append(Epithet(what, value, i))
        if head:
            self.head = i
