"""An article in sentences, and in every sentence what its words stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from racecraft.press.grammar import Grammar, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from racecraft.press.names import Names

SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "tenth": 0.1, "hundredth": 0.01,
           "thousandth": 0.001}  # fmt: skip
_NUMBER = re.compile(r"^\d{1,3}(?:[.,’' ]\d{3})+(?:[.,]\d+)?$|^\d+(?:[.,]\d+)?$")
_SECONDS = re.compile(r"^(\d+(?:[.,]\d+)?)s(?:ecs?|)$")
_PLACE = re.compile(r"^p(\d{1,2})$")
_CLOCK = re.compile(r"^(?:(\d):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)$")
_END = frozenset(".!?…")
_PART = frozenset(";:.")
REACH = 14  # how many words may part a verb from its particle
_LISTING = frozenset(",;:-–—")
LONGEST_LIST = 30
_CLOSING = frozenset("\"'”’»)]")


@dataclass(slots=True)
class Mark:
    """Some words of a sentence, and what they stand for.

    ``kinds`` are all that they can stand for, with the value of each; ``kind`` and ``value`` are
    the first of them. ``start`` and ``end`` are the span in the article.
    """

    kinds: dict[str, Any]
    start: int
    end: int
    text: str
    word: str

    @property
    def kind(self) -> str:
        """The likeliest of what it stands for."""
        return next(iter(self.kinds))

    @property
    def value(self) -> Any:
        """The value of the likeliest."""
        return next(iter(self.kinds.values()))

    def is_a(self, *kinds: str) -> bool:
        """Whether it can stand for one of these."""
        return not self.kinds.keys().isdisjoint(kinds)


@dataclass(slots=True)
class Person:
    """Words of a sentence that mean a driver: his name, a pronoun, or another way to put it.

    ``i`` is the place of the head among the marks, ``first`` and ``last`` those of the whole phrase.
    ``said`` are what is said of him in passing: kind, value, and the place of its mark.
    """

    i: int
    first: int
    last: int
    who: str
    how: str
    said: list[tuple[str, Any, int]] = field(default_factory=list)
    genitive: bool = False
    proven: bool = False


@dataclass
class Sentence:
    """A sentence of an article, with its marks from left to right."""

    text: str
    start: int
    end: int
    number: int
    marks: list[Mark]
    grammar: Grammar
    paragraph: int = 0
    quoted: bool = False
    people: list[Person] = field(default_factory=list)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Places of its marks, by what they can stand for."""
        found: dict[str, list[int]] = {}
        for i, mark in enumerate(self.marks):
            for kind in mark.kinds:
                found.setdefault(kind, []).append(i)
        return found

    def __len__(self) -> int:
        """How many marks it has."""
        return len(self.marks)

    def at(self, i: int, *kinds: str) -> bool:
        """Whether the mark at a place exists and can stand for one of these."""
        return 0 <= i < len(self.marks) and self.marks[i].is_a(*kinds)

    def find(self, *kinds: str, start: int = 0, end: int | None = None) -> Iterator[int]:
        """Places of all marks that can stand for one of these, from left to right."""
        places: Iterable[int] = self.places.get(kinds[0], ())
        if len(kinds) > 1:
            places = sorted({i for kind in kinds for i in self.places.get(kind, ())})
        last = len(self.marks) if end is None else end
        return (i for i in places if start <= i < last)

    def near(self, i: int, *kinds: str, left: int = 0, right: int = 0, stop: str = ";") -> int:
        """Place of the nearest such mark around ``i`` within so many marks, or -1.

        The search ends at punctuation in ``stop``.
        """
        best = -1
        for step, limit in ((1, right), (-1, left)):
            for n in range(1, limit + 1):
                j = i + step * n
                if not 0 <= j < len(self.marks) or self.marks[j].word in stop:
                    break
                if self.marks[j].is_a(*kinds):
                    if best < 0 or n < abs(best - i):
                        best = j
                    break
        return best

    def has(self, *kinds: str) -> bool:
        """Whether any of its marks can stand for one of these."""
        return any(kind in self.places for kind in kinds)


