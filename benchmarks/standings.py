"""Standings by the rulebook against every published row, 1950 to 2025, and why some differ."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
from harness import Mark, shared, show
from rich.console import Console
from rich.table import Table

from racecraft.sources import ergast_dump
from racecraft.title.ledger import ledger
from racecraft.title.standings import standings_of

if TYPE_CHECKING:
    from racecraft.model.rulebook import Championship
    from racecraft.model.season import Season


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no standings here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    seasons, _ = ergast_dump.parse(ergast_dump.fetch(folder / "data" / "ergast"))
    began = time.perf_counter()
    marks = []
    for kind in ("drivers", "constructors"):
        rows, differences = compare(seasons, kind)
        _print(kind, rows, differences)
        marks.append(
            Mark(
                f"published rows of {kind}: not explained",
                (float(sum(n for (_, cause), n in differences.items() if not cause)),),
                unit="rows",
                limit=0,
                note=f"{sum(rows.values()):,} rows, {sum(differences.values()):,} differ",
            )
        )
    marks.append(Mark("all standings since 1950", (time.perf_counter() - began,)))
    return marks


def compare(
    seasons: list[Season], kind: Championship
) -> tuple[Counter[int], Counter[tuple[int, str]]]:
    """Published rows by season, and those that differ by season and cause."""
    rows: Counter[int] = Counter()
    differences: Counter[tuple[int, str]] = Counter()
    for season in seasons:
        who = "driver" if kind == "drivers" else "team"
        table = season.driver_standings if kind == "drivers" else season.constructor_standings
        for event, published in table.partition_by("event", as_dict=True).items():
            ours = standings_of(ledger(season, after=str(event[0]), kind=kind))
            both = published.join(ours, on=who, how="left", suffix="_ours", coalesce=True)
            for row in both.iter_rows(named=True):
                rows[season.season] += 1
                cause = _cause(season, kind, row, both)
                if cause is not None:
                    differences[season.season, cause] += 1
    return rows, differences


def _cause(
    season: Season, kind: Championship, row: dict[str, object], both: pl.DataFrame
) -> str | None:
    """Why a row differs; empty where nobody knows, None where it does not."""
    return ""


def _print(kind: str, rows: Counter[int], differences: Counter[tuple[int, str]]) -> None:
    table = Table(title=kind, box=None, header_style="bold")
    for column in ("season", "rows", "equal", "differences with their cause"):
        table.add_column(column, justify="right" if "diff" not in column else "left")
    for year in sorted(rows):
        own = {cause: n for (y, cause), n in differences.items() if y == year}
        table.add_row(
            str(year),
            str(rows[year]),
            str(rows[year] - sum(own.values())),
            "; ".join(f"{n} {cause or 'NOT EXPLAINED'}" for cause, n in own.items()),
        )
    Console(width=200).print(table)


if __name__ == "__main__":
    sys.exit(show(main()))
