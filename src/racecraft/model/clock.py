"""How time is written: exact durations inside, text and float seconds at the border."""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl

SECOND_US = 1_000_000

_CLOCK = re.compile(r"^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d{1,6})?)$")


def seconds(column: str | pl.Expr) -> pl.Expr:
    """Float seconds of a duration column, for the border and for models.

    >>> from datetime import timedelta
    >>> pl.DataFrame({"time": [timedelta(seconds=5.839)]}).select(seconds("time")).item()
    5.839
    """
    expr = pl.col(column) if isinstance(column, str) else column
    # polars divides by multiplying with the inverse, which is off by the last bit
    return (expr.dt.total_microseconds() / SECOND_US).round(6)


def duration(column: str | pl.Expr) -> pl.Expr:
    """Exact duration of a column of float seconds; to the microsecond."""
    expr = pl.col(column) if isinstance(column, str) else column
    return (expr * SECOND_US).round().cast(pl.Int64).cast(pl.Duration("us"))


def parse_clock(text: str) -> timedelta | None:
    """Duration of ``"1:13.422"``, ``"23:28.154"`` or ``"1:56:48.894"``; None if it is none.

    >>> parse_clock("1:13.422").total_seconds()
    73.422
    """
    found = _CLOCK.match(text.strip())
    if found is None:
        return None
    hours, minutes, rest = found.groups()
    return timedelta(hours=int(hours or 0), minutes=int(minutes or 0), seconds=float(rest))


def clock(time: timedelta, digits: int = 3) -> str:
    """Time as it is written on a timing screen.

    >>> clock(timedelta(seconds=7008.894))
    '1:56:48.894'
    >>> clock(timedelta(seconds=73.422))
    '1:13.422'
    """
    units = round(time / timedelta(seconds=1) * 10**digits)
    sign, units = ("-", -units) if units < 0 else ("", units)
    whole, part = divmod(units, 10**digits)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    tail = f".{part:0{digits}d}" if digits else ""
    if hours:
        return f"{sign}{hours}:{minute:02d}:{second:02d}{tail}"
    if minute:
        return f"{sign}{minute}:{second:02d}{tail}"
    return f"{sign}{second}{tail}"
