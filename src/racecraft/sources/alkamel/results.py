"""Al Kamel's results of a race, and how they differ from the order at the flag."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.clock import clock
from racecraft.model.race import DOUBTS
from racecraft.sources.shared.csv_cells import LAP_CLOCK, TEXT, WHOLE, Expected, read_table, typed
from racecraft.sources.shared.csv_cells import unique as no_two

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = {
    "POSITION": Expected(TEXT),
    "NUMBER": Expected(TEXT, needed=True),
    "STATUS": Expected(TEXT),
    "LAPS": Expected(WHOLE),
    "TOTAL_TIME": Expected(LAP_CLOCK),
    "FL_LAPNUM": Expected(WHOLE),
    "FL_TIME": Expected(LAP_CLOCK),
    "TEAM": Expected(TEXT),
    "CLASS": Expected(TEXT),
    "VEHICLE": Expected(TEXT),
}
# What other files of theirs call these.
ALSO = {
    "POS": "POSITION", "TIME": "TOTAL_TIME", "ELAPSED": "TOTAL_TIME", "BEST_LAP_NUM": "FL_LAPNUM",
    "BEST_LAP_TIME": "FL_TIME", "CLASS_TYPE": "CLASS", "CAR": "VEHICLE",
}  # fmt: skip

# Letters of a place, by what is written in STATUS or in POSITION.
_LETTERS = (
    (r"not started|did not start|\bdns\b|withdr|\bwd\b", "W", "Did not start"),
    (r"disq|\bdsq\b|\bdq\b", "D", "Disqualified"),
    (r"exclu|\bex\b", "E", "Excluded"),
    (r"retire|\bdnf\b|\bret\b|abandon", "R", "Retired"),
    (r"not class|unclass|\bnc\b", "N", "Not classified"),
)


def read_results(data: bytes, *, file: str) -> pl.DataFrame:
    """Cars in the order in which the result lists them, with columns as in ``CLASSIFICATION``.

    Besides these ``class``, ``vehicle`` and ``drivers``, a list of names. ``status`` is as
    published.

    Raises
    ------
    UnreadableError
        It is none, or lists a car twice.
    """
    text = read_table(data, file=file, expected="Al Kamel's result of a race")
    text = text.rename({name: name.upper() for name in text.columns if name != "line"})
    text = text.rename(
        {old: new for old, new in ALSO.items() if old in text.columns and new not in text.columns}
    )
    for name in ("NUMBER", "POSITION"):
        if name not in text.columns:
            raise UnreadableError(
                f"{file}: no column {name}; expected Al Kamel's result of a race", file=file
            )
    text = text.filter(pl.col("NUMBER").is_not_null())
    if text.is_empty():
        raise UnreadableError(f"{file}: a heading and no cars", file=file)
    cells = no_two(typed(_without_gaps(text), COLUMNS, file=file), ["NUMBER"], file=file)
    read = [_letter(*both) for both in cells.select("STATUS", "POSITION").iter_rows()]
    letters, words = zip(*read, strict=True)
    place = pl.col("POSITION").str.extract(r"^(\d+)$").cast(pl.Int16)
    return cells.with_row_index("order", offset=1).select(
        "order",
        position=pl.when(pl.Series(letters, dtype=pl.String).is_null()).then(place),
        position_text=pl.coalesce(pl.Series(letters, dtype=pl.String), place.cast(pl.String)),
        car="NUMBER",
        number="NUMBER",
        team="TEAM",
        laps="LAPS",
        time="TOTAL_TIME",
        status=pl.Series(words, dtype=pl.String),
        fastest_lap=pl.when(pl.col("FL_LAPNUM") > 0).then("FL_LAPNUM"),
        fastest_lap_time="FL_TIME",
        vehicle="VEHICLE",
        drivers=_drivers(text),
        **{"class": "CLASS"},
    )


def with_status(results: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The result with a status in words: who took the flag, how many laps down, who did not.

    The flag fell when the first of the cars with most laps ended its last one; who crossed the
    Line since then took it. A car without laps in the file is left as it is published.
    """
    last = rows.drop_nulls("end").group_by("car").agg(pl.col("lap").max(), pl.col("end").max())
    first = last.sort(["lap", "end"], descending=[True, False]).head(1)
    most = results["laps"].max()
    down = pl.lit(most) - pl.col("laps")
    laps_down = pl.format(
        "+{} {}", down, pl.when(down == 1).then(pl.lit("Lap")).otherwise(pl.lit("Laps"))
    )
    flag = pl.lit(first["end"].item() if len(first) else None, pl.Duration("us"))
    classified = pl.col("position").is_not_null()
    took = (pl.col("end") >= flag).fill_null(value=len(first) == 0)
    return (
        results.join(last.select("car", "end"), on="car", how="left", maintain_order="left")
        .with_columns(
            status=pl.when(classified & took & (down > 0))
            .then(laps_down)
            .when(classified & took)
            .then(pl.lit("Finished"))
            .when(classified)
            .then(pl.lit("Retired"))
            .otherwise("status")
        )
        .drop("end")
    )


