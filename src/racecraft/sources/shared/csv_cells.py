"""Tables of text from outside: every cell becomes what it should be, or an error names its place.

A table is a frame of text with its line numbers in the column ``line``. What should stand in a
column is a `Kind`.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LONGEST_LINE = 100_000  # bytes; lines of racing tables have a few hundred
MOST_DAYS = 10  # no time in racing is as long

SEPARATORS = (",", ";", "\t", "|")

_CLOCK = r"^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:\.\d{1,9})?)$"


@dataclass(frozen=True)
class Kind:
    """What may stand in a cell: how it is read (null where it cannot be), and its name in words."""

    read: Callable[[pl.Expr], pl.Expr]
    expected: str


@dataclass(frozen=True)
class Expected:
    """A column: what stands in it, and whether every row must have it."""

    kind: Kind
    needed: bool = False


def read_csv(
    data: bytes,
    *,
    file: str,
    expected: str,
    needed: Iterable[str] = (),
    nulls: Sequence[str] = ("",),
    separator: str = ",",
) -> pl.DataFrame:
    r"""Cells of a CSV file as text, with the ``line`` on which each row stands.

    Parameters
    ----------
    data
        The file, in UTF-8.
    file, expected
        Its name and what it should hold, for errors.
    needed
        Columns that it must have.
    nulls
        What is written where a value is unknown.
    separator
        What stands between two cells.

    Raises
    ------
    UnreadableError
        Empty, not UTF-8, not a table, a line too long, a column missing.

    Examples
    --------
    >>> read_csv(b"driver,lap\nVER,1\n", file="laps.csv", expected="laps").rows()
    [(2, 'VER', '1')]
    """
    if not data.strip():
        raise UnreadableError(f"{file}: empty; expected {expected}", file=file)
    if max(map(len, data.splitlines())) > LONGEST_LINE:
        raise UnreadableError(
            f"{file}: a line of over {LONGEST_LINE} bytes; expected {expected}", file=file
        )
    try:
        frame = pl.read_csv(
            io.StringIO(data.decode("utf-8-sig")),
            infer_schema=False,
            separator=separator,
            null_values=list(nulls),
            row_index_name="line",
            row_index_offset=2,
        )
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            f"{file}, line {line}: byte {data[error.start]:#04x} is not UTF-8",
            hint="save the file as UTF-8",
            file=file,
            line=line,
        ) from error
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0]
        raise UnreadableError(f"{file}: {first}; expected {expected}", file=file) from error
    if missing := [name for name in needed if name not in frame.columns]:
        raise UnreadableError(
            f"{file}: no column {missing[0]}; expected {expected}", file=file, column=missing[0]
        )
    return frame


def read_table(data: bytes, *, file: str, expected: str) -> pl.DataFrame:
    r"""Cells of a file that any program may have written, as text, with their ``line``.

    Comma, semicolon, tab or bar between the cells; UTF-8 with or without a mark, UTF-16, or the
    code page of Windows; any end of line, with or without a separator before it. Names of columns
    lose the spaces around them; a column without a name is left out.

    Parameters
    ----------
    data, file, expected
        As in `read_csv`.

    Raises
    ------
    UnreadableError
        Empty, not a table, a line too long, two columns of one name, rows of other lengths.

    Examples
    --------
    >>> read_table(b"NUMBER; LAP_NUMBER;\r\n01;1;\r\n", file="laps.csv", expected="laps").rows()
    [(2, '01', '1')]
    """
    text = _decoded(data)
    if not text.strip():
        raise UnreadableError(f"{file}: empty; expected {expected}", file=file)
    lines = text.splitlines()
    if max(map(len, lines)) > LONGEST_LINE:
        raise UnreadableError(
            f"{file}: a line of over {LONGEST_LINE} characters; expected {expected}", file=file
        )
    head = next(number for number, line in enumerate(lines) if line.strip())
    separator = max(SEPARATORS, key=lines[head].count)
    try:
        frame = pl.read_csv(
            io.StringIO("\n".join(line.rstrip().rstrip(separator) for line in lines[head:])),
            separator=separator,
            infer_schema=False,
            null_values=[""],
            row_index_name="line",
            row_index_offset=head + 2,
        )
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0]
        raise UnreadableError(f"{file}: {first}; expected {expected}", file=file) from error
    names = {name: re.sub(r"_duplicated_\d+$", "", name).strip() for name in frame.columns}
    kept = {name: plain for name, plain in names.items() if plain}
    if twice := [name for name in kept.values() if list(kept.values()).count(name) > 1]:
        raise UnreadableError(f"{file}: two columns {twice[0]!r}; expected one", file=file)
    return frame.select(pl.col(name).alias(plain) for name, plain in kept.items())


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def typed(
    frame: pl.DataFrame, columns: Mapping[str, Expected], *, file: str, place: str = "line"
) -> pl.DataFrame:
    """Values of the expected columns, and ``line``; a column that is not there is unknown.

    ``place`` is what a row is called in errors.

    Raises
    ------
    UnreadableError
        A cell holds something else, or a needed one nothing.
    """
    have = frame.with_columns(
        pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns
    )
    values = have.select(
        "line", *(column.kind.read(pl.col(name)).alias(name) for name, column in columns.items())
    )
    for name, column in columns.items():
        wrong = values[name].is_null()
        if not column.needed:
            wrong &= have[name].is_not_null()
        if wrong.any():
            row = have.filter(wrong).row(0, named=True)
            at = f"{file}, {place} {row['line']}"
            raise wrong_cell(at, name, row[name], column.kind.expected)
    return values


def unique(
    frame: pl.DataFrame, key: Sequence[str], *, file: str, place: str = "line"
) -> pl.DataFrame:
    """The same frame, if no two rows agree on the key.

    Raises
    ------
    UnreadableError
        Two rows do.
    """
    again = frame.filter(~pl.struct(key).is_first_distinct())
    if not again.is_empty():
        row = again.row(0, named=True)
        at = ", ".join(f"{name} {row[name]}" for name in key)
        raise UnreadableError(
            f"{file}, {place} {row['line']}: a second row for {at}; expected one",
            file=file,
            line=row["line"],
        )
    return frame


def wrong_cell(at: str, column: str, found: object, expected: str) -> UnreadableError:
    """Error that names the cell, what was found there, and what was expected."""
    what = "nothing" if found is None else repr(str(found)[:40])
    return UnreadableError(f"{at}, {column}: {what}; expected {expected}", at=at, column=column)


def _text(cell: pl.Expr) -> pl.Expr:
    text = cell.str.strip_chars()
    return pl.when(text != "").then(text)


def _whole(cell: pl.Expr) -> pl.Expr:
    digits = cell.str.strip_chars().str.extract(r"^(\d{1,18})(?:\.0+)?$")
    return digits.cast(pl.Int64, strict=False)


def _small(cell: pl.Expr) -> pl.Expr:
    return _whole(cell).cast(pl.Int16, strict=False)


def _count(cell: pl.Expr) -> pl.Expr:
    number = _small(cell)
    return pl.when(number >= 1).then(number)


def _number(cell: pl.Expr) -> pl.Expr:
    number = cell.str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(number.is_finite() & (number >= 0)).then(number)


def _milliseconds(cell: pl.Expr) -> pl.Expr:
    number = _whole(cell)
    return pl.when(number < MOST_DAYS * 86_400_000).then(number * 1000).cast(pl.Duration("us"))


def _clock(cell: pl.Expr) -> pl.Expr:
    part = cell.str.strip_chars().str.extract_groups(_CLOCK)
    hours, minutes = (part.struct[i].cast(pl.Int64).fill_null(0) for i in (0, 1))
    second = part.struct[2].cast(pl.Float64) + 60 * (minutes + 60 * hours)
    return (
        pl.when(second < MOST_DAYS * 86_400)
        .then((second * 1_000_000).round().cast(pl.Int64, strict=False))
        .cast(pl.Duration("us"))
    )


def _lap_clock(cell: pl.Expr) -> pl.Expr:
    plain = cell.str.strip_chars(' +"sS').str.replace_all(r"['hHmM]\s*", ":").str.replace(",", ".")
    return _clock(plain)


def _date(cell: pl.Expr) -> pl.Expr:
    return cell.str.strip_chars().str.to_date("%Y-%m-%d", strict=False)


TEXT = Kind(_text, "text")
WHOLE = Kind(_small, "a whole number from 0 to 32767")
COUNT = Kind(_count, "a whole number from 1 to 32767")
NUMBER = Kind(_number, "a number from 0")
MILLISECONDS = Kind(_milliseconds, "a whole number of milliseconds")
CLOCK = Kind(_clock, "a time such as 1:23.456")
LAP_CLOCK = Kind(_lap_clock, "a time such as 1:23.456, 83.456 or 1'23.456")
DATE = Kind(_date, "a date such as 2023-11-05")
