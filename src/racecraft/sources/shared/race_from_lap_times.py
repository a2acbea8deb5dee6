"""From the facts of a season and the lap times of a race to that race."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import NotFoundError
from racecraft.model.race import CLASSIFICATION, DOUBTS, PIT_VISITS, Race
from racecraft.model.table import TIME
from racecraft.model.terms import THE_LINE

if TYPE_CHECKING:
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName

SECTORS = ("sector1", "sector2", "sector3")
ENDS = ("S1", "S2", THE_LINE)

# A car without a place on the grid that covered a lap came from the pit lane; in older seasons its
# place is taken as unknown. (In the Ergast tables there is no such car before 2015.)
PIT_LANE_STARTS_SINCE = 1996

NAMES = ("given_name", "family_name")
CAR_OF_RESULT = pl.coalesce("car", "driver")  # where cars bear the codes of their drivers

LONG_VISIT = timedelta(minutes=2)  # no stop for tyres takes as long


def race_from_lap_times(
    season: Season,
    event: str,
    laps: pl.DataFrame,
    *,
    session: SessionName = "race",
    pit_stops: pl.DataFrame | None = None,
) -> Race:
    """Race of the lap times of every car, added up from lights out.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results``.
    event
        Stable name of the event.
    laps
        ``car``, ``lap`` and ``lap_time`` (null where it was not timed); if known ``position``
        at the end of the lap and the durations ``sector1``, ``sector2`` and ``sector3``.
    pit_stops
        ``car``, ``lap``, ``duration``; left out, those of the season.

    Raises
    ------
    NotFoundError
        The season has no such event.

    Notes
    -----
    Lap 1 is timed from lights out. Where a lap time is missing the clock of that car is lost, so
    it has no crossings from there on; nothing is added up across the hole. A sector ends at the
    beginning of the lap plus the sectors so far, or at the end of the lap less the sectors to come.
    """
    found = season.events.filter(event=event)
    if found.is_empty():
        raise NotFoundError(f"no event {event!r} in {season.season}", season=season.season)
    facts = found.row(0, named=True)
    results = season.results.filter(event=event, session=session)
    laps = _with_clock(laps.filter(pl.col("lap") >= 1))
    crossings = _crossings(laps)
    if pit_stops is None:
        stops = season.pit_stops.rename({"driver": "car"})
        pit_stops = stops.filter(event=event) if session == "race" else None
    visits = PIT_VISITS.empty() if pit_stops is None else _pit_visits(pit_stops)
    listed = entries(season, event, session)
    unlisted = _unlisted(season, listed, laps["car"].append(visits["car"]))
    doubts = [
        _silence("control", "yellow flags, safety cars and red flags are not in this source"),
        _silence("tyres", "tyres are not in this source"),
        _no_positions(laps),
        _holes(laps, results),
        _untimed(laps, crossings),
        _visit_doubts(visits),
        unlisted.select(
            "car", table=pl.lit("entries"), reason=pl.lit("drove, but is not in the result")
        ),
    ]
    return Race(
        season=season.season,
        round=facts["round"],
        name=facts["name"],
        event=event,
        session=session,
        date=facts["date"],
        source=season.source,
        entries=pl.concat([listed, unlisted], how="diagonal_relaxed"),
        lines=_lines(crossings),
        crossings=crossings,
        lap_chart=_lap_chart(laps),
        pit_visits=visits,
        classification=classification_of(results),
        doubts=pl.concat([DOUBTS.check(d) for d in doubts if not d.is_empty()]),
    )


def entries(season: Season, event: str, session: SessionName = "race") -> pl.DataFrame:
    """Entries of a race, as its results list them; whoever shared a car stands once.

    A car without a place on the grid that covered a lap started from the pit lane in the seasons
    where that was possible; one that withdrew did not start at all.
    """
    nowhere = pl.col("grid").is_null()
    could = season.season >= PIT_LANE_STARTS_SINCE
    started = (
        pl.when(pl.col("position_text").is_in(["W", "F"]))
        .then(statement=False)
        .when((pl.col("laps") > 0) & could)
        .then(statement=True)
    )
    return (
        season.results.filter(event=event, session=session)
        .sort("order")
        .join(season.drivers.select("driver", *NAMES), on="driver", how="left")
        .with_columns(car=CAR_OF_RESULT)
        .with_columns(pl.when(pl.col("driver").n_unique().over("car") == 1).then(pl.col(*NAMES)))
        .unique("car", keep="first", maintain_order=True)
        .with_columns(pit_lane_start=pl.when(nowhere).then(started).otherwise(statement=False))
    )


def classification_of(results: pl.DataFrame) -> pl.DataFrame:
    """Return ``CLASSIFICATION`` of the results of a race: a car stands once at each place."""
    return CLASSIFICATION.check(
        results.with_columns(car=CAR_OF_RESULT).unique(
            ["order", "car"], keep="first", maintain_order=True
        )
    )


def _unlisted(season: Season, listed: pl.DataFrame, seen: pl.Series) -> pl.DataFrame:
    """Drivers who were seen on the track or in the pits, but are not in the result."""
    return (
        pl.DataFrame({"car": seen.unique(maintain_order=True)})
        .join(listed, on="car", how="anti")
        .join(season.drivers, left_on="car", right_on="driver", how="left")
        .select("car", pl.col("number").cast(pl.String), *NAMES)
    )


def _with_clock(laps: pl.DataFrame) -> pl.DataFrame:
    """Laps with ``begin`` and ``end`` since lights out, unknown after a hole."""
    unknown = {
        "position": pl.lit(None, pl.Int16),
        **{sector: pl.lit(None, TIME) for sector in SECTORS},
    }
    laps = laps.with_columns(
        value.alias(name) for name, value in unknown.items() if name not in laps.columns
    ).sort("car", "lap")
    whole = (
        (pl.col("lap_time").is_not_null() & (pl.col("lap") == pl.int_range(1, pl.len() + 1)))
        .cum_min()
        .over("car")
    )
    total = pl.col("lap_time").cum_sum().over("car")
    return laps.with_columns(end=pl.when(whole).then(total)).with_columns(
        begin=pl.when(pl.col("lap") == 1)
        .then(pl.lit(timedelta(0), TIME))
        .otherwise(
            pl.when(pl.col("lap").shift().over("car") == pl.col("lap") - 1).then(
                pl.col("end").shift().over("car")
            )
        )
    )


def _crossings(laps: pl.DataFrame) -> pl.DataFrame:
    first, second, third = (pl.col(sector) for sector in SECTORS)
    begin, end = pl.col("begin"), pl.col("end")
    times = {
        "S1": pl.coalesce(begin + first, end - third - second),
        "S2": pl.coalesce(end - third, begin + first + second),
        THE_LINE: end,
    }
    return (
        pl.concat(
            laps.select("car", "lap", line=pl.lit(line), time=time) for line, time in times.items()
        )
        .drop_nulls("time")
        .with_columns(basis=pl.lit("timed"))
        .sort("car", "time")
    )


def _lines(crossings: pl.DataFrame) -> pl.DataFrame:
    timed = set(crossings["line"])
    lines = [(line, sector) for sector, line in enumerate(ENDS, 1) if line in timed]
    return pl.DataFrame(
        [(line, order, sector) for order, (line, sector) in enumerate(lines, 1)],
        schema={"line": pl.String, "order": pl.Int16, "sector": pl.Int8},
        orient="row",
    )


def _lap_chart(laps: pl.DataFrame) -> pl.DataFrame:
    return laps.filter(pl.col("lap_time").is_not_null() | pl.col("position").is_not_null())


def _pit_visits(pit_stops: pl.DataFrame) -> pl.DataFrame:
    """Visits, one a lap: what a source lists twice on one lap is added up."""
    return pit_stops.group_by("car", "lap", maintain_order=True).agg(
        duration=pl.when(pl.col("duration").is_not_null().all()).then(pl.col("duration").sum())
    )


def _silence(table: str, reason: str) -> pl.DataFrame:
    return pl.DataFrame({"table": [table], "reason": [reason]})


def _no_positions(laps: pl.DataFrame) -> pl.DataFrame:
    if laps["position"].is_not_null().any():
        return pl.DataFrame()
    return _silence("lap_chart", "positions at the end of each lap are not in this source")


def _holes(laps: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Laps that a car completed by the classification, but without a lap time."""
    completed = (
        results.group_by(car=CAR_OF_RESULT, maintain_order=True)
        .agg(pl.col("laps").max())
        .filter(pl.col("laps") > 0)
        .with_columns(lap=pl.int_ranges(1, pl.col("laps") + 1, dtype=pl.Int16))
        .explode("lap")
    )
    timed = laps.drop_nulls("lap_time").select("car", pl.col("lap").cast(pl.Int16))
    return completed.join(timed, on=["car", "lap"], how="anti").select(
        "car",
        "lap",
        table=pl.lit("crossings"),
        line=pl.lit(THE_LINE),
        reason=pl.lit("no time for this lap, so none of this car's crossings from here on"),
    )


def _untimed(laps: pl.DataFrame, crossings: pl.DataFrame) -> pl.DataFrame:
    """Sector ends of timed laps without a time, in a race that has sectors."""
    lines = crossings.select("line").unique()
    expected = laps.drop_nulls("end").select("car", "lap").join(lines, how="cross")
    return (
        expected.join(crossings, on=["car", "lap", "line"], how="anti")
        .select(
            "car",
            "lap",
            "line",
            table=pl.lit("crossings"),
            reason=pl.lit("this sector was not timed on this lap"),
        )
        .sort("car", "lap", "line")
    )


def _visit_doubts(visits: pl.DataFrame) -> pl.DataFrame:
    if visits.is_empty():
        return pl.DataFrame()
    long = visits.filter(pl.col("duration") > LONG_VISIT).select(
        "car",
        "lap",
        table=pl.lit("pit_visits"),
        reason=pl.lit("over two minutes: the race was stopped meanwhile, or the car repaired"),
    )
    silence = _silence("pit_visits", "times of entry and exit are not in this source")
    return pl.concat([silence, long], how="diagonal_relaxed")
