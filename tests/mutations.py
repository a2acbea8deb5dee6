"""Ways in which a file goes wrong: cut, flipped, shuffled, mistyped, written by another program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    Mutation = Callable[[st.DrawFn, bytes], bytes]

HUGE = 200_000  # bytes; far longer than any line of timing

# Cells and values that no timing system writes where a number, a time or a name is expected.
CELLS = (
    "", " ", "abc", "NaN", "nan", "inf", "-inf", "-1", "0", "-0.5", "1e308", "1e400", "9" * 30,
    "0x1F", "1,5", "1.5.2", "-0 days 00:00:01", "-1 days +23:59:59", "0 days 99:99:99", "12:34",
    "99999999 days 00:00:00", r"\N", "None", "null", "True", "é", "ﬁ", "\x00", '"', "'", '"a"b',
    "2023-13-45", "=1+1", "1 L", "LAP 10", "+1:53:44.819", "x" * HUGE,
)  # fmt: skip
VALUES: tuple[object, ...] = (
    None, True, [], {}, [[]], {"0": {}}, 0, -1, 10**30, 1.5, float("nan"), float("inf"), *CELLS,
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, data: bytes, kind: str, *, most: int = 3) -> bytes:
    """Bytes of a ``csv``, ``json``, ``stream`` or ``binary`` file after one to a few mishaps."""
    for _ in range(draw(st.integers(1, most))):
        data = draw(st.sampled_from(MISHAPS[kind]))(draw, data)
    return data


def cut(draw: st.DrawFn, data: bytes) -> bytes:
    """End early, or begin late."""
    at = draw(st.integers(0, len(data)))
    return data[:at] if draw(st.booleans()) else data[at:]


def flip(draw: st.DrawFn, data: bytes) -> bytes:
    """Change some bytes to any others."""
    changed = bytearray(data)
    if changed:
        for _ in range(draw(st.integers(1, 8))):
            changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
    return bytes(changed)


def insert(draw: st.DrawFn, data: bytes) -> bytes:
    """Put bytes of another encoding, control characters or a marker somewhere."""
    at = draw(st.integers(0, len(data)))
    odd = [b"S\xe3o Paulo", b"\xff\xfe", b"\x00", b"\r", b"\xef\xbb\xbf", b'"', b"\n\n", b"\x1a"]
    return data[:at] + draw(st.sampled_from(odd)) + data[at:]


def lengthen_a_line(draw: st.DrawFn, data: bytes) -> bytes:
    """Make one line longer than any line of timing."""
    lines = data.split(b"\n")
    lines[_one_of(draw, lines)] += draw(st.sampled_from([b"x", b",", b"9", b"{", b'"'])) * HUGE
    return b"\n".join(lines)


def drop_lines(draw: st.DrawFn, data: bytes) -> bytes:
    """Leave out a run of lines: a hole in the laps, or the heading."""
    lines = data.split(b"\n")
    at = _one_of(draw, lines)
    del lines[at : at + draw(st.integers(1, 5))]
    return b"\n".join(lines)


def repeat_a_line(draw: st.DrawFn, data: bytes) -> bytes:
    """Write a line twice."""
    lines = data.split(b"\n")
    line = lines[_one_of(draw, lines)]
    lines.insert(_one_of(draw, lines), line)
    return b"\n".join(lines)


def swap_lines(draw: st.DrawFn, data: bytes) -> bytes:
    """Put a line where another belongs."""
    lines = data.split(b"\n")
    a, b = _one_of(draw, lines), _one_of(draw, lines)
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def other_ends(draw: st.DrawFn, data: bytes) -> bytes:
    """End lines as other systems do, or write the file in another encoding."""
    text = data.decode("utf-8", "replace")
    ways = [
        data.replace(b"\n", b"\r\n"),
        data.replace(b"\n", b"\r"),
        data.replace(b",", b";"),
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + data,
        b"",
    ]
    return draw(st.sampled_from(ways))


def edit_a_cell(draw: st.DrawFn, data: bytes) -> bytes:
    """Write something else into one cell, or into one column from some row on."""
    rows = _rows(data)
    at = _one_of(draw, rows)
    column = _one_of(draw, rows[at])
    cell = draw(st.sampled_from(CELLS)).encode()
    for row in rows[at:] if draw(st.booleans()) else [rows[at]]:
        if column < len(row):
            row[column] = cell
    return _joined(rows)


def drop_a_column(draw: st.DrawFn, data: bytes) -> bytes:
    """Leave out a column, everywhere or from some row on."""
    rows = _rows(data)
    column = _one_of(draw, rows[0])
    for row in rows[draw(st.sampled_from([0, 0, len(rows) // 2])) :]:
        del row[column : column + 1]
    return _joined(rows)


def swap_columns(draw: st.DrawFn, data: bytes) -> bytes:
    """Put a column where another belongs: heading and cells, or the cells alone."""
    rows = _rows(data)
    a, b = _one_of(draw, rows[0]), _one_of(draw, rows[0])
    for row in rows[draw(st.sampled_from([0, 1])) :]:
        if max(a, b) < len(row):
            row[a], row[b] = row[b], row[a]
    return _joined(rows)


def copy_a_cell(draw: st.DrawFn, data: bytes) -> bytes:
    """Write the cell of one row into another: two laps of one number, a driver twice."""
    rows = _rows(data)
    a, b = _one_of(draw, rows), _one_of(draw, rows)
    column = _one_of(draw, rows[a])
    if column < len(rows[b]):
        rows[b][column] = rows[a][column]
    return _joined(rows)


def edit_a_value(draw: st.DrawFn, data: bytes) -> bytes:
    """Change, drop or repeat one value of a JSON document."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return flip(draw, data)
    return json.dumps(_edited(draw, document)).encode()


