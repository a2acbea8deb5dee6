"""Numbers in words, as they were written down by a library; a language not written down is asked.

Asking for eight hundred words takes a tenth of a second and loads forty languages, at every start.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST_WORD = 400  # the largest number that is looked for in words
FILE = resources.files("racecraft.press.lexicon").joinpath("number_words.json")
KINDS = ("cardinal", "ordinal")


def number_words(lang: str) -> Mapping[str, Sequence[str]]:
    """Words of the numbers from 0 to `LARGEST_WORD`, by kind: ``cardinal`` and ``ordinal``.

    Examples
    --------
    >>> words = number_words("nl")
    >>> words["cardinal"][20], words["ordinal"][20]
    ('twintig', 'twintigste')
    """
    return _written().get(lang) or asked(lang)


def asked(lang: str) -> dict[str, list[str]]:
    """Words of the same numbers, by the library."""
    from num2words import num2words

    return {
        kind: [str(num2words(n, lang=lang, to=kind)) for n in range(LARGEST_WORD + 1)]
        for kind in KINDS
    }


@cache
def _written() -> Mapping[str, Mapping[str, Sequence[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text("utf-8"))
    return found
