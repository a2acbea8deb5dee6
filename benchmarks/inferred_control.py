"""Neutralised laps inferred from lap times, against the reported track status of 86 races.

A lap of the leader counts as neutralised where more than half of it was. The constants were chosen
on 2018 and 2019; 2021 and 2022 were looked at while the method was made, not for its constants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from harness import Mark, season_of_laps, shared, show
from rich.console import Console
from rich.table import Table

from racecraft.analysis.order.control import inferred, neutralised, periods_of
from racecraft.analysis.order.timing import earliest, timing
from racecraft.model.terms import NEUTRALISED

if TYPE_CHECKING:
    from racecraft.model.race import Race

SEASONS = (2018, 2019, 2021, 2022)
HALF = 0.5


def main() -> list[Mark]:
    if shared() is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    counts = {season: sum(map(_counts, season_of_laps(season))) for season in SEASONS}
    table = Table("season", "neutralised laps", "found", "right", title="inferred control")
    for season, (hits, missed, false) in counts.items():
        table.add_row(
            str(season), str(hits + missed), f"{hits / (hits + missed):.1%}",
            f"{hits / (hits + false):.1%}",
        )  # fmt: skip
    Console().print(table)
    hits, missed, false = sum(counts.values())
    return [
        Mark("neutralised laps found", (hits / (hits + missed),), unit="", least=0.90),
        Mark("of laps found, neutralised", (hits / (hits + false),), unit="", least=0.95),
    ]


def _counts(race: Race) -> np.ndarray:
    """Laps found, missed, and found though green."""
    at = timing(race)
    end = np.fmax.accumulate(earliest(at.at_line))
    begin = np.concatenate([[0.0], end[:-1]])
    told = neutralised(race).share(begin, end) > HALF
    by_pace = inferred(race).filter(pl.col("state").is_in(NEUTRALISED))
    found = periods_of(by_pace).share(begin, end) > HALF
    return np.array([(told & found).sum(), (told & ~found).sum(), (found & ~told).sum()])


if __name__ == "__main__":
    raise SystemExit(show(main()))
