"""Names as one would type them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

NAMES = 4_096  # that are remembered: those of a few seasons are asked for again and again


@lru_cache(maxsize=NAMES)
def fold(text: str) -> str:
    """Text as one would type it: no accents, no capitals, words of letters and digits.

    >>> fold("Autódromo José Carlos Pace")
    'autodromo jose carlos pace'
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").lower())
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())