def sentences(text: str, grammar: Grammar, names: Names) -> list[Sentence]:
    """Sentences of a text, marked.

    Parameters
    ----------
    text
        The article. A line is a paragraph: a sentence never goes over the end of it.
    grammar
        Words of its language.
    names
        Names of people, teams and places.
    """
    found: list[Sentence] = []
    depth = False
    for number, line in enumerate(re.finditer(r"[^\n]+", text)):
        doc = grammar.nlp.make_doc(line.group())
        tokens = [token for token in doc if not token.is_space]
        for group in _split(tokens, grammar):
            first, last = group[0], group[-1]
            start = line.start() + first.idx
            end = line.start() + last.idx + len(last)
            sentence = Sentence(
                text=text[start:end],
                start=start,
                end=end,
                number=len(found),
                marks=_marks(group, line, grammar, names),
                grammar=grammar,
                paragraph=number,
            )
            opened = sum(token.text in '“”"„«»' for token in group)
            sentence.quoted = depth or (first.text in '“"„«' and opened >= 1)
            if opened % 2:
                depth = not depth
            found.append(sentence)
        depth = False
    return found


def _split(tokens: list[Any], grammar: Grammar) -> Iterator[list[Any]]:
    """Tokens of a paragraph, one list for each sentence."""
    group: list[Any] = []
    closing = [_is_closing(tokens, i) for i in range(len(tokens))]
    for i, token in enumerate(tokens):
        group.append(token)
        following = [tokens[k] for k in range(i + 1, min(i + 3, len(tokens))) if not closing[k]]
        if not following or closing[i + 1] and _ends(token, following, grammar):
            continue
        if closing[i] and i and _ends(tokens[i - 1], following, grammar):
            yield group
            group = []
        elif _ends(token, following, grammar):
            yield group
            group = []
    if group:
        yield group


def _is_closing(tokens: list[Any], i: int) -> bool:
    """Whether a token closes what was opened; straight quotes do so that no space comes before."""
    text = tokens[i].text
    return text in _CLOSING and not (text in "\"'" and i > 0 and tokens[i - 1].whitespace_)


def _ends(token: Any, following: list[Any], grammar: Grammar) -> bool:
    """Whether a sentence ends with this token."""
    if not following:
        return False
    after = following[0].text
    if token.text in _END:
        return not after[0].islower() and not _numbered(token)
    # "He was 15. The other ..." against "the 10. Grand Prix", "32do. de su carrera"
    if not token.text.endswith(".") or not after[0].isupper() or token.i == 0:
        return False
    if not token.text[:-1].isdigit():
        return grammar.ordinal.match(fold(token.text)) is not None
    earlier = dict(grammar.phrases.at([fold(token.nbor(-1).text)], 0)[1])
    return fold(after) in grammar.starters or bool(earlier.keys() & {"BE", "FINISH", "PLACE"})


def _numbered(stop: Any) -> bool:
    """Whether a full stop belongs to a number in a list: "Stand: 1. Vettel 153, 2. Hamilton"."""
    if stop.text != "." or stop.i == 0 or stop.nbor(-1).whitespace_:
        return False
    number = stop.nbor(-1)
    listed = number.i == 0 or number.nbor(-1).text in _LISTING
    return bool(number.text.isdigit() and int(number.text) <= LONGEST_LIST and listed)


def _marks(tokens: list[Any], line: re.Match[str], grammar: Grammar, names: Names) -> list[Mark]:
    paragraph, offset = line.group(), line.start()
    words = [fold(token.text) for token in tokens]
    parted = _parted(words, grammar)
    marks: list[Mark] = []
    i = 0
    while i < len(tokens):
        length, kinds = _reading(tokens, words, i, grammar, names)
        if i in parted:
            length, kinds = max(length, parted[i][0]), parted[i][1] | kinds
        first, last = tokens[i], tokens[i + length - 1]
        start, end = offset + first.idx, offset + last.idx + len(last)
        text = paragraph[first.idx : last.idx + len(last)]
        marks.append(Mark(kinds, start, end, text, fold(text)))
        i += length
    return list(_joined(marks, grammar))


