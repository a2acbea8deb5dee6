"""Accounts of one season under other names become one season, and what they disagree on is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from racecraft.model.season import SEASON_TABLES, Season
from racecraft.show.store import added_text
from racecraft.sources.ergast import dump
from racecraft.sources.record.record import record_season
from racecraft.sources.sample.sample import sample_race
from racecraft.store.calendar import check_calendar
from racecraft.store.importing import add, add_source
from racecraft.store.merge.alignment import same_events
from racecraft.store.merge.seasons import reconcile_seasons
from racecraft.store.store import Store
from racecraft.title.clinch import clinch_when
from racecraft.title.standings.doubts import doubts_about_points, sentences
from racecraft.title.standings.standings import standings

if TYPE_CHECKING:
    from pathlib import Path

DAY = {"round": 2, "date": date(2023, 3, 19), "circuit": "Jeddah", "locality": "Jeddah"}


def odd(shared: Path, name: str) -> Season:
    (season,), _ = dump.parse(dump.fetch(shared / "data" / "odd" / "results" / name))
    return season


def told(season: Season, source: str) -> Season:
    return Season.of_checked({"season": season.season, "source": source}, season.tables)


def changed(season: Season, driver: str, **cells: object) -> Season:
    """Account of another source, that differs in a cell of one result."""
    here = (pl.col("driver") == driver) & (pl.col("event") == "british-grand-prix")
    rows = season.results.with_columns(
        pl.when(here).then(pl.lit(value, SEASON_TABLES["results"].schema[name])).otherwise(name)
        .alias(name)
        for name, value in cells.items()
    )  # fmt: skip
    return Season.of_checked(
        {"season": season.season, "source": "other"}, {**season.tables, "results": rows}
    )


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"round": 2}, True),
        ({"round": 7, "circuit": None}, True),
        ({"round": 7, "circuit": "Elsewhere", "locality": "Elsewhere"}, False),
        ({"date": date(2023, 3, 20)}, True),
        ({"date": date(2023, 3, 26)}, False),
        ({"date": None}, True),
        ({"date": None, "round": 3}, False),
    ],
)
def test_one_day_and_one_place_make_one_event(other: dict[str, object], same: bool) -> None:
    found = same_events([{"event": "a", **DAY}], [{"event": "b", **DAY, **other}])
    assert found == ({"a": "b"} if same else {})


def test_two_events_of_one_account_stay_two() -> None:
    one, two = {"event": "a", **DAY}, {"event": "b", **DAY}
    assert same_events([one, two], [one, two]) == {}
    assert same_events([one, two], [two]) == {}, "b is known by its name"


def test_one_race_under_two_names_is_one(shared: Path) -> None:
    merged = reconcile_seasons(
        [told(odd(shared, "name_one"), "one"), told(odd(shared, "name_two"), "two")]
    )
    assert merged.events["round"].to_list() == [1, 2]
    assert standings(merged)["points"].to_list() == [50.0, 36.0, 30.0, 24.0]


def test_a_renamed_race_beside_the_package_is_not_counted_twice(
    shared: Path, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    folder = shared / "data" / "odd" / "results" / "e2023_other_name"
    add_source(store, "ergast", {"folder": folder})
    season = store.load_season(2023)
    assert season.events.height == 22
    assert season.events.filter(round=19)["name"].item() == "Mexico City Grand Prix"
    assert standings(season)["driver", "points"].rows()[:2] == [("VER", 575.0), ("PER", 285.0)]
    second = clinch_when(season).filter(position=2)
    assert second["name", "round"].row(0) == ("PER", 21)
    assert store.load_race(2023, "mexico").classification.height == 20


def test_another_championship_is_not_mixed_with_the_record(shared: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    add_source(store, "ergast", {"folder": shared / "data/odd/results/car_number_typo"})
    season = store.load_season(2025)
    assert season.source == "ergast_dump"
    assert season.events["name"].to_list() == ["Oneland Grand Prix", "Twoland Grand Prix"]


def test_a_driver_by_another_code_is_the_same_driver() -> None:
    season = record_season(1988)
    swapped = {
        name: table.with_columns(pl.col("driver").replace({"SEN": "AYR"}))
        if "driver" in table.columns
        else table
        for name, table in season.tables.items()
    }
    other = Season.of_checked({"season": 1988, "source": "other"}, swapped)
    merged = reconcile_seasons([season, other])
    assert merged.season_doubts.is_empty()
    assert merged.drivers.height == season.drivers.height
    assert standings(merged)["driver"][0] == "SEN"


def test_what_two_accounts_say_differently_is_a_doubt() -> None:
    season = record_season(1988)
    merged = reconcile_seasons([season, changed(season, "SEN", position=2, position_text="2")])
    assert merged.season_doubts["reason"].to_list() == ["SEN, place: 1 in f1db, 2 in other"]
    run = [("british-grand-prix", "race")]
    assert sentences(merged, doubts_about_points(merged, run)) == [
        "British Grand Prix: SEN, place: 1 in f1db, 2 in other"
    ]
    doubted = standings(merged).filter(driver="SEN")["doubt"].item()
    assert doubted == "British Grand Prix: SEN, place: 1 in f1db, 2 in other"


def test_a_grid_or_a_place_without_points_is_not_a_doubt_of_the_title() -> None:
    season = record_season(1988)
    merged = reconcile_seasons([season, changed(season, "SEN", grid=7)])
    assert merged.season_doubts["reason"].to_list() == ["SEN, grid: 3 in f1db, 7 in other"]
    assert doubts_about_points(merged, [("british-grand-prix", "race")]).is_empty()


def test_the_sample_and_the_record_agree_but_for_what_is_told(own_store: Path) -> None:
    doubts = Store().load_season(2023).season_doubts
    about = doubts.filter(~pl.col("reason").str.contains(", grid: "))
    assert about.select("event", "session", "who").unique().height <= 8
    points = doubts_about_points(
        Store().load_season(2023), [(e, "race") for e in doubts["event"].unique()]
    )
    assert points.is_empty(), "nothing that scores is in doubt"


def test_a_newer_account_of_one_source_takes_the_place_of_the_packaged(tmp_path: Path) -> None:
    store = Store(tmp_path)
    season = record_season(1957)
    shorter = {**season.tables, "results": season.results.filter(session="race").head(20)}
    add(store, [Season.of_checked({"season": 1957, "source": "f1db"}, shorter)])
    assert store.load_season(1957).results.height == 20
    assert store.load_season(1958).results.height > 100


def test_a_race_under_another_name_is_stored_under_that_of_the_calendar(tmp_path: Path) -> None:
    store = Store(tmp_path)
    named = replace(sample_race(19), name="Mexican Grand Prix", event="mexican-gp", source="other")
    added = add(store, [named])
    assert added["outcome"].to_list() == ["added"]
    assert store.races(2023)["event"].to_list() == [
        "mexico-city-grand-prix", "sao-paulo-grand-prix",
    ]  # fmt: skip
    assert store.load_race(2023, "mexico").source == "other+sample"


def test_events_that_a_source_no_longer_has_are_named(tmp_path: Path) -> None:
    store, whole = Store(tmp_path), record_season(2019)
    assert added_text(add(store, [whole])) == "added: season 2019 (f1db)"
    last = whole.events["event"][-2:]
    shorter = whole.with_tables(
        events=whole.events.filter(~pl.col("event").is_in(last.implode())),
        results=whole.results.filter(~pl.col("event").is_in(last.implode())),
    )
    said = added_text(add(store, [shorter]))
    assert "no longer there: 2 events of 2019 (f1db): Brazilian Grand Prix, Abu Dhabi" in said
    assert "no longer" not in added_text(add(store, [whole]))


def test_a_calendar_that_is_not_the_records_refuses_no_race_of_the_record(tmp_path: Path) -> None:
    store = Store(tmp_path, sample=False)
    told = record_season(2023)
    lost = told.events["event"] == "sao-paulo-grand-prix"
    add(store, [told.with_tables(events=told.events.filter(~lost), results=told.results.clear())])
    race = replace(sample_race("sao-paulo-grand-prix"), date=None)
    check_calendar(store, race)
