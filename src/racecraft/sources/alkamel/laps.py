"""Al Kamel's analysis files: a row for every lap of every car."""

from __future__ import annotations

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.sources.shared.csv_cells import LAP_CLOCK, TEXT, WHOLE, Expected, read_table, typed
from racecraft.sources.shared.lap_rows import LapRows, lap_rows
from racecraft.sources.shared.race_of_rows import FLAGS

COLUMNS = {
    "NUMBER": Expected(TEXT, needed=True),
    "LAP_NUMBER": Expected(WHOLE, needed=True),
    **dict.fromkeys(
        ("LAP_TIME", "ELAPSED", "HOUR", "S1", "S2", "S3", "PIT_TIME"),
        Expected(LAP_CLOCK),
    ),
    **dict.fromkeys(
        ("CROSSING_FINISH_LINE_IN_PIT", "DRIVER_NUMBER", "DRIVER_NAME", "CLASS", "GROUP", "TEAM",
         "MANUFACTURER", "FLAG_AT_FL"),
        Expected(TEXT),
    ),
}  # fmt: skip

# Grand tourers of the WEC raced in two classes, which some files tell apart by the group alone.
_GTE = r"(?i)^(LM)?GTE$"
_PRO_OR_AM = r"(?i)^(pro|am)$"


def read_laps(data: bytes, *, file: str) -> LapRows:
    """Rows of an analysis file in order, each with the time at which the lap ended.

    Raises
    ------
    UnreadableError
        It is none; says which line and column, and what was expected.

    Notes
    -----
    ELAPSED counts from the green flag, red flags included; HOUR is the time of day, used only
    where a file has no ELAPSED. PIT_TIME stands on the row after the lap that ended in the pit
    lane; on the row itself where the Line is not passed in the lane.
    """
    text = read_table(data, file=file, expected="Al Kamel's analysis of a race")
    text = text.rename({name: name.upper() for name in text.columns if name != "line"})
    for name in ("NUMBER", "LAP_NUMBER"):
        if name not in text.columns:
            raise UnreadableError(
                f"{file}: no column {name}; expected Al Kamel's analysis of a race", file=file
            )
    if text.is_empty():
        raise UnreadableError(f"{file}: a heading and no laps", file=file)
    if "ELAPSED" in text.columns:
        text = text.drop("HOUR", strict=False)
    text = text.rename(
        {f"S{i}_LARGE": f"S{i}" for i in (1, 2, 3) if f"S{i}" not in text.columns}, strict=False
    )
    cells = typed(text, COLUMNS, file=file)
    rows = cells.select(
        "line",
        car="NUMBER",
        lap="LAP_NUMBER",
        lap_time=_positive("LAP_TIME"),
        elapsed=_positive("ELAPSED"),
        time_of_day="HOUR",
        **{f"sector{i}": _positive(f"S{i}") for i in (1, 2, 3)},
        in_pit=pl.col("CROSSING_FINISH_LINE_IN_PIT").str.to_uppercase() == "B",
        spent="PIT_TIME",
        driver=_driver(),
        team="TEAM",
        manufacturer="MANUFACTURER",
        state=_state(),
        **{"class": _class()},
    )
    return lap_rows(_with_visits(rows), file=file)


def _with_visits(rows: pl.DataFrame) -> pl.DataFrame:
    """Time in the lane on the row of the lap on which it was entered."""
    entered = pl.col("in_pit").fill_null(value=False)
    inside = entered.shift(fill_value=False).over("car", order_by="lap")
    after = pl.col("spent").shift(-1).over("car", order_by="lap")
    return rows.with_columns(
        pit_time=pl.when(entered).then(after).when(~inside).then("spent"),
        in_pit=entered,
    ).drop("spent")


def _positive(name: str) -> pl.Expr:
    """A time, other than zero, which stands for none."""
    return pl.when(pl.col(name).dt.total_microseconds() > 0).then(name)


def _driver() -> pl.Expr:
    """Name of the driver, one spelling for each of a car: the most frequent one."""
    name = pl.col("DRIVER_NAME").str.replace_all(r"\s+", " ")
    usual = name.mode().first().over("NUMBER", "DRIVER_NUMBER")
    same = name.str.to_lowercase() == usual.str.to_lowercase()
    return pl.when(pl.col("DRIVER_NUMBER").is_not_null() & same).then(usual).otherwise(name)


def _class() -> pl.Expr:
    group = pl.col("GROUP")
    two = pl.col("CLASS").str.contains(_GTE) & group.str.contains(_PRO_OR_AM)
    both = pl.concat_str("CLASS", group, separator=" ")
    return pl.coalesce(pl.when(two).then(both), "CLASS", "GROUP")


def _state() -> pl.Expr:
    flag = pl.col("FLAG_AT_FL").str.to_uppercase()
    return flag.replace_strict(FLAGS, default=pl.lit("?") + flag, return_dtype=pl.String)
