"""From the rows of anybody's lap times to the tables of a race."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.race import DOUBTS
from racecraft.model.table import TIME
from racecraft.model.terms import THE_LINE

if TYPE_CHECKING:
    from racecraft.sources.shared.lap_rows import LapRows

SECTORS = {"S1": "sector1", "S2": "sector2", THE_LINE: "sector3"}
OF_A_CAR = ("class", "team", "manufacturer", "vehicle")
FEW = 8  # doubts about sectors of one car that are named one by one; more are one row

# State of the race by the flag that a table names. At the chequered flag the state before it ends;
# what is not in this list is a doubt.
FLAGS = {
    "GF": "green", "G": "green", "GREEN": "green", "WF": "green", "WHITE": "green",
    "FF": "flag", "CF": "flag", "CH": "flag",
    "GREEN FLAG": "green", "CHEQUERED": "flag", "CHECKERED": "flag", "FINISH": "flag",
    "FULL COURSE YELLOW": "FCY", "SAFETY CAR": "SC", "YELLOW": "FCY", "RED FLAG": "red",
    "FCY": "FCY", "YF": "FCY", "FYF": "FCY", "Y": "FCY",
    "SF": "SC", "SC": "SC", "VSC": "VSC", "RF": "red", "R": "red", "RED": "red",
}  # fmt: skip

# Letters on a timing screen, and what other series call the same rubber.
_COMPOUNDS = {
    "s": "soft", "m": "medium", "h": "hard", "i": "intermediate", "w": "wet", "rain": "wet",
    "slick": "dry", "inter": "intermediate",
}  # fmt: skip


def tables_of_rows(laps: LapRows) -> dict[str, pl.DataFrame]:
    """Tables of a race, by their names in `Race`, of rows that `lap_rows` put in order.

    ``control`` is there where the rows say in which state the race was; ``classification`` is not,
    as a table of laps does not say who was punished.
    """
    rows = laps.rows
    crossings, untimed = _crossings(rows)
    entries, changed = _entries(rows)
    control, unknown = _control(rows)
    silent = {
        "control": "yellow flags, safety cars and red flags are not in this source",
        "tyres": "tyres are not in this source",
    }
    tables = {
        "entries": entries,
        "lines": _lines(crossings),
        "crossings": crossings,
        "lap_chart": rows.filter(
            pl.col("lap_time").is_not_null() | pl.col("position").is_not_null()
        ),
        "tyres": _tyres(rows),
        "control": control,
        "pit_visits": _pit_visits(rows),
        "drivers_in_car": rows.drop_nulls("driver").filter(pl.col("driver") != pl.col("car")),
    }
    known = {"control": rows["state"], "tyres": rows["compound"]}
    doubts = [_about(name, silent[name]) for name, told in known.items() if told.is_null().all()]
    return tables | {"doubts": pl.concat([laps.doubts, *doubts, untimed, changed, unknown])}


def _crossings(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Times at the Line, and at the ends of sectors where these lie between two of them."""
    begin, end = pl.col("begin"), pl.col("end")
    first, second, third = (pl.col(name) for name in SECTORS.values())
    rows = rows.with_columns(
        S1=pl.coalesce(begin + first, end - third - second),
        S2=pl.coalesce(end - third, begin + first + second),
    )
    told = pl.any_horizontal(pl.col(name).is_not_null() for name in ("S1", "S2"))
    inside = pl.all_horizontal(
        (pl.col("begin") < pl.col("S1")).fill_null(value=True),
        (pl.col("S1") < pl.col("S2")).fill_null(value=True),
        (pl.col("S1") < end).fill_null(value=True),
        (pl.col("S2") < end).fill_null(value=True),
        end.is_not_null(),
    )
    wrong = rows.filter(told & ~inside)
    crossings = pl.concat(
        rows.filter(inside | (pl.lit(line) == THE_LINE)).select(
            "car", "lap", line=pl.lit(line), time=pl.col("end" if line == THE_LINE else line)
        )
        for line in SECTORS
    ).drop_nulls("time")
    partly = rows.filter(inside & (pl.col("S1").is_null() | pl.col("S2").is_null()))
    has_sectors = rows.select(told).to_series().any()
    doubts = [
        _counted(wrong, "sector times that do not fit into the lap: left out"),
        _counted(partly if has_sectors else rows.clear(), "a sector was not timed"),
    ]
    return (
        crossings.with_columns(basis=pl.lit("timed")).sort("car", "time"),
        pl.concat(doubts),
    )