def _parted(words: list[str], grammar: Grammar) -> dict[int, tuple[int, dict[str, Any]]]:
    """Verbs that the rest of a phrase completes later in the sentence, and what they then stand for.

    A particle of one word ends its part of the sentence: "haalde Norris in", not "haalde in Spa".
    """
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    for i in range(len(words)):
        n, phrases = grammar.parted.at(words, i)
        for concept, rest in phrases:
            for j in range(i + n, min(i + n + REACH, len(words) - len(rest) + 1)):
                if words[j] in _PART:
                    break
                if tuple(words[j : j + len(rest)]) == rest and (
                    len(rest) > 1 or _closes(words, j + 1, grammar)
                ):
                    _, kinds = found.get(i, (n, {}))
                    found[i] = (n, kinds | {concept: None})
                    found[j] = (len(rest), {"particle": None})
                    break
    return found


def _closes(words: list[str], i: int, grammar: Grammar) -> bool:
    """Whether a part of a sentence may end before a word."""
    if i >= len(words) or not words[i][0].isalnum():
        return True
    kinds = dict(grammar.phrases.at(words, i)[1])
    return bool(
        kinds.keys()
        & {"and", "but", "of", "by", "for", "to", "on", "with", "AHEAD", "BEHIND", "START"}
    )


def _reading(
    tokens: list[Any], words: list[str], i: int, grammar: Grammar, names: Names
) -> tuple[int, dict[str, Any]]:
    """How many words belong together at a place, and what they can stand for."""
    n, phrase = grammar.phrases.at(words, i)
    m, name = names.phrases(grammar).at(words, i)
    capital = tokens[i].text[0].isupper() or tokens[i].text[0].isdigit()
    if m and (not capital or (m == n == 1 and i == 0 and phrase)):
        name = [reading for reading in name if reading[0] == "nationality" and not capital]
        m = m if name else 0
    if m and m >= n:
        return m, dict(name) | (dict(phrase) if m == n else {})
    if n:
        kinds = dict(phrase)
        if own := grammar.spelled.get(words[i], {}).get(tokens[i].text.lower()) if n == 1 else None:
            kinds = {kind: value for kind, value in kinds.items() if kind in own}
        if "a" in kinds and n == 1:
            kinds = {"a": None} if tokens[i].text.lower() in grammar.articles else {"number": 1}
        return n, kinds
    return 1, _number(tokens[i].text, grammar)


def _number(text: str, grammar: Grammar) -> dict[str, Any]:
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


def _value(word: str, decimal: str) -> float:
    thousands = "," if decimal == "." else "."
    if re.fullmatch(rf"\d{{1,3}}(?:[{re.escape(thousands)}’' ]\d{{3}})+", word):
        return float(re.sub(r"[^\d]", "", word))
    return float(re.sub(r"[’' ]", "", word).replace(",", "."))


def _joined(marks: list[Mark], grammar: Grammar) -> Iterator[Mark]:
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
            mark = _together(marks[i : i + length], {"date": when})
        elif place := _placed(marks, i, grammar):
            length = 2
            mark = _together(marks[i : i + 2], mark.kinds | {"ordinal": place})
            _more_places(marks, i + 2)
        yield mark
        i += length


def _placed(marks: list[Mark], i: int, grammar: Grammar) -> int | None:
    """A place with its number after it, "plaats vier", which is then an ordinal."""
    if (
        marks[i].word not in grammar.after_place
        or i
        and marks[i - 1].is_a("ordinal")
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
        while j < len(marks) and marks[j].is_a("and") and marks[j].word not in ("&",):
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
        if "may" == marks[i].word and not marks[i].text[0].isupper():
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
