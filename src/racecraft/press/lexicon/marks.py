"""Marks: the words of a sentence, each with what it can stand for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.folding import fold
from racecraft.press.lexicon.numbers import figure, joined
from racecraft.press.lexicon.tokens import Token, mark_quotations, split, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.lexicon.names import Names
    from racecraft.press.lexicon.vocabulary import Vocabulary

REACH = 14  # how many words may part a verb from its particle
_PART = frozenset(";:.")
_CLOSERS = frozenset(
    (Concept.AND, Concept.BUT, Concept.OF, Concept.BY, Concept.FOR, Concept.TO, Concept.ON,
     Concept.WITH, Concept.AHEAD, Concept.BEHIND, Concept.AS, Concept.AFTER, Concept.AT,
     Concept.HIM)
)  # fmt: skip


@dataclass(slots=True)
class Mark:
    """Some words of a sentence, and what they stand for.

    ``kinds`` are all that they can stand for, with the value of each. ``start`` and ``end`` are
    the span in the article; ``quoted`` if somebody else says them.
    """

    kinds: dict[str, Any]
    start: int
    end: int
    text: str
    word: str
    quoted: bool = False

    def is_a(self, *kinds: str) -> bool:
        """Whether it can stand for one of these."""
        return any(kind in self.kinds for kind in kinds)


@dataclass
class Sentence:
    """A sentence of an article, with its marks from left to right."""

    text: str
    start: int
    end: int
    number: int
    paragraph: int
    marks: list[Mark] = field(default_factory=list)

    @property
    def question(self) -> bool:
        """Whether it asks something."""
        return bool(self.marks) and self.marks[-1].word == "?"

    def at(self, i: int, *kinds: str) -> bool:
        """Whether the mark at a place exists and can stand for one of these."""
        return 0 <= i < len(self.marks) and self.marks[i].is_a(*kinds)


def sentences(text: str, words: Vocabulary, names: Names) -> Iterator[Sentence]:
    """Sentences of a text, marked, one after the other.

    Parameters
    ----------
    text
        The article. A line is a paragraph: a sentence never goes over the end of it.
    words
        Vocabulary of its language.
    names
        Names of people, teams and places.
    """
    offset = paragraph = number = 0
    for line in text.split("\n"):
        if line.strip():
            parts = tokens(
                line, offset=offset, full_stop=words.full_stop, abbreviations=words.abbreviations
            )
            mark_quotations(parts)
            for group in split(parts, words.starters, words.after_place):
                start, end = group[0].start, group[-1].end
                marks = _marks(group, text, words, names)
                yield Sentence(text[start:end], start, end, number, paragraph, marks)
                number += 1
            paragraph += 1
        offset += len(line) + 1


def _marks(group: list[Token], text: str, words: Vocabulary, names: Names) -> list[Mark]:
    folded = [token.word for token in group]
    parted = _parted(folded, words)
    marks: list[Mark] = []
    i = 0
    while i < len(group):
        length, kinds = _reading(group, folded, i, words, names)
        if i in parted:
            length, kinds = max(length, parted[i][0]), parted[i][1] | kinds
        first, last = group[i], group[i + length - 1]
        shown = text[first.start : last.end]
        marks.append(Mark(kinds, first.start, last.end, shown, fold(shown), first.quoted))
        i += length
    return list(joined(marks, words))


def _parted(folded: list[str], words: Vocabulary) -> dict[int, tuple[int, dict[str, Any]]]:
    """Verbs whose phrase is completed later in the sentence, and what they then stand for.

    A particle of one word ends its part of the sentence: "haalde Norris in", not "haalde in Spa".
    """
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    for i in range(len(folded)):
        n, phrases = words.parted.at(folded, i)
        for concept, rest in phrases.values():
            for j in range(i + n, min(i + n + REACH, len(folded) - len(rest) + 1)):
                if folded[j] in _PART:
                    break
                if tuple(folded[j : j + len(rest)]) == rest and (
                    len(rest) > 1 or _closes(folded, j + 1, words)
                ):
                    _, kinds = found.get(i, (n, {}))
                    found[i] = (n, kinds | {concept: None})
                    found[j] = (len(rest), {Kind.PARTICLE: None})
                    break
    return found


def _closes(folded: list[str], i: int, words: Vocabulary) -> bool:
    """Whether a part of a sentence may end before a word."""
    if i >= len(folded) or not folded[i][0].isalnum():
        return True
    return not _CLOSERS.isdisjoint(words.phrases.at(folded, i)[1])


def _reading(
    group: list[Token], folded: list[str], i: int, words: Vocabulary, names: Names
) -> tuple[int, dict[str, Any]]:
    """How many words belong together at a place, and what they can stand for."""
    n, phrase = words.phrases.at(folded, i)
    m, name = names.phrases(words).at(folded, i)
    capital = group[i].text[0].isupper() or group[i].text[0].isdigit()
    if m and (not capital or (m == n == 1 and i == 0 and phrase)):
        name = (
            {Kind.NATIONALITY: name[Kind.NATIONALITY]}
            if (Kind.NATIONALITY in name and not capital)
            else {}
        )
        m = m if name else 0
    if m and m >= n:
        return m, dict(name) | (dict(phrase) if m == n else {})
    if n:
        kinds = dict(phrase)
        spelled = words.spelled.get(folded[i], {}) if n == 1 else {}
        if own := spelled.get(group[i].text.lower()):
            kinds = {kind: value for kind, value in kinds.items() if kind in own}
        return n, kinds
    return 1, figure(group[i].text, words)
