"""Rows of anybody's lap times: one per car and lap, in order, with the time at the end of each.

What contradicts itself so that the order would be a guess is an error; what is merely lacking or
odd is a doubt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.clock import clock
from racecraft.model.race import DOUBTS
from racecraft.model.table import TIME

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

ROWS: dict[str, PolarsDataType] = {
    "line": pl.Int64,  # where the row stands in the file
    "car": pl.String,
    "lap": pl.Int64,
    "lap_time": TIME,
    "elapsed": TIME,  # since the start, at the end of the lap
    "time_of_day": TIME,  # since midnight, at the end of the lap
    "sector1": TIME,
    "sector2": TIME,
    "sector3": TIME,
    "in_pit": pl.Boolean,  # the lap ended in the pit lane, or it was entered on it
    "pit_time": TIME,  # time in the pit lane of a visit that began on this lap
    "position": pl.Int64,
    "class": pl.String,
    "driver": pl.String,
    "team": pl.String,
    "manufacturer": pl.String,
    "vehicle": pl.String,
    "compound": pl.String,
    "state": pl.String,  # of the race at the end of the lap: green, FCY, SC, red, ...
}

MOST_LAPS = 32767
HALF_A_DAY, DAY = timedelta(hours=12), timedelta(days=1)
# As large as what rounding twice can do, and no larger: times are written in one of these units.
UNITS = tuple(timedelta(seconds=s) for s in (1, 0.1, 0.01, 0.001))
TOO_MANY = (
    0.5  # of all laps: where more than these contradict the clock, nobody knows which is right
)


@dataclass(frozen=True)
class LapRows:
    """Rows in order of car and lap, with ``begin`` and ``end`` of each, and the doubts about them.

    ``clock`` is what times are measured from, as in `Race`.
    """

    rows: pl.DataFrame
    doubts: pl.DataFrame
    clock: str = "lights_out"


def lap_rows(rows: pl.DataFrame, *, file: str) -> LapRows:
    """Rows of a table of laps in their order, with the time at which each lap began and ended.

    Parameters
    ----------
    rows
        Columns of `ROWS`; those that are left out are unknown. ``line``, ``car`` and ``lap`` are
        needed, and one of ``lap_time``, ``elapsed`` and ``time_of_day``.
    file
        Its name, for errors.

    Raises
    ------
    UnreadableError
        A row without car or lap, two different rows for one lap of a car, a clock that runs
        backwards, lap times that mostly contradict the clock, no time at all; or, where lap times
        are all there is, one that is missing before another.

    Notes
    -----
    The end of a lap is its elapsed time, or else its time of day (midnights counted), or else the
    sum of the lap times so far; a row that lacks it goes on from the one before by its lap time.
    Nothing is added up across a lap that is missing.
    """
    lacking = [pl.lit(None, kind).alias(name) for name, kind in ROWS.items() if name not in rows]
    laid = rows.with_columns(lacking).select(pl.col(name).cast(kind) for name, kind in ROWS.items())
    single, doubts = _one_row_a_lap(laid, file)
    found = replace(_with_clock(single, file), doubts=doubts)
    timed = _with_ends(found.rows, from_start=found.clock == "lights_out")
    if found.rows["end"].is_null().all():
        _refuse_holes(timed, file)
    _refuse_backwards(timed, file)
    wrong = _contradicted(timed, file)
    return replace(
        found,
        rows=timed,
        doubts=pl.concat([doubts, wrong, _untimed(timed), _missing(timed)]),
    )


def _one_row_a_lap(rows: pl.DataFrame, file: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows sorted by car and lap; rows that say the same twice stand once."""
    for condition, what in (
        (pl.col("car").is_null(), "no car"),
        (pl.col("lap").is_null(), "no lap"),
        (~pl.col("lap").is_between(0, MOST_LAPS), "lap {lap}"),
    ):
        wrong = rows.filter(condition)
        if len(wrong):
            row = wrong.row(0, named=True)
            raise UnreadableError(
                f"{file}, line {row['line']}: {what.format(**row)}; "
                "expected a car and a lap from 1",
                file=file,
                line=row["line"],
            )
    said = [name for name in rows.columns if name != "line"]
    once = rows.unique(said, keep="first", maintain_order=True)
    _refuse_two_for_one(once, file)
    unordered = once.filter(pl.col("lap") < pl.col("lap").shift().over("car"))
    raced = once.filter(pl.col("lap") > 0).sort("car", "lap")
    if raced.is_empty():
        raise UnreadableError(f"{file}: no laps", file=file)
    doubts = [
        _doubt(
            rows.filter(~pl.struct(said).is_first_distinct()),
            "this row stands twice in the file: read once",
        ),
        _doubt(unordered, "not in order of laps in the file: put in their order"),
        _doubt(once.filter(pl.col("lap") == 0), "lap 0 is before the start: left out"),
    ]
    return raced, pl.concat(doubts)


