"""What the account of a season says about one race, and the accounts of the race do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl

from racecraft.model.race import ENTRIES, PIT_VISITS, RACE_FACTS, Race
from racecraft.sources.shared.race_from_lap_times import classification_of, entries
from racecraft.store.merge.races import coalesce

if TYPE_CHECKING:
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName


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
    return Race.of_checked({**facts, "telemetry": race.telemetry}, tables)


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
