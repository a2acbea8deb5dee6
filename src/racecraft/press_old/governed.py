"""Who does something in a sentence, and to whom it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from racecraft.press_old.sentence import Person, Sentence


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


def parted(s: Sentence, i: int, j: int) -> bool:
    """Whether two places are in different parts of a sentence."""
    return any(s.marks[k].word in ",;:" or s.at(k, "and", "but") for k in range(i + 1, j))


def told_of(s: Sentence, j: int, person: Person) -> bool:
    """Whether "for" tells whom a sentence is about: "Voor Albon was het voorbij"."""
    if j == 0 or (
        s.marks[j - 1].word in ",;:" and s.at(person.last + 1, "BE", "HAVE", "FINISH", "RETIRE")
    ):
        return True
    near = range(max(j - 5, 0), min(person.last + 4, len(s)))
    return any(s.at(k, "BE") and (s.at(k + 1, "it") or s.at(k - 1, "it")) for k in near)
