"""Small made-up seasons: who drove for whom, and the order in which they came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.season import EVENTS, RESULTS, Season

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEAM_OF = {"AAA": "Red", "BBB": "Red", "CCC": "Blue", "DDD": "Blue", "EEE": "Green"}


def own_season(
    orders: Sequence[str],
    *,
    year: int = 2012,
    to_come: int = 0,
    retired: Mapping[int, str] | None = None,
    teams: Mapping[str, str] = TEAM_OF,
) -> Season:
    """Season of which the races went like ``"AAA BBB CCC"``; `retired` are others, by round."""
    rounds = [(f"race-{n}", n) for n in range(1, len(orders) + to_come + 1)]
    rows = []
    for number, order in enumerate(orders, start=1):
        out = (retired or {}).get(number, "").split()
        for place, driver in enumerate([*order.split(), *out], start=1):
            finished = driver not in out
            rows.append(
                {
                    "event": f"race-{number}",
                    "session": "race",
                    "order": place,
                    "position": place if finished else None,
                    "position_text": str(place) if finished else "R",
                    "driver": driver,
                    "team": teams[driver],
                    "number": ord(driver[0]),
                }
            )
    drivers = sorted({str(row["driver"]) for row in rows})
    named = sorted({str(row["team"]) for row in rows})
    return Season(
        season=year,
        events=EVENTS.rows([{"event": event, "name": event, "round": n} for event, n in rounds]),
        results=RESULTS.rows(rows) if rows else RESULTS.empty(),
        drivers=pl.DataFrame({"driver": drivers, "driver_id": [d.lower() for d in drivers]}),
        teams=pl.DataFrame({"team": named, "team_id": [t.lower() for t in named]}),
    )
