"""Does the reconstruction agree with what was reported, and if not, why?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import positions
from racecraft.analysis.order.timing import timing
from racecraft.model.race import CAR
from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table
from racecraft.model.terms import THE_LINE

if TYPE_CHECKING:
    from racecraft.model.race import Race

SAME_LAP_TIME_US = 2_000  # lap times are reported to the millisecond
PENALTY_US = 500_000  # a race time longer by more than this carries a penalty

AUDIT = Table(
    "audit",
    key=("what", "car", "lap"),
    columns=(
        Column("what", pl.String, "position, lap_time or classification"),
        CAR,
        Column("lap", pl.Int16, "lap; of the classification, laps completed"),
        Column("reported", pl.String, "as reported"),
        Column("reconstructed", pl.String, "as racecraft has it"),
        Column("reason", pl.String, "why they differ; null where nothing known explains it"),
    ),
)


@dataclass(frozen=True, eq=False, repr=False)
class Audit(Shown):
    """Outcome of an audit.

    Attributes
    ----------
    differences
        ``AUDIT``: one row per difference.
    compared
        How many values were compared, by `what`.
    """

    differences: pl.DataFrame
    compared: dict[str, int]

    @property
    def unexplained(self) -> pl.DataFrame:
        """Differences without a reason."""
        return self.differences.filter(pl.col("reason").is_null())

    def __str__(self) -> str:
        """Say in one line what was compared and what differed."""
        parts = []
        for what, count in self.compared.items():
            rows = self.differences.filter(what=what)
            name = what.replace("_", " ")
            if not count:
                parts.append(f"no {name} was reported")
            elif rows.is_empty():
                parts.append(f"{count} of {count} {_plural(name, count)} agree")
            else:
                unexplained = rows["reason"].null_count()
                parts.append(
                    f"{count - rows.height} of {count} {_plural(name, count)} agree, "
                    f"{rows.height - unexplained} explained, {unexplained} unexplained"
                )
        return "; ".join(parts)


def audit(race: Race) -> Audit:
    """Compare the reconstruction with the reported positions, lap times and classification.

    Parameters
    ----------
    race
        Needs ``crossings``; compares with ``lap_chart`` and ``classification`` as far as there
        are any.

    Returns
    -------
    Audit
        Every difference with its reason, and how much was compared. Printed, it is one line.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> print(audit(toy_race()))
    no position was reported; no lap time was reported; no classification was reported
    """
    parts = {
        "position": _positions(race),
        "lap_time": _lap_times(race),
        "classification": _classification(race),
    }
    rows = [row for found, _ in parts.values() for row in found]
    return Audit(
        differences=AUDIT.rows(rows),
        compared={what: count for what, (_, count) in parts.items()},
    )


def _plural(name: str, count: int) -> str:
    if name == "classification":
        return "places in the classification"
    return name if count == 1 else f"{name}s"


def _reconstructed(race: Race) -> pl.DataFrame:
    """Position and lap time of every completed lap, with the lap chart's beside them."""
    at = timing(race)
    place = positions(race)[len(at.lines) - 1 :: len(at.lines)]
    lap, car = np.nonzero(~np.isnan(at.at_line))
    lap_time = at.at_line - at.begun
    if race.clock != "lights_out":
        lap_time[0] = np.nan
    made = pl.DataFrame(
        {
            "car": np.array(at.cars, object)[car],
            "lap": lap + 1,
            "place": place[lap, car],
            "lap_us": lap_time[lap, car],
        },
        schema_overrides={"car": pl.String, "lap": pl.Int16},
    ).with_columns(pl.col("lap_us").fill_nan(None))
    return race.lap_chart.join(made, on=["car", "lap"], how="inner")


