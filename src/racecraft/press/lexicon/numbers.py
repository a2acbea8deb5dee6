"""Numbers and times, as they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from racecraft.press.lexicon.marks import Mark
    from racecraft.press.lexicon.vocabulary import Vocabulary

LONGEST_LIST = 30  # places after a word for several of them
FIRST_YEAR, LAST_YEAR = 1946, 2040
HALF = 0.5
IN_HALVES = -1  # decimals of what words tell in halves: "half a second", "anderthalb Sekunden"
SECONDS = {
    "second": 1.0, "minute": 60.0, "hour": 3600.0,
    "tenth": 0.1, "hundredth": 0.01, "thousandth": 0.001,
}  # fmt: skip
DECIMALS = {0.1: 1, 0.01: 2, 0.001: 3}
_NUMBER = re.compile(r"^\d{1,3}(?:[.,’']\d{3})+(?:[.,]\d+)?$|^\d{1,15}(?:[.,]\d{1,9})?$")
_SECONDS = re.compile(r"^(\d{1,5}(?:[.,]\d+)?)s(?:ecs?)?$")
_UNIT = re.compile(r"^(\d{1,5}(?:[.,]\d+)?)([^\W\d_]+)$")
_PLACE = re.compile(r"^p(\d{1,2})$")
_OCLOCK = re.compile(r"^(?:[01]?\d|2[0-3])[.:][0-5]\d$")
_CLOCK = re.compile(r"^(?:(\d):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)$")


def figure(text: str, words: Vocabulary) -> dict[str, Any]:
    """What a word of digits stands for, or else a word or punctuation."""
    word = fold(text)
    if not word[:1].isdigit() and not _PLACE.match(word):
        return {Kind.WORD if word[:1].isalnum() else Kind.PUNCT: None}
    if found := words.ordinal.match(word):
        return {Kind.ORDINAL: int(found.group(1))}
    if found := _PLACE.match(word):
        return {Kind.ORDINAL: int(found.group(1)), Concept.PLACE: None}
    if found := _SECONDS.match(word):
        return {Kind.SECONDS: float(found.group(1).replace(",", "."))}
    if found := _CLOCK.match(word):
        hours, minutes, seconds = found.groups()
        whole = int(hours or 0) * 3600 + int(minutes) * 60
        return {Kind.SECONDS: whole + float(seconds.replace(",", "."))}
    if _NUMBER.match(word):
        value = _value(word, words.decimal)
        year = value.is_integer() and FIRST_YEAR <= value <= LAST_YEAR and word.isdigit()
        return {Kind.YEAR: int(value)} | {Kind.NUMBER: value} if year else {Kind.NUMBER: value}
    if found := _UNIT.match(word):
        unit = words.phrases.whole.get((found.group(2),), {}).get(Kind.UNIT)
        if unit in SECONDS:
            return {Kind.SECONDS: float(found.group(1).replace(",", ".")) * SECONDS[unit]}
    return {Kind.WORD: None}


def joined(marks: list[Mark], words: Vocabulary) -> Iterator[Mark]:
    """Marks with numbers and their units, halves and places, and days with months, as one."""
    from racecraft.press.lexicon.dates import day_at

    marks = list(_with_halves(marks))
    i = 0
    while i < len(marks):
        length, kinds = _time_of_day(marks, i) or _duration(marks, i) or day_at(marks, i) or (1, {})
        if not kinds and (place := _placed(marks, i, words)):
            length, kinds = 2, {Kind.ORDINAL: place, Concept.PLACE: None} | marks[i].kinds
            _more_places(marks, i + 2)
        yield together(marks[i : i + length], kinds) if kinds else marks[i]
        i += length


def together(marks: list[Mark], kinds: dict[str, Any]) -> Mark:
    """One mark of several."""
    if len(marks) == 1:
        marks[0].kinds = kinds
        return marks[0]
    text = " ".join(mark.text for mark in marks)
    first = marks[0]
    return type(first)(kinds, first.start, marks[-1].end, text, fold(text), first.quoted)


def decimals_of(text: str) -> int:
    """How many decimals a figure is written with."""
    found = re.search(r"[.,](\d{1,9})\D*$", text)
    return len(found.group(1)) if found else 0


def _value(word: str, decimal: str) -> float:
    thousands = "," if decimal == "." else "."
    if re.fullmatch(rf"\d{{1,3}}(?:[{re.escape(thousands)}’']\d{{3}})+", word):
        return float(re.sub(r"[^\d]", "", word))
    head, _, tail = word.replace("’", "").replace("'", "").rpartition(decimal)
    if not head:
        return float(word.replace(",", "."))
    return float(head.replace(thousands, "") + "." + tail)


def _with_halves(marks: list[Mark]) -> Iterator[Mark]:
    """Numbers with the half after them: "226 and a half", "vijf en een halve"."""
    i = 0
    while i < len(marks):
        k = i + 1
        if Kind.NUMBER in marks[i].kinds and k < len(marks) and marks[k].is_a(Concept.AND):
            k += 1
            if k < len(marks) and marks[k].is_a(Concept.A):
                k += 1
            if k < len(marks) and marks[k].kinds.get(Kind.NUMBER) == HALF:
                value = marks[i].kinds[Kind.NUMBER] + HALF
                yield together(marks[i : k + 1], {Kind.NUMBER: value})
                i = k + 1
                continue
        yield marks[i]
        i += 1


def _placed(marks: list[Mark], i: int, words: Vocabulary) -> int | None:
    """A place with its number after it, "plaats vier", which is then an ordinal."""
    if marks[i].word not in words.after_place or (i and marks[i - 1].is_a(Kind.ORDINAL)):
        return None
    n = marks[i + 1].kinds.get(Kind.NUMBER) if i + 1 < len(marks) else None
    if n is None or n != int(n) or not 1 <= n <= LONGEST_LIST + 10:
        return None
    return None if i + 2 < len(marks) and marks[i + 2].is_a(Kind.UNIT) else int(n)


def _more_places(marks: list[Mark], i: int) -> None:
    """Numbers that go on after a place, "plaatsen vier, vijf en zes", are ordinals as well."""
    while i + 1 < len(marks) and (marks[i].is_a(Concept.AND) or marks[i].word == ","):
        n = marks[i + 1].kinds.get(Kind.NUMBER)
        following = marks[i + 2] if i + 2 < len(marks) else None
        if (
            n is None
            or n != int(n)
            or n > LONGEST_LIST
            or (following and following.is_a(Kind.UNIT))
        ):
            return
        marks[i + 1].kinds = {Kind.ORDINAL: int(n)} | marks[i + 1].kinds
        i += 2


def _time_of_day(marks: list[Mark], i: int) -> tuple[int, dict[str, Any]] | None:
    """A time on the clock, which measures nothing: "15.10 uur", "15:10 Uhr", "4.30 pm"."""
    if i + 1 >= len(marks) or not _OCLOCK.match(marks[i].word):
        return None
    unit = marks[i + 1].kinds.get(Kind.UNIT)
    return (2, {Kind.WORD: None}) if unit in ("hour", "clock") else None


def _duration(marks: list[Mark], i: int) -> tuple[int, dict[str, Any]] | None:
    """A time: "3.1 seconds", "53-thousandths of a second", "1hr 38mins 12.6secs"."""
    total, decimals, j = 0.0, 0, i
    smallest: float | None = None
    while j < len(marks):
        step = _part_of_time(marks, j)
        if step is None or (smallest is not None and step[2] >= smallest):
            break
        j, seconds, smallest, digits = step
        total += seconds
        decimals = digits if digits == IN_HALVES else max(decimals, digits)
        k = j + (1 if j < len(marks) and marks[j].is_a(Concept.AND) else 0)
        following = _part_of_time(marks, k) if k > j else None
        if following is not None and following[2] < smallest:
            j = k
    if smallest is None:
        return None
    if half := _and_a_half(marks, j):
        j, total, decimals = j + half, total + HALF * smallest, IN_HALVES
    return j - i, {Kind.SECONDS: round(total, 6), "decimals": decimals}


def _and_a_half(marks: list[Mark], j: int) -> int:
    """How many marks say "and a half" at a place; 0 if none do."""
    k = j
    if k < len(marks) and marks[k].is_a(Concept.AND):
        k += 1
        k += k < len(marks) and marks[k].is_a(Concept.A) and not marks[k].is_a(Kind.NUMBER)
    half = k > j and k < len(marks) and marks[k].kinds.get(Kind.NUMBER) == HALF
    return k + 1 - j if half else 0


def _part_of_time(marks: list[Mark], j: int) -> tuple[int, float, float, int] | None:
    """A number with its unit of time: next place, seconds, seconds of the unit, decimals."""
    if j >= len(marks) or not marks[j].is_a(Kind.NUMBER, Kind.SECONDS, Concept.A):
        return None
    kinds = marks[j].kinds
    if Kind.SECONDS in kinds:
        return j + 1, kinds[Kind.SECONDS], 1.0, decimals_of(marks[j].text)
    k = j + 1
    while k < len(marks) and marks[k].word == "-":
        k += 1
    half = marks[j].kinds.get(Kind.NUMBER) == HALF
    k += half and k < len(marks) and marks[k].is_a(Concept.A)  # "half a second"
    unit = marks[k].kinds.get(Kind.UNIT) if k < len(marks) else None
    if unit not in SECONDS or _counts_wins(marks, k):
        return None
    n = kinds.get(Kind.NUMBER, 1)
    digits = decimals_of(marks[j].text) or (0 if float(n).is_integer() else IN_HALVES)
    return k + 1, n * SECONDS[unit], SECONDS[unit], DECIMALS.get(SECONDS[unit], digits)


def _counts_wins(marks: list[Mark], k: int) -> bool:
    """Whether a unit is an ordinal that counts something: "his second place"."""
    following: Callable[..., bool] | None = marks[k + 1].is_a if k + 1 < len(marks) else None
    return Kind.ORDINAL in marks[k].kinds and (
        following is not None and following(Concept.PLACE, Concept.VICTORY, Concept.PODIUM)
    )
