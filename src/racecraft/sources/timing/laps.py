"""From the columns that were found to rows of laps: times in any notation, stops in any words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.table import TIME
from racecraft.sources.shared.csv_cells import wrong_cell
from racecraft.sources.shared.race_of_rows import FLAGS

if TYPE_CHECKING:
    from racecraft.sources.timing.columns import Found

NO_VALUE = r"(?i)^(?:[-\s.*?]*|n/?a|nan|nat|none|null|dn[fs]|dsq|no time|out|lap|\d+ laps?)$"
# 2024-05-01T13:05:12.345Z, 13:05:12, 1:23.456, 1'23"456, 83,456, 0 days 00:01:23.456
_DATED = r"^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2}:\d{2}(?:\.\d+)?)(?:Z|[+-]\d{2}:?\d{2})?$"
_DAYS = r"^(\d+) days?,? (.*)$"
_PARTS = r"^(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,10}(?:\.\d{1,9})?)$"

NO = r"(?i)^(?:0|0\.0+|false|f|no?|nein|nee|non|nao|track|on track)$"
OUT = r"(?i)^(?:out|pit ?out|po|outlap|out ?lap)$"
SHORTEST_STOP_S = 2.0  # a number in a column of stops that is larger is a time, not a count
MILLISECONDS_FROM = 2000  # no lap takes as many seconds; whole numbers from here on are thousandths
OTHER_CLOCK = 3.0  # times the usual lap: a first lap that ends later was not timed from the start


@dataclass(frozen=True)
class Understood:
    """Rows as `lap_rows` takes them, which column is what, and what was decided by its numbers."""

    rows: pl.DataFrame
    found: Found
    remarks: tuple[str, ...] = ()


def understand(table: pl.DataFrame, found: Found, *, file: str) -> Understood:
    """Cells of the columns that were found, as the columns of `lap_rows`.

    Raises
    ------
    UnreadableError
        A cell of the laps or of a time is none; says which line and column.
    """
    if table.is_empty():
        raise UnreadableError(f"{file}: a heading and no laps", file=file)
    taken = dict(found.taken)
    rows = table.select("line", car=_text(taken["car"]), lap=_lap(table, taken["lap"], file))
    rows = rows.with_columns(
        table.select(
            _text(taken[role]).alias(role)
            for role in ("class", "team", "manufacturer", "vehicle", "compound")
            if role in taken
        )
    )
    if "position" in taken:
        rows = rows.with_columns(
            table.select(
                position=pl.col(taken["position"])
                .str.extract(r"^\D*(\d{1,4})(?:\.0+)?\D*$")
                .cast(pl.Int64)
            )
        )
    rows = rows.with_columns(*_drivers(table, taken), *_state(table, taken))
    result = Understood(rows, found, found.remarks)
    for role in (
        "lap_time",
        "elapsed",
        "time_of_day",
        "sector1",
        "sector2",
        "sector3",
        "some_time",
    ):
        if role in taken:
            result = _with_time(result, table, role, file)
    return _with_stops(result, table, file)


def _text(name: str) -> pl.Expr:
    cell = pl.col(name).str.strip_chars().str.replace_all(r"\s+", " ")
    return pl.when(cell != "").then(cell)


def _lap(table: pl.DataFrame, name: str, file: str) -> pl.Series:
    cell = pl.col(name).str.strip_chars()
    number = cell.str.extract(r"(?i)^(?:lap|l|runde|ronde|tour|vuelta|giro)?\s*(\d{1,5})(?:\.0+)?$")
    lap = table.select(number.cast(pl.Int64)).to_series()
    wrong = table.filter(lap.is_null())
    if len(wrong):
        row = wrong.row(0, named=True)
        raise wrong_cell(f"{file}, line {row['line']}", name, row[name], "the number of a lap")
    return lap


def _drivers(table: pl.DataFrame, taken: dict[str, str]) -> list[pl.Series]:
    parts = [taken[role] for role in ("given_name", "family_name") if role in taken]
    if "driver" in taken:
        parts = [taken["driver"]]
    if not parts:
        return []
    name = pl.concat_str([_text(part) for part in parts], separator=" ", ignore_nulls=True)
    return [table.select(driver=pl.when(name != "").then(name)).to_series()]


def _state(table: pl.DataFrame, taken: dict[str, str]) -> list[pl.Series]:
    if "flag" not in taken:
        return []
    flag = _text(taken["flag"]).str.to_uppercase()
    state = flag.replace_strict(FLAGS, default=pl.lit("?") + flag, return_dtype=pl.String)
    return [table.select(state=state).to_series()]


def _with_time(so_far: Understood, table: pl.DataFrame, role: str, file: str) -> Understood:
    """Rows with one more column of times; an ambiguous one is taken for what its numbers are."""
    name = so_far.found.taken[role]
    unit = so_far.found.units.get(role)
    time, remarks = _times(table, name, unit, file)
    rows = so_far.rows
    if role == "some_time":
        free = [r for r in ("lap_time", "elapsed") if r not in rows.columns]
        climbs = _climbs(rows, time)
        role = "elapsed" if climbs else "lap_time"
        if role not in free:
            return so_far
        remarks = [*remarks, f"{name!r} grows from lap to lap: {_words(role)}" if climbs else ""]
    if role == "elapsed":
        role, why = _which_clock(rows, time)
        remarks = [*remarks, f"{name!r} {why}" if why else ""]
    taken = {r: n for r, n in so_far.found.taken.items() if n != name} | {role: name}
    return Understood(
        rows.with_columns(time.alias(role)),
        replace(so_far.found, taken=taken),
        (*so_far.remarks, *filter(None, remarks)),
    )


def _times(
    table: pl.DataFrame, name: str, unit: int | None, file: str
) -> tuple[pl.Series, list[str]]:
    """A column of times in any notation, and what was assumed of it."""
    cell = pl.col(name).str.strip_chars(" \u00a0+")
    text = table.select("line", cell=pl.when(~cell.str.contains(NO_VALUE)).then(cell))
    dated = pl.col("cell").str.extract_groups(_DATED)
    daily = pl.col("cell").str.extract_groups(_DAYS)
    plain = pl.coalesce(dated.struct[1], daily.struct[1], "cell")
    plain = plain.str.replace_all(r"[hH'\u2032]\s*|m(?:in)?\s*", ":").str.strip_chars('s"\u2033 ')
    plain = plain.str.replace(r'["\u2033]', ".").str.replace(",", ".", literal=True)
    part = plain.str.extract_groups(_PARTS)
    hours, minutes = (part.struct[i].cast(pl.Int64).fill_null(0) for i in (0, 1))
    day = dated.struct[0].str.to_date(strict=False)
    days = pl.coalesce((day - day.min()).dt.total_days(), daily.struct[0].cast(pl.Int64), 0)
    whole = 60 * (minutes + 60 * (hours + 24 * days))
    read = text.with_columns(
        second=part.struct[2].cast(pl.Float64),
        whole=whole,
        bare=part.struct[1].is_null() & day.is_null(),
    )
    wrong = read.filter(pl.col("cell").is_not_null() & pl.col("second").is_null())
    if len(wrong):
        row = wrong.row(0, named=True)
        at = f"{file}, line {row['line']}"
        raise wrong_cell(at, name, row["cell"], "a time such as 1:23.456 or 83.456")
    bare = read.filter("bare")["second"].drop_nulls()
    remarks = []
    if unit is None and len(bare) and bare.median() >= MILLISECONDS_FROM and (bare % 1 == 0).all():  # type: ignore[operator]
        remarks, unit = [f"{name!r} read as milliseconds"], 1000
    scale = pl.when("bare").then(pl.lit(unit or 1_000_000)).otherwise(1_000_000)
    time = (pl.col("second") * scale).round().cast(pl.Int64) + pl.col("whole") * 1_000_000
    return read.select(time.cast(TIME)).to_series(), remarks


def _climbs(rows: pl.DataFrame, time: pl.Series) -> bool:
    """Whether times grow with every lap of every car, as a clock does."""
    laps = rows.select("car", "lap", time=time).drop_nulls().sort("car", "lap")
    steps = laps.select((pl.col("time").diff() > timedelta(0)).over("car")).to_series().drop_nulls()
    return len(steps) > 0 and bool(steps.all())


def _which_clock(rows: pl.DataFrame, time: pl.Series) -> tuple[str, str]:
    """Elapsed since the start, or on some other clock: that of the day, or of the session."""
    laps = rows.select("car", "lap", time=time).drop_nulls().sort("car", "lap")
    usual = laps.select(pl.col("time").diff().over("car")).to_series().median()
    first = laps.filter(lap=1)["time"].min()
    if not (isinstance(usual, timedelta) and isinstance(first, timedelta)):
        return "elapsed", ""
    if usual <= timedelta(0) or first <= OTHER_CLOCK * usual:
        return "elapsed", ""
    return "time_of_day", "does not count from the start: taken for a clock"


def _with_stops(so_far: Understood, table: pl.DataFrame, file: str) -> Understood:
    """Rows with the laps that ended in the pits: from a mark, or from a time spent there."""
    if "pit" not in so_far.found.taken:
        return so_far
    name = so_far.found.taken["pit"]
    cell = pl.col(name).str.strip_chars()
    marked = pl.when(~cell.str.contains(NO) & ~cell.str.contains(r"^[-\s.]*$")).then(cell)
    text = table.select("line", mark=marked)
    numbers = text.with_columns(
        pl.when(pl.col("mark").str.contains(r"^[\d:.,']+$")).then("mark").alias(name)
    )
    spent, _ = _times(numbers, name, so_far.found.units.get("pit"), file)
    long = pl.Series(spent > timedelta(seconds=SHORTEST_STOP_S)).fill_null(value=False)
    out = text.select(pl.col("mark").str.contains(OUT).fill_null(value=False)).to_series()
    rows = so_far.rows.with_columns(
        pit_time=pl.when(long).then(spent), out=out, mark=text["mark"].is_not_null()
    )
    after = pl.col("out").shift(-1, fill_value=False).over("car", order_by="lap")
    in_pit = (pl.col("mark") & ~pl.col("out")) | after
    return replace(so_far, rows=rows.with_columns(in_pit=in_pit).drop("out", "mark"))


def _words(role: str) -> str:
    return role.replace("_", " ")
