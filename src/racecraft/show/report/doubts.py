"""Doubts, which sources and audits word in English, in another language: or as they are."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from racecraft.show.report.parts import Listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.model.words.book import Words

SLOT = re.compile(r"\{(\w+)\}")
NUMBER = re.compile(r"-?\d+\.\d+")
PARTS = "; "  # of an audit


def doubts_in(doubts: Sequence[str], words: Words) -> list[Listed]:
    """Doubts in the language of a report; those that have no words in it as they are, in English.

    Examples
    --------
    >>> from racecraft.model.words.book import words_of
    >>> doubts_in(["tyres are not in this source", "a comet fell"], words_of("nl"))[0].items
    ('banden staan niet in deze bron',)
    """
    told: dict[str, list[str]] = {"": [], "en": []}
    for doubt in doubts:
        own = _whole(doubt, words)
        told["en" if own is None else ""].append(doubt if own is None else own)
    return [Listed(tuple(items), lang) for lang, items in told.items() if items]


def _whole(text: str, words: Words) -> str | None:
    """A text of one or more parts in another language; None where one of them has no words."""
    parts = [_part(part, words) for part in text.removesuffix(".").split(PARTS)]
    if None not in parts:
        return PARTS.join(part for part in parts if part is not None)
    who, colon, said = text.partition(": ")
    own = _whole(said, words) if colon else None
    return None if own is None else f"{who}: {own}"


def _part(text: str, words: Words) -> str | None:
    for template, own in words.get("doubts", {}).items():
        match = _pattern(template).fullmatch(text)
        if match:
            return _filled(own, match.groupdict(), words)
    return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Pattern of a template: what stands in braces is anything within one clause."""
    pieces = SLOT.split(template)
    parts = [
        re.escape(piece) if n % 2 == 0 else rf"(?P<{piece}>[^;|()]+?)"
        for n, piece in enumerate(pieces)
    ]
    return re.compile("".join(parts))


def _filled(own: str, values: Mapping[str, str], words: Words) -> str:
    return own.format(**{name: _value(value, words) for name, value in values.items()})


def _value(value: str, words: Words) -> str:
    """A value in another language: a word of its own, a cause, a number, or names in a row."""
    for table in ("values", "statuses"):
        if value in words.get(table, {}):
            return str(words[table][value])
    number = NUMBER.fullmatch(value)
    if number:
        return value.replace(".", str(words["decimal"]))
    for english, own in words.get("joints", {}).items():
        value = value.replace(english, own)
    return value
