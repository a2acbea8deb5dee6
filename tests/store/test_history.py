"""Results that changed keep what they were, and the day since when they are what they are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from racecraft.model.season import PIT_STOPS, SEASON_TABLES, Season
from racecraft.sources.sample.toy import toy_race
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

MONACO, BARCELONA = "monaco-grand-prix", "spanish-grand-prix"
JUNE, SEPTEMBER = datetime(2026, 6, 8, tzinfo=UTC), datetime(2026, 9, 4, tzinfo=UTC)


def results(event: str, *order: str, since: date | None = None) -> list[dict[str, object]]:
    return [
        {"event": event, "session": "race", "order": i, "position": i, "driver": driver,
         "as_of": since}
        for i, driver in enumerate(order, 1)
    ]  # fmt: skip


def season(*rows: list[dict[str, object]], **tables: list[dict[str, object]]) -> Season:
    everything: dict[str, list[dict[str, object]]] = {
        "events": [
            {"round": 1, "event": MONACO, "name": "Monaco", "date": date(2026, 6, 7)},
            {"round": 2, "event": BARCELONA, "name": "Spain", "date": date(2026, 6, 14)},
        ],
        "results": [row for part in rows for row in part],
        **tables,
    }
    frames = {name: SEASON_TABLES[name].rows(part) for name, part in everything.items()}
    return Season(season=2026, source="jolpica", **frames)


def order(told: Season, event: str = MONACO) -> list[str]:
    return told.results.filter(event=event)["driver"].to_list()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, sample=False)


def test_results_hold_since_the_day_they_were_fetched(store: Store) -> None:
    store.add_season(season(results(MONACO, "LEC", "NOR")), fetched=JUNE)
    assert store.load_season(2026).results["as_of"].unique().to_list() == [date(2026, 6, 8)]


def test_or_since_the_day_that_the_source_names(store: Store) -> None:
    store.add_season(season(results(MONACO, "LEC", since=date(2026, 6, 7))), fetched=JUNE)
    assert store.load_season(2026).results["as_of"].to_list() == [date(2026, 6, 7)]


def test_a_changed_result_is_given_and_the_earlier_one_is_kept(store: Store) -> None:
    store.add_season(season(results(MONACO, "LEC", "NOR")), fetched=JUNE)
    outcome = store.add_season(season(results(MONACO, "NOR", "LEC")), fetched=SEPTEMBER)
    assert outcome == "updated"
    assert order(store.load_season(2026)) == ["NOR", "LEC"]
    assert order(store.load_season(2026, as_of=date(2026, 9, 3))) == ["LEC", "NOR"]
    assert order(store.load_season(2026, as_of=date(2026, 9, 4))) == ["NOR", "LEC"]
    assert store.verify().is_empty()


def test_a_result_that_changes_twice_on_one_day_and_back_keeps_every_version(store: Store) -> None:
    for winner, other in (("LEC", "NOR"), ("NOR", "LEC"), ("LEC", "NOR")):
        store.add_season(season(results(MONACO, winner, other)), fetched=JUNE)
    assert order(store.load_season(2026)) == ["LEC", "NOR"]
    account = store.folder / "season=2026" / "source=jolpica"
    earlier = pl.read_parquet(next(account.glob("results-earlier.*")))
    assert earlier.group_by("version").len().sort("version").rows() == [(1, 2), (2, 2)]
    assert earlier.columns == [*SEASON_TABLES["results"].schema.names(), "version"]


def test_the_other_races_keep_their_day(store: Store) -> None:
    spain = results(BARCELONA, "PIA")
    store.add_season(season(results(MONACO, "LEC"), spain), fetched=JUNE)
    store.add_season(season(results(MONACO, "NOR"), spain), fetched=SEPTEMBER)
    since = dict(store.load_season(2026).results.select("event", "as_of").iter_rows())
    assert since == {MONACO: date(2026, 9, 4), BARCELONA: date(2026, 6, 8)}


def test_a_race_that_the_source_has_lost_is_kept_among_the_earlier(store: Store) -> None:
    store.add_season(season(results(MONACO, "LEC")), fetched=JUNE)
    store.add_season(season(), fetched=SEPTEMBER)
    assert order(store.load_season(2026)) == []
    assert order(store.load_season(2026, as_of=date(2026, 9, 4))) == ["LEC"]


def test_events_after_the_day_had_not_been_run(store: Store) -> None:
    store.add_season(season(results(MONACO, "LEC"), results(BARCELONA, "PIA")), fetched=JUNE)
    then = store.load_season(2026, as_of=date(2026, 6, 10))
    assert then.results["event"].unique().to_list() == [MONACO]


def test_standings_end_where_results_have_changed_since(store: Store) -> None:
    standing = [
        {"event": event, "driver": "LEC", "position": 1, "points": 25.0}
        for event in (MONACO, BARCELONA)
    ]
    spain = results(BARCELONA, "PIA")
    told = {"driver_standings": standing}
    store.add_season(season(results(MONACO, "LEC", "NOR"), spain, **told), fetched=JUNE)
    assert store.load_season(2026, as_of=date(2026, 6, 20)).driver_standings.height == 2
    store.add_season(season(results(MONACO, "NOR", "LEC"), spain, **told), fetched=SEPTEMBER)
    assert store.load_season(2026, as_of=date(2026, 6, 20)).driver_standings.is_empty()
    assert store.load_season(2026, as_of=date(2026, 9, 5)).driver_standings.height == 2


def test_pit_stops_of_one_event_leave_those_of_another(store: Store) -> None:
    def with_stops(event: str) -> Season:
        stop = {"event": event, "driver": "LEC", "stop": 1, "lap": 30}
        return season(results(MONACO, "LEC"), pit_stops=[stop])

    store.add_season(with_stops(BARCELONA), fetched=JUNE)
    store.add_season(with_stops(MONACO), fetched=JUNE)
    stops = store.load_season(2026).pit_stops
    assert stops["event"].to_list() == [MONACO, BARCELONA]
    assert PIT_STOPS.check(stops).equals(stops)
    assert store.add_season(with_stops(BARCELONA), fetched=JUNE) == "unchanged"


def test_standings_that_come_in_another_order_than_the_events_change_nothing(store: Store) -> None:
    standing = [
        {"event": event, "driver": "LEC", "position": 1, "points": 25.0}
        for event in (BARCELONA, MONACO)
    ]
    told = season(results(MONACO, "LEC"), driver_standings=standing)
    store.add_season(told, fetched=JUNE)
    assert store.add_season(told, fetched=SEPTEMBER) == "unchanged"


def test_the_classification_of_a_race_has_a_history_too(store: Store) -> None:
    def told(*drivers: str) -> Race:
        rows = {"order": range(1, len(drivers) + 1), "car": drivers}
        return toy_race().with_tables(classification=pl.DataFrame(rows))

    store.add_race(told("VER", "HAM"), fetched=JUNE)
    assert store.add_race(told("HAM", "VER"), fetched=SEPTEMBER) == "updated"
    now = store.load_race(2023, 1)
    then = store.load_race(2023, 1, as_of=date(2026, 7, 1))
    assert now.classification["car"].to_list() == ["HAM", "VER"]
    assert then.classification["car"].to_list() == ["VER", "HAM"]
    assert then.classification["as_of"].unique().to_list() == [None]
    assert now.classification["as_of"].unique().to_list() == [date(2026, 9, 4)]


@pytest.mark.parametrize(
    ("since", "first"),
    [(None, "HAM"), (date(2026, 9, 3), "HAM"), (date(2026, 9, 5), "VER")],
)
def test_the_season_may_know_a_later_classification(
    store: Store, since: date | None, first: str
) -> None:
    rows = pl.DataFrame({"order": [1, 2], "car": ["VER", "HAM"]})
    one = toy_race().with_tables(classification=rows.with_columns(as_of=pl.lit(since, pl.Date)))
    store.add_race(one, fetched=SEPTEMBER)
    row = {"event": one.event, "session": "race"}
    told = Season(
        season=2023,
        source="jolpica",
        events=SEASON_TABLES["events"].rows([{"event": one.event, "round": 1, "name": one.name}]),
        results=SEASON_TABLES["results"].rows(
            [row | {"order": i, "driver": d} for i, d in enumerate(("HAM", "VER"), 1)]
        ),
    )
    store.add_season(told, fetched=SEPTEMBER)
    assert store.load_race(2023, 1).classification["car"][0] == first
