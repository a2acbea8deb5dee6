"""Text as it is compared: in small letters and without accents."""

from __future__ import annotations

import unicodedata

_OWN = str.maketrans({"ø": "o", "ß": "ss", "ł": "l", "æ": "ae", "’": "'", "‘": "'", "´": "'"})


def fold(text: str) -> str:
    """Return text in small letters and without accents.

    Examples
    --------
    >>> fold("Pérez’s")
    "perez's"
    """
    plain = text.lower().translate(_OWN)
    if plain.isascii():
        return plain
    plain = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