def _refuse_two_for_one(rows: pl.DataFrame, file: str) -> None:
    again = rows.filter(pl.struct("car", "lap").is_duplicated()).sort("car", "lap", "line")
    if again.is_empty():
        return
    first, second = again.row(0, named=True), again.row(1, named=True)
    who = [row["team"] or row["driver"] for row in (first, second)]
    named = f" ({who[0]} and {who[1]})" if all(who) and who[0] != who[1] else ""
    raise UnreadableError(
        f"{file}, lines {first['line']} and {second['line']}: two different rows for lap "
        f"{first['lap']} of car {first['car']}{named}; expected one",
        hint="two cars with one number need two numbers, such as 7 and 07",
        file=file,
        line=second["line"],
    )


def _with_clock(rows: pl.DataFrame, file: str) -> LapRows:
    """Rows with ``end`` where a clock says it: elapsed, or else the time of day."""
    if rows["elapsed"].is_not_null().any():
        return LapRows(rows.with_columns(end="elapsed"), DOUBTS.empty())
    if rows["time_of_day"].is_not_null().any():
        return _of_day(rows)
    if rows["lap_time"].is_null().all():
        raise UnreadableError(
            f"{file}: no times; expected lap times, elapsed times or times of day", file=file
        )
    return LapRows(rows.with_columns(end=pl.lit(None, TIME)), DOUBTS.empty())