def penalties(results: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Every difference between the result and the order at the Line, named: rows of ``DOUBTS``.

    Time that was added after the flag, laps that were taken away, and cars that were put behind
    others whom they beat by laps and time. Of the latter the fewest that explain the result are
    named.
    """
    last = rows.drop_nulls("end").group_by("car").agg(pl.col("lap").max(), pl.col("end").max())
    both = results.filter(pl.col("position").is_not_null()).join(
        last, on="car", how="left", maintain_order="left"
    )
    found = [(row["car"], _changed(row)) for row in both.iter_rows(named=True)]
    kept = pl.coalesce("laps", "lap"), pl.coalesce("time", "end")
    deserved = (
        both.with_columns(laps_then=kept[0], time_then=kept[1])
        .sort(["laps_then", "time_then"], descending=[True, False], nulls_last=True)
        .with_row_index("deserved", offset=1)
        .sort("order")
    )
    moved = deserved[_out_of_order(deserved["deserved"].to_list())]
    stayed = deserved.join(moved, on="car", how="anti")
    found += [(row["car"], _put_back(row, deserved, stayed)) for row in moved.iter_rows(named=True)]
    return DOUBTS.rows([{"table": "classification", "car": c, "reason": r} for c, r in found if r])


def _changed(row: Mapping[str, Any]) -> str:
    """What the result says of a car that the Line does not; empty where they agree."""
    laps, lap, time, end = row["laps"], row["lap"], row["time"], row["end"]
    if isinstance(laps, int) and isinstance(lap, int) and laps != lap:
        return f"{laps} laps in the result, {lap} in the file of laps"
    if not (isinstance(time, timedelta) and isinstance(end, timedelta)) or time == end:
        return ""
    added = time - end
    if added > timedelta(0) and added % timedelta(seconds=1) == timedelta(0):
        return f"{clock(added, 0)} s added after the flag: a penalty"
    return f"time {clock(time)} in the result, {clock(end)} at the Line"


def _put_back(row: Mapping[str, Any], deserved: pl.DataFrame, stayed: pl.DataFrame) -> str:
    """Where a car was put after the flag, and where laps and time would have put it."""
    same = pl.col("class").eq_missing(pl.lit(row["class"]))
    group = deserved.filter(same).sort("deserved")["car"].to_list()
    place, where = group.index(row["car"]) + 1, "of its class" if row["class"] else "of all"
    behind = stayed.filter(same, pl.col("order") > row["order"])
    to = "the back" if behind.is_empty() else f"the place before car {behind['car'][0]}"
    return f"put to {to} {where} after the flag; by laps and time it would be {place} of them"


def _out_of_order(ranks: list[int]) -> list[int]:
    """Fewest items to take out of a list, by their places in it, so that the rest is in order.

    What remains is a longest increasing subsequence.

    >>> _out_of_order([1, 4, 2, 3, 5])
    [1]
    """
    ends: list[int] = []  # smallest last rank of an increasing run of each length
    length: list[int] = []
    for rank in ranks:
        at = bisect_left(ends, rank)
        ends[at : at + 1] = [rank]
        length.append(at + 1)
    kept, wanted, above = set(), len(ends), float("inf")
    for index in range(len(ranks) - 1, -1, -1):
        if length[index] == wanted and ranks[index] < above:
            kept.add(index)
            wanted, above = wanted - 1, ranks[index]
    return [index for index in range(len(ranks)) if index not in kept]


def _letter(status: str | None, position: str | None) -> tuple[str | None, str | None]:
    """Letter that stands for a place, and what happened in words; None for who has a place."""
    written = f"{status or ''} {position or ''}".lower()
    for pattern, letter, words in _LETTERS:
        if re.search(pattern, written):
            return letter, words
    if not (position or "").strip().isdecimal():
        return "N", status or "Not classified"
    return None, status


def _without_gaps(text: pl.DataFrame) -> pl.DataFrame:
    """Cells without what stands for no time: a dash, or laps where a time is expected."""
    clocks = [name for name in ("TOTAL_TIME", "FL_TIME") if name in text.columns]
    no_time = r"^[\s\-.]*$|(?i)lap|dn[fs]"
    return text.with_columns(
        pl.when(~pl.col(name).str.contains(no_time)).then(name) for name in clocks
    )


def _drivers(text: pl.DataFrame) -> pl.Series:
    """Names of the drivers of each car, whether in one column or in two each."""
    names = []
    for row in text.iter_rows(named=True):
        crew = []
        for i in range(1, 7):
            parts = [row.get(f"DRIVER{i}_FIRSTNAME"), row.get(f"DRIVER{i}_SECONDNAME")]
            whole = row.get(f"DRIVER_{i}") or " ".join(filter(None, parts))
            if whole and whole.strip():
                crew.append(" ".join(whole.split()))
        names.append(crew)
    return pl.Series("drivers", names, dtype=pl.List(pl.String))