def _positions(race: Race) -> tuple[list[dict[str, object]], int]:
    both = _reconstructed(race).drop_nulls("position")
    moved = _moved_cars(race)
    by_clock = pl.col("car").is_in(moved)
    # A place less the cars ahead whose clock was wrong: equal if only those stand elsewhere.
    others = [
        pl.col(place) - by_clock.cast(pl.Int64).cum_sum().over("lap", order_by=place)
        for place in ("position", "place")
    ]
    both = both.with_columns(
        twice=pl.len().over("lap", "position") > 1,
        same_but_for_clocks=others[0] == others[1],
        gone=pl.col("position").max().over("lap") > pl.len().over("lap"),
    )
    said = race.doubts.filter(table="lap_chart").drop_nulls(["car", "lap"])
    off = both.filter(pl.col("position") != pl.col("place")).join(
        said.unique(["car", "lap"]).select("car", "lap", doubt="reason"),
        on=["car", "lap"],
        how="left",
    )
    reason = (
        pl.when(pl.col("doubt").is_not_null())
        .then("doubt")
        .when("twice")
        .then(pl.lit("the source reports this position for two cars on this lap"))
        .when(by_clock)
        .then(pl.lit("the source's clock of this car is off; see doubts"))
        .when("same_but_for_clocks")
        .then(pl.lit(f"the source's clock of another car is off: {', '.join(sorted(moved))}"))
        .when("gone")
        .then(pl.lit("the source counts cars that are out"))
        .otherwise(None)
    )
    rows = off.select(
        "car",
        "lap",
        what=pl.lit("position"),
        reported=pl.col("position").cast(pl.String),
        reconstructed=pl.col("place").cast(pl.String),
        reason=reason,
    )
    return rows.to_dicts(), both.height


def _moved_cars(race: Race) -> set[str]:
    """Cars whose clock a source has wrong, by its doubts."""
    return set(
        race.doubts.filter(table="crossings", line=THE_LINE, lap=1)
        .filter(pl.col("reason").str.contains("clock of this car"))["car"]
        .drop_nulls()
    )


def _lap_times(race: Race) -> tuple[list[dict[str, object]], int]:
    both = _reconstructed(race).drop_nulls(["lap_time", "lap_us"])
    reported = pl.col("lap_time").dt.total_microseconds()
    off = both.filter((reported - pl.col("lap_us")).abs() > SAME_LAP_TIME_US)
    doubted = pl.struct("car", "lap").is_in(
        race.doubts.select("car", "lap").drop_nulls().unique().to_struct().implode()
    )
    rows = off.select(
        "car",
        "lap",
        what=pl.lit("lap_time"),
        reported=(reported / 1e6).round(3).cast(pl.String),
        reconstructed=(pl.col("lap_us") / 1e6).round(3).cast(pl.String),
        reason=pl.when(doubted)
        .then(pl.lit("in doubt; see doubts"))
        .otherwise(pl.lit("the source's lap time is not the difference of its own clock")),
    )
    return rows.to_dicts(), both.height


def _classification(race: Race) -> tuple[list[dict[str, object]], int]:
    """Order of the finishers by laps, then time, against the classified order."""
    at = timing(race)
    done = (at.last_step + 1) // len(at.lines)
    end = np.array([at.at_line[n - 1, car] if n else np.nan for car, n in enumerate(done)], float)
    at_flag = [at.cars[car] for car in np.lexsort((end, -done))]
    listed = race.classification.filter(pl.col("car").is_in(at.cars)).sort("order")
    final = listed["car"].to_list()
    rows: list[dict[str, object]] = []
    for row in listed.drop_nulls("position").iter_rows(named=True):
        driver, car = row["car"], at.cars.index(row["car"])
        place = at_flag.index(driver) + 1
        if place == row["position"]:
            continue
        rows.append(
            {
                "what": "classification",
                "car": driver,
                "lap": int(done[car]),
                "reported": str(row["position"]),
                "reconstructed": str(place),
                "reason": _penalty(row, end[car], race.clock)
                or _other_laps(row, int(done[car]))
                or _overtaken_after(driver, at_flag, final),
            }
        )
    return rows, listed["position"].count()


def _penalty(row: dict[str, Any], end: float, clock: str) -> str | None:
    """Penalty, by which the official race time is longer than the time at the Line."""
    if row["time"] is None or clock != "lights_out":
        return None
    added = row["time"].total_seconds() * 1e6 - end
    return f"a penalty of {added / 1e6:.3f} s" if added > PENALTY_US else None


def _other_laps(row: dict[str, Any], done: int) -> str | None:
    if row["laps"] is None or row["laps"] == done:
        return None
    return f"classified with {row['laps']} laps, timed on {done}"


def _overtaken_after(driver: str, at_flag: list[str], final: list[str]) -> str | None:
    """Cars that stood on the other side of this one at the flag."""
    was, now = set(at_flag[: at_flag.index(driver)]), set(final[: final.index(driver)])
    parts = [
        f"{', '.join(sorted(cars))} {what} in the classification"
        for cars, what in ((was - now, "fell behind"), (now - was, "came ahead"))
        if cars
    ]
    return "; ".join(parts) or None
