"""A ranking of battles, moments or races, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.show.moments import basis_words
from racecraft.show.text import plural, table_text, wrapped

if TYPE_CHECKING:
    from racecraft.show.page import Page

DEFINITION = {
    "battles": "heat: three for every swap, one for every attempt, and the root of the laps nose "
    "to tail (less in a train), times what was at stake and how late it was",
    "moments": "weight: points that a moment moved, 15 more for a win, 4 for a podium, 40 for a "
    "title; half the sum over its cars",
    "races": "drama: weights of a race's eight heaviest moments, later ones counting more",
}
BASIS = {
    "formula": "weighed by gaps and laps left; --simulated drives the rest of each race instead",
    "simulated": "weighed by driving the rest of each race from the end of every lap",
    "results": "weighed by the results alone",
}
SHOWN = {
    "battles": ("rank", "heat", "season", "name", "first", "second", "position", "start_lap",
                "end_lap", "swaps", "attempts", "closest", "ahead_at_end", "margin"),
    "moments": ("rank", "weight", "season", "name", "lap", "sentence"),
    "races": ("rank", "drama", "season", "name", "lead_changes", "sentence"),
}  # fmt: skip


def ranking_text(table: pl.DataFrame, what: str, races: int, page: Page) -> str:
    """Rows of a ranking, and what they are ranked by."""
    if not races:
        return "no race of these seasons is stored; racecraft data add laps, or openf1, adds some"
    sprint = pl.when(session="sprint").then(pl.lit(" sprint")).otherwise(pl.lit(""))
    rows = table.with_columns(name=pl.col("name").str.replace(" Grand Prix", "") + sprint)
    told = table_text(rows.select(SHOWN[what]), page)
    bases = table["basis"].unique(maintain_order=True).to_list() if "basis" in rows.columns else []
    notes = [
        f"of {plural(races, 'race')} that are stored",
        DEFINITION[what],
        *(basis_words(basis, BASIS) for basis in bases if basis in BASIS),
    ]
    return f"{told}\n{wrapped(page.style('; '.join(notes), 'dim'), page)}"
