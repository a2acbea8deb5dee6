"""Standings by the rulebook against every published row, 1950 to 2025, and why some differ."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from harness import Mark, shared, show
from rich.console import Console
from rich.table import Table

from racecraft.sources.ergast import dump
from racecraft.title.standings.ledger import ledgers
from racecraft.title.standings.standings import standings_of

CLOSE = 0.006  # points: published to two decimals

# What is wrong in the published tables, or told in them another way.
FINDINGS = {
    ("drivers", 1951): "the table ranks fifth at Indianapolis ahead of one of the two who shared "
    "third there, on equal points",
    ("drivers", 1954): "the table lacks a seventh of a point each for Moss, Ascari and Behra, who "
    "shared the fastest lap of the British Grand Prix with four others",
    ("drivers", 1956): "the table counts Fangio's second car at Monaco (1.5 points) until round 6",
    ("drivers", 1997): "the table places Schumacher last, who was excluded",
    ("drivers", 2005): "the table ranks Button and Sato, classified 11th and 14th in round 1, as "
    "not classified",
    ("drivers", 2011): "the table ranks Karthikeyan, 14th at best, behind Glock, 16th at best",
    ("drivers", 2022): "the table breaks a tie by a sprint: Ricciardo was sixth in a race, Tsunoda "
    "seventh",
    ("drivers", 2025): "the table does not place drivers who have not finished",
    ("constructors", 1959): "the table ranks teams without points in another order than their "
    "best places",
    ("constructors", 1961): "the table counts nine points for a win; for constructors it was eight",
    ("constructors", 1973): "the table drops a result too many in rounds 6 and 7",
    ("constructors", 1984): "the table places Tyrrell, which was excluded",
    ("constructors", 1995): "the table counts Brazil for Benetton and Williams, who lost it",
    ("constructors", 2000): "the table counts Austria for McLaren's winner, which it lost",
    ("constructors", 2005): "the table ranks BAR's cars, classified 11th and 14th in round 1, as "
    "not classified",
    ("constructors", 2007): "the table places McLaren last from round 1 on, which was excluded "
    "after round 13, and counts Hungary for it from round 14 on",
}

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no standings here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    seasons, _ = dump.parse(dump.fetch(folder / "data" / "ergast"))
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
        if table.is_empty():
            continue
        after = {b.sessions[b.run - 1].event: b for b in ledgers(season, kind=kind)}
        for (event,), published in table.partition_by("event", as_dict=True).items():
            ours = standings_of(after[str(event)])
            sharing = Counter(ours["position"])
            both = published.join(ours, on=who, how="left", suffix="_ours")
            for row in both.iter_rows(named=True):
                rows[season.season] += 1
                cause = _cause(kind, season.season, row, sharing[row["position_ours"]])
                if cause is not None:
                    differences[season.season, cause] += 1
    return rows, differences


def _cause(kind: Championship, season: int, row: dict[str, object], sharing: int) -> str | None:
    """Why a row differs; empty where nobody knows, None where it does not."""
    same = row["wins"] == row["wins_ours"] and _close(row["points"], row["points_ours"])
    place, ours = row["position"], row["position_ours"]
    if same and place == ours:
        return None
    if same and isinstance(place, int) and isinstance(ours, int) and ours <= place < ours + sharing:
        return "shared: nothing breaks the tie, the table lists one behind the other"
    return FINDINGS.get((kind, season), "")


def _close(one: object, other: object) -> bool:
    return isinstance(one, float) and isinstance(other, float) and abs(one - other) < CLOSE


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
