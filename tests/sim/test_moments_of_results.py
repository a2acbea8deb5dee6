"""What decided races of which only the result is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import racecraft as rc
from racecraft.errors import NotEnoughDataError
from racecraft.sim.moments.from_results import race_of_result
from racecraft.sim.moments.moments import MOMENTS, moments

if TYPE_CHECKING:
    import polars as pl


def told(season: int, event: str) -> pl.DataFrame:
    tables = rc.load_season(season)
    return MOMENTS.check(moments(race_of_result(tables, event), season=tables))


def test_fuji_1976_is_the_title_and_lauda_who_withdrew() -> None:
    table = told(1976, "japanese-grand-prix")
    assert set(table["basis"]) == {"results"}
    champion = "Hunt became champion by finishing third, a point ahead of Lauda."
    assert table["sentence"][0] == champion
    assert "Lauda, third on the grid, dropped out" in table["sentence"][1]
    assert table.filter(kind="title decided")["title_swing"].item() > 0.3


def test_monaco_1984_ended_early_for_half_points() -> None:
    table = told(1984, "monaco-grand-prix")
    assert "The race ended after 31 of 76 laps, for half points." in table["sentence"].to_list()
    assert "Senna came from P13 on the grid to second" in table.filter(drivers="SEN")["sentence"][0]


def test_interlagos_2008_was_won_by_one_and_the_title_by_another() -> None:
    table = told(2008, "brazilian-grand-prix").head(2)
    assert set(table["kind"]) == {"from the grid", "title decided"}
    assert table["drivers"].to_list() == ["HAM", "MAS"], "of the last race the title is told first"


def test_what_a_title_is_worth_counts_once() -> None:
    table = told(1997, "european-grand-prix")
    fell = table.filter(kind="from the grid", drivers="VIL")["weight"].item()
    assert fell < table.filter(kind="title decided")["weight"].item() / 2
    assert "Schumacher, second on the grid, dropped out" in table["sentence"][2]


def test_a_title_is_told_where_only_the_best_results_count() -> None:
    assert told(1988, "japanese-grand-prix").filter(kind="title decided")["drivers"][0] == "SEN"
    assert told(1988, "portuguese-grand-prix").filter(kind="title decided").is_empty()


def test_who_fell_from_pole_is_told() -> None:
    told_1964 = told(1964, "mexican-grand-prix")["sentence"].to_list()
    assert "Clark fell from pole position to fifth." in told_1964


def test_a_disqualification_is_told() -> None:
    table = told(1994, "belgian-grand-prix")
    row = table.filter(kind="disqualification").row(0, named=True)
    assert (row["drivers"], row["line"]) == ("MSC", "classification")
    assert row["rank"] == 2, "he had gone as far as the winner"
    assert row["sentence"] == (
        "Schumacher, who had gone the full distance, was disqualified after the race."
    )


def test_every_race_of_some_seasons_has_moments() -> None:
    for season in (1950, 1957, 1967, 1988, 2003, 2014):
        tables = rc.load_season(season)
        for event in tables.events["event"]:
            table = moments(race_of_result(tables, event), season=tables)
            assert len(table), (season, event)
            assert table["sentence"].str.ends_with(".").all()
            assert table["rank"].to_list() == list(range(1, table.height + 1))


def test_a_race_without_a_result_has_none() -> None:
    tables = rc.load_season(1976)
    with pytest.raises(NotEnoughDataError, match="no result of"):
        race_of_result(tables, "moon-grand-prix")