def _lines(crossings: pl.DataFrame) -> pl.DataFrame:
    timed = set(crossings["line"])
    lines = [(line, sector) for sector, line in enumerate(SECTORS, 1) if line in timed]
    return pl.DataFrame(
        [(line, order, sector) for order, (line, sector) in enumerate(lines, 1)],
        schema={"line": pl.String, "order": pl.Int16, "sector": pl.Int8},
        orient="row",
    )


def _entries(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cars as most of their rows describe them, and doubts where these change."""
    entries = rows.select("car").unique(maintain_order=True).with_columns(number="car")
    doubts = [DOUBTS.empty()]
    for name in OF_A_CAR:
        said = rows.drop_nulls(name)
        most = (
            said.group_by("car", name, maintain_order=True)
            .agg(laps=pl.len(), lap=pl.col("lap").min())
            .sort("laps", descending=True, maintain_order=True)
        )
        usual = most.unique("car", keep="first", maintain_order=True)
        entries = entries.join(
            usual.select("car", name), on="car", how="left", maintain_order="left"
        )
        other = most.join(usual.select("car", name), on=["car", name], how="anti").join(
            usual.select("car", usual=name), on="car"
        )
        reasons = [
            f"{name} is {row[name]!r} on {row['laps']} of its laps, elsewhere {row['usual']!r}: "
            "taken for that"
            for row in other.iter_rows(named=True)
        ]
        reason = pl.Series(reasons, dtype=pl.String)
        doubts.append(
            DOUBTS.check(other.select("car", "lap", table=pl.lit("entries"), reason=reason))
        )
    drivers = rows.drop_nulls("driver").group_by("car").agg(pl.col("driver").unique())
    alone = drivers.filter(
        pl.col("driver").list.len() == 1, pl.col("driver").list[0] != pl.col("car")
    )
    names = alone.select("car", name=pl.col("driver").list[0].str.splitn(" ", 2)).select(
        "car",
        given_name=pl.when(pl.col("name").struct[1].is_not_null()).then(pl.col("name").struct[0]),
        family_name=pl.coalesce(pl.col("name").struct[1], pl.col("name").struct[0]),
    )
    return entries.join(names, on="car", how="left", maintain_order="left"), pl.concat(doubts)


def _control(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Spans in which the race was in one state, each with the crossings that saw it begin and end.

    It is known at crossings only: before the first that saw it and after the last it may have been.
    """
    seen = rows.drop_nulls(["state", "end"]).sort("end", "car").select("end", "state")
    spans = (
        seen.with_columns(span=pl.col("state").rle_id())
        .group_by("span", maintain_order=True)
        .agg(pl.col("state").first(), first=pl.col("end").min(), last=pl.col("end").max())
        .with_columns(before=pl.col("last").shift(), after=pl.col("first").shift(-1))
        .filter(~pl.col("state").is_in(["green", "flag"]))
    )
    odd = pl.col("state").str.starts_with("?")
    unknown = spans.filter(odd).unique("state", maintain_order=True)
    reasons = [f"flag {state[1:]!r} is not known: left out" for state in unknown["state"]]
    return (
        spans.filter(~odd).select(
            "state", to="last", from_earliest=pl.coalesce("before", pl.lit(timedelta(0), TIME)),
            to_latest="after", **{"from": "first"},
        ),
        pl.concat([DOUBTS.empty(), *(_about("control", reason) for reason in reasons)]),
    )  # fmt: skip


def _pit_visits(rows: pl.DataFrame) -> pl.DataFrame:
    visited = pl.col("in_pit").fill_null(value=False) | pl.col("pit_time").is_not_null()
    return rows.filter(visited).select("car", "lap", duration="pit_time")


def _tyres(rows: pl.DataFrame) -> pl.DataFrame:
    """Sets of tyres: a new one where the compound changes; others cannot be told apart."""
    told = rows.drop_nulls("compound").with_columns(
        pl.col("compound").str.strip_chars().str.to_lowercase().replace(_COMPOUNDS)
    )
    new = (pl.col("compound") != pl.col("compound").shift().over("car")).fill_null(value=True)
    return told.filter(new).select("car", "lap", "compound")


def _counted(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    """A doubt a lap, or one a car where there are many."""
    many = pl.len().over("car") > FEW
    single = rows.filter(~many).select("car", "lap", reason=pl.lit(reason))
    cars = rows.filter(many).group_by("car", maintain_order=True).agg(laps=pl.len())
    told = [f"{reason}; on {count} laps" for count in cars["laps"]]
    summed = cars.select("car", lap=pl.lit(None, pl.Int64), reason=pl.Series(told, dtype=pl.String))
    return DOUBTS.check(pl.concat([single, summed]).with_columns(table=pl.lit("crossings")))


def _about(table: str, reason: str) -> pl.DataFrame:
    return DOUBTS.rows([{"table": table, "reason": reason}])
