from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from conftest import some
from own_race import laps_of, race_of
from own_seasons import season_of_laps
from racecraft.analysis.fights.battle import battle
from racecraft.analysis.fights.battles import battles
from racecraft.analysis.fights.trains import trains
from racecraft.analysis.order.timing import timing
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race


def only(race: Race, **options: float) -> dict[str, object]:
    table = battles(race, **options)
    assert table.height == 1
    return table.row(0, named=True)


def test_three_laps_within_a_second_are_a_battle() -> None:
    race = race_of({"VER": laps_of(90, 90, 90, 90), "HAM": laps_of(90.5, 90, 90, 95)})
    row = only(race)
    assert (row["first"], row["second"], row["position"]) == ("VER", "HAM", 1)
    assert (row["start_lap"], row["end_lap"], row["laps"], row["swaps"]) == (1, 3, 3, 0)
    assert row["median_interval"].total_seconds() == 0.5
    assert row["ahead_at_end"] == "VER"


def test_two_laps_without_a_swap_are_none() -> None:
    race = race_of({"VER": laps_of(90, 90, 90, 90), "HAM": laps_of(90.5, 90, 95, 95)})
    assert battles(race).is_empty()


def test_two_laps_with_a_swap_are_one() -> None:
    race = race_of({"VER": laps_of(90, 91, 90, 90), "HAM": laps_of(90.5, 90, 85, 85)})
    assert only(race)["swaps"] == 1


def test_it_lasts_to_the_flag() -> None:
    row = only(race_of({"VER": laps_of(*[90] * 5), "HAM": laps_of(*[90] * 5, start=0.4)}))
    assert (row["at_flag"], row["ended_by"], row["margin"].total_seconds()) == (True, "flag", 0.4)


@pytest.mark.parametrize(
    ("lap_times", "options", "ended_by"),
    [
        ([90, 90, 90, 91, 91, 90], {}, "gap"),
        ([90, 90, 90], {}, "retirement"),
        ([90, 90, 90, 110, 90, 90], {"visits": [("HAM", 4, 355, 378)]}, "pit"),
        ([90, 90, 90, 120, 120, 120], {"control": [("SC", 275, 800)]}, "neutralised"),
    ],
)
def test_what_ends_it(lap_times: list[float], options: dict[str, object], ended_by: str) -> None:
    race = race_of({"VER": laps_of(*[90] * 6), "HAM": laps_of(*lap_times, start=0.5)}, **options)
    assert only(race)["ended_by"] == ended_by


def test_an_interval_of_over_a_second_and_a_half_for_one_line_does_not_end_it() -> None:
    there_and_back = laps_of(90, 90, 90, 91.2, 88.8, 90, 90, start=0.5)
    race = race_of({"VER": laps_of(*[90] * 7), "HAM": there_and_back})
    row = only(race)
    assert (row["start_lap"], row["end_lap"]) == (1, 7)


def test_a_fight_resumed_after_a_pit_cycle_is_one_battle_in_two_phases() -> None:
    lap_times = [90, 90, 90, 95, 105, *[90] * 5]
    race = race_of(
        {"VER": laps_of(*lap_times), "HAM": laps_of(*lap_times, start=0.5)},
        visits=[("VER", 4, 350, 371), ("HAM", 4, 351, 372)],
    )
    row = only(race)
    assert (row["phases"], row["start_lap"], row["end_lap"]) == (2, 1, 10)


def test_a_third_car_between_them_is_no_battle_of_the_outer_two() -> None:
    race = race_of(
        {d: laps_of(*[90] * 6, start=0.3 * i) for i, d in enumerate(("VER", "HAM", "ALO"))}
    )
    pairs = set(battles(race)["first", "second"].rows())
    assert pairs == {("VER", "HAM"), ("HAM", "ALO")}


def test_three_cars_nose_to_tail_are_a_train() -> None:
    race = race_of(
        {d: laps_of(*[90] * 6, start=0.6 * i) for i, d in enumerate(("VER", "HAM", "ALO", "SAI"))}
    )
    row = trains(race).row(0, named=True)
    assert (row["head"], row["drivers"], row["longest"]) == ("VER", "VER HAM ALO SAI", 4)
    assert row["battles"].count("-") == 3


def test_limits_that_make_no_sense_are_refused() -> None:
    race = race_of({"VER": laps_of(90), "HAM": laps_of(91)})
    with pytest.raises(ArgumentError):
        battles(race, within_s=2.0)
    with pytest.raises(ArgumentError):
        battles(race, within_s=-1.0)
    with pytest.raises(ArgumentError):
        trains(race, min_laps=0)


def test_alonso_and_perez_twenty_laps_for_third_place() -> None:
    row = battles(sample_race(20)).row(0, named=True)
    assert {row["first"], row["second"]} == {"ALO", "PER"}
    assert (row["position"], row["laps"], row["swaps"], row["at_flag"]) == (3, 20, 2, True)
    assert row["ahead_at_end"] == "ALO"
    assert row["margin"].total_seconds() == 0.053


