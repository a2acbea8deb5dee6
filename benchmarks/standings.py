"""Standings by the rulebook against every published row, 1950 to 2025, and why some differ."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
from harness import Mark, shared, show
from rich.console import Console
from rich.table import Table

from racecraft.sources.ergast import dump
from racecraft.sources.record.record import record_season
from racecraft.sources.record.years import FIRST, LAST
from racecraft.title.standings.ledger import ledgers
from racecraft.title.standings.standings import standings_of

CLOSE = 0.006  # points: published to two decimals

# What is wrong in the published tables, or told in them another way: those of Ergast.
OF_ERGAST = {
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

# And those of f1db.
_BY_ENGINE = "the table ranks {} once for each engine; elsewhere they are one"
OF_F1DB = {
    ("drivers", 1956): "the table has 27th for 17th after round 6",
    ("drivers", 1959): "the table lacks two points of Ward and Bonnier after round 5",
    ("drivers", 1964): "the table has 28th for 18th, twice, after round 9",
    ("drivers", 1979): "the table has 67th for 7th after round 13",
    ("drivers", 1982): "the table has 29th for 19th, three times, after rounds 10 and 11",
    ("constructors", 1974): "the table ranks McLaren, which led, second after round 13",
    ("constructors", 1977): "the table ranks Wolf, third, fourth after round 12",
    ("constructors", 1978): "the table counts a point of Tyrrell's second car in round 3",
    ("constructors", 1982): _BY_ENGINE.format("Brabham (Ford, BMW)"),
    ("constructors", 1983): _BY_ENGINE.format("Lotus (Renault, Ford) and others"),
    ("constructors", 1984): _BY_ENGINE.format("Arrows (BMW, Ford)"),
    ("constructors", 1985): _BY_ENGINE.format("Tyrrell (Renault, Ford)"),
    (
        "constructors",
        2007,
    ): "the table leaves McLaren out from round 1 on, which was excluded after round 13",
}

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season

    Findings = Mapping[tuple[Championship, int], str]


def main() -> list[Mark]:
    marks = of_source("f1db", [record_season(year) for year in range(FIRST, LAST + 1)], OF_F1DB)
    folder = shared()
    if folder is None:
        print("no standings of Ergast here: neither $RACECRAFT_SHARED nor ../shared")
        return marks
    seasons, _ = dump.parse(dump.fetch(folder / "data" / "ergast"))
    return [*marks, *of_source("Ergast", seasons, OF_ERGAST)]


def of_source(name: str, seasons: list[Season], findings: Findings) -> list[Mark]:
    """Marks of the standings that a source publishes."""
    began = time.perf_counter()
    marks = []
    for kind in ("drivers", "constructors"):
        rows, differences = compare(seasons, kind, findings)
        _print(f"{kind}, {name}", rows, differences)
        marks.append(
            Mark(
                f"published rows of {kind}, {name}: not explained",
                (float(sum(n for (_, cause), n in differences.items() if not cause)),),
                unit="rows",
                limit=0,
                note=f"{sum(rows.values()):,} rows, {sum(differences.values()):,} differ",
            )
        )
    marks.append(Mark(f"all standings since 1950, {name}", (time.perf_counter() - began,)))
    return marks


def compare(
    seasons: list[Season], kind: Championship, findings: Findings
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
            first = pl.col("position").min().over("points")
            ours = standings_of(after[str(event)]).with_columns(
                sharing=pl.len().over("position"), first=first, last=first + pl.len().over("points")
            )
            both = published.join(ours, on=who, how="left", suffix="_ours")
            for row in both.iter_rows(named=True):
                rows[season.season] += 1
                cause = _cause(row, findings.get((kind, season.season), ""))
                if cause is not None:
                    differences[season.season, cause] += 1
    return rows, differences


def _cause(row: dict[str, Any], finding: str) -> str | None:
    """Why a row differs; empty where nobody knows, None where it does not."""
    same = row["wins"] == row["wins_ours"] and _close(row["points"], row["points_ours"])
    place, ours = row["position"], row["position_ours"]
    if same and place == ours:
        return None
    if same and place is not None and ours is not None:
        if ours <= place < ours + row["sharing"]:
            return "shared: nothing breaks the tie, the table lists one behind the other"
        if not finding and row["first"] <= place < row["last"]:
            return "equal points: the table joins, or orders, what countback orders otherwise"
    return finding


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
