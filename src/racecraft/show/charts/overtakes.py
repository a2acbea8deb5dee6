"""Changes of position over the laps of a race, by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from racecraft.analysis.order.overtakes import overtakes
from racecraft.model.terms import KINDS
from racecraft.show.charts.shapes import (
    Band,
    Mark,
    family_names,
    flag_bands,
    last_lap,
    need_laps,
    places_by_lap,
    race_name,
)

if TYPE_CHECKING:
    import polars as pl

    from racecraft.model.race import Race


@dataclass(frozen=True)
class OvertakesChart:
    """Changes of position by kind; x is the lap, at the line where it was seen first."""

    title: str
    laps: int
    rows: tuple[tuple[str, tuple[Mark, ...]], ...]
    bands: tuple[Band, ...]


def overtakes_chart(race: Race, table: pl.DataFrame | None = None) -> OvertakesChart:
    """What a picture of changes of position shows, all or those of a table; by kind."""
    need_laps(race)
    table = overtakes(race) if table is None else table
    lines = race.lines.sort("order")["line"].to_list()
    share = {line: (i + 1) / len(lines) for i, line in enumerate(lines)}
    names = family_names(race)
    rows = []
    for kind in KINDS:
        own = table.filter(kind=kind)["lap", "line", "passer", "passed"].rows()
        marks = tuple(
            Mark(i, lap - 1 + share.get(line, 1.0), 0.0, passer, lap,
                 f"{lap}: {names.get(passer, passer)} › {names.get(passed, passed)}")
            for i, (lap, line, passer, passed) in enumerate(own, 1)
        )  # fmt: skip
        if marks:
            rows.append((kind, marks))
    return OvertakesChart(
        race_name(race), last_lap(places_by_lap(race)), tuple(rows), flag_bands(race)
    )
