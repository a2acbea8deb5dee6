"""What an article says about itself: its title, its day, its language, and where it is from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from racecraft.press.lexicon.vocabulary import vocabulary

KEYS = {
    "title": "title", "headline": "title", "date": "date", "published": "date", "day": "date",
    "lang": "lang", "language": "lang", "source": "source", "url": "source",
}  # fmt: skip
ABOUT = {*KEYS, "author", "by", "tags", "categories", "description", "layout", "slug", "site"}
LINE = re.compile(r"([A-Za-z][\w-]{0,20})\s*:\s*(.*)")
LEADING_DAY = re.compile(r"\s*(?:date|published):?\s+(\d{4}-\d{2}-\d{2})\b[,.:]?\s+", re.IGNORECASE)
FENCE = "---"
DATELINE, FEW_WORDS = 4, 10  # lines that a day may stand in; words before it
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


def dateline(text: str, lang: str) -> date | None:
    r"""Day in one of the first lines that is there for it, such as ``Silverstone, 8 July 2018``.

    Such a line ends with a day, has few words before it, and is no sentence.

    >>> dateline("Vettel wins\n\nSilverstone, 8 July 2018\n\nSebastian Vettel won.", "en")
    datetime.date(2018, 7, 8)
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line in lines[: min(DATELINE, len(lines) - 1)]:
        found = _day_pattern(lang).search(line)
        before = line[: found.start()] if found else ""
        if found and len(before.split()) <= FEW_WORDS and not before.rstrip().endswith("."):
            return _day_of(found, lang)
    return None


@cache
def _day_pattern(lang: str) -> re.Pattern[str]:
    """A day with its month in words at the end of a line, tags of a post aside."""
    names = [name for month in _months(lang) for name in month]
    month = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    small = r"(?:\s+(?:de|del|of|d'))?"
    written = (
        rf"(?:(?P<day>\d{{1,2}})(?:\.|º|er|st|nd|rd|th)?{small}\s+(?P<month>{month})"
        rf"|(?P<month_first>{month})\s+(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?)"
        rf"(?:,|{small})\s+(?P<year>\d{{4}})(?:\s+#\w+)*\W*$"
    )
    return re.compile(rf"(?<!\w){written}", re.IGNORECASE)


def _day_of(found: re.Match[str], lang: str) -> date | None:
    name = (found["month"] or found["month_first"]).lower()
    months = [[each.lower() for each in month] for month in _months(lang)]
    number = next(n for n, month in enumerate(months, 1) if name in month)
    try:
        return date(int(found["year"]), number, int(found["day"] or found["day_second"]))
    except ValueError:
        return None


def _months(lang: str) -> list[list[str]]:
    months: list[list[str]] = vocabulary(lang).file["calendar"]["months"]
    return months


def _ends(line: str, *, fenced: bool) -> bool:
    return line.strip() == FENCE if fenced else not line.strip()


def _in_words(written: str, lang: str) -> date | None:
    """Day written as people do, with its month in words or in the order of the language."""
    from dateparser import parse

    found = parse(written, languages=[lang], settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return None if found is None else found.date()
