"""Where two accounts of one race say different things, and by how much."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.race import DOUBTS

if TYPE_CHECKING:
    from racecraft.model.race import Race

LAP_TIME_AGREES = timedelta(milliseconds=2)  # lap times are published to the millisecond
DURATION_AGREES = timedelta(milliseconds=500)  # times in the pit lane come from different loops

MOVED = "a visit on lap"


def disagreements(one: Race, other: Race) -> pl.DataFrame:
    """What two accounts of one race say differently, beyond a stated tolerance.

    Returns
    -------
    DataFrame
        ``DOUBTS``: lap times (2 ms), positions, places on the grid, classification, compounds, and
        visits to the pits that stand on different laps, are in one account only, or whose
        durations differ by more than 0.5 s.
    """
    names = (one.source, other.source)
    by_lap, by_driver = ["car", "lap"], ["car"]
    found = [
        _apart(one, other, "lap_chart", by_lap, "lap_time", "lap time", names, LAP_TIME_AGREES),
        _apart(one, other, "lap_chart", by_lap, "position", "position", names),
        _apart(one, other, "tyres", by_lap, "compound", "compound", names),
        _apart(one, other, "entries", by_driver, "grid", "grid", names),
        _apart(one, other, "classification", by_driver, "position_text", "position", names),
        _apart(one, other, "pit_visits", by_lap, "duration", "duration", names, DURATION_AGREES),
        _visits_in_one(one, other),
        _visits_in_one(other, one).filter(~pl.col("reason").str.starts_with(MOVED)),
    ]
    return pl.concat([DOUBTS.check(rows) for rows in found])


def _apart(
    one: Race,
    other: Race,
    table: str,
    key: list[str],
    column: str,
    what: str,
    names: tuple[str, str],
    tolerance: timedelta | None = None,
) -> pl.DataFrame:
    mine, theirs = (race.tables[table].select(*key, column) for race in (one, other))
    both = mine.join(theirs.unique(key, maintain_order=True), on=key, suffix="_other")
    value, value_other = pl.col(column), pl.col(f"{column}_other")
    differs = value != value_other if tolerance is None else (value - value_other).abs() > tolerance
    said = [_said(expr, as_seconds=tolerance is not None) for expr in (value, value_other)]
    return both.filter(differs).select(
        *key,
        table=pl.lit(table),
        reason=pl.format(f"{what}: {{}} in {names[0]}, {{}} in {names[1]}", *said),
    )


def _said(value: pl.Expr, *, as_seconds: bool) -> pl.Expr:
    if not as_seconds:
        return value.cast(pl.String)
    return pl.format("{} s", (value.dt.total_microseconds() / 1_000_000).round(3))


def _visits_in_one(one: Race, other: Race) -> pl.DataFrame:
    """Visits to the pits in one account that the other, where it has any, does not list there."""
    if other.pit_visits.is_empty():
        return DOUBTS.empty()
    laps = other.pit_visits.select("car", other_lap="lap").sort("other_lap")
    alone = one.pit_visits.join(other.pit_visits, on=["car", "lap"], how="anti").sort("lap")
    nearest = alone.join_asof(
        laps,
        left_on="lap",
        right_on="other_lap",
        by="car",
        strategy="nearest",
        tolerance=1,
        check_sortedness=False,  # both were sorted above
    )
    moved = f"{MOVED} {{}} in {one.source}, on lap {{}} in {other.source}"
    alone_here = pl.lit(f"this visit is in {one.source}, not in {other.source}")
    return DOUBTS.check(
        nearest.select(
            "car",
            "lap",
            table=pl.lit("pit_visits"),
            reason=pl.when(pl.col("other_lap").is_null())
            .then(alone_here)
            .otherwise(pl.format(moved, "lap", "other_lap")),
        )
    )
