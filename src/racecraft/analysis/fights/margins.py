"""By how much did one car beat another at the flag?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from racecraft.model.race import Race

# Official times and the crossings at the flag agree to some thousandths; a penalty takes seconds.
PENALTY_S = 0.5


def margin_at_flag(race: Race, a: str, b: str, road: timedelta) -> tuple[timedelta, str]:
    """Official margin between two finishers, or that on the road where a penalty changed it."""
    times = dict(race.classification.filter(pl.col("car").is_in([a, b]))["car", "time"].rows())
    if times.get(a) is None or times.get(b) is None:
        return road, "road"
    official = abs(times[a] - times[b])
    agree = abs(official - road) < timedelta(seconds=PENALTY_S)
    return (official, "official") if agree else (road, "road")
