"""What the account of a season says about one race, and the accounts of the race do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl

from racecraft.model.race import CROSSINGS, DOUBTS, ENTRIES, LAP, PIT_VISITS, RACE_FACTS, Race
from racecraft.model.terms import THE_LINE
from racecraft.sources.shared.race_from_lap_times import classification_of, entries
from racecraft.store.merge.races import coalesce

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName

CLOCKS, CLOCKS_AGREE_US = 3, 500_000  # finishers whose official times agree with their crossings


def fill_from_season(race: Race, season: Season) -> Race:
    """Return the race with what its season knows of it.

    Names, numbers, teams and places on the grid as the results have them; the
    classification, unless the race has a later one; how long each visit to the pits took; the
    round, the name and the day.
    """
    event = season.events.filter(event=race.event)
    if event.is_empty():
        return race
    calendar = {name: value for name, value in event.row(0, named=True).items() if value}
    facts = {name: getattr(race, name) for name in RACE_FACTS}
    facts |= {name: calendar[name] for name in ("round", "name", "date") if name in calendar}
    tables = race.tables
    results = season.results.filter(event=race.event, session=race.session)
    if len(results):
        known = ENTRIES.check(entries(season, race.event, cast("SessionName", race.session)))
        tables["entries"] = coalesce([known, race.entries], ["car"])
    if _are_later(results, race.classification):
        tables["classification"] = classification_of(results)
    if race.session == "race" and race.pit_visits["duration"].null_count():
        tables["pit_visits"] = _timed(race.pit_visits, season.pit_stops.filter(event=race.event))
    tables |= with_flag(tables)
    return Race.of_checked({**facts, **race.samples}, tables)


def with_flag(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Crossings at the flag that the timing lacks, from official times, and a doubt for each.

    Only of cars timed a lap earlier, and where both clocks agree for most of the others.
    """
    at_line = tables["crossings"].filter(line=THE_LINE).select("car", "lap", "time")
    official = tables["classification"].drop_nulls(["laps", "time"]).select(
        "car", lap=pl.col("laps").cast(LAP.dtype), official="time"
    )  # fmt: skip
    both = official.join(at_line, on=["car", "lap"], how="left", maintain_order="left")
    late = both.select(
        by=(pl.col("time") - pl.col("official")).dt.total_microseconds()
    ).drop_nulls()
    lacking = both.filter(pl.col("time").is_null())
    before = at_line.select("car", pl.col("lap") + 1, before="time")
    lacking = lacking.join(before, on=["car", "lap"], how="inner", maintain_order="left")
    usual = late["by"].median()
    if lacking.is_empty() or not isinstance(usual, float):
        return {}
    agree = late.filter((pl.col("by") - usual).abs() <= CLOCKS_AGREE_US).height
    added = lacking.with_columns(
        time=pl.col("official") + pl.duration(microseconds=int(usual)),
        line=pl.lit(THE_LINE),
        basis=pl.lit("gap"),
    ).filter(pl.col("time") > pl.col("before"))
    if agree < CLOCKS or 2 * agree < late.height or added.is_empty():
        return {}
    doubt = added.with_columns(
        table=pl.lit("crossings"),
        reason=pl.lit("not timed at the flag; its official time stands in"),
    )
    return {
        "crossings": CROSSINGS.check(
            pl.concat([tables["crossings"], CROSSINGS.check(added)]).sort("time")
        ),
        "doubts": pl.concat([tables["doubts"], DOUBTS.check(doubt)]),
    }


def _are_later(results: pl.DataFrame, classification: pl.DataFrame) -> bool:
    """Whether the results of a season hold rather than a classification, which there may not be.

    One that does not say since when it holds is the order on the road when the timing ended.
    """
    if results.is_empty() or classification.is_empty():
        return classification.is_empty()
    since, before = (table.select(pl.col("as_of").max()) for table in (results, classification))
    return bool((before < since).fill_null(before["as_of"].is_null()).item())


def _timed(visits: pl.DataFrame, stops: pl.DataFrame) -> pl.DataFrame:
    """Visits with their reported durations; stops on one lap are one visit, and none is added."""
    reported = stops.group_by(pl.col("driver").alias("car"), "lap").agg(
        known=pl.when(pl.col("duration").is_not_null().all()).then(pl.col("duration").sum())
    )
    joined = visits.join(reported, on=["car", "lap"], how="left", maintain_order="left")
    return PIT_VISITS.check(joined.with_columns(duration=pl.coalesce("duration", "known")))
