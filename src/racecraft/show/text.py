"""Tables for eyes: aligned, in colour on a terminal, plain in a pipe."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from racecraft.show.page import Page

GAP = "  "
UNKNOWN = "-"
LEAST_TEXT = 24  # characters of a long text that are worth showing
DOUBTS_TOLD = 6  # reasons for doubt that are named; more are counted


def table_text(
    table: pl.DataFrame,
    page: Page,
    *,
    leave_out: Sequence[str] = (),
    first: Sequence[str] = (),
) -> str:
    """Lines of a table, each column as wide as it must be.

    Columns that do not fit are left out from the right, and named in a last line.

    Parameters
    ----------
    table
        Any table; times are shown as on a timing screen.
    page
        What it is for.
    leave_out
        Columns that the reader knows already.
    first
        Columns that come first, and so are left out last.

    Examples
    --------
    >>> import polars as pl
    >>> from racecraft.show.page import Page
    >>> print(table_text(pl.DataFrame({"driver": ["ALO", "PER"], "lap": [9, 71]}), Page(None)))
    driver  lap
    ALO       9
    PER      71
    """
    names = [name for name in (*first, *table.columns) if name in table.columns]
    names = [name for name in dict.fromkeys(names) if name not in leave_out]
    columns = [_Column.of(table[name]) for name in names]
    shown = _that_fit(columns, page.width)
    heading = max((len(column.heading) for column in shown), default=0)
    lines = [
        page.style(_line(column.heading_line(i, heading) for column in shown), "heading")
        for i in range(heading)
    ]
    lines += [_line(column.cell(i) for column in shown) for i in range(table.height)]
    if table.is_empty():
        lines.append(page.style("no rows", "dim"))
    if len(shown) < len(columns):
        lines.append(_left_out(names[len(shown) :], page))
    return "\n".join(lines)


@dataclass(frozen=True)
class _Column:
    """A column as text: its heading word by word, its cells, and how wide they are."""

    heading: list[str]
    cells: list[str]
    width: int
    to_the_right: bool

    @classmethod
    def of(cls, values: pl.Series) -> _Column:
        cells = _cells(values)
        words = values.name.split("_")
        width = max(len(text) for text in (*cells, *words, ""))
        to_the_right = values.dtype.is_numeric() or values.dtype.is_temporal()
        return cls(_wrapped(words, width), cells, width, to_the_right)

    def heading_line(self, number: int, of: int) -> str:
        """Line of the heading, which stands right above the cells."""
        first = of - len(self.heading)
        return self._aligned(self.heading[number - first] if number >= first else "")

    def cell(self, row: int) -> str:
        text = self.cells[row]
        return self._aligned(text if len(text) <= self.width else text[: self.width - 1] + "…")

    def _aligned(self, text: str) -> str:
        return text.rjust(self.width) if self.to_the_right else text.ljust(self.width)


def _that_fit(columns: Sequence[_Column], width: int | None) -> list[_Column]:
    """Columns from the left that fit; a long text is cut where enough of it fits."""
    if width is None:
        return list(columns)
    shown: list[_Column] = []
    left = width
    for column in columns:
        if column.width > left and not column.to_the_right and left >= LEAST_TEXT:
            column = replace(column, width=left)
        if shown and column.width > left:
            break
        shown.append(column)
        left -= column.width + len(GAP)
    return shown


def _wrapped(words: Sequence[str], width: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _line(cells: Iterable[str]) -> str:
    return GAP.join(cells).rstrip()


def _left_out(names: Sequence[str], page: Page) -> str:
    note = f"not shown: {', '.join(name.replace('_', ' ') for name in names)}"
    return "\n".join(page.style(line, "dim") for line in textwrap.wrap(note, page.width or 80))


def _cells(values: pl.Series) -> list[str]:
    if values.dtype.is_float():
        known = values.drop_nulls()
        digits = 0 if (known == known.round()).all() else 2
        return [UNKNOWN if value is None else f"{value:.{digits}f}" for value in values]
    return [_cell(value) for value in values.to_list()]


def _cell(value: object) -> str:
    match value:
        case None:
            return UNKNOWN
        case bool():
            return "yes" if value else "no"
        case timedelta():
            from racecraft.model.clock import clock

            return clock(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case dict():
            from racecraft.show.json_line import json_line

            return json_line(value)
        case list():
            return " ".join(map(_cell, value))
        case _:
            return str(value).replace("\r\n", " ").replace("\n", " ")


def doubts_text(doubts: Sequence[str], page: Page) -> str:
    """What is not sure, the first few reasons a line each; nothing where all is."""
    if not doubts:
        return ""
    lines = [wrapped(doubt, page, hang="? ") for doubt in doubts[:DOUBTS_TOLD]]
    if len(doubts) > DOUBTS_TOLD:
        lines.append(f"and {len(doubts) - DOUBTS_TOLD} more")
    return "\n".join([page.style("Not sure", "warn"), *lines])


def plural(count: int, thing: str) -> str:
    """Count and thing, such as ``1 race`` and ``22 races``."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def wrapped(text: str, page: Page, *, hang: str = "") -> str:
    """Text in lines that fit the page, what hangs before the first in its own margin.

    One line where lines may be as long as they are.
    """
    if page.width is None:
        return hang + text
    margin = " " * len(hang)
    return "\n".join(textwrap.wrap(text, page.width, initial_indent=hang, subsequent_indent=margin))
