"""Where two accounts of one season say different things."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.season import SEASON_DOUBTS
from racecraft.model.table import TIME

if TYPE_CHECKING:
    from racecraft.model.season import Season

A_DAY = timedelta(days=1)  # a night race is on two days, by the clock there and in Greenwich
TIME_AGREES = timedelta(milliseconds=500)  # old race times are published to the tenth
POINTS_AGREE = 0.01  # a seventh is published as 0.14
_OUT = {"D": "disqualified", "E": "disqualified"}

AT = ["event", "session", "driver"]


def season_differences(one: Season, other: Season) -> pl.DataFrame:
    """What two accounts of one season say differently about the same events.

    Returns
    -------
    DataFrame
        ``SEASON_DOUBTS``: days and laps of events; places, points, grids, laps and race times of
        drivers, and drivers who are in one result only; places in qualifying. Unknown differs from
        nothing, and how a car that was not classified is called is left to each source.
    """
    found = [
        *_of_events(one, other),
        *_of_results(one, other),
        _of_qualifying(one, other),
    ]
    return pl.concat([SEASON_DOUBTS.check(rows) for rows in found])


def _of_events(one: Season, other: Season) -> list[pl.DataFrame]:
    both = one.events.join(other.events, on="event", suffix="_other")
    names = (one.source, other.source)
    return [
        _said(both, "events", column, what, names, apart=apart).with_columns(session=pl.lit("race"))
        for column, what, apart in (("date", "day", A_DAY), ("laps", "laps", None))
    ]


def _of_results(one: Season, other: Season) -> list[pl.DataFrame]:
    names = (one.source, other.source)
    mine, theirs = _once(one.results), _once(other.results)
    both = mine.join(theirs, on=AT, suffix="_other")
    found = [
        _said(both, "results", "place", "place", names),
        _said(both, "results", "grid", "grid", names),
        _said(both, "results", "points", "points", names, apart=POINTS_AGREE),
        _said(both.filter(pl.col("position").is_not_null()), "results", "laps", "laps", names),
        _said(both, "results", "time", "race time", names, apart=TIME_AGREES),
    ]
    at = ["event", "session"]
    for first, second, who, lacks in (
        (mine, theirs, one.source, other.source),
        (theirs, mine, other.source, one.source),
    ):
        alone = (
            first.filter(~pl.col("position_text").is_in(["W", "F"]))
            .join(second.select(at).unique(), on=at, how="semi")
            .join(second, on=AT, how="anti")
        )
        reason = pl.format(f"{{}} is in the result of {who}, not in that of {lacks}", "driver")
        found.append(alone.select(*at, table=pl.lit("results"), who="driver", reason=reason))
    return found


def _once(results: pl.DataFrame) -> pl.DataFrame:
    """Results of those who are in one row only, their places in words."""
    return results.filter(pl.len().over(AT) == 1).with_columns(
        place=pl.when(pl.col("position").is_not_null())
        .then(pl.col("position").cast(pl.String))
        .otherwise(
            pl.col("position_text").replace_strict(
                _OUT, default="not classified", return_dtype=pl.String
            )
        ),
    )


def _of_qualifying(one: Season, other: Season) -> pl.DataFrame:
    both = one.qualifying.join(other.qualifying, on=["event", "driver"], suffix="_other")
    names = (one.source, other.source)
    told = _said(both, "qualifying", "position", "place in qualifying", names)
    return told.with_columns(session=pl.lit("race"))


def _said(
    both: pl.DataFrame,
    table: str,
    column: str,
    what: str,
    names: tuple[str, str],
    *,
    apart: float | timedelta | None = None,
) -> pl.DataFrame:
    """Rows in which two accounts differ in a column, and what each says there."""
    mine, theirs = pl.col(column), pl.col(f"{column}_other")
    differs = mine != theirs if apart is None else (mine - theirs).abs() > apart
    shown = [
        (expr.dt.total_milliseconds() / 1000).round(3) if both.schema[column] == TIME else expr
        for expr in (mine, theirs)
    ]
    of = pl.format("{}, ", "driver") if "driver" in both.columns else pl.lit("")
    return both.filter(differs).select(
        "event",
        *(["session"] if "session" in both.columns else []),
        *([pl.col("driver").alias("who")] if "driver" in both.columns else []),
        table=pl.lit(table),
        reason=pl.format(f"{{}}{what}: {{}} in {names[0]}, {{}} in {names[1]}", of, *shown),
    )