def test_the_turning_point_of_the_last_swap() -> None:
    told = battle(sample_race(20), ("PER", "ALO"))
    last = told.turning_points.row(-1, named=True)
    assert (last["lap"], last["line"], last["car"]) == (71, "S1", "PER")
    assert last["loss"].total_seconds() == pytest.approx(0.30, abs=0.02)
    alonso = told.losses.filter(car="ALO", lap=71, line="S1")["loss"][0]
    assert alonso.total_seconds() == pytest.approx(-0.24, abs=0.02)
    assert told.lines.filter(lap=71, line="S1")["interval"][0].total_seconds() == 0.069
    assert told.lines.filter(lap=70, line="S1")["interval"][0].total_seconds() == -0.111
    assert told.story.startswith("Alonso and Pérez fought for third over 20 laps")
    assert "Alonso was ahead at the flag by 0.053 s" in told.story


def test_two_who_never_fought_are_told_how_close_they_came() -> None:
    assert "came no closer than 17.251 s" in battle(sample_race(20), ("VER", "PIA")).story
    with pytest.raises(NotFoundError, match="no driver 'SCH'"):
        battle(sample_race(20), ("SCH", "ALO"))


def test_sector_times_and_laps_alone_agree_on_who_fought() -> None:
    fine = sample_race(20)
    coarse = fine.with_tables(
        crossings=fine.crossings.filter(line="Line"), lines=fine.lines.filter(line="Line")
    )
    row = battles(coarse).filter(pl.col("at_flag"), pl.col("position") == 3)
    assert set(row.select("first", "second").row(0)) == {"ALO", "PER"}
    assert row["lines"][0] < battles(fine)["lines"][0]


def test_the_pass_that_opens_the_gap_belongs_to_the_battle() -> None:
    race = race_of(
        {"VER": laps_of(90, 90, 90, 90, 95, 90, 90), "HAM": laps_of(*[90] * 7, start=0.5)}
    )
    row = only(race)
    assert (row["start_lap"], row["end_lap"], row["swaps"]) == (1, 5, 1)
    assert (row["ahead_at_end"], row["ended_by"]) == ("HAM", "pass")
    assert row["margin"].total_seconds() == 4.5
    told = battle(race, ("VER", "HAM"))
    assert told.swap_list["passer"].to_list() == ["HAM"]
    assert told.story.endswith("HAM passed on lap 5 and stayed ahead.")


def test_a_pass_two_laps_later_does_not() -> None:
    race = race_of(
        {
            "VER": laps_of(*[90] * 4, 92, 99, 90, 90),
            "HAM": laps_of(*[90] * 4, 94, 90, 90, 90, start=0.5),
        }
    )
    row = only(race)
    assert (row["end_lap"], row["swaps"], row["ahead_at_end"], row["ended_by"]) == (
        4, 0, "VER", "gap",
    )  # fmt: skip


def test_who_is_ahead_after_a_stop_is_told_and_not_called_a_swap() -> None:
    race = race_of(
        {"VER": laps_of(90, 90, 90, 110, 90, 90), "HAM": laps_of(*[90] * 6, start=0.5)},
        visits=[("VER", 4, 355, 378)],
    )
    row = only(race)
    assert (row["swaps"], row["ahead_at_end"], row["ended_by"]) == (0, "VER", "pit")
    assert row["ahead_after"] == "HAM"
    assert "whether by a pass or by the stop" in battle(race, ("VER", "HAM")).story


def test_the_margin_at_the_flag_is_official_or_on_the_road_before_a_penalty() -> None:
    cars = {"VER": laps_of(*[90] * 5), "HAM": laps_of(*[90] * 5, start=0.4)}
    places = [("VER", 1, 5, 450.0), ("HAM", 2, 5, 450.412)]
    row = only(race_of(cars, classified=places))
    assert (row["margin"].total_seconds(), row["margin_basis"]) == (0.412, "official")
    punished = race_of(cars, classified=[("HAM", 1, 5, 450.412), ("VER", 2, 5, 455.0)])
    row = only(punished)
    assert (row["margin"].total_seconds(), row["margin_basis"]) == (0.4, "road")
    assert battle(punished, ("VER", "HAM")).story.endswith("on the road, before a penalty.")


def test_two_cars_that_never_fought_met_or_did_not() -> None:
    race = race_of(
        {
            "VER": laps_of(90, 90, 95, 90),
            "HAM": laps_of(95, 90, 91.2, 85),
            "ALO": laps_of(*[120] * 4),
        }
    )
    told = battle(race, ("VER", "HAM"))
    assert told.battles.is_empty()
    assert told.meetings.select("start_lap", "end_lap", "ahead", "passes").rows() == [
        (3, 4, "VER", 1)
    ]
    assert "HAM passed on lap 4" in told.story
    assert "came no closer than" in battle(race, ("VER", "ALO")).story


def test_no_battle_of_four_seasons_hides_the_pass_that_follows(shared: Path) -> None:
    hidden = []
    for season in some((2018, 2019, 2021, 2022), 3):
        for race in some(season_of_laps(shared, season), 4):
            at = timing(race)
            for row in battles(race).iter_rows(named=True):
                pair = {row["first"], row["second"]}
                ahead = at.cars.index(row["ahead_at_end"])
                behind = at.cars.index((pair - {row["ahead_at_end"]}).pop())
                after = at.at_line[row["end_lap"]] if row["end_lap"] < at.laps else None
                if after is not None and after[behind] < after[ahead] and not row["ahead_after"]:
                    hidden.append((race.season, race.name, *sorted(pair), row["end_lap"]))
    assert hidden == []
