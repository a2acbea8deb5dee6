"""Days, as they are written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from racecraft.press.lexicon.concepts import Concept, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.press.lexicon.marks import Mark

LAST_DAY = 31
SHORT = 4  # letters of an abbreviation that may be another word: "mar", "set"


def day_at(marks: list[Mark], i: int) -> tuple[int, dict[str, Any]] | None:
    """A day or a month that begins at a mark: "May 13", "13 mei 2012", "7. Juli"."""
    when: dict[str, int] = {}
    if Kind.MONTH in marks[i].kinds:
        if not marks[i].text[0].isupper() and len(marks[i].kinds) > 1:
            return None
        when["month"], j = marks[i].kinds[Kind.MONTH], i + 1
        number = _day(marks, j)
        if number is not None and Kind.YEAR not in marks[j].kinds:
            when["day"], j = number, j + 1
    else:
        k = _past_words(marks, i + 1)
        number = _day(marks, i)
        if number is None or k >= len(marks) or Kind.MONTH not in marks[k].kinds:
            return None
        when, j = {"day": number, "month": marks[k].kinds[Kind.MONTH]}, k + 1
    k = _past_words(marks, j)
    if k < len(marks) and k - j <= 1 and Kind.YEAR in marks[k].kinds:
        when["year"], j = marks[k].kinds[Kind.YEAR], k + 1
    if len(when) == 1 and len(marks[i].word) < SHORT:
        return None
    alone = marks[i].kinds if j - i == 1 else {}  # "March" is a team too
    return j - i, {Kind.DATE: when} | alone


def as_date(when: dict[str, int], near: date | None) -> date | None:
    """The day of a written date; without a year, the nearest such day."""
    if "day" not in when:
        return None
    years: Iterable[int] = ()
    if "year" in when:
        years = (when["year"],)
    elif near:
        years = (near.year - 1, near.year, near.year + 1)
    days = []
    for year in years:
        try:
            days.append(date(year, when["month"], when["day"]))
        except ValueError:
            continue
    return min(days, key=lambda day: abs((day - near).days) if near else 0, default=None)


def _day(marks: list[Mark], j: int) -> int | None:
    if not 0 <= j < len(marks):
        return None
    kinds = marks[j].kinds
    n = kinds.get(Kind.NUMBER, kinds.get(Kind.ORDINAL))
    if n is None or not 1 <= n <= LAST_DAY or n != int(n):
        return None
    return int(n) if marks[j].text[0].isdigit() or Kind.ORDINAL in kinds else None


def _past_words(marks: list[Mark], j: int) -> int:
    """Place after the small words within a date: "13 de mayo de 2012", "the 4th of July, 1982"."""
    while j < len(marks) and (
        marks[j].word in (",", ".") or marks[j].is_a(Concept.OF, Concept.THE)
    ):
        j += 1
    return j
