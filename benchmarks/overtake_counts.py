"""Overtakes by race and kind, against published counts; how the limit of `trouble` was fitted.

With a path as its argument, the table by race is also written into that page; with ``--gate`` the
limit is not fitted again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness import Mark, season_of_laps, shared, show
from rich.console import Console
from rich.table import Table

import racecraft.analysis.order.overtakes as counted
from racecraft.analysis.order.changes import changes
from racecraft.analysis.order.timing import timing
from racecraft.model.terms import KINDS

if TYPE_CHECKING:
    from racecraft.model.race import Race

SEASONS = (2018, 2019, 2021, 2022)
# Counts of on-track overtakes as published: the average of a season, or of one race.
PUBLISHED = {(2018, ""): 32.6, (2019, ""): 38.9, (2021, "Dutch"): 24, (2022, "Dutch"): 23}
WITHIN = 0.10
RULES: tuple[counted.Rule, ...] = ("flying_laps", "mini_sector")
HEADING = ["race", *KINDS, *RULES]
BEGIN = "<!-- counted -->"
LIMITS_S = (3.0, 5.0, 7.0, 10.0)


def main() -> list[Mark]:
    if shared() is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    seasons = {season: season_of_laps(season, filled=True) for season in SEASONS}
    rows = [_counts(race) for races in seasons.values() for race in races]
    _show(rows)
    if "--gate" not in sys.argv:
        _by_limit(seasons)
        if len(sys.argv) > 1:
            _write(Path(sys.argv[1]), rows)
    return [
        Mark(
            f"overtakes {season} {event or 'a race'} / published",
            (_count(seasons[season], event) / published,),
            unit="",
            least=1 - WITHIN,
            limit=1 + WITHIN,
            note=f"{_count(seasons[season], event):.1f} against {published}",
        )
        for (season, event), published in PUBLISHED.items()
    ]


def _count(races: list[Race], event: str) -> float:
    """Average of `flying_laps` over the races whose name begins so."""
    counts = [
        counted.overtakes(race, rule="flying_laps").height
        for race in races
        if race.name.startswith(event)
    ]
    return sum(counts) / len(counts)


def _counts(race: Race) -> list[str]:
    """Row of the table: the race, its changes of position by kind, and by the counting rules."""
    kinds = dict(counted.overtakes(race)["kind"].value_counts().rows())
    rules = [counted.overtakes(race, rule=rule).height for rule in RULES]
    return [f"{race.season} {race.name}", *map(str, (*(kinds.get(k, 0) for k in KINDS), *rules))]


def _show(rows: list[list[str]]) -> None:
    table = Table(*HEADING, box=None, header_style="bold")
    for row in rows:
        table.add_row(*row)
    Console(width=160).print(table)


def _write(page: Path, rows: list[list[str]]) -> None:
    """The table, in the place of the one on the page."""
    before, _, _ = page.read_text(encoding="utf-8").partition(BEGIN)
    lines = [HEADING, ["---"] * len(HEADING), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    page.write_text(f"{before}{BEGIN}\n{table}\n", encoding="utf-8")


def _by_limit(seasons: dict[int, list[Race]]) -> None:
    """What the counts would be at other limits of `trouble`."""
    table = Table("limit of trouble", *(f"{y} {e}" for y, e in PUBLISHED), box=None)
    table.add_row("published", *map(str, PUBLISHED.values()))
    for limit in LIMITS_S:
        cells = []
        for season, event in PUBLISHED:
            races = [race for race in seasons[season] if race.name.startswith(event)]
            cells.append(f"{sum(_green(race, limit) for race in races) / len(races):.1f}")
        table.add_row(f"{limit:g} s", *cells)
    Console(width=160).print(table)


def _green(race: Race, limit_s: float) -> int:
    """Changes between racing cars of which the passed one lost no more than a limit."""
    found = changes(race)
    kinds, _, lost = counted._kinds(race, timing(race), found)
    racing = (kinds == "on_track") | (kinds == "trouble")
    return int((racing & (lost <= limit_s * 1e6)).sum())


if __name__ == "__main__":
    sys.exit(show(main()))
