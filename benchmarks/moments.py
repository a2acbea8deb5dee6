"""Do the moments of a race tell what everybody knows of it, and who took the lead for good?

Thirty-nine moments of races of 2018 to 2023 that reports of the time tell first: cars, of which one
must be among those of a moment, and the laps on which it happened. The worth of a win, of a podium
and of the title, and the floors, were chosen with a look at these rows; what other races were found
to be told by is in docs/definitions/moments.md.
With ``--formula`` nothing is simulated; ``--gate`` takes every fifth row and one season of leads.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from typing import TYPE_CHECKING

from harness import Mark, season_of_laps, shared, show
from rich.console import Console
from rich.table import Table

import racecraft as rc
from racecraft.lookup.find import find_event
from racecraft.sim.moments.lead import leaders

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from racecraft.model.race import Race
    from racecraft.model.season import Season

SAMPLE = 2023
LEADS = (2021, 2022)
# Season, event, cars, first lap, last lap.
KNOWN = (
    (2018, 'azerbaijan', 'RIC VER', 40, 40),
    (2018, 'azerbaijan', 'BOT', 49, 49),
    (2018, 'germany', 'VET', 52, 52),
    (2018, 'italy', 'HAM RAI', 45, 45),
    (2019, 'bahrain', 'LEC', 46, 54),
    (2019, 'canada', 'VET', 70, 70),
    (2019, 'austria', 'LEC VER', 69, 69),
    (2019, 'germany', 'VER', 28, 64),
    (2019, 'hungary', 'HAM VER', 67, 67),
    (2019, 'brazil', 'ALB GAS HAM', 70, 70),
    (2019, 'brazil', 'HAM VER', 60, 60),
    (2021, 'bahrain', 'HAM VER', 53, 54),
    (2021, 'spain', 'HAM VER', 60, 60),
    (2021, 'monaco', 'PER VET', 30, 35),
    (2021, 'azerbaijan', 'VER', 46, 46),
    (2021, 'azerbaijan', 'HAM', 50, 50),
    (2021, 'britain', 'VER', 1, 1),
    (2021, 'britain', 'HAM LEC', 50, 50),
    (2021, 'hungary', 'BOT NOR PER VER', 1, 1),
    (2021, 'hungary', 'VET', 70, 70),
    (2021, 'monza', 'HAM VER', 26, 26),
    (2021, 'russia', 'HAM NOR', 49, 51),
    (2021, 'sao paulo', 'HAM VER', 59, 59),
    (2021, 'saudi', 'HAM VER', 43, 43),
    (2021, 'abu dhabi', 'HAM VER', 58, 58),
    (2021, 'abu dhabi', 'VER', 53, 53),
    (2022, 'bahrain', 'PER VER', 54, 57),
    (2022, 'spain', 'LEC', 27, 27),
    (2022, 'spain', 'PER VER', 49, 49),
    (2022, 'monaco', 'LEC PER', 15, 23),
    (2022, 'azerbaijan', 'LEC', 20, 20),
    (2022, 'britain', 'LEC SAI', 43, 43),
    (2022, 'austria', 'LEC VER', 12, 53),
    (2022, 'austria', 'SAI', 57, 57),
    (2022, 'netherlands', 'HAM VER', 61, 61),
    (2022, 'japan', 'LEC', 28, 28),
    (2022, 'sao paulo', 'HAM VER', 7, 8),
    (2023, 'mexico', 'LEC PER VER', 1, 1),
    (2023, 'sao paulo', 'ALO PER', 70, 71),
)  # fmt: skip
RUNS = 600


def main() -> list[Mark]:
    if shared() is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    table = Table("season", "event", "cars", "laps", "rank")
    ranks = []
    gate = "--gate" in sys.argv
    for season, event, cars, first, last in KNOWN[:: 5 if gate else 1]:
        rank = _rank(_weighed(season, event), set(cars.split()), first, last)
        ranks.append(rank)
        table.add_row(str(season), event, cars, f"{first} to {last}", str(rank or "-"))
    Console().print(table)
    marks = [
        _share(
            "known moments among the first three",
            [0 < rank <= 3 for rank in ranks],
            0.85 if gate else 0.90,
        ),
        _share("known moments first", [rank == 1 for rank in ranks], 0.50 if gate else 0.60),
        *_leads(LEADS[-1:] if gate else LEADS, simulated=False),
    ]
    if gate:
        return marks
    simulated = "--formula" not in sys.argv
    leads = _leads(LEADS, simulated=True) if simulated else []
    return [*marks, *leads, *_speed(simulated=simulated)]


def _leads(years: Iterable[int], *, simulated: bool) -> list[Mark]:
    """Where the change of the lead that lasted stands, in the races of some seasons."""
    found = [_rank_of_lead(race, simulated=simulated) for year in years for race in _races(year)]
    known = [rank for rank in found if rank is not None]
    by = "simulated" if simulated else "by the formula"
    return [
        _share(
            f"the lead for good after lap 1 ({len(known)} races), among the first five, {by}",
            [0 < rank <= 5 for rank in known],
            1.0,
        ),
        _share(
            f"the same, among the first three, {by}", [0 < rank <= 3 for rank in known], 34 / 37
        ),
    ]


def _speed(*, simulated: bool) -> list[Mark]:
    """Seconds that the moments of a race and of a season take, its laps loaded."""
    season = LEADS[-1]
    took = []
    for race in season_of_laps(season, filled=True):  # anew: nothing of them is remembered
        began = time.perf_counter()
        rc.moments(race, season=_season(season), history=_history(season, simulated=simulated),
                   simulated=simulated)  # fmt: skip
        took.append(time.perf_counter() - began)
    whole = f"moments of {len(took)} races"
    return [
        Mark("moments of a race", tuple(took), unit="s", limit=3.0, note="median of a season"),
        Mark(whole, (sum(took),), unit="s", limit=60.0),
    ]


def _share(what: str, hits: list[bool], least: float) -> Mark:
    share = sum(hits) / max(len(hits), 1)
    return Mark(what, (share,), unit="", least=least, note=f"{sum(hits)} of {len(hits)}")


def _rank(table: pl.DataFrame, cars: set[str], first: int, last: int) -> int:
    """Rank of the first moment of one of these cars within a lap of these laps; 0 if none is."""
    for row in table.iter_rows(named=True):
        if cars & set(row["drivers"].split()) and first - 1 <= row["lap"] <= last + 1:
            return int(row["rank"])
    return 0


def _rank_of_lead(race: Race, *, simulated: bool) -> int | None:
    """Rank of the change of the lead that lasted; None where the winner led from lap 1."""
    stints = leaders(race)
    winner = race.classification.filter(position=1)["car"].to_list()
    if len(stints) < 2 or [stints[-1][0]] != winner:
        return None
    told = _weighed(race.season, race.event, simulated=simulated)
    kept = told.filter(kind="lead change").filter(lap=stints[-1][1])
    return int(kept["rank"].min() or 0) if len(kept) else 0


@cache
def _weighed(season: int, event: str, *, simulated: bool | None = None) -> pl.DataFrame:
    tables = _season(season)
    name = find_event(tables.events, event, season=season)
    race = next(race for race in _races(season) if race.event == name)
    simulated = "--formula" not in sys.argv if simulated is None else simulated
    history = _history(season, simulated=simulated)
    return rc.moments(race, season=tables, history=history, simulated=simulated, runs=RUNS)


def _history(season: int, *, simulated: bool) -> list[Season]:
    return [_season(year) for year in range(season - 3, season)] if simulated else []


@cache
def _races(season: int) -> list[Race]:
    return rc.load_races(SAMPLE) if season == SAMPLE else season_of_laps(season, filled=True)


@cache
def _season(season: int) -> Season:
    return rc.load_season(season)


if __name__ == "__main__":
    raise SystemExit(show(main()))
