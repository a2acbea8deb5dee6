"""What decided races of which only the result is known."""

from __future__ import annotations

import polars as pl
import pytest

import racecraft as rc
from racecraft.errors import NotEnoughDataError
from racecraft.sim.moments.from_results import race_of_result
from racecraft.sim.moments.moments import MOMENTS, moments
from racecraft.sim.moments.words import in_words
from racecraft.sources.sample.sample import sample_race


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
    assert "Michael Schumacher, second on the grid, dropped out" in table["sentence"][1]


def test_a_title_is_told_where_only_the_best_results_count() -> None:
    assert told(1988, "japanese-grand-prix").filter(kind="title decided")["drivers"][0] == "SEN"
    assert told(1988, "portuguese-grand-prix").filter(kind="title decided").is_empty()


def test_who_fell_from_pole_is_told() -> None:
    assert (
        "Hamilton fell from pole position to third." in told(2015, "monaco-grand-prix")["sentence"]
    )
    second = told(2024, "hungarian-grand-prix").filter(kind="from the grid")
    assert "NOR" not in second["drivers"], "that he was beaten is told by who won"


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


def test_who_dropped_out_and_was_classified_is_told_as_one_who_dropped_out() -> None:
    table = told(1988, "italian-grand-prix").filter(drivers="SEN")
    assert table["kind"].to_list() == ["retirement"]
    facts = table["facts"][0]
    assert in_words(facts, chances=False) == (
        "Senna, first on the grid, dropped out (collision) on lap 50, and was classified tenth."
    )
    assert "en werd als tiende geklasseerd" in in_words(facts, "nl")
    assert "y fue clasificado en la décima posición" in in_words(facts, "es")
    lapped = told(1988, "italian-grand-prix").filter(kind="retirement")["drivers"].to_list()
    assert "NAN" not in lapped, "he took the flag, a lap down"


def test_of_a_driver_who_was_killed_no_chance_is_told() -> None:
    table = told(1961, "italian-grand-prix")
    killed = table.filter(kind="retirement").row(0, named=True)
    assert killed["sentence"] == "Von Trips had an accident on lap 2 that cost him his life."
    assert in_words(killed["facts"], "nl") == (
        "Von Trips kreeg in ronde 2 een ongeluk dat hem het leven kostte."
    )
    title = table.filter(kind="title decided")["sentence"].to_list()
    assert title == ["Phil Hill became champion, a point ahead of von Trips."]


def test_a_race_that_few_started_says_so() -> None:
    table = told(2005, "united-states-grand-prix").filter(kind="start")
    assert table["rank"][0] <= 3
    assert table["sentence"][0] == (
        "14 of the 20 cars on the grid did not start, Trulli the first of them."
    )
    assert told(2004, "united-states-grand-prix").filter(kind="start").is_empty()


def test_a_second_place_by_a_hair_is_told() -> None:
    table = told(1979, "french-grand-prix").filter(kind="battle")
    assert table["sentence"].to_list() == [
        "Villeneuve beat Arnoux to second place at the flag by 0.240 s."
    ]


def test_who_shared_the_winning_car_won_together() -> None:
    table = told(1957, "british-grand-prix")
    won = [text for text in table["sentence"] if " won" in text and "first win" not in text]
    assert won[0].startswith("Brooks and Moss won in one car, which they shared, 25.6 s ahead")


def test_namesakes_have_their_given_names() -> None:
    table = told(1998, "belgian-grand-prix")
    assert table["sentence"][0].endswith("ahead of Ralf Schumacher.")
    assert "Hill won from third" in table["sentence"][0]


def test_several_that_dropped_out_by_one_thing_are_in_one_clause() -> None:
    table = told(2012, "belgian-grand-prix").filter(kind="retirement", lap=1)
    facts = next(facts for facts in table["facts"] if "Grosjean" in facts)
    assert in_words(facts, chances=False) == (
        "Alonso (fifth on the grid), Hamilton (seventh) and Grosjean (eighth) dropped out "
        "(collision) on lap 1."
    )
    assert in_words(facts, "es", chances=False).startswith("Alonso (quinta en la parrilla), ")


def test_a_penalty_tells_the_places_before_and_after_it() -> None:
    table = told(2025, "dutch-grand-prix").filter(kind="penalty")
    assert "Antonelli, sixth at the flag, fell to P16 by a penalty." in table["sentence"].to_list()


def test_cars_that_were_not_timed_did_not_drop_out() -> None:
    whole = sample_race(20)
    kept = [whole.classification["car"][0], whole.classification["car"][1]]
    for cars in (kept[:1], whole.classification.filter(pl.col("laps") > 0)["car"].to_list()[:12]):
        race = whole.with_tables(crossings=whole.crossings.filter(pl.col("car").is_in(cars)))
        of_all, told = (moments(one, simulated=False) for one in (whole, race))
        out = set(" ".join(of_all.filter(kind="retirement")["drivers"]).split())
        assert set(" ".join(told.filter(kind="retirement")["drivers"]).split()) <= out
        assert (set(told["basis"]) == {"results"}) == (cars == kept[:1])


def test_a_title_of_one_who_did_not_race_is_told() -> None:
    table = told(1970, "united-states-grand-prix").filter(kind="title decided")
    assert table["sentence"].to_list() == [
        "Rindt, who had lost his life earlier in the season, became champion, 14 points ahead of "
        "Ickx."
    ]
    assert table["drivers"].to_list() == ["ICK"], "who could have overtaken him, and did not"
    away = told(1960, "italian-grand-prix").filter(kind="title decided")["facts"].item()
    for lang in ("en", "nl", "es"):
        assert "Brabham" in in_words(away, lang)
        assert "None" not in in_words(away, lang)


@pytest.mark.parametrize("season", [1952, 1965, 1979, 2004])
def test_a_title_is_told_of_one_race(season: int) -> None:
    tables = rc.load_season(season)
    moment = [
        event
        for event in tables.events.sort("round")["event"]
        if len(told(season, event).filter(kind="title decided"))
    ]
    assert len(moment) == 1, "the race that proved it, and none after it"


def test_who_saw_the_flag_and_was_not_classified_did_not_drop_out() -> None:
    table = told(2005, "hungarian-grand-prix")
    assert table.filter(drivers="ALB").is_empty(), "Albers, eleven laps down"
    assert not table.filter(drivers="VIL").is_empty(), "Villeneuve, whose engine failed"


def test_two_that_collided_are_in_one_clause_though_both_were_classified() -> None:
    collided = "Sainz (third on the grid) and Pérez (fourth) dropped out (collision) on lap 50"
    table = told(2024, "azerbaijan-grand-prix")
    assert any(sentence.startswith(collided) for sentence in table["sentence"])