def edit_a_message(draw: st.DrawFn, data: bytes) -> bytes:
    """Change one value in one message of a stream of ``clock{json}`` lines."""
    lines = data.split(b"\n")
    at = _one_of(draw, lines)
    clock, brace, rest = lines[at].partition(b"{")
    lines[at] = clock + edit_a_value(draw, brace + rest)
    return b"\n".join(lines)


def edit_a_clock(draw: st.DrawFn, data: bytes) -> bytes:
    """Give one message of a stream another time."""
    lines = data.split(b"\n")
    at = _one_of(draw, lines)
    odd = [b"", b"00:00:00.000", b"99:99:99.999", b"23:59:59.999", b"-1:00:00.000", b"abc"]
    lines[at] = draw(st.sampled_from(odd)) + lines[at][12:]
    return b"\n".join(lines)


def _edited(draw: st.DrawFn, value: object, depth: int = 0) -> object:
    """Copy of a JSON value in which something a few levels down is not as it was."""
    if depth < 12 and isinstance(value, dict | list) and value and draw(st.integers(0, 7)):
        changed = value.copy()
        keys = sorted(changed) if isinstance(changed, dict) else range(len(changed))
        key = draw(st.sampled_from(keys))
        changed[key] = _edited(draw, value[key], depth + 1)
        return changed
    if isinstance(value, dict) and value:
        gone = draw(st.sampled_from(sorted(value)))
        return {key: kept for key, kept in value.items() if key != gone}
    if isinstance(value, list) and value:
        return draw(st.sampled_from([value[1:], value * 2, value[::-1], dict(enumerate(value))]))
    return draw(st.sampled_from(VALUES))


def _rows(data: bytes) -> list[list[bytes]]:
    return [line.split(b",") for line in data.split(b"\n")]


def _joined(rows: list[list[bytes]]) -> bytes:
    return b"\n".join(b",".join(row) for row in rows)


def _one_of(draw: st.DrawFn, things: list[bytes] | list[list[bytes]]) -> int:
    return draw(st.integers(0, len(things) - 1))


_BYTES: tuple[Mutation, ...] = (cut, flip, insert)
_LINES: tuple[Mutation, ...] = (
    *_BYTES, lengthen_a_line, drop_lines, repeat_a_line, swap_lines, other_ends,
)  # fmt: skip
MISHAPS: dict[str, tuple[Mutation, ...]] = {
    "binary": _BYTES,
    "csv": (*_LINES, edit_a_cell, edit_a_cell, drop_a_column, swap_columns, copy_a_cell),
    "json": (*_BYTES, edit_a_value, edit_a_value, edit_a_value),
    "stream": (*_LINES, edit_a_message, edit_a_message, edit_a_message, edit_a_clock),
}
