"""Tables of many seasons as one file of columns, of which only what is asked for is read.

A file is a line that names its kind, the SHA-256 of the rest, the length of a head, the head as
JSON and the columns, each compressed by itself. Numbers are 32-bit integers, doubles or whole
thousandths; a text is its place among the distinct texts of its column, a day a number of days.
A season that another file has just so may be left out of a table, and is then asked of that one.
The first bytes of all numbers of a column stand together, then the second ones: a seventh shorter.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from array import array
from datetime import date
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from racecraft.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Row = tuple[Any, ...]
    Elsewhere = Callable[[str, int, Sequence[str]], list[Row]]

KIND = b"racecraft columns 1\n"
DIGEST = 32  # bytes of the checksum
NOTHING = -(2**31)  # an integer, text or day that is not known
WHOLE, REAL, TEXT, DAY = "i", "f", "s", "d"
THOUSANDTHS = "m"  # how real numbers are kept where that loses nothing: half as long


def pack(
    tables: Mapping[str, Mapping[int, Sequence[Row] | None]],
    layout: Mapping[str, Mapping[str, str]],
    marks: Mapping[int, str],
    compress: Callable[[bytes], bytes] = zlib.compress,
) -> bytes:
    """Tables of many seasons as one file.

    Parameters
    ----------
    tables
        Rows by table and season; None for those of a season that are found elsewhere.
    layout
        Names and kinds of the columns of every table, in order.
    marks
        What every season was made of, by its year.
    compress
        Makes what zlib can decompress; one that takes longer may leave less.
    """
    body, head = bytearray(), {}
    years = sorted(marks)
    for table, kinds in layout.items():
        seasons = [tables[table].get(year, ()) for year in years]
        rows = [row for season in seasons for row in season or ()]
        starts = [0, *accumulate(len(season or ()) for season in seasons)]
        elsewhere = [year for year, season in zip(years, seasons, strict=True) if season is None]
        columns = list(zip(*rows, strict=True)) or [() for _ in kinds]
        described: dict[str, list[str | int]] = {}
        for (name, kind), values in zip(kinds.items(), columns, strict=True):
            kept = THOUSANDTHS if kind == REAL and _are_thousandths(values) else kind
            described[name] = [kept]
            for part in _encoded(kept, values):
                content = compress(part)
                described[name] += [len(body), len(content)]
                body += content
        head[table] = {"starts": starts, "columns": described, "elsewhere": elsewhere}
    told = {"seasons": {str(year): marks[year] for year in years}, "tables": head}
    text = json.dumps(told, ensure_ascii=False).encode()
    rest = len(text).to_bytes(4, "little") + text + bytes(body)
    return KIND + hashlib.sha256(rest).digest() + rest


class Packed:
    """Tables of many seasons out of a file that `pack` made; columns are read when asked for.

    Parameters
    ----------
    content
        The file.
    elsewhere
        Gives rows of a table in a season that the file leaves out, of all its columns or of some.

    Raises
    ------
    UnreadableError
        It is no such file, of another version, or not as it was written.
    """

    def __init__(self, content: bytes, elsewhere: Elsewhere | None = None) -> None:
        start = len(KIND) + DIGEST
        rest = memoryview(content)[start:]
        if content[: len(KIND)] != KIND or len(rest) < 4:  # the length of the head
            raise UnreadableError("no history")
        if hashlib.sha256(rest).digest() != content[len(KIND) : start]:
            raise UnreadableError("not the bytes that were written")
        end = 4 + int.from_bytes(rest[:4], "little")
        head = json.loads(bytes(rest[4:end]))
        self._body = rest[end:]
        self._tables: dict[str, dict[str, Any]] = head["tables"]
        self.marks = {int(year): str(mark) for year, mark in head["seasons"].items()}
        self._place = {year: place for place, year in enumerate(self.marks)}
        self._columns: dict[tuple[str, str], PackedColumn] = {}
        self._elsewhere = elsewhere
        if elsewhere is None and any(each["elsewhere"] for each in self._tables.values()):
            raise UnreadableError("a part of it is elsewhere")

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Seasons that there are, in order."""
        return tuple(self.marks)

    def of_season(self, table: str, year: int, columns: Sequence[str] = ()) -> list[Row]:
        """Rows of a table in one season, of all its columns or of some."""
        if year not in self._place:
            return []
        if self._elsewhere and year in self._tables[table]["elsewhere"]:
            return self._elsewhere(table, year, columns)
        names = columns or self.columns(table)
        return list(zip(*(self.part(table, year, name) for name in names), strict=True))

    def part(self, table: str, year: int, name: str) -> list[Any]:
        """Values of a column in one season that the file has."""
        place, starts = self._place[year], self._tables[table]["starts"]
        return self.column(table, name).part(starts[place], starts[place + 1])

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self._tables)

    def columns(self, table: str) -> tuple[str, ...]:
        """Names of the columns of a table, in order."""
        return tuple(self._tables[table]["columns"])

    def heights(self, table: str) -> dict[int, int]:
        """How many rows of a table every season has in the file."""
        starts = self._tables[table]["starts"]
        return {
            year: after - at for year, (at, after) in zip(self.years, pairwise(starts), strict=True)
        }

    def column(self, table: str, name: str) -> PackedColumn:
        """One column of a table, of all seasons."""
        key = (table, name)
        if key not in self._columns:
            kind, *places = self._tables[table]["columns"][name]
            parts = [
                zlib.decompress(self._body[place : place + size])
                for place, size in zip(places[::2], places[1::2], strict=True)
            ]
            self._columns[key] = PackedColumn(kind, parts)
        return self._columns[key]


