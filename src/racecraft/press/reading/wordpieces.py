"""Word pieces: words cut into the parts that the network knows.

As BERT cuts them (Devlin et al. 2019, after Wu et al. 2016): folded to lower case without accents,
parted at punctuation, and each part taken from the left by the longest piece that is known.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNKNOWN, INSIDE = "[UNK]", "##"
LONGEST = 100  # letters of a word that is cut at all
_PARTS = re.compile(r"[^\W_]+|[^\w\s]|_")


def word_pieces(text: str, known: Mapping[str, int]) -> Iterator[int]:
    """Numbers of the pieces of a text, by those that are known."""
    folded = unicodedata.normalize("NFD", text.lower())
    plain = "".join(c for c in folded if unicodedata.category(c) != "Mn")
    for word in _PARTS.findall(plain):
        yield from _cut(word, known)


def _cut(word: str, known: Mapping[str, int]) -> list[int]:
    """Pieces of a word, the longest first; one that stands for anything if it cannot be cut."""
    found: list[int] = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = known.get((INSIDE if start else "") + word[start:end])
            if piece is not None:
                found.append(piece)
                start = end
                break
        else:
            return [known[UNKNOWN]]
    return found if len(word) <= LONGEST else [known[UNKNOWN]]
