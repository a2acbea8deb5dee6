"""Three cars, five laps, three lines a lap: small enough to check by hand."""

from __future__ import annotations

import polars as pl

from racecraft.model.clock import duration
from racecraft.model.race import Race
from racecraft.model.terms import THE_LINE

# Seconds since lights out at S1, S2 and the Line, lap by lap. VER leads throughout; HAM passes SAI
# in sector 2 of lap 2 and stays ahead.
_TIMES: dict[str, list[float]] = {
    "VER": [32, 61, 92, 122, 150, 180, 210, 238, 268, 298, 326, 356, 386, 414, 444],
    "SAI": [33, 62, 93, 123, 152, 182, 212, 241, 271, 302, 330, 361, 391, 420, 450],
    "HAM": [34, 63, 94, 124, 151.9, 181.9, 211.4, 240.6, 270.8, 301, 329, 359, 389, 418, 448],
}  # fmt: skip
_LINES = ("S1", "S2", THE_LINE)


def toy_race() -> Race:
    """Return a race of VER, SAI and HAM over five laps, in which HAM passes SAI on lap 2.

    Examples
    --------
    >>> toy_race()
    <Race 2023 Toy Grand Prix: 3 cars, 45 crossings from toy>
    """
    crossings = pl.DataFrame(
        [
            {"car": car, "lap": i // 3 + 1, "line": _LINES[i % 3], "time_s": float(time)}
            for car, times in _TIMES.items()
            for i, time in enumerate(times)
        ]
    )
    return Race(
        season=2023,
        round=1,
        name="Toy Grand Prix",
        source="toy",
        entries=pl.DataFrame(
            {
                "car": ["VER", "SAI", "HAM"],
                "number": ["1", "55", "44"],
                "given_name": ["Max", "Carlos", "Lewis"],
                "family_name": ["Verstappen", "Sainz", "Hamilton"],
                "team": ["Red Bull", "Ferrari", "Mercedes"],
                "grid": [1, 2, 3],
                "pit_lane_start": [False, False, False],
            }
        ),
        lines=pl.DataFrame({"line": list(_LINES), "order": [1, 2, 3], "sector": [1, 2, 3]}),
        crossings=crossings.with_columns(time=duration("time_s"), basis=pl.lit("timed")),
    )
