"""The language of a text by its small words, where they tell: fast, and silent where unsure."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache

from racecraft.press.lexicon.folding import fold
from racecraft.press.lexicon.vocabulary import FOLDER, languages

BEGINNING = 4_000  # characters that are looked at
FEWEST = 12  # small words below which nothing is said
SHARE, LEAD = 0.2, 2.0  # of all words, and over the next likely language


def guess(text: str) -> str | None:
    """ISO 639-1 code of the language that a text is in; None where its words do not tell.

    Examples
    --------
    >>> guess("He won the race and the title in the rain, and that was the end of it for the rest "
    ...       "of the year, as he said to the press on the day after the race.")
    'en'
    """
    words = re.findall(r"[^\W\d_]+", fold(text[:BEGINNING]))
    found = Counter(lang for word in words for lang in _small_words().get(word, ()))
    ranked = found.most_common(2)
    most = ranked[0][1] if ranked else 0
    second = ranked[1][1] if len(ranked) > 1 else 0
    if most < max(FEWEST, SHARE * len(words)) or most < LEAD * second:
        return None
    return ranked[0][0]


@cache
def _small_words() -> dict[str, tuple[str, ...]]:
    """Languages of every small word: articles, pronouns, conjunctions and prepositions."""
    found: dict[str, set[str]] = {}
    for lang in languages():
        for words in _grammar(FOLDER.joinpath(f"{lang}.toml").read_text("utf-8")).values():
            for word in words:
                if word.isalpha():
                    found.setdefault(fold(word), set()).add(lang)
    return {word: tuple(sorted(langs)) for word, langs in found.items()}


def _grammar(text: str) -> dict[str, list[str]]:
    """The table ``grammar`` of a language file alone: most of the file is of no use here."""
    begin = text.index("\n[grammar]")
    end = text.find("\n[", begin + 1)
    found: dict[str, list[str]] = tomllib.loads(text[begin:end])["grammar"]
    return found
