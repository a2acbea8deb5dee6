"""An article in sentences, and in every sentence what its words stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from racecraft.press_old.figures import LONGEST_LIST, figure, joined
from racecraft.press_old.grammar import Grammar, fold
from racecraft.press_old.sentence import Mark, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.names import Names

_END = frozenset(".!?…")
_PART = frozenset(";:.")
REACH = 14  # how many words may part a verb from its particle
_LISTING = frozenset(",;:-–—")
_CLOSING = frozenset("\"'”’»)]")


def sentences(text: str, grammar: Grammar, names: Names) -> list[Sentence]:
    """Sentences of a text, marked.

    Parameters
    ----------
    text
        The article. A line is a paragraph: a sentence never goes over the end of it.
    grammar
        Words of its language.
    names
        Names of people, teams and places.
    """
    found: list[Sentence] = []
    depth = False
    for number, line in enumerate(re.finditer(r"[^\n]+", text)):
        doc = grammar.nlp.make_doc(line.group())
        tokens = [token for token in doc if not token.is_space]
        for group in _split(tokens, grammar):
            first, last = group[0], group[-1]
            start = line.start() + first.idx
            end = line.start() + last.idx + len(last)
            sentence = Sentence(
                text=text[start:end],
                start=start,
                end=end,
                number=len(found),
                marks=_marks(group, line, grammar, names),
                grammar=grammar,
                paragraph=number,
            )
            opened = sum(token.text in '“”"„«»' for token in group)
            sentence.quoted = depth or (first.text in '“"„«' and opened >= 1)
            if opened % 2:
                depth = not depth
            found.append(sentence)
        depth = False
    return found


def _split(tokens: list[Any], grammar: Grammar) -> Iterator[list[Any]]:
    """Tokens of a paragraph, one list for each sentence."""
    group: list[Any] = []
    closing = [_is_closing(tokens, i) for i in range(len(tokens))]
    for i, token in enumerate(tokens):
        group.append(token)
        following = [tokens[k] for k in range(i + 1, min(i + 3, len(tokens))) if not closing[k]]
        if not following or (closing[i + 1] and _ends(token, following, grammar)):
            continue
        if (closing[i] and i and _ends(tokens[i - 1], following, grammar)) or _ends(
            token, following, grammar
        ):
            yield group
            group = []
    if group:
        yield group


def _is_closing(tokens: list[Any], i: int) -> bool:
    """Whether a token closes what was opened; straight quotes do so that no space comes before."""
    text = tokens[i].text
    return text in _CLOSING and not (text in "\"'" and i > 0 and tokens[i - 1].whitespace_)


def _ends(token: Any, following: list[Any], grammar: Grammar) -> bool:
    """Whether a sentence ends with this token."""
    if not following:
        return False
    after = following[0].text
    if token.text in _END:
        return not after[0].islower() and not _numbered(token)
    # "He was 15. The other ..." against "the 10. Grand Prix", "32do. de su carrera"
    if not token.text.endswith(".") or not after[0].isupper() or token.i == 0:
        return False
    if not token.text[:-1].isdigit():
        return grammar.ordinal.match(fold(token.text)) is not None
    earlier = dict(grammar.phrases.at([fold(token.nbor(-1).text)], 0)[1])
    return fold(after) in grammar.starters or bool(earlier.keys() & {"BE", "FINISH", "PLACE"})


def _numbered(stop: Any) -> bool:
    """Whether a full stop belongs to a number in a list: "Stand: 1. Vettel 153, 2. Hamilton"."""
    if stop.text != "." or stop.i == 0 or stop.nbor(-1).whitespace_:
        return False
    number = stop.nbor(-1)
    listed = number.i == 0 or number.nbor(-1).text in _LISTING
    return bool(number.text.isdigit() and int(number.text) <= LONGEST_LIST and listed)


def _marks(tokens: list[Any], line: re.Match[str], grammar: Grammar, names: Names) -> list[Mark]:
    paragraph, offset = line.group(), line.start()
    words = [fold(token.text) for token in tokens]
    parted = _parted(words, grammar)
    marks: list[Mark] = []
    i = 0
    while i < len(tokens):
        length, kinds = _reading(tokens, words, i, grammar, names)
        if i in parted:
            length, kinds = max(length, parted[i][0]), parted[i][1] | kinds
        first, last = tokens[i], tokens[i + length - 1]
        start, end = offset + first.idx, offset + last.idx + len(last)
        text = paragraph[first.idx : last.idx + len(last)]
        marks.append(Mark(kinds, start, end, text, fold(text)))
        i += length
    return list(joined(marks, grammar))


def _parted(words: list[str], grammar: Grammar) -> dict[int, tuple[int, dict[str, Any]]]:
    """Verbs whose phrase is completed later in the sentence, and what they then stand for.

    A particle of one word ends its part of the sentence: "haalde Norris in", not "haalde in Spa".
    """
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    for i in range(len(words)):
        n, phrases = grammar.parted.at(words, i)
        for concept, rest in phrases:
            for j in range(i + n, min(i + n + REACH, len(words) - len(rest) + 1)):
                if words[j] in _PART:
                    break
                if tuple(words[j : j + len(rest)]) == rest and (
                    len(rest) > 1 or _closes(words, j + 1, grammar)
                ):
                    _, kinds = found.get(i, (n, {}))
                    found[i] = (n, kinds | {concept: None})
                    found[j] = (len(rest), {"particle": None})
                    break
    return found


def _closes(words: list[str], i: int, grammar: Grammar) -> bool:
    """Whether a part of a sentence may end before a word."""
    if i >= len(words) or not words[i][0].isalnum():
        return True
    kinds = dict(grammar.phrases.at(words, i)[1])
    return bool(
        kinds.keys()
        & {"and", "but", "of", "by", "for", "to", "on", "with", "AHEAD", "BEHIND", "START"}
    )


def _reading(
    tokens: list[Any], words: list[str], i: int, grammar: Grammar, names: Names
) -> tuple[int, dict[str, Any]]:
    """How many words belong together at a place, and what they can stand for."""
    n, phrase = grammar.phrases.at(words, i)
    m, name = names.phrases(grammar).at(words, i)
    capital = tokens[i].text[0].isupper() or tokens[i].text[0].isdigit()
    if m and (not capital or (m == n == 1 and i == 0 and phrase)):
        name = [reading for reading in name if reading[0] == "nationality" and not capital]
        m = m if name else 0
    if m and m >= n:
        return m, dict(name) | (dict(phrase) if m == n else {})
    if n:
        kinds = dict(phrase)
        if own := grammar.spelled.get(words[i], {}).get(tokens[i].text.lower()) if n == 1 else None:
            kinds = {kind: value for kind, value in kinds.items() if kind in own}
        if "a" in kinds and n == 1:
            kinds = {"a": None} if tokens[i].text.lower() in grammar.articles else {"number": 1}
        return n, kinds
    return 1, figure(tokens[i].text, grammar)
