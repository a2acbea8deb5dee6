"""Claims about two, told the other way round: none of them may ever be supported."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from press_rows import judged_claims, read_document

from racecraft.model.folding import fold
from racecraft.press.judging.judge import verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from press_rows import Sample

    from racecraft.history.results import History
    from racecraft.press.claim import Entity
    from racecraft.press.intake.article import Article
    from racecraft.press.judging.question import Question


def turned(found: Iterable[Sample], history: History) -> tuple[int, list[str]]:
    """How many supported claims with a direction there are, and which are true both ways round."""
    asked, wrong = 0, []
    for question in _directed(found):
        asked += 1
        first, second = question.subjects
        told = verdict(replace(question, subjects=(second, first)), history)
        if told.verdict == "supported":
            wrong.append(f"{question.claim_type}: {question.subject} {question.value}")
    return asked, wrong


def _directed(found: Iterable[Sample]) -> Iterator[Question]:
    for sample in found:
        for each in sample.judged:
            question = each.question
            if question is None or each.judgement != "supported":
                continue
            directed = len(question.subjects) == 2 and question.relation == "over"
            if directed and question.value not in (0, "level"):
                yield question


def retold(article: Article, history: History) -> tuple[int, list[str]]:
    """Sentences of an article with two names exchanged: how many, and where that was read back.

    A pair that the article puts one way must not be read that way from the exchanged sentence.
    """
    judged, _ = judged_claims(read_document(article, history.roster), history)
    asked, wrong = 0, []
    for each in judged:
        question = each.question
        if not question or len(question.subjects) != 2 or question.relation != "over":
            continue
        if each.judgement != "supported" or question.value in (0, "level"):
            continue
        exchanged = _exchanged(article.text, each.claim.sentence, question.subjects)
        if exchanged is None:
            continue
        asked += 1
        again = read_document(replace(article, text=exchanged), history.roster)
        found, _ = judged_claims(again, history)
        wrong += [
            f"{article.name}: {question.subject} in {each.claim.sentence!r}"
            for other in found
            if other.judgement == "supported"
            and other.question
            and other.claim.claim_type == question.claim_type
            and other.question.value == question.value
            and set(other.question.subjects) == set(question.subjects)
        ]
    return asked, wrong


def _exchanged(text: str, sentence: str, pair: tuple[Entity, ...]) -> str | None:
    """Text in which two people of a sentence have changed places; None if not both are named."""
    spans = []
    for entity in pair:
        given, _, family = entity.name.rpartition(" ")
        found = [
            match
            for match in re.finditer(r"(?:[^\W\d_]+[ -])?[^\W\d_]+(?:-[^\W\d_]+)?", sentence)
            if fold(match[0]) in (fold(entity.name), fold(family))
        ]
        found += [m for m in re.finditer(r"[^\W\d_]+", sentence) if fold(m[0]) == fold(family)]
        if not found or (given and sentence.count(found[0][0]) > 1):
            return None
        spans.append(found[0].span())
    (a, b), (c, d) = sorted(spans)
    if b > c:
        return None
    words = sentence[:a] + sentence[c:d] + sentence[b:c] + sentence[a:b] + sentence[d:]
    return text.replace(sentence, words)
