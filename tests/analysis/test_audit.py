from __future__ import annotations

import polars as pl
import pytest

from own_race import laps_of, race_of
from racecraft.analysis.audit import audit
from racecraft.analysis.fights.explain import explain
from racecraft.analysis.race import race as story_of
from racecraft.analysis.search import search
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.race import DOUBTS, Race
from racecraft.sources.sample.sample import sample_race


def chart(*rows: tuple[str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["car", "lap", "position"], orient="row")


def test_positions_that_agree_are_counted() -> None:
    race = race_of(
        {"VER": laps_of(90, 90), "HAM": laps_of(91, 90)},
        lap_chart=chart(("VER", 1, 1), ("HAM", 1, 2), ("VER", 2, 1), ("HAM", 2, 2)),
    )
    assert audit(race).differences.is_empty()
    assert str(audit(race)).startswith("4 of 4 positions agree")


def test_a_position_that_nothing_explains_stays_unexplained() -> None:
    race = race_of(
        {"VER": laps_of(90), "HAM": laps_of(91)}, lap_chart=chart(("VER", 1, 2), ("HAM", 1, 1))
    )
    assert audit(race).unexplained.height == 2
    assert "2 unexplained" in str(audit(race))


def test_a_position_given_to_two_cars_is_the_charts_own_error() -> None:
    race = race_of(
        {"VER": laps_of(90), "HAM": laps_of(91)}, lap_chart=chart(("VER", 1, 1), ("HAM", 1, 1))
    )
    assert audit(race).differences["reason"].to_list() == [
        "the source reports this position for two cars on this lap"
    ]


def test_a_car_with_a_wrong_clock_explains_those_it_displaces() -> None:
    doubt = {"table": "crossings", "car": "ALO", "lap": 1, "line": "Line",
             "reason": "the clock of this car is -5 s off"}  # fmt: skip
    race = race_of(
        {"VER": laps_of(90), "HAM": laps_of(91), "ALO": laps_of(94)},
        lap_chart=chart(("ALO", 1, 1), ("VER", 1, 2), ("HAM", 1, 3)),
        doubts=DOUBTS.rows([doubt]),
    )
    assert audit(race).differences.height == 3
    assert audit(race).unexplained.is_empty()


def test_penalties_and_other_distances_explain_the_classification() -> None:
    race = race_of(
        {"BOT": laps_of(90, 90), "ZHO": laps_of(92, 90), "SAI": laps_of(95, 90)},
        classified=[("ZHO", 1, 2, 182), ("BOT", 2, 2, 185), ("SAI", 3, 2, 185)],
    )
    reasons = dict(audit(race).differences["car", "reason"].rows())
    assert reasons == {
        "ZHO": "BOT fell behind in the classification",
        "BOT": "a penalty of 5.000 s",
    }


def test_the_sample_races_agree_with_their_classification() -> None:
    for event in (19, 20):
        assert audit(sample_race(event)).unexplained.is_empty()


def test_search_finds_battles_and_overtakes_by_their_columns() -> None:
    races = [sample_race(19), sample_race(20)]
    found = search(races, "swaps >= 2 and at_flag and margin_s < 0.1")
    assert found.select("name", "first", "second").rows() == [
        ("São Paulo Grand Prix", "ALO", "PER")
    ]
    passes = search(races, "passer = 'ALO' and lap = 71")
    assert passes["kind"].to_list() == ["on_track"]
    assert search([], "swaps > 1").is_empty()
    assert search([Race(season=2023, round=1, name="Empty Grand Prix")], "swaps > 1").is_empty()


@pytest.mark.parametrize(
    "where", ["swaps >=", "speed > 300", "swaps > 1 and kind = 'pit'", "first > 3", "1", ""]
)
def test_a_condition_that_cannot_be_met_is_one_error(where: str) -> None:
    with pytest.raises(ArgumentError):
        search([sample_race(20)], where)


def test_a_lap_is_explained_in_a_sentence() -> None:
    race = sample_race(20)
    told = explain(race, lap=71, drivers=("ALO", "PER"))
    assert told.startswith("Lap 71: Alonso came from 0.438 s behind Pérez to 0.053 s ahead")
    assert "Alonso passed on the straight from Turn 3 to Turn 4" in told
    with pytest.raises(ArgumentError, match="no lap 72"):
        explain(race, lap=72, drivers=("ALO", "PER"))
    with pytest.raises(NotEnoughDataError):
        explain(race, lap=60, drivers=("ALO", "BOT"))


def test_the_story_of_sao_paulo() -> None:
    story = story_of(sample_race(20))
    winner = story.result.row(0, named=True)
    assert (winner["car"], winner["time"].total_seconds()) == ("VER", 7008.894)
    assert story.decisive[0].story.startswith("Alonso and Pérez fought for third")
    assert story.kinds["flying_laps"] <= story.kinds["on_track"]


def test_a_race_without_classification_has_the_order_at_the_flag_as_its_result() -> None:
    story = story_of(race_of({"VER": laps_of(90, 90), "HAM": laps_of(91, 90)}))
    assert story.result["car"].to_list() == ["VER", "HAM"]
