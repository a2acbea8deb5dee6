"""The words of a report in one language, from the files in this folder."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from racecraft.errors import ArgumentError

Words = dict[str, dict[str, str]]


def languages() -> list[str]:
    """Languages in which there are words.

    Examples
    --------
    >>> languages()
    ['en', 'es', 'nl']
    """
    folder = resources.files("racecraft.show.report").joinpath("words")
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir())


@cache
def words_of(lang: str) -> Words:
    """Words in a language, by section of its file.

    Raises
    ------
    ArgumentError
        There are none in that language.
    """
    if lang not in languages():
        raise ArgumentError(f"no reports in {lang!r}", hint=f"one of {', '.join(languages())}")
    file = resources.files("racecraft.show.report").joinpath("words", f"{lang}.toml")
    told: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    words = {name: part for name, part in told.items() if isinstance(part, dict)}
    words["numbers"] = {"decimal": told["decimal"]}
    return words


def event_title(name: str, lang: str, season: int | None = None) -> str:
    """An event as a heading has it in a language, with its year if one is given.

    Examples
    --------
    >>> event_title("Italian Grand Prix", "en", 2021), event_title("Italian Grand Prix", "nl", 2021)
    ('2021 Italian Grand Prix', 'Grote Prijs van Italië van 2021')
    """
    from racecraft.press.writing.sentences import event_in_words

    if lang == "en" or not name.endswith("Grand Prix"):
        return name if season is None else f"{season} {name}"
    words = event_in_words(name, lang, season).split(" ", 1)[1]  # without the article
    return f"{words[:1].upper()}{words[1:]}"


def status_in_words(status: str | None, words: Words) -> str | None:
    """How a race ended for somebody, such as "+2 Laps" or "Gearbox"; as it is told if unknown.

    Examples
    --------
    >>> [status_in_words(told, words_of("nl")) for told in ("+2 Laps", "Gearbox", "Sulking")]
    ['+2 ronden', 'versnellingsbak', 'Sulking']
    """
    behind = re.fullmatch(r"\+(\d+) Laps?", status or "")
    if behind:
        count = int(behind[1])
        return words["charts"]["lap_down" if count == 1 else "laps_down"].format(count=count)
    return words.get("statuses", {}).get((status or "").lower(), status)


def number(value: float, lang: str, digits: int = 0) -> str:
    """A number as it is written in a language.

    Examples
    --------
    >>> number(0.0534, "nl", 3)
    '0,053'
    >>> number(18.0, "en", 1)
    '18'
    """
    text = f"{value:.{digits}f}"
    if digits and digits < 3:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", words_of(lang)["numbers"]["decimal"])
