"""Conditions: where a text works out what may come, as the permutations of a title."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import VERBS, Concept, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.lexicon.vocabulary import Vocabulary

PERMUTATIONS = 3  # conditions that make a text one of permutations
A_SHARE = 0.1  # of its sentences, at least
ALL_OF_IT = 0.3  # share of them from which all of it is about what may come
A_NAME = 3  # marks between "if" and whoever is meant
_ENDS = frozenset('.!?"”’»“')


def conditional_sentences(marked: Sequence[Sentence], words: Vocabulary) -> set[int]:
    """Numbers of the sentences whose places and sums may be those of what is supposed.

    A condition, and what follows right upon it in its paragraph; in a text of permutations every
    sentence of a paragraph with one, and the heading above it.
    """
    supposing = {s.number for s in marked if _is_condition(s, words)}
    found = set(supposing)
    for before, after in pairwise(marked):
        if before.number in supposing and before.paragraph == after.paragraph:
            found.add(after.number)
    if len(supposing) < max(PERMUTATIONS, A_SHARE * len(marked)):
        return found
    if len(supposing) >= ALL_OF_IT * len(marked):
        return {s.number for s in marked}
    paragraphs: dict[int, list[Sentence]] = defaultdict(list)
    for s in marked:
        paragraphs[s.paragraph].append(s)
    heading: list[Sentence] = []
    for group in paragraphs.values():
        if any(s.number in supposing for s in group):
            found |= {s.number for s in (*heading, *group)}
        heading = group if len(group) == 1 and group[0].text.rstrip()[-1:] not in _ENDS else []
    return found


def _is_condition(s: Sentence, words: Vocabulary) -> bool:
    """Whether a sentence supposes something: "if Alonso is fifth", "Wint hij, dan ..."."""
    if words.verb_second and not s.question and _begins_with_verb(s):
        return True
    return any(mark.is_a(Concept.IF) and _supposes(s, i) for i, mark in enumerate(s.marks))


def _supposes(s: Sentence, i: int) -> bool:
    """Whether a word means "if"; one that may be "as" or "himself" only before somebody."""
    near = range(i + 1, min(i + 1 + A_NAME, len(s.marks)))
    somebody = any(s.at(k, Kind.DRIVER, Concept.HE, Concept.THEY, Concept.PERSON,
                        Kind.NATIONALITY) for k in near)  # fmt: skip
    return somebody or not (s.marks[i].is_a(Concept.AS, Concept.WHEN) or len(s.marks[i].word) <= 2)


def _begins_with_verb(s: Sentence) -> bool:
    first = s.marks[0] if s.marks else None
    return first is not None and bool(VERBS & first.kinds.keys()) and s.at(
        1, Kind.DRIVER, Concept.HE, Concept.THE
    )  # fmt: skip