class PackedColumn:
    """One column: its numbers, and the texts that they are the places of where it is of texts."""

    def __init__(self, kind: str, parts: Sequence[bytes]) -> None:
        self.kind = kind
        self.numbers = array("d" if kind == REAL else "i")
        self.numbers.frombytes(_number_by_number(parts[0], self.numbers.itemsize))
        self.texts: list[str] = json.loads(parts[1]) if kind == TEXT else []

    def part(self, first: int, last: int) -> list[Any]:
        """Values of these rows, None where not known."""
        values = self.numbers[first:last].tolist()
        if self.kind == TEXT:
            texts = self.texts
            return [None if value == NOTHING else texts[value] for value in values]
        if self.kind == DAY:
            return [None if value == NOTHING else date.fromordinal(value) for value in values]
        if self.kind == REAL:
            return [value if value == value else None for value in values]
        if self.kind == THOUSANDTHS:
            return [None if value == NOTHING else value / 1000 for value in values]
        return [None if value == NOTHING else value for value in values]


def _are_thousandths(values: Sequence[float | None]) -> bool:
    """Whether every number is, to the last bit, a whole number of thousandths that fits."""
    return all(
        value is None or (abs(value) < -NOTHING / 1000 and round(value * 1000) / 1000 == value)
        for value in values
    )


def _encoded(kind: str, values: Sequence[Any]) -> list[bytes]:
    if kind == REAL:
        real = array("d", (float("nan") if value is None else value for value in values))
        return [_byte_by_byte(real)]
    if kind == TEXT:
        places = {text: at for at, text in enumerate(dict.fromkeys(values)) if text is not None}
        texts = {text: at for at, text in enumerate(places)}
        whole = array("i", (NOTHING if value is None else texts[value] for value in values))
        return [_byte_by_byte(whole), json.dumps(list(texts), ensure_ascii=False).encode()]
    if kind == DAY:
        days = (NOTHING if value is None else value.toordinal() for value in values)
        return [_byte_by_byte(array("i", days))]
    times = 1000 if kind == THOUSANDTHS else 1
    whole = array("i", (NOTHING if value is None else round(value * times) for value in values))
    return [_byte_by_byte(whole)]


def _byte_by_byte(numbers: array[Any]) -> bytes:
    """The first byte of every number, then the second of every one, and so on."""
    content = numbers.tobytes()
    return b"".join(content[place :: numbers.itemsize] for place in range(numbers.itemsize))


def _number_by_number(content: bytes, size: int) -> bytes:
    """What `_byte_by_byte` was made of."""
    out, count = bytearray(len(content)), len(content) // size
    for place in range(size):
        out[place::size] = content[place * count : (place + 1) * count]
    return bytes(out)
