"""What came of adding to the store, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.show.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    return "\n".join(lines)


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
    return f"{row['season']} {row['name']}{sprint} ({row['source']})"
