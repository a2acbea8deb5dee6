"""Lines of a live timing stream: the clock at which each was sent, and what it changed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from racecraft.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_FILE = 200_000_000  # bytes; the timing of a race takes some three million
LONGEST_LINE = 1_000_000  # bytes; the longest, which lists every car, takes a hundred thousand
MOST = 32_767  # nothing that is counted in a race reaches as far

_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d{3})(?=\{)")
_TIME = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,4})\.(\d{3})")


@dataclass(frozen=True, slots=True)
class Update:
    """One line of a stream."""

    clock: int  # milliseconds on the clock of the stream
    data: dict[str, Any]
    file: str
    line: int

    def wrong(self, field: str, found: object, expected: str) -> UnreadableError:
        """Error that names the place, what was found there, and what was expected."""
        return UnreadableError(
            f"{self.file}, line {self.line}, {field}: {str(found)[:40]!r}; expected {expected}",
            file=self.file,
            line=self.line,
            field=field,
        )

    def fields(self, field: str, value: object) -> dict[str, Any]:
        """Value of a field that holds fields of its own."""
        if not isinstance(value, dict):
            raise self.wrong(field, value, "an object")
        return value

    def items(self, field: str, value: object) -> Iterator[tuple[int, Any]]:
        """Numbered items of a field: a whole list, or some of it by number, from 0."""
        if isinstance(value, list):
            yield from enumerate(value)
            return
        for index, item in self.fields(field, value).items():
            if not index.startswith("_"):
                yield self.whole(field, index), item

    def text(self, field: str, value: object) -> str:
        """Value of a field that holds text."""
        if not isinstance(value, str):
            raise self.wrong(field, value, "text")
        return value.strip()

    def flag(self, field: str, value: object) -> bool:
        """Value of a field that is true or false."""
        if not isinstance(value, bool):
            raise self.wrong(field, value, "true or false")
        return value

    def whole(self, field: str, value: object) -> int:
        """Value of a field that holds a whole number, be it as text."""
        text = str(value)
        plain = not isinstance(value, bool) and text.isascii() and text.isdigit()
        if not plain or len(text) > len(str(MOST)) or int(text) > MOST:
            raise self.wrong(field, value, f"a whole number up to {MOST}")
        return int(text)

    def time(self, field: str, value: object) -> int | None:
        """Milliseconds of a field such as ``1:48.288``; None where it is empty."""
        text = self.text(field, value)
        if not text:
            return None
        time = parse_time(text)
        if not time:
            raise self.wrong(field, value, "a time such as 1:48.288")
        return time


def read_stream(file: str, raw: bytes) -> list[Update]:
    """Return the lines of a stream, in order of time.

    Parameters
    ----------
    file
        Its name, for errors.
    raw
        The file: on every line a clock and a JSON object; in UTF-8, with or without its mark.

    Raises
    ------
    UnreadableError
        Empty, too large, not UTF-8, or a line that is something else: the last one cut, say.

    Examples
    --------
    >>> [update] = read_stream("LapCount.jsonStream", b'00:10:10.557{"CurrentLap":2}')
    >>> update.clock, update.data
    (610557, {'CurrentLap': 2})
    """
    updates, broken = read_lines(file, raw)
    if broken:
        raise broken[0]
    return updates


def read_lines(file: str, raw: bytes) -> tuple[list[Update], list[UnreadableError]]:
    """Return the lines of a stream that are whole, in order of time, and what is wrong with others.

    Raises
    ------
    UnreadableError
        As of `read_stream`, where most lines are something else.
    """
    if len(raw) > LARGEST_FILE:
        raise UnreadableError(
            f"{file}: {len(raw)} bytes; expected {LARGEST_FILE} at most", file=file
        )
    updates: list[Update] = []
    broken: list[UnreadableError] = []
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            updates.append(_update(file, number, line))
        except UnreadableError as error:
            broken.append(error)
    if len(broken) >= len(updates) and broken:
        raise broken[0]
    if not updates:
        raise UnreadableError(f"{file}: empty; expected lines of timing", file=file)
    return sorted(updates, key=lambda update: update.clock), broken


def parse_time(text: str) -> int | None:
    """Milliseconds of ``26.407``, ``1:48.288`` or ``1:53:44.819``; None if it is no such time.

    >>> parse_time("1:48.288")
    108288
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds, thousandths = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _update(file: str, number: int, line: bytes) -> Update:
    place = f"{file}, line {number}"
    if len(line) > LONGEST_LINE:
        raise UnreadableError(
            f"{place}: {len(line)} bytes; expected {LONGEST_LINE} at most", file=file, line=number
        )
    try:
        text = line.decode().strip()
        clock = _CLOCK.match(text)
        if clock is None:
            raise _LineError("no clock")
        data = _DECODER.decode(text[clock.end() :])
    except (ValueError, RecursionError) as error:
        why = str(error).splitlines()[0][:60]
        raise UnreadableError(
            f"{place}: {why}; expected a clock and a JSON object, as in 00:10:10.557{{...}}",
            hint="was the file cut off?",
            file=file,
            line=number,
        ) from error
    hours, minutes, seconds, thousandths = map(int, clock.groups())
    return Update(((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths, data, file, number)


class _LineError(ValueError):
    """What makes a line none of a stream."""


def _no_number(name: str) -> NoReturn:
    raise _LineError(f"{name} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _LineError(f"{twice[:20]!r} stands there twice")
    return fields


_DECODER = json.JSONDecoder(parse_constant=_no_number, object_pairs_hook=_once)
