"""What an article says about itself: its title, its day, its language, and where it is from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

KEYS = {
    "title": "title", "headline": "title", "date": "date", "published": "date", "day": "date",
    "lang": "lang", "language": "lang", "source": "source", "url": "source",
}  # fmt: skip
ABOUT = {*KEYS, "author", "by", "tags", "categories", "description", "layout", "slug", "site"}
LINE = re.compile(r"([A-Za-z][\w-]{0,20})\s*:\s*(.*)")
LEADING_DAY = re.compile(r"\s*(?:date|published):?\s+(\d{4}-\d{2}-\d{2})\b[,.:]?\s+", re.IGNORECASE)
FENCE = "---"
UNKNOWN = {"", "unknown", "none", "null", "-", "?"}


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above an article, as written; empty where it says nothing."""

    title: str = ""
    date: str = ""
    lang: str = ""
    source: str = ""


def heading_of(text: str) -> tuple[Heading, str]:
    r"""Heading of a text, and the rest of it.

    A heading is a first block of lines of the form ``key: value``, one of whose keys we know, or
    whatever stands between a first line ``---`` and the next one, or a day at the very beginning.

    Examples
    --------
    >>> heading_of("source: unknown\ndate: 2023-11-05\n\nAlonso was third.")
    (Heading(title='', date='2023-11-05', lang='', source=''), 'Alonso was third.')
    >>> heading_of("date 2023-11-06 Alonso was third.")[0].date
    '2023-11-06'
    >>> heading_of("Monza: Verstappen won.")[1]
    'Monza: Verstappen won.'
    """
    lines = text.lstrip("\n").split("\n")
    fenced = lines[0].strip() == FENCE
    first = 1 if fenced else 0
    last = next(
        (i for i, line in enumerate(lines[first:], first) if _ends(line, fenced=fenced)), len(lines)
    )
    pairs = [LINE.fullmatch(line.strip()) for line in lines[first:last]]
    found = {pair[1].lower(): pair[2].strip().strip("\"'") for pair in pairs if pair}
    if not found or (not fenced and (not all(pairs) or not ABOUT & set(found))):
        day = LEADING_DAY.match(text)
        return (Heading(date=day[1]), text[day.end() :]) if day else (Heading(), text)
    known = {
        KEYS[key]: value
        for key, value in found.items()
        if key in KEYS and value.lower() not in UNKNOWN
    }
    return Heading(**known), "\n".join(lines[last + 1 :]).lstrip("\n")


def read_date(written: str, lang: str) -> date | None:
    """Day that is written, in figures as in ISO 8601 or in words; None if none is meant.

    >>> read_date("2023-11-05T18:40:00Z", "en")
    datetime.date(2023, 11, 5)
    """
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        return _in_words(written, lang) if any(map(str.isdigit, written)) else None


def _ends(line: str, *, fenced: bool) -> bool:
    return line.strip() == FENCE if fenced else not line.strip()


def _in_words(written: str, lang: str) -> date | None:
    """Day written as people do, with its month in words or in the order of the language."""
    from dateparser import parse

    found = parse(written, languages=[lang], settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return None if found is None else found.date()
