"""What came of adding to the store, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.terms import FORMULA_ONE
from racecraft.show.text import plural, table_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from racecraft.show.page import Page

FEW = 5  # so many are named one by one


def added_text(added: pl.DataFrame) -> str:
    """Lines that say what was added, what changed, and what was there before.

    Parameters
    ----------
    added
        ``ADDED``.
    """
    if added.is_empty():
        return "nothing to add"
    lines = []
    for outcome in ("added", "updated", "unchanged"):
        rows = added.filter(outcome=outcome)
        if len(rows):
            lines.append(f"{outcome}: {_what(rows)}")
    for season, source, gone in added.select("season", "source", "gone").iter_rows():
        if gone:
            named = ", ".join(gone[:FEW]) + (", ..." if len(gone) > FEW else "")
            lines.append(
                f"no longer there: {plural(len(gone), 'event')} of {season} ({source}): {named}; "
                "adding what it was read from before brings back what it said"
            )
    return "\n".join(lines)


def removed_text(removed: pl.DataFrame) -> str:
    """Lines that say what was taken out.

    Parameters
    ----------
    removed
        ``REMOVED``.
    """
    if removed.height > FEW:
        races = removed["event"].n_unique()
        return f"removed: {plural(removed.height, 'account')} of {plural(races, 'event')}"
    names = [
        " ".join(str(part) for part in (season, event or "season", session) if part is not None)
        + f" ({source})"
        for season, event, session, source in removed.iter_rows()
    ]
    return f"removed: {', '.join(names)}"


def stored_text(
    races: pl.DataFrame,
    seasons: Mapping[str, Mapping[int, Sequence[str]]],
    page: Page,
    *,
    unreadable: int = 0,
) -> str:
    """Table of the stored races, and a line for the accounts of seasons of each source.

    Parameters
    ----------
    races
        ``RACES_STORED``.
    seasons
        Sources that told about a season, by the series and by the year.
    unreadable
        Accounts that are stored, but cannot be read.
    """
    lines = [line for series, years in seasons.items() for line in _seasons(series, years)]
    if unreadable:
        them = "it" if unreadable == 1 else "them"
        note = f"{plural(unreadable, 'account')} that cannot be read: 'racecraft data verify' "
        lines.append(page.style(f"{note}names {them}", "warn"))
    return "\n\n".join([table_text(races, page, leave_out=["event", "date"]), "\n".join(lines)])


def _seasons(series: str, years: Mapping[int, Sequence[str]]) -> Iterator[str]:
    """A line for the accounts of seasons of each source."""
    of = "" if series == FORMULA_ONE else f"{series} "
    for source in sorted({source for told in years.values() for source in told}):
        yield f"{of}seasons from {source}: {_years([y for y in years if source in years[y]])}"


def _years(years: Sequence[int]) -> str:
    """Years as spans: ``1950-2025, 2027``."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def _what(rows: pl.DataFrame) -> str:
    if rows.height <= FEW:
        return ", ".join(map(_name, rows.iter_rows(named=True)))
    races = rows.filter(pl.col("session") == "race").height
    sprints = rows.filter(pl.col("session") == "sprint").height
    seasons = rows.filter(pl.col("session").is_null()).height
    kinds = ((seasons, "season"), (races, "race"), (sprints, "sprint"))
    counted = " and ".join(_counted(kinds))
    years = rows["season"].unique().sort()
    return f"{counted} of {years[0]}" + (f" to {years[-1]}" if len(years) > 1 else "")


def _counted(kinds: Iterable[tuple[int, str]]) -> list[str]:
    return [plural(count, kind) for count, kind in kinds if count]


def _name(row: dict[str, object]) -> str:
    if row["session"] is None:
        return f"season {row['season']} ({row['source']})"
    sprint = " sprint" if row["session"] == "sprint" else ""
    of = "" if row["series"] == FORMULA_ONE else f"{row['series']} "
    return f"{of}{row['season']} {row['name']}{sprint} ({row['source']})"
