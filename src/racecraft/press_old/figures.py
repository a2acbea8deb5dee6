"""Numbers, times and days, as they are written."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from racecraft.press_old.grammar import Grammar, fold
from racecraft.press_old.sentence import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_LIST = 30  # places after a word for several of them
SECONDS = {
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "tenth": 0.1,
    "hundredth": 0.01,
    "thousandth": 0.001,
}
_NUMBER = re.compile(r"^\d{1,3}(?:[.,’' ]\d{3})+(?:[.,]\d+)?$|^\d+(?:[.,]\d+)?$")
_SECONDS = re.compile(r"^(\d+(?:[.,]\d+)?)s(?:ecs?|)$")
_PLACE = re.compile(r"^p(\d{1,2})$")
_CLOCK = re.compile(r"^(?:(\d):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)$")


def figure(text: str, grammar: Grammar) -> dict[str, Any]:
    """What a word of digits stands for, or else a word or punctuation."""
    word = fold(text)
    if found := grammar.ordinal.match(word):
        return {"ordinal": int(found.group(1))}
    if found := _PLACE.match(word):
        return {"ordinal": int(found.group(1)), "P": None}
    if found := _SECONDS.match(word):
        return {"seconds": float(found.group(1).replace(",", "."))}
    if found := _CLOCK.match(word):
        hours, minutes, seconds = found.groups()
        whole = int(hours or 0) * 3600 + int(minutes) * 60
        return {"seconds": whole + float(seconds.replace(",", "."))}
    if _NUMBER.match(word):
        value = _value(word, grammar.decimal)
        if value == int(value) and 1950 <= value <= 2035 and len(word) == 4:
            return {"year": int(value), "number": value}
        return {"number": value}
    return {"word" if word[:1].isalnum() else "punct": None}


def joined(marks: list[Mark], grammar: Grammar) -> Iterator[Mark]:
    """Marks with numbers and their units, and days and their months, taken together."""
    i = 0
    while i < len(marks):
        mark, length = marks[i], 1
        duration = _duration(marks, i)
        day = None if duration else _day(marks, i)
        if duration:
            length, seconds, decimals = duration
            mark = _together(marks[i : i + length], {"seconds": seconds, "decimals": decimals})
        elif day:
            length, when = day
            alone = mark.kinds if length == 1 else {}  # "March" is a team too
            mark = _together(marks[i : i + length], {"date": when} | alone)
        elif place := _placed(marks, i, grammar):
            length = 2
            mark = _together(marks[i : i + 2], mark.kinds | {"ordinal": place})
            _more_places(marks, i + 2)
        yield mark
        i += length


def as_date(when: dict[str, int], near: date | None) -> date | None:
    """The day of a written date; without a year, the nearest such day."""
    if "day" not in when:
        return None
    years: Iterable[int]
    years = (
        [when["year"]]
        if "year" in when
        else [near.year - 1, near.year, near.year + 1]
        if near
        else []
    )
    days = []
    for year in years:
        try:
            days.append(date(year, when["month"], when["day"]))
        except ValueError:
            continue
    return min(days, key=lambda day: abs((day - near).days) if near else 0, default=None)


def _value(word: str, decimal: str) -> float:
    thousands = "," if decimal == "." else "."
    if re.fullmatch(rf"\d{{1,3}}(?:[{re.escape(thousands)}’' ]\d{{3}})+", word):
        return float(re.sub(r"[^\d]", "", word))
    return float(re.sub(r"[’' ]", "", word).replace(",", "."))


def _placed(marks: list[Mark], i: int, grammar: Grammar) -> int | None:
    """A place with its number after it, "plaats vier", which is then an ordinal."""
    if (
        marks[i].word not in grammar.after_place
        or (i and marks[i - 1].is_a("ordinal"))
        or i + 1 >= len(marks)
    ):
        return None
    n = marks[i + 1].kinds.get("number")
    if n is None or n != int(n) or not 1 <= n <= 40:
        return None
    return None if i + 2 < len(marks) and marks[i + 2].is_a("UNIT", "PLACE") else int(n)


def _more_places(marks: list[Mark], i: int) -> None:
    """Numbers that go on after a place, "plaatsen vier, vijf en zes", are ordinals as well."""
    while i + 1 < len(marks) and (marks[i].is_a("and") or marks[i].word == ","):
        n = marks[i + 1].kinds.get("number")
        following = marks[i + 2] if i + 2 < len(marks) else None
        if n is None or n != int(n) or n > LONGEST_LIST or (following and following.is_a("UNIT")):
            return
        marks[i + 1].kinds = {"ordinal": int(n)} | marks[i + 1].kinds
        i += 2


def _together(marks: list[Mark], kinds: dict[str, Any]) -> Mark:
    text = " ".join(mark.text for mark in marks)
    return Mark(kinds, marks[0].start, marks[-1].end, text, fold(text))


def _decimals(text: str) -> int:
    found = re.search(r"[.,](\d+)\D*$", text)
    return len(found.group(1)) if found else 0


def _duration(marks: list[Mark], i: int) -> tuple[int, float, int] | None:
    """A time: "3.1 seconds", "53-thousandths of a second", "1hr 38mins 12.6secs"."""
    total, decimals, j, smallest = 0.0, 0, i, None
    while j < len(marks) and marks[j].is_a("number", "seconds", "a"):
        if "seconds" in marks[j].kinds:
            total += marks[j].kinds["seconds"]
            decimals = max(decimals, _decimals(marks[j].text.rstrip("sec")))
            smallest, j = 1.0, j + 1
            break
        k = j + 1
        while k < len(marks) and marks[k].word == "-":
            k += 1
        unit = marks[k].kinds.get("UNIT") if k < len(marks) else None
        if unit not in SECONDS or (smallest is not None and SECONDS[unit] >= smallest):
            break
        if (
            "ordinal" in marks[k].kinds
            and k + 1 < len(marks)
            and marks[k + 1].is_a("PLACE", "VICTORY")
        ):
            break
        total += marks[j].kinds.get("number", 1) * SECONDS[unit]
        smallest = SECONDS[unit]
        whole = float(marks[j].kinds.get("number", 1)).is_integer()
        decimals = {0.1: 1, 0.01: 2, 0.001: 3}.get(
            smallest, _decimals(marks[j].text) or (not whole)
        )
        j = k + 1
        while j < len(marks) and marks[j].is_a("and") and marks[j].word != "&":
            if (
                j + 1 < len(marks)
                and marks[j + 1].is_a("number")
                and j + 2 < len(marks)
                and (marks[j + 2].kinds.get("UNIT") in SECONDS)
            ):
                j += 1
            break
    return (j - i, round(total, 6), decimals) if smallest is not None else None


def _day(marks: list[Mark], i: int) -> tuple[int, dict[str, int]] | None:
    """A day or a month: "May 13", "13 mei 2012", "October 2004", "7. Juli"."""

    def day(j: int) -> int | None:
        if not 0 <= j < len(marks):
            return None
        kinds = marks[j].kinds
        n = kinds.get("number", kinds.get("ordinal"))
        return (
            int(n)
            if n is not None
            and 1 <= n <= 31
            and n == int(n)
            and (marks[j].text[0].isdigit() or "ordinal" in kinds)
            else None
        )

    def skip(j: int) -> int:
        while j < len(marks) and marks[j].word in (",", ".", "de", "of", "del", "the"):
            j += 1
        return j

    when: dict[str, int] = {}
    if "month" in marks[i].kinds:
        when["month"] = marks[i].kinds["month"]
        if marks[i].word == "may" and not marks[i].text[0].isupper():
            return None
        j = i + 1
        number = day(j)
        if number is not None and "year" not in marks[j].kinds:
            when["day"], j = number, j + 1
    elif (number := day(i)) is not None and "month" in (
        marks[k].kinds if (k := skip(i + 1)) < len(marks) else {}
    ):
        when, j = {"day": number, "month": marks[k].kinds["month"]}, k + 1
    else:
        return None
    k = skip(j)
    if k < len(marks) and k - j <= 1 and "year" in marks[k].kinds:
        when["year"], j = marks[k].kinds["year"], k + 1
    if (
        len(when) == 1
        and marks[i].word in ("mar", "may", "mai", "sept", "set", "dec")
        and (len(marks[i].word) < 4)
    ):
        return None
    return j - i, when
