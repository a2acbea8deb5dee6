"""Races for tests, written as the seconds at which each car crossed each line."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate

import polars as pl

from racecraft.model.race import Race
from racecraft.model.terms import THE_LINE

SECTORS = ("S1", "S2", THE_LINE)


def race_of(
    times: dict[str, list[float | None]],
    *,
    lines: tuple[str, ...] = (THE_LINE,),
    grid: list[str] | None = None,
    control: list[tuple[str, float, float]] = (),
    visits: list[tuple[str, int, float | None, float | None]] = (),
    tyres: list[tuple[str, int, str]] = (),
    classified: list[tuple[str, int | None, int, float | None]] = (),
    **tables: pl.DataFrame,
) -> Race:
    """Race of cars that crossed the lines at these seconds since lights out; None: not timed.

    ``visits`` are (driver, lap, in, out), ``tyres`` (driver, first lap, compound), ``classified``
    (driver, position, laps, race time).
    """
    drivers = list(times)
    crossings = [
        {"car": driver, "lap": i // len(lines) + 1, "line": lines[i % len(lines)],
         "time": timedelta(seconds=second), "basis": "timed"}
        for driver, seconds in times.items()
        for i, second in enumerate(seconds)
        if second is not None
    ]  # fmt: skip
    return Race(
        season=2023,
        round=1,
        name="Own Grand Prix",
        source="own",
        entries=pl.DataFrame(
            {
                "car": drivers,
                "grid": [grid.index(d) + 1 if grid and d in grid else None for d in drivers],
                "pit_lane_start": [bool(grid) and d not in grid for d in drivers],
            },
            schema_overrides={"grid": pl.Int16},
        ),
        lines=pl.DataFrame(
            {
                "line": list(lines),
                "order": range(1, len(lines) + 1),
                "sector": range(1, len(lines) + 1) if len(lines) > 1 else [None],
            },
            schema_overrides={"sector": pl.Int8},
        ),
        crossings=pl.DataFrame(crossings),
        control=_rows(
            [{"state": s, "from": _at(a), "to": _at(b)} for s, a, b in control], ("from", "state")
        ),
        pit_visits=_rows(
            [
                {"car": d, "lap": lap, "time_in": _at(a), "time_out": _at(b),
                 "duration": None if a is None or b is None else _at(b - a)}
                for d, lap, a, b in visits
            ],
            ("car", "lap"),
        ),
        tyres=_rows(
            [{"car": d, "lap": lap, "compound": c, "age": 0} for d, lap, c in tyres],
            ("car", "lap"),
        ),
        classification=_rows(
            [
                {"order": i, "car": d, "position": p, "laps": n, "time": _at(t),
                 "as_of": pl.Series([0]).cast(pl.Date)[0]}
                for i, (d, p, n, t) in enumerate(classified, start=1)
            ],
            ("order", "car", "as_of"),
        ),
        **tables,
    )  # fmt: skip


def laps_of(*lap_times: float, start: float = 0.0) -> list[float]:
    """Seconds at the Line after laps of these seconds."""
    return [round(time, 3) for time in accumulate(lap_times, initial=start)][1:]


def _at(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _rows(rows: list[dict[str, object]], key: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows) if rows else pl.DataFrame(schema=dict.fromkeys(key, pl.Null))
