"""A start, for eyes and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.show.text import table_text, wrapped

if TYPE_CHECKING:
    from racecraft.analysis.fights.start import Start
    from racecraft.model.race import Race
    from racecraft.show.page import Page

BY = {
    "telemetry": "by telemetry of the cars that have it; times in seconds after lights out",
    "sectors": "by times at the sector lines: who braked when, only telemetry tells",
    "laps": "by the grid and the end of lap 1 alone: what happened between, telemetry tells",
}


def start_text(race: Race, told: Start, page: Page) -> str:
    """A start told: sentences, then the table of cars, then what it is told by."""
    sprint = " sprint" if race.session == "sprint" else ""
    title = page.style(f"The start, {race.season} {race.name}{sprint}", "heading")
    sentences = "\n".join(wrapped(sentence, page, hang="* ") for sentence in told.sentences)
    table = table_text(_shown(told.table), page)
    note = wrapped(page.style(BY[told.finest], "dim"), page)
    return "\n\n".join([title + "\n" + sentences, table + "\n" + note])


def start_object(told: Start) -> dict[str, Any]:
    """A start as one object: its tables by name, and its sentences."""
    return {
        "starts": told.table,
        "abreast": told.abreast,
        "lost_speed": told.lost_speed,
        "finest": told.finest,
        "sentences": list(told.sentences),
    }


def _shown(table: pl.DataFrame) -> pl.DataFrame:
    """Columns that say something, numbers as people read them."""
    kept = [
        name for name in table.columns
        if table[name].is_not_null().any() and not name.endswith(("error_s", "error_m"))
    ]  # fmt: skip
    digits = {"braked_m": 0, "braked_kmh": 0}
    return table.select(
        pl.col(name).round(digits.get(name, 2)) if table[name].dtype == pl.Float64 else pl.col(name)
        for name in kept
    )
