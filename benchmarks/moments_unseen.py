"""Is a race told by what decided it, of races of all times, most of them without timing?

The rows of ``moments_unseen.csv`` were written down from memory before any of their moments was
looked at. A row is found if a moment of one of its kinds, of one of its drivers and, where a lap is
given, within a lap of it, is told; what the first run found, before anything was changed for it, is
in docs/definitions/moments.md. With ``--show`` what is told instead is printed.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from harness import Mark, shared, show
from rich.console import Console
from rich.table import Table

import racecraft as rc
from racecraft.history.stored import history_of
from racecraft.lookup.find import find_event
from racecraft.sim.moments.facts import read
from racecraft.sim.moments.from_results import race_of_result
from racecraft.sources.fastf1 import laps_csv
from racecraft.store.load import store_at
from racecraft.store.merge.fill import fill_from_season

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.model.season import Season

ROWS = Path(__file__).with_suffix(".csv")
RUNS = 1000


def main() -> list[Mark]:
    if shared() is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    table = Table("season", "event", "what everybody knows", "rank")
    ranks: dict[bool, list[int]] = defaultdict(list)
    for row in pl.read_csv(ROWS).iter_rows(named=True):
        race = _race(row["season"], row["event"], row["session"])
        told = _moments(race)
        rank = _rank(told, row)
        ranks[race.crossings.is_empty()].append(rank)
        table.add_row(str(row["season"]), row["event"], row["what"], str(rank or "-"))
        if "--show" in sys.argv and rank != 1:
            for one in told.head(4).iter_rows(named=True):
                table.add_row("", f"{one['rank']}. {one['kind']}", one["sentence"],
                              f"{one['weight']:.1f}")  # fmt: skip
    Console(width=150).print(table)
    marks = []
    for untimed, found in sorted(ranks.items()):
        of = f"of {len(found)} races {'known by their results' if untimed else 'with laps'}"
        marks += [_share(f"among the first three, {of}", [0 < rank <= 3 for rank in found]),
                  _share(f"first, {of}", [rank == 1 for rank in found])]  # fmt: skip
    return marks


def _share(what: str, hits: list[bool]) -> Mark:
    return Mark(what, (sum(hits) / len(hits),), unit="", note=f"{sum(hits)} of {len(hits)}")


def _rank(told: pl.DataFrame, row: dict[str, Any]) -> int:
    """Rank of the first moment that is what a row says; 0 if none is."""
    drivers, kinds = set(row["drivers"].split("|")), set(row["kinds"].split("|"))
    first, last = row["first_lap"], row["last_lap"]
    for one in told.iter_rows(named=True):
        names = set(read(one["facts"])["names"].values())  # of namesakes with the given name
        then = first is None or first - 1 <= one["lap"] <= last + 1
        if one["kind"] in kinds and any(map(_ends(drivers), names)) and then:
            return int(one["rank"])
    return 0


def _ends(drivers: set[str]) -> Callable[[str], bool]:
    """Whether a name is that of one of these drivers, with or without what stands before it."""
    return lambda name: any(f" {name}".endswith(f" {driver}") for driver in drivers)


def _moments(race: Race) -> pl.DataFrame:
    timed = not race.crossings.is_empty()
    before = range(race.season - 3, race.season) if timed else ()
    return rc.moments(race, season=_season(race.season), history=[_season(one) for one in before],
                      record=_record(), simulated=timed, runs=RUNS)  # fmt: skip


def _race(year: int, event: str, session: str) -> Race:
    """A sprint by its laps, where they are here; any other race by its result."""
    season = _season(year)
    name = find_event(season.events, event, season=year)
    timed = [race for race in _sprints(year) if race.event == name] if session == "sprint" else []
    if timed:
        return fill_from_season(timed[0], season)
    return race_of_result(season, name, "sprint" if session == "sprint" else "race")


@cache
def _sprints(year: int) -> list[Race]:
    folder = shared()
    file = None if folder is None else folder / "data" / "laps" / f"sprint_{year}.csv"
    if file is None or not file.exists():
        return []
    return laps_csv.parse(laps_csv.fetch(file), season=year, file=file.name)


@cache
def _season(year: int) -> Season:
    return rc.load_season(year)


@cache
def _record() -> History:
    return history_of(store_at(None))


if __name__ == "__main__":
    raise SystemExit(show(main()))
