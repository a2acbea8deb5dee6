"""A text in paragraphs, sentences and tokens, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from racecraft.press.lexicon.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_ORDINAL = 3  # figures of an ordinal; four and a full stop are a year
MOST_CLOSING = 5  # marks that close something, at the end of a sentence
LONGEST_SENTENCE = 160  # tokens; what goes on longer is no sentence, and is read in pieces
LONGEST_LIST = 30  # a larger number with a full stop begins no line of a list
_TOKEN = re.compile(
    r"""
      \d{1,19}(?:[.,:]\d{1,19})*(?:[^\W\d_]{1,4}(?![\w]))?[°ªº]?   # 0.053  15th  24s  7°
    | \d{1,19}
    | [^\W\d_]+(?=n['’]t\b)                        # did|n't
    | n['’]t\b
    | (?<=\w)['’][sS]\b                            # Norris|'s
    | \w+
    | [^\w\s]
    """,
    re.VERBOSE,
)
_END = frozenset(".!?…")
_OPENING = "“„«‘"
_CLOSING = frozenset("\"'”’»)]")
_LISTING = frozenset(",;:-–—")
_QUOTES = {"“": "”", "„": "“", "«": "»", '"': '"', "”": "”"}
QUOTED_WORDS = 4  # as many words in quotation marks are somebody's, fewer are a name or an irony


@dataclass(slots=True)
class Token:
    """A word, a number or a punctuation mark; ``spaced`` if a space or the end comes after it."""

    text: str
    start: int
    end: int
    spaced: bool
    word: str
    quoted: bool = False


def tokens(
    text: str,
    *,
    offset: int = 0,
    full_stop: re.Pattern[str] | None = None,
    abbreviations: frozenset[str] = frozenset(),
) -> list[Token]:
    """Tokens of a text; a full stop stays with an ordinal ("15.") or an abbreviation.

    Examples
    --------
    >>> [token.text for token in tokens("Verstappen's lead didn't grow by 0.053s.")]
    ['Verstappen', "'s", 'lead', 'did', "n't", 'grow', 'by', '0.053s', '.']
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        part, end = match.group(), match.end()
        if part == "." and found and found[-1].end == match.start() + offset:
            last = found[-1]
            if _keeps_stop(last.text, full_stop, abbreviations):
                last.text += "."
                last.word += "."
                last.end += 1
                last.spaced = end >= len(text) or text[end].isspace()
                continue
        spaced = end >= len(text) or text[end].isspace()
        found.append(Token(part, match.start() + offset, end + offset, spaced, fold(part)))
    return found


def _keeps_stop(text: str, full_stop: re.Pattern[str] | None, known: frozenset[str]) -> bool:
    if len(text) == 1 and text.isupper():
        return True  # an initial
    if fold(text) in known:
        return True
    return bool(full_stop and len(text) <= LONGEST_ORDINAL and full_stop.match(f"{fold(text)}."))


def split(
    line: list[Token], starters: frozenset[str], after_place: frozenset[str] = frozenset()
) -> Iterator[list[Token]]:
    """Tokens of a paragraph, one list for each sentence."""
    group: list[Token] = []
    for i, token in enumerate(line):
        group.append(token)
        if len(group) >= LONGEST_SENTENCE:
            yield group
            group = []
            continue
        k = i + 1
        while (
            k < min(len(line), i + MOST_CLOSING)
            and _closes(line, k)
            and not (line[k - 1].spaced and line[k].text in "\"'")
        ):
            k += 1
        if k == i + 1 and _ends(line, i, i + 1, starters, after_place):
            yield group
            group = []
        elif _closes(line, i) and not (k > i + 1):
            first = i
            while first > i - MOST_CLOSING and first and _closes(line, first):
                first -= 1
            if _ends(line, first, i + 1, starters, after_place):
                yield group
                group = []
    if group:
        yield group


def _closes(line: list[Token], i: int) -> bool:
    """Whether a token closes what was opened; straight quotes do so that no space comes before."""
    text = line[i].text
    return text in _CLOSING and not (text in "\"'" and i > 0 and line[i - 1].spaced)


def _ends(
    line: list[Token], i: int, following: int, starters: frozenset[str], after_place: frozenset[str]
) -> bool:
    """Whether a sentence ends with the token at ``i``, before the one at ``following``."""
    if following >= len(line):
        return False
    token, after = line[i], line[following]
    if token.text in _END:
        return (
            not after.text[0].islower()
            and not _numbered(line, i)
            and (line[following - 1].spaced or after.text in _OPENING)
        )
    # "He was 15. The other ..." against "the 10. Grand Prix"
    if not token.text.endswith(".") or not token.text[0].isdigit() or not after.text[0].isupper():
        return False
    return after.word in starters or (i > 0 and line[i - 1].word in after_place)  # "auf Platz 5."


def _numbered(line: list[Token], i: int) -> bool:
    """Whether a full stop belongs to a number in a list: "1. Vettel 153, 2. Hamilton"."""
    if line[i].text != "." or i == 0 or line[i - 1].end != line[i].start:
        return False
    number = line[i - 1].text
    listed = i == 1 or line[i - 2].text in _LISTING
    return bool(number.isdigit() and int(number) <= LONGEST_LIST and listed)


def mark_quotations(line: list[Token]) -> None:
    """Mark the tokens of a paragraph that are somebody's words; one pass, however many quotes."""
    opened, closes = -1, ""
    for i, token in enumerate(line):
        if opened >= 0 and token.text == closes:
            if sum(each.text[0].isalnum() for each in line[opened + 1 : i]) >= QUOTED_WORDS:
                for each in line[opened : i + 1]:
                    each.quoted = True
            opened = -1
        elif opened < 0 and token.text in _QUOTES:
            opened, closes = i, _QUOTES[token.text]
    if opened >= 0 and len(line) - opened > QUOTED_WORDS:
        for each in line[opened:]:
            each.quoted = True
