"""What a report calls events and outcomes in one language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from racecraft.model.words.book import Words


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


def day_in_words(day: date | None, words: Words) -> str:
    """A day as it is written in a text; nothing where it is not known.

    >>> from datetime import date
    >>> from racecraft.model.words.book import words_of
    >>> day_in_words(date(2021, 12, 12), words_of("es"))
    '12 de diciembre de 2021'
    """
    if day is None:
        return ""
    head = words["head"]
    told: str = head["day"].format(day=day.day, month=head["months"][day.month - 1], year=day.year)
    return told


def status_in_words(status: str | None, words: Words) -> str | None:
    """How a race ended for somebody, such as "+2 Laps" or "Gearbox"; as it is told if unknown.

    Examples
    --------
    >>> from racecraft.model.words.book import words_of
    >>> [status_in_words(told, words_of("nl")) for told in ("+2 Laps", "Gearbox", "Sulking")]
    ['+2 ronden', 'versnellingsbak', 'Sulking']
    """
    behind = re.fullmatch(r"\+(\d+) Laps?", status or "")
    if behind:
        count = int(behind[1])
        told: str = words["charts"]["lap_down" if count == 1 else "laps_down"].format(count=count)
        return told
    known: str | None = words.get("statuses", {}).get((status or "").lower(), status)
    return known