def _of_day(rows: pl.DataFrame) -> LapRows:
    """Ends by the time of day, since the start where a lap time of lap 1 tells when that was."""
    known = rows.drop_nulls("time_of_day")
    midnight = (pl.col("time_of_day").diff() < -HALF_A_DAY).fill_null(value=False)
    known = known.with_columns(
        end=pl.col("time_of_day") + midnight.cum_sum().over("car") * pl.lit(DAY)
    )
    first = known.group_by("car").agg(pl.col("end").first())["end"]
    usual = first.sort()[len(first) // 2]
    after_midnight = pl.col("end").first().over("car") < usual - HALF_A_DAY
    known = known.with_columns(end=pl.col("end") + after_midnight.cast(pl.Int64) * pl.lit(DAY))
    starts = known.filter(pl.col("lap") == 1).select(pl.col("end") - pl.col("lap_time"))
    start = starts["end"].min()
    zero = pl.lit(known["end"].min() if start is None else start, TIME)
    ends = known.select("car", "lap", pl.col("end") - zero)
    rows = rows.join(ends, on=["car", "lap"], how="left", maintain_order="left")
    return LapRows(rows, DOUBTS.empty(), "session" if start is None else "lights_out")


def _with_ends(rows: pl.DataFrame, *, from_start: bool) -> pl.DataFrame:
    """Rows with the ends that lap times alone tell, and ``begin``; nothing goes across a hole."""
    start = timedelta(0) if from_start else None
    known = pl.col("end").is_not_null()
    rows = rows.with_columns(
        follows=(pl.col("lap") == pl.col("lap").shift(fill_value=0) + 1).over("car")
    ).with_columns(
        total=pl.col("lap_time").fill_null(timedelta(0)).cum_sum().over("car"),
        holes=(pl.col("lap_time").is_null() | ~pl.col("follows")).cum_sum().over("car"),
    )
    rows = rows.with_columns(
        anchor=(pl.col("end") - pl.col("total"))
        .forward_fill()
        .over("car")
        .fill_null(pl.lit(start, TIME)),
        until=pl.when(known)
        .then("holes")
        .forward_fill()
        .over("car")
        .fill_null(0 if from_start else -1),
    )
    unbroken = pl.col("until") == pl.col("holes")
    rows = rows.with_columns(
        end=pl.coalesce("end", pl.when(unbroken).then(pl.col("anchor") + pl.col("total")))
    )
    before = pl.col("end").shift().over("car")
    first = pl.col("lap") == 1
    return rows.with_columns(
        begin=pl.coalesce(
            pl.when(first).then(pl.lit(start, TIME)).when(pl.col("follows")).then(before),
            pl.col("end") - pl.col("lap_time"),
        )
    ).drop("total", "holes", "anchor", "until", "follows")


def _refuse_holes(rows: pl.DataFrame, file: str) -> None:
    """Lap times alone: behind a lap without one nobody knows where a car is that drives on."""
    lost = rows.filter(pl.col("end").is_null(), pl.col("lap_time").is_not_null())
    if len(lost):
        row = lost.row(0, named=True)
        raise UnreadableError(
            f"{file}: car {row['car']} drove lap {row['lap']} (line {row['line']}), but has no lap "
            "time of one before it: where it lies is not known",
            hint="fill it in, or add a column of elapsed times or times of day",
            file=file,
            line=row["line"],
        )


def _refuse_backwards(rows: pl.DataFrame, file: str) -> None:
    timed = rows.drop_nulls("end")
    before = pl.col("end").shift().over("car")
    wrong = timed.with_columns(before=before).filter(pl.col("end") <= pl.col("before"))
    if len(wrong):
        row = wrong.row(0, named=True)
        raise UnreadableError(
            f"{file}, line {row['line']}: lap {row['lap']} of car {row['car']} ends at "
            f"{clock(row['end'])}, the lap before at {clock(row['before'])}; "
            "expected laps in order",
            hint="laps of one car must be numbered in the order in which they were driven",
            file=file,
            line=row["line"],
        )


def _contradicted(rows: pl.DataFrame, file: str) -> pl.DataFrame:
    """Doubts about lap times that are not the time between two ends; the clock holds.

    Lap 1 is left alone: some time it from the start, others from each car's own crossing.
    """
    both = rows.with_columns(
        between=pl.col("end") - pl.col("end").shift().over("car"),
        follows=(pl.col("lap") == pl.col("lap").shift() + 1).over("car"),
    ).filter("follows", pl.col("lap_time").is_not_null(), pl.col("between").is_not_null())
    off = (pl.col("lap_time") - pl.col("between")).abs()
    wrong = both.filter(off > 2 * _unit(both["lap_time"], both["end"]))
    if len(wrong) > TOO_MANY * len(both):
        row = wrong.row(0, named=True)
        raise UnreadableError(
            f"{file}: {len(wrong)} of {len(both)} lap times do not add up to the clock: lap "
            f"{row['lap']} of car {row['car']} took {clock(row['lap_time'])}, but ends "
            f"{clock(row['between'])} after the lap before (line {row['line']})",
            hint="leave out the column that is wrong",
            file=file,
            line=row["line"],
        )
    reasons = [
        f"lap time {clock(row['lap_time'])}, but {clock(row['between'])} between the two "
        "crossings of the Line: the crossings hold"
        for row in wrong.iter_rows(named=True)
    ]
    return DOUBTS.check(
        wrong.select(
            "car", "lap", table=pl.lit("lap_chart"), reason=pl.Series(reasons, dtype=pl.String)
        )
    )


def _unit(*times: pl.Series) -> timedelta:
    """Unit in which times are written: the largest of which all of them are multiples."""
    for unit in UNITS:
        step = unit // timedelta(microseconds=1)
        if all((time.drop_nulls().dt.total_microseconds() % step == 0).all() for time in times):
            return unit
    return UNITS[-1]


def _untimed(rows: pl.DataFrame) -> pl.DataFrame:
    """Doubts about laps of which nobody knows when they ended."""
    lost = rows.filter(pl.col("end").is_null())
    last = pl.col("lap") == pl.col("lap").max().over("car")
    return pl.concat(
        [
            _doubt(
                rows.filter(last).filter(pl.col("end").is_null()),
                "no time for this lap, the last of this car: it counts up to the lap before",
                "crossings",
            ),
            _doubt(
                lost.join(rows.filter(last), on=["car", "lap"], how="anti"),
                "no time for the end of this lap: no crossing",
                "crossings",
            ),
        ]
    )


def _missing(rows: pl.DataFrame) -> pl.DataFrame:
    """Doubts about laps that are missing before a lap that is there."""
    step = pl.col("lap") - pl.col("lap").shift(fill_value=0).over("car")
    return _doubt(rows.filter(step > 1), "one lap or more before this one is not in the file")


def _doubt(rows: pl.DataFrame, reason: str, table: str = "lap_chart") -> pl.DataFrame:
    return DOUBTS.check(rows.select("car", "lap", table=pl.lit(table), reason=pl.lit(reason)))
