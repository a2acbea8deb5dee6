"""Parts of a sentence in languages where the verb comes second, and the subject on either side.

Dutch and German put something first, the finite verb second, and the subject before or after it;
in a part that depends on another the verbs come last. So who does what is not told by what stands
left of a verb, but by what stands in the same part of the sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.press_old.sentence import Person, Sentence

AUXILIARY = ("BE", "HAVE")
_BREAKS = frozenset(";:,–—")


def parts(s: Sentence, verbs: tuple[str, ...]) -> list[tuple[int, int]]:
    """First and last mark of every part of a sentence, from left to right.

    A part begins after punctuation, with a conjunction and with a relative pronoun, but not inside
    a row of people ("Norris, Piastri en Russell").
    """
    starts = [0]
    for k in range(1, len(s)):
        if s.marks[k].word in _BREAKS:
            if not (_in_row(s, k) or _in_brackets(s, k)) and k + 1 < len(s):
                starts.append(k + 1)
        elif _joins(s, k, verbs):
            starts.append(k)
    starts = sorted(set(starts))
    return [(a, b - 1) for a, b in zip(starts, [*starts[1:], len(s)], strict=True)]


def part(s: Sentence, i: int, verbs: tuple[str, ...]) -> tuple[int, int]:
    """First and last mark of the part of a sentence around a place."""
    return next((a, b) for a, b in reversed(parts(s, verbs)) if a <= i)


def verb_of(s: Sentence, i: int, verbs: tuple[str, ...]) -> int:
    """Place of the verb that governs a place, or -1: a participle or infinitive before others."""
    k = i - 1
    while k >= 0 and s.at(k, "the", "his", "HEDGE", "a", "PLACE", "GRID") and not s.at(k, *verbs):
        k -= 1
    if s.at(k, "START"):
        return k
    a, b = part(s, i, verbs)
    found = [k for k in s.find(*verbs, start=a, end=b + 1) if k != i and not s.at(k, "FROM")]
    full = [k for k in found if not s.at(k, *AUXILIARY)] or found
    after = [k for k in full if k > i]
    before = [k for k in full if k < i]
    if after and (not before or after[-1] == b or s.marks[min(after[-1] + 1, b)].word in ".!?"):
        return after[-1]
    if before:
        return before[-1]
    return -1


def subject_of(
    s: Sentence, i: int, verbs: tuple[str, ...], people: list[Person], doers: list[Person]
) -> list[Person]:
    """Who does what is said at a place: candidates of its part of the sentence, or of one before.

    ``people`` are all who are named, ``doers`` those who are nobody's object.
    """
    spans = parts(s, verbs)
    n = max(n for n, (a, _) in enumerate(spans) if a <= i)
    a, b = spans[n]
    inside = [p for p in doers if a <= p.i <= b]
    pronoun = [p for p in inside if p.how == "he"]
    if pronoun:
        return pronoun[:1]
    if _relative(s, a):
        before = [p for p in people if p.last < a and not p.genitive]
        if before and a - before[-1].last <= 6:
            rows = [_row(s, person, before) for person in before]
            return next(row for row in rows if row[-1] is before[-1])
    if n > 1 and _relative(s, spans[n - 1][0]) and s.marks[a - 1].word == ",":
        # "Russell, die van pole startte, werd derde": the sentence goes on where it was left
        earlier = [p for p in doers if spans[n - 2][0] <= p.i <= spans[n - 2][1]]
        if earlier:
            return _row(s, earlier[0], earlier)
    if inside:
        before = [p for p in inside if p.last < i]
        return _row(s, before[0] if before else inside[0], inside)
    for a, b in reversed(spans[:n]):
        inside = [p for p in doers if a <= p.i <= b]
        if inside and not _relative(s, a):
            return _row(s, inside[0], inside)
    told = [p for p in people if s.at(p.first - 1, "about_whom") and p.i <= spans[n][1]]
    return _row(s, told[-1], told) if told else []


def _joins(s: Sentence, k: int, verbs: tuple[str, ...]) -> bool:
    """Whether a part begins with a word: "die", "maar", an "en" with a verb after it."""
    if s.at(k, "and") and not _in_row(s, k) and _said_after(s, k, verbs):
        return True
    return (s.at(k, "who") and not s.at(k, "the")) or (s.at(k, "but") and not s.at(k, "of"))


def _row(s: Sentence, first: Person, people: list[Person]) -> list[Person]:
    """Somebody and those who are joined to him by commas and "and"."""
    row = [first]
    for person in people:
        if person.first <= row[-1].last:
            continue
        gap = range(row[-1].last + 1, person.first)
        if not any(s.at(k, "and") or s.marks[k].word == "," for k in gap) or any(
            not (s.at(k, "and", "the", "of", "team", "OTHER") or s.marks[k].word in ",()")
            for k in gap
        ):
            break
        row.append(person)
    joined = len(row) < 2 or any(s.at(k, "and") for k in range(row[-2].last + 1, row[-1].first))
    return row if joined else row[:1]


def _relative(s: Sentence, a: int) -> bool:
    return s.at(a, "who") and s.grammar.file["order"].get("relative", "") == s.marks[a].word


def _in_row(s: Sentence, k: int) -> bool:
    """Whether a comma or "and" stands between two people."""
    before = any(p.last == k - 1 or (p.last < k and _bracketed(s, p.last, k)) for p in s.people)
    j = k + 1
    while s.at(j, "the", "his", "and", "ordinal", "OTHER", "AHEAD", "BEHIND"):
        j += 1
    return before and any(p.first <= j <= p.last for p in s.people)


def _bracketed(s: Sentence, last: int, k: int) -> bool:
    """Whether only brackets stand between somebody and a place: "Norris (McLaren, 113), ..."."""
    return s.marks[last + 1].word == "(" and s.marks[k - 1].word == ")" and k - last <= 7


def _in_brackets(s: Sentence, k: int) -> bool:
    for j in range(k - 1, max(k - 6, -1), -1):
        if s.marks[j].word == ")":
            return False
        if s.marks[j].word == "(":
            return True
    return False


def _said_after(s: Sentence, k: int, verbs: tuple[str, ...]) -> bool:
    """Whether something new is said after an "and": a verb, or somebody and his place."""
    for j in range(k + 1, min(k + 9, len(s))):
        if s.marks[j].word in _BREAKS or s.at(j, "and"):
            return False
        if s.at(j, *verbs, "RUNNING") or (
            s.at(j, "ordinal", "on") and any(k < p.i < j for p in s.people)
        ):
            return True
    return False


def about_anybody(s: Sentence, i: int, subjects: Iterable[Person]) -> bool:
    """Whether a clause is about whoever it may be: "siempre ganó el que partía primero"."""
    found = [k for k in s.find("who", end=i) if s.at(k - 1, "the") and not s.at(k, "the")]
    return bool(found) and not any(found[-1] < p.first < i for p in subjects)
