"""A race under way on a terminal: redrawn in place, from forty columns to wide."""

from __future__ import annotations

from functools import lru_cache
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from racecraft.show.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    from rich.console import RenderableType

    from racecraft.live.events import Event
    from racecraft.live.follower import Follower
    from racecraft.live.screen import Row

WIDE = 76  # columns from which the news stand beside the order
ROOMY = 60  # from which both gaps are shown
NARROWEST = 20  # columns that news take at least
APART = 3  # columns between the order and the news
SHOWN, EACH = 6, 8  # lines of each kind of news, at most; of the screen for each of them
TOLD = ("pass", "lead change", "retirement", "moment", "battle decided", "start", "end")
TYRES = {
    "soft": "red", "medium": "yellow", "hard": "white", "intermediate": "green", "wet": "blue",
}  # fmt: skip
LETTERS = {"unknown": "?", "hypersoft": "HS", "ultrasoft": "US", "supersoft": "SS"}
FLAG_STYLES = {
    "green": "black on green", "yellow": "black on yellow", "SC": "black on yellow",
    "VSC": "black on yellow", "VSC ending": "black on yellow", "red": "white on red",
}  # fmt: skip


def screen(follower: Follower, width: int, height: int) -> RenderableType:
    """What is drawn now: one text, laid out here, for tables take five times as long to draw.

    Parameters
    ----------
    width, height
        Of the terminal, in characters.
    """
    rows = follower.screen.rows()
    head = _head(follower, "  " if width >= ROOMY else "\n")
    if width >= WIDE:
        order = _order(rows, width // 2, height - 3)
        left = max((line.cell_len for line in order), default=0)
        news = _news(follower, _room(height), width - left - APART)
        return _lines([head, *_beside(order, news, left + APART)])
    order = _order(rows, width, height - 3)
    return _lines([head, *order, *_news(follower, _room(height - len(rows)), width)])


def line(event: Event) -> str:
    """An event as one line of a log: the lap, and what happened."""
    lap = f"lap {event.lap}" if event.lap is not None else ""
    return f"{lap:7} {printable(event.text)}"


def _room(height: int) -> int:
    """Lines of each kind of news for which there is room."""
    return min(SHOWN, max(height // EACH, 1))


def _lines(lines: list[Text]) -> Group:
    return Group(Text("\n", no_wrap=True, overflow="crop").join(lines))


@lru_cache(maxsize=200)
def _wrapped(text: str, width: int) -> list[str]:
    return wrap(printable(text), max(width, NARROWEST), subsequent_indent="  ")


def _beside(one: list[Text], other: list[Text], left: int) -> Iterator[Text]:
    """Lines beside others, which begin at a column."""
    for here, there in zip_longest(one, other, fillvalue=Text()):
        gap = " " * (left - here.cell_len) if there else ""
        yield Text.assemble(here, gap, there)


def _head(follower: Follower, between: str) -> Text:
    shown = follower.screen
    lap = f"lap {shown.lap}" if shown.lap else "before the start"
    if shown.lap and shown.distance:
        lap += f" of {shown.distance}"
    elif shown.lap and follower.watch.distance:
        lap += f" of {follower.watch.distance} expected"
    head = Text(printable(shown.name) or "waiting for the session", style="bold", no_wrap=True)
    head.append(f"{between}{lap}  ", style="not bold")
    if shown.flag:
        head.append(f" {shown.flag} ", style=FLAG_STYLES.get(shown.flag, ""))
    if shown.ended:
        head.append(" ended", style="bold")
    return head


def _order(rows: list[Row], width: int, height: int) -> list[Text]:
    """The order, a car on a line."""
    lines = [_cells(row, roomy=width >= ROOMY) for row in rows[: max(height, 3)]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    told = []
    for row, cells in zip(rows, lines, strict=False):
        place, car, *gaps, tyre = (
            cell.ljust(wide) if at == 1 or at == len(cells) - 1 else cell.rjust(wide)
            for at, (cell, wide) in enumerate(zip(cells, widths, strict=True))
        )
        faint = "dim" if row.out else ""
        told.append(
            Text(f"{place} ", style=faint, no_wrap=True)
            .append(car, style=faint or "bold")
            .append(f" {' '.join(gaps)} ")
            .append(tyre, style=TYRES.get(row.compound or "", ""))
        )
    return told


def _cells(row: Row, *, roomy: bool) -> list[str]:
    gaps = _gaps(row)
    return [
        str(row.place or ""), printable(row.car), *(gaps if roomy else gaps[1:]), _tyre(row),
    ]  # fmt: skip


def _gaps(row: Row) -> list[str]:
    if row.out:
        return ["out", "out"]
    if row.in_pit:
        return [printable(row.gap), "pit"]
    if row.place == 1:
        return ["leads", "leads"]
    return [printable(row.gap), printable(row.interval or row.gap)]


def _tyre(row: Row) -> str:
    if not row.compound:
        return ""
    letter = LETTERS.get(row.compound, row.compound[:1].upper())
    return letter if row.age is None else f"{letter}{row.age:>3}"


def _news(follower: Follower, shown: int, width: int) -> list[Text]:
    """News of every kind under their titles, in lines of so many characters at most."""
    watch = follower.watch
    parts: list[tuple[str, list[str]]] = [
        ("Battles", _battles(watch.battles)[:shown]),
        (_chances_head(watch.basis), _chances(watch.chances)),
        ("Just now", _recent(follower, TOLD, shown)),
        ("Moments so far", _moments(watch.moments)[: max(shown // 2, 1)]),
        ("Race control", _recent(follower, ("race control", "flag"), max(shown // 2, 1))),
        ("If it ended now", [watch.title] if watch.title else []),
        ("In doubt", follower.doubts()[:shown]),
    ]
    told: list[Text] = []
    for title, lines in parts:
        if lines:
            told.append(Text(title, style="bold cyan"))
            told += [Text(each) for one in lines for each in _wrapped(one, width)]
    return told


def _battles(table: pl.DataFrame | None) -> list[str]:
    if table is None:
        return []
    return [
        f"P{row['position']} {row['ahead_at_end']} ahead of "
        f"{row['second'] if row['ahead_at_end'] == row['first'] else row['first']}"
        f" by {row['margin'].total_seconds():.3f} s since lap {row['start_lap']}"
        + (f", {row['swaps']} swaps" if row["swaps"] > 1 else ", 1 swap" if row["swaps"] else "")
        for row in table.iter_rows(named=True)
    ]


def _chances_head(basis: str) -> str:
    return "Chance to win" + (", by the gaps alone" if basis == "formula" else "")


def _chances(chances: list[tuple[str, float]]) -> list[str]:
    told = [f"{car} {100 * chance:.0f}%" for car, chance in chances[:5] if chance >= 0.005]
    return ["  ".join(told)] if told else []


def _recent(follower: Follower, kinds: tuple[str, ...], shown: int) -> list[str]:
    told = [
        event
        for event in list(follower.recent)
        if event.kind in kinds
        and event.facts.get("sure") in (None, "seen")
        and event.facts.get("flag") != "BLUE"  # every lap, to every car that is lapped
    ]
    return [line(event) for event in reversed(told[-shown:])]


def _moments(table: pl.DataFrame | None) -> list[str]:
    return [] if table is None else table["sentence"].to_list()
