"""A race of two classes and shared cars, small enough to check by hand.

Prototypes 1 and 01 take 80 s a lap, GT cars 5 and 7 take 100 s. On lap 3 car 01 passes 1; on lap 4
car 7 passes 5. Ann hands car 1 over to Bob at the end of lap 4, in a stop of 30 s.
"""

from __future__ import annotations

import polars as pl

from racecraft.model.clock import duration
from racecraft.model.race import Race
from racecraft.model.terms import THE_LINE

ENDS = {
    "1": [80, 160, 240.4, 320.4, 430, 510],
    "01": [80.5, 160.5, 240, 320, 400, 480],
    "5": [100, 200, 300, 400.3, 500.3],
    "7": [100.6, 200.6, 300.6, 400, 500],
}  # seconds at the Line
CLASSES = {"1": "P", "01": "P", "5": "GT", "7": "GT"}


def two_classes(**tables: pl.DataFrame) -> Race:
    cars = list(ENDS)
    crossings = pl.DataFrame(
        [
            {"car": car, "lap": lap, "line": THE_LINE, "time_s": float(time)}
            for car, times in ENDS.items()
            for lap, time in enumerate(times, start=1)
        ]
    ).with_columns(time=duration("time_s"), basis=pl.lit("timed"))
    drove = [
        {"car": car, "lap": lap, "driver": _driver(car, lap)}
        for car, times in ENDS.items()
        for lap in range(1, len(times) + 1)
    ]
    return Race(
        series="club",
        season=2024,
        round=None,
        name="Two Hours",
        source="toy",
        entries=pl.DataFrame(
            {"car": cars, "number": cars, "class": list(CLASSES.values()), "grid": [1, 2, 3, 4]}
        ),
        drivers_in_car=pl.DataFrame(drove),
        lines=pl.DataFrame({"line": [THE_LINE], "order": [1], "sector": [1]}),
        crossings=crossings,
        pit_visits=pl.DataFrame({"car": ["1"], "lap": [4], "duration_s": [30.0]}).with_columns(
            duration=duration("duration_s")
        ),
    ).with_tables(**tables)


def _driver(car: str, lap: int) -> str:
    if car == "1":
        return "Ann Able" if lap <= 4 else "Bob Best"
    return {"01": "Cid Cole", "5": "Dan Dare", "7": "Eve East"}[car]
