"""Mentions: where a sentence speaks of somebody, and what it says of him in passing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.mention import Epithet, Mention
from racecraft.press.reading.phrases import Phrase, country_at

if TYPE_CHECKING:
    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.lexicon.vocabulary import Vocabulary
    from racecraft.press.reading.people import People

_CAR_OF = (Concept.OF, Concept.THE, Concept.WITH, Concept.PAIR)
# What may stand between a driver and his team: "Alonso in the sister Alpine".
_TO_A_TEAM = (
    Concept.OF, Concept.FOR, Concept.IN_CAR, Concept.AT, Concept.ON, Concept.WITH, Concept.THE,
    Concept.HIS, Concept.OTHER, Concept.A,
)  # fmt: skip


def find_mentions(s: Sentence, people: People, words: Vocabulary) -> list[Mention]:
    """Mentions of a sentence from left to right; who is meant is filled in for names only."""
    found: list[Mention] = []
    i = 0
    while i < len(s.marks):
        mention = Phrase(s, people, words).at(i, found) or _pronoun(s, i)
        if mention is None:
            i += 1
            continue
        mention = _with_country(s, _with_team(s, mention, people))
        if found and _is_car_of(s, found[-1], mention):
            team = found.pop()
            mention.said.append(Epithet("team", s.marks[team.head].kinds[Kind.TEAM], team.head))
            mention.said.append(Epithet(Concept.PAIR, None, team.head))
            mention.first = team.first
        if not (found and _is_apposition(s, found[-1], mention)):
            found.append(mention)
        else:
            found[-1].said += mention.said
            found[-1].last = mention.last
        i = mention.last + 1
    _share_team(s, found)
    return found


def _with_country(s: Sentence, mention: Mention) -> Mention:
    """A driver with his country after his name: "Pierre Gasly of France"."""
    k = mention.last + 1
    if mention.how != "name" or mention.genitive or not s.at(k, Concept.OF):
        return mention
    if (code := country_at(s, k + 1)) and not s.at(k + 2, Concept.GP):
        mention.said.append(Epithet("nationality", code, k + 1))
        mention.last = k + 1
    return mention


def _with_team(s: Sentence, mention: Mention, people: People) -> Mention:
    """A driver with the team after his name: "Norris (McLaren)", "Tsunoda of AlphaTauri"."""
    if mention.how not in ("name", "epithet") or mention.genitive:
        return mention
    k = mention.last + 1
    bracket = k < len(s.marks) and s.marks[k].word == "("
    k += bracket
    start = k
    while not bracket and s.at(k, *_TO_A_TEAM):
        k += 1
    if (k == start and not bracket) or not s.at(k, Kind.TEAM) or people.is_person(s.marks[k]):
        return mention
    if s.at(k + 1, Concept.TEAM_MATE, Concept.PERSON, Concept.PAIR) or people.is_person_at(
        s, k + 1
    ):
        return mention
    last = k
    if bracket:
        if k + 1 >= len(s.marks) or s.marks[k + 1].word != ")":
            return mention
        last = k + 1
    elif k + 1 < len(s.marks) and s.marks[k + 1].word in ("'s", "'"):
        return mention
    mention.said.append(Epithet("team", s.marks[k].kinds[Kind.TEAM], k))
    mention.last = last
    return mention


def _is_car_of(s: Sentence, team: Mention, mention: Mention) -> bool:
    """Whether a team's car is somebody's: "the McLaren of Magnussen"."""
    between = range(team.last + 1, mention.first)
    return (
        team.is_team
        and mention.how == "name"
        and 1 <= len(between) <= len(_CAR_OF)
        and all(s.at(k, *_CAR_OF) for k in between)
        and s.at(mention.first - 1, Concept.OF, Concept.THE, Concept.WITH)
        and not team.genitive
    )


def _is_apposition(s: Sentence, before: Mention, mention: Mention) -> bool:
    """Whether a phrase after a comma says what somebody is: "Alonso, the 2005 champion, ..."."""
    if before.how not in ("name", "epithet") or before.genitive or mention.how != "epithet":
        return False
    if mention.first != before.last + 2 or s.marks[before.last + 1].word != ",":
        return False
    k = mention.last + 1
    if mate := mention.says(Concept.TEAM_MATE):
        mate.value = "of"  # "Webber, team-mate of Vettel, ..."
        return s.at(k, Concept.OF)
    return not s.at(k, Concept.AND)


def _share_team(s: Sentence, found: list[Mention]) -> None:
    """Both of a pair drive for its team: "the Williams pair Bottas and Massa"."""
    for a, b in pairwise(found):
        team = a.says("team") if b.how == "name" and not b.says("team") else None
        if (
            a.says(Concept.PAIR)
            and team
            and s.at(a.last + 1, Concept.AND)
            and b.first == a.last + 2
        ):
            b.said.append(team)


def _pronoun(s: Sentence, i: int) -> Mention | None:
    for concept, how in ((Concept.HE, "he"), (Concept.HIM, "him"), (Concept.HIS, "his")):
        if s.at(i, concept) and not s.at(i, Concept.THE, Concept.TO, Concept.AT):
            return Mention(how, i, i, i)
    return None
