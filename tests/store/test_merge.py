"""Accounts of one race become one; what they disagree on is a doubt, never a mixture."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import examples
from racecraft.errors import ArgumentError
from racecraft.model.race import TELEMETRY
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.sources.sample.toy import toy_race
from racecraft.store.merge.races import reconcile
from racecraft.store.merge.seasons import reconcile_seasons
from strategies import races, seasons

if TYPE_CHECKING:
    from racecraft.model.race import Race

TOY = toy_race()


def account(source: str = "other", **tables: pl.DataFrame) -> Race:
    """The toy race, some of its tables replaced, as another source tells it."""
    return replace(TOY.with_tables(**tables), source=source)


def without(driver: str, lap: int, line: str, race: Race = TOY) -> pl.DataFrame:
    gone = (pl.col("car") == driver) & (pl.col("lap") == lap) & (pl.col("line") == line)
    return race.crossings.filter(~gone)


def coarse(**tables: pl.DataFrame) -> Race:
    crossings = TOY.crossings.filter(line="Line")
    return account(lines=TOY.lines.filter(line="Line"), **{"crossings": crossings, **tables})


def later(crossings: pl.DataFrame, s: float) -> pl.DataFrame:
    return crossings.with_columns(pl.col("time") + timedelta(seconds=s))


def same(one: Race | Season, other: Race | Season) -> bool:
    return one.source == other.source and all(
        table.equals(other.tables[name]) for name, table in one.tables.items()
    )


def reasons(race: Race) -> list[str]:
    return race.doubts["reason"].to_list()


# Laws


@given(race=races())
@settings(max_examples=examples(50))
def test_one_account_is_itself(race: Race) -> None:
    assert reconcile([race]) is race
    assert reconcile([race, race]) is race
    assert same(reconcile([race, replace(race)]), race)


@given(race=races(), kept=st.lists(st.sampled_from(["S1", "S2", "Line"]), unique=True))
@settings(max_examples=examples(50))
def test_the_order_of_accounts_does_not_matter(race: Race, kept: list[str]) -> None:
    part = replace(
        race.with_tables(crossings=race.crossings.filter(pl.col("line").is_in(kept))), source="part"
    )
    bare = replace(race.with_tables(tyres=race.tyres.clear()), source="bare")
    outcomes = [reconcile(order) for order in itertools.permutations([race, part, bare])]
    assert all(same(outcomes[0], outcome) for outcome in outcomes)


@given(race=races())
@settings(max_examples=examples(50))
def test_reconciling_again_changes_nothing(race: Race) -> None:
    shifted = replace(race.with_tables(crossings=later(race.crossings, 7)), source="shifted")
    once = reconcile([race, shifted])
    assert same(reconcile([once, once]), once)


@given(race=races(whole=True), seed=st.integers(0, 2**16))
@settings(max_examples=examples(50))
def test_holes_are_filled_from_a_shifted_account_of_the_same_race(race: Race, seed: int) -> None:
    holes = replace(
        race.with_tables(crossings=race.crossings.sample(fraction=0.9, seed=seed)), source="holes"
    )
    shifted = replace(race.with_tables(crossings=later(race.crossings, 100)), source="shifted")
    both = reconcile([holes, shifted])
    key = ["car", "lap", "line"]
    assert both.crossings.sort(key)["time"].diff().equals(race.crossings.sort(key)["time"].diff())


# Crossings


def test_the_finest_crossings_win() -> None:
    both = reconcile([coarse(), TOY])
    assert both.crossings.equals(TOY.crossings)
    assert both.source == "toy+other"
    assert both.lines.equals(TOY.lines)


def test_a_hole_is_filled_where_its_neighbours_agree() -> None:
    mine = account("mine", crossings=without("HAM", 3, "Line"))
    whole = coarse(crossings=later(TOY.crossings.filter(line="Line"), 1000))
    both = reconcile([mine, whole])
    at = {"car": "HAM", "lap": 3, "line": "Line"}
    assert both.crossings.filter(**at)["time"].item() == timedelta(seconds=270.8)
    assert both.doubts.filter(**at)["reason"].to_list() == ["not in mine: taken from other"]


def test_but_not_where_they_disagree() -> None:
    mine = account("mine", crossings=without("HAM", 3, "Line"))
    moved = TOY.crossings.filter(line="Line").with_columns(
        time=pl.when((pl.col("car") == "HAM") & (pl.col("lap") == 4))
        .then(pl.col("time") + timedelta(seconds=0.5))
        .otherwise("time")
    )
    both = reconcile([mine, coarse(crossings=moved)])
    assert both.crossings.height == 44


def test_nor_where_the_time_lies_outside_its_neighbours() -> None:
    mine = account("mine", crossings=without("HAM", 3, "Line"))
    moved = TOY.crossings.filter(line="Line").with_columns(
        time=pl.when((pl.col("car") == "HAM") & (pl.col("lap") == 3))
        .then(pl.col("time") + timedelta(seconds=40))
        .otherwise("time")
    )
    assert reconcile([mine, coarse(crossings=moved)]).crossings.height == 44


def test_a_lost_end_is_filled_from_its_beginning() -> None:
    lost = (pl.col("car") == "HAM") & (pl.col("lap") > 4)
    mine = account("mine", crossings=TOY.crossings.filter(~lost))
    assert reconcile([mine, TOY]).crossings.height == 45


def test_clocks_that_cannot_be_laid_on_each_other_are_not_mixed() -> None:
    mine = account("mine", crossings=without("HAM", 3, "Line"))
    wild = TOY.crossings.with_columns(time=pl.col("time") * 1.1)
    flag = pl.DataFrame({"from": [timedelta(0)], "state": ["SC"]})
    both = reconcile([mine, coarse(crossings=wild.filter(line="Line"), control=flag)])
    assert both.crossings.height == 44
    assert both.control.is_empty()
    assert any("clocks of mine and other agree at" in reason for reason in reasons(both))


def test_a_session_clock_without_a_common_crossing_is_not_mixed() -> None:
    flag = pl.DataFrame({"from": [timedelta(0)], "state": ["SC"]})
    other = replace(account(crossings=TOY.crossings.clear(), control=flag), clock="session")
    both = reconcile([TOY, other])
    assert both.control.is_empty()
    assert any("no crossing in common" in reason for reason in reasons(both))


def test_times_that_come_with_a_table_are_moved_to_the_clock() -> None:
    flag = pl.DataFrame({"from": [timedelta(seconds=1100)], "state": ["SC"]})
    other = coarse(crossings=later(TOY.crossings.filter(line="Line"), 1000), control=flag)
    assert reconcile([TOY, other]).control["from"].to_list() == [timedelta(seconds=100)]


# Fields


def test_each_field_comes_from_the_account_that_has_it() -> None:
    nameless = account("mine", entries=TOY.entries.select("car", "grid"))
    entries = TOY.entries.filter(car="SAI").with_columns(team=pl.lit("Scuderia"))
    both = reconcile([nameless, coarse(entries=entries)])
    assert both.entries.filter(car="SAI")["team"].item() == "Scuderia"
    assert both.entries.filter(car="VER")["grid"].item() == 1


def test_facts_too() -> None:
    both = reconcile([replace(TOY, round=None), replace(coarse(), date=date(2023, 1, 1), round=4)])
    assert (both.round, both.date) == (4, date(2023, 1, 1))


def chart(time_s: float, position: int) -> pl.DataFrame:
    time = timedelta(seconds=time_s)
    return pl.DataFrame({"car": ["VER"], "lap": [2], "lap_time": [time], "position": [position]})


def entries(grid: int) -> pl.DataFrame:
    return TOY.entries.filter(car="VER").with_columns(grid=pl.lit(grid))


def tyres(compound: str) -> pl.DataFrame:
    return pl.DataFrame({"car": ["VER"], "lap": [1], "compound": [compound]})


def classified(position: str) -> pl.DataFrame:
    return pl.DataFrame({"order": [1], "car": ["VER"], "position_text": [position]})


def visit(lap: int, duration_s: float = 20.0) -> pl.DataFrame:
    duration = timedelta(seconds=duration_s)
    return pl.DataFrame({"car": ["VER"], "lap": [lap], "duration": [duration]})


@pytest.mark.parametrize(
    ("table", "mine", "theirs", "reason"),
    [
        ("lap_chart", chart(88, 1), chart(88.5, 1), "lap time: 88.0 s in toy, 88.5 s in other"),
        ("lap_chart", chart(88, 1), chart(88, 2), "position: 1 in toy, 2 in other"),
        ("entries", entries(1), entries(3), "grid: 1 in toy, 3 in other"),
        ("tyres", tyres("soft"), tyres("hard"), "compound: soft in toy, hard in other"),
        ("classification", classified("1"), classified("D"), "position: 1 in toy, D in other"),
        ("pit_visits", visit(2, 20), visit(2, 22), "duration: 20.0 s in toy, 22.0 s in other"),
        ("pit_visits", visit(2), visit(3), "a visit on lap 2 in toy, on lap 3 in other"),
        ("pit_visits", visit(1), visit(4), "this visit is in other, not in toy"),
    ],
)
def test_what_they_disagree_on_is_a_doubt(
    table: str, mine: pl.DataFrame, theirs: pl.DataFrame, reason: str
) -> None:
    both = reconcile([TOY.with_tables(**{table: mine}), coarse(**{table: theirs})])
    found = both.doubts.filter(table=table)
    assert reason in found["reason"].to_list()
    assert set(found["car"]) == {"VER"}
    first = both.tables[table].filter(car="VER").row(0, named=True)
    told = TOY.with_tables(**{table: mine}).tables[table].filter(car="VER").row(0, named=True)
    assert first == told, "the finer account is followed"


@pytest.mark.parametrize(
    ("table", "mine", "theirs"),
    [
        ("lap_chart", chart(88, 1), chart(88.001, 1)),
        ("pit_visits", visit(2, 20.0), visit(2, 20.3)),
        ("tyres", tyres("soft"), tyres("soft")),
    ],
)
def test_within_the_tolerance_there_is_none(
    table: str, mine: pl.DataFrame, theirs: pl.DataFrame
) -> None:
    both = reconcile([TOY.with_tables(**{table: mine}), coarse(**{table: theirs})])
    assert both.doubts.is_empty()


def test_a_visit_a_lap_apart_stays_one_visit() -> None:
    both = reconcile([TOY.with_tables(pit_visits=visit(2)), coarse(pit_visits=visit(3))])
    assert both.pit_visits["lap"].to_list() == [2]


def test_the_later_classification_holds() -> None:
    mine = classified("1").with_columns(as_of=date(2023, 1, 1))
    theirs = classified("D").with_columns(as_of=date(2023, 2, 1))
    both = reconcile([TOY.with_tables(classification=mine), coarse(classification=theirs)])
    assert both.classification["position_text"].to_list() == ["D"]


def test_a_silence_that_another_account_breaks_is_no_doubt_any_more() -> None:
    silence = pl.DataFrame({"table": ["tyres"], "reason": ["tyres are not in this source"]})
    both = reconcile([TOY.with_tables(doubts=silence), coarse(tyres=tyres("soft"))])
    assert both.doubts.is_empty()


def test_doubts_come_with_the_table_they_are_about() -> None:
    doubt = pl.DataFrame({"table": ["tyres"], "car": ["VER"], "reason": ["guessed"]})
    both = reconcile([TOY, coarse(tyres=tyres("soft"), doubts=doubt)])
    assert reasons(both) == ["guessed"]


def test_different_races_do_not_become_one() -> None:
    with pytest.raises(ArgumentError):
        reconcile([TOY, replace(TOY, event="another")])
    with pytest.raises(ArgumentError):
        reconcile([])


# Seasons


def results(*rows: tuple[str, int, str, date | None]) -> pl.DataFrame:
    return SEASON_TABLES["results"].rows(
        [
            {"event": event, "session": "race", "order": order, "driver": driver, "as_of": since,
             "position_text": str(order)}
            for event, order, driver, since in rows
        ]
    )  # fmt: skip


def year(source: str, **tables: pl.DataFrame) -> Season:
    return Season(season=2023, source=source, **tables)


@given(season=seasons())
@settings(max_examples=examples(30))
def test_one_account_of_a_season_is_itself(season: Season) -> None:
    assert reconcile_seasons([season]) is season
    assert same(reconcile_seasons([season, season]), season)


def test_results_of_a_race_come_from_whoever_knew_them_last() -> None:
    old = year("jolpica", results=results(("a", 1, "VER", date(2023, 3, 5)), ("b", 1, "PER", None)))
    new = year("ergast_dump", results=results(("a", 1, "HAM", date(2023, 4, 1))))
    for accounts in ([old, new], [new, old]):
        told = reconcile_seasons(accounts)
        assert told.source == "jolpica+ergast_dump"
        assert dict(told.results.select("event", "driver").iter_rows()) == {"a": "HAM", "b": "PER"}


def test_fields_of_the_same_result_are_filled() -> None:
    mine = results(("a", 1, "VER", None))
    theirs = mine.with_columns(grid=pl.lit(4, pl.Int16))
    told = reconcile_seasons([year("jolpica", results=mine), year("sample", results=theirs)])
    assert told.results["grid"].to_list() == [4]


def test_events_are_joined_by_their_stable_names() -> None:
    events = [
        SEASON_TABLES["events"].rows([{"event": "a", "round": 1, "name": "A"}]),
        SEASON_TABLES["events"].rows(
            [{"event": "a", "country": "Italy"}, {"event": "b", "round": 2, "name": "B"}]
        ),
    ]
    told = reconcile_seasons([year("jolpica", events=events[0]), year("x", events=events[1])])
    assert told.events.select("event", "round", "country").rows() == [
        ("a", 1, "Italy"), ("b", 2, None)
    ]  # fmt: skip


def test_different_seasons_do_not_become_one() -> None:
    with pytest.raises(ArgumentError):
        reconcile_seasons([year("a"), Season(season=2022)])
    with pytest.raises(ArgumentError):
        reconcile_seasons([])


def test_telemetry_and_corners_come_from_the_account_that_has_them() -> None:
    marks = pl.DataFrame({"corner": ["1"], "distance_m": [300.0]})
    samples = TELEMETRY.rows([{"car": "VER", "time": timedelta(seconds=10), "speed_kmh": 200.0}])
    late = coarse(crossings=later(TOY.crossings.filter(line="Line"), 5.0), corners=marks)
    merged = reconcile([TOY, replace(late, telemetry=samples.lazy())])
    assert merged.corners.height == 1
    assert merged.telemetry is not None
    assert merged.telemetry.collect()["time"].to_list() == [timedelta(seconds=5)]
    assert reconcile([TOY, late]).telemetry is None
