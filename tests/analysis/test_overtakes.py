from __future__ import annotations

import polars as pl
import pytest

from own_race import SECTORS, laps_of, race_of
from racecraft.analysis.order.overtakes import overtakes
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.race import Race
from racecraft.sources.sample.sample import sample_race


def kinds(race: Race, **options: object) -> list[tuple[int, str, str, str]]:
    return overtakes(race, **options).select("lap", "passer", "passed", "kind").rows()


def test_a_pass_between_two_racing_cars_is_on_track() -> None:
    race = race_of({"VER": laps_of(90, 90, 90, 91.5, 90), "HAM": laps_of(91, 90, 90, 90, 90)})
    assert kinds(race) == [(4, "HAM", "VER", "on_track")]
    row = overtakes(race).row(0, named=True)
    assert row["margin"].total_seconds() == 0.5
    assert row["position"] == 1
    assert row["held"]
    assert row["retaken_lap"] is None
    assert row["evidence"] == (
        "HAM 1.000 s behind VER at Line of lap 3, 0.500 s ahead at Line of lap 4"
    )


def test_a_place_taken_back_names_where() -> None:
    race = race_of(
        {
            "VER": [30, 60, 90, 120, 151, 181, 211, 240.5, 270],
            "HAM": [31, 61, 91, 121, 150, 180, 210, 241, 271],
        },
        lines=SECTORS,
    )
    first = overtakes(race).row(0, named=True)
    assert (first["line"], first["held"]) == ("S2", True)
    assert (first["retaken_lap"], first["retaken_line"]) == (3, "S2")


def test_a_swap_undone_within_the_lap_counts_at_every_line_but_not_on_flying_laps() -> None:
    race = race_of(
        {"VER": [30, 60, 90, 121, 150, 180], "HAM": [31, 61, 91, 120.5, 151, 181]}, lines=SECTORS
    )
    assert overtakes(race).height == 2
    assert not overtakes(race)["held"][0]
    assert overtakes(race, rule="flying_laps").is_empty()


def test_a_stop_makes_the_change() -> None:
    race = race_of(
        {"VER": laps_of(90, 90, 105, 95, 90), "HAM": laps_of(91, 90, 90, 90, 90)},
        visits=[("VER", 3, 260, 283)],
    )
    assert kinds(race) == [(3, "HAM", "VER", "pit")]


def test_the_out_lap_makes_the_change_too() -> None:
    race = race_of(
        {"VER": laps_of(90, 90, 90, 110, 90), "HAM": laps_of(91, 90, 90, 90, 90)},
        visits=[("VER", 3, 269, 290)],
    )
    assert kinds(race) == [(4, "HAM", "VER", "pit")]


def test_order_that_changes_behind_the_safety_car_is_neutralised() -> None:
    race = race_of(
        {"VER": laps_of(90, 90, 130, 130), "HAM": laps_of(91, 90, 128, 130)},
        control=[("SC", 185, 400)],
    )
    assert kinds(race) == [(3, "HAM", "VER", "neutralised")]


def test_a_pass_before_the_safety_car_came_out_is_a_pass() -> None:
    race = race_of(
        {"VER": laps_of(90, 90, 92, 130), "HAM": laps_of(91, 90, 90, 130)},
        control=[("SC", 260, 400)],
    )
    row = overtakes(race).row(0, named=True)
    assert row["kind"] == "on_track"
    assert row["confidence"] < 0.8, "part of that lap was neutralised"


def test_lap_one_and_a_standing_restart_are_starts() -> None:
    race = race_of(
        {
            "VER": laps_of(92, 90, 1500, 151, 90, 90),
            "HAM": laps_of(91, 90, 1502, 149, 90, 90),
            "ALO": laps_of(93, 91, 1502, 148, 91, 91),
        },
        grid=["VER", "HAM", "ALO"],
        control=[("red", 200, 1600)],
    )
    assert (1, "HAM", "VER", "start") in kinds(race)
    assert (4, "HAM", "VER", "start") in kinds(race)
    assert all(kind == "neutralised" for lap, *_, kind in kinds(race) if lap == 3)


def test_a_place_won_at_the_start_goes_back_as_a_race_stopped_on_lap_1_is_resumed() -> None:
    race = race_of(
        {
            "VER": laps_of(92, 1500, 151, 90, 90),
            "HAM": laps_of(91, 1502, 148, 90, 90),
            "ALO": laps_of(93, 1503, 152, 91, 91),
        },
        grid=["VER", "HAM", "ALO"],
        control=[("red", 40, 1500)],
    )
    assert kinds(race) == [
        (1, "HAM", "VER", "start"),
        (2, "VER", "HAM", "order_reset"),
        (3, "HAM", "VER", "start"),
    ]


def test_a_slow_car_is_in_trouble() -> None:
    steady = [90.0] * 8
    spun = [90, 90, 90, 90, 104, 90, 90, 90]
    race = race_of(
        {"VER": laps_of(*spun), "HAM": laps_of(*steady, start=1), "ALO": laps_of(*steady, start=2)}
    )
    assert sorted(kinds(race)) == [(5, "ALO", "VER", "trouble"), (5, "HAM", "VER", "trouble")]
    assert "VER lost 14.0 s to his own pace" in overtakes(race)["evidence"][0]


def test_when_the_whole_field_is_slow_nobody_is_in_trouble() -> None:
    rain = [90, 90, 90, 90, 110, 110, 110, 110]
    race = race_of(
        {
            "VER": laps_of(*rain[:4], 112, *rain[5:]),
            "HAM": laps_of(*rain, start=1),
            "ALO": laps_of(*rain, start=20),
            "SAI": laps_of(*rain, start=30),
        }
    )
    assert kinds(race) == [(5, "HAM", "VER", "on_track")]


def test_everyone_behind_a_car_that_stops_gains_a_place() -> None:
    race = race_of(
        {"VER": laps_of(90, 90), "HAM": laps_of(91, 90, 90, 90), "ALO": laps_of(92, 90, 90, 90)}
    )
    assert sorted(kinds(race)) == [
        (3, "ALO", "VER", "retirement"),
        (3, "HAM", "VER", "retirement"),
    ]
    assert overtakes(race)["margin"].null_count() == 2


def test_a_car_that_never_starts_is_passed_by_those_behind_it_on_the_grid() -> None:
    race = race_of(
        {"VER": laps_of(90, 90), "LEC": [], "HAM": laps_of(91, 90)}, grid=["VER", "LEC", "HAM"]
    )
    assert kinds(race) == [(1, "HAM", "LEC", "retirement")]


def test_a_penalty_changes_places_after_the_flag() -> None:
    race = race_of(
        {"BOT": laps_of(90, 90), "ZHO": laps_of(92, 90)},
        classified=[("ZHO", 1, 2, 182), ("BOT", 2, 2, 185)],
    )
    assert kinds(race) == [(2, "ZHO", "BOT", "classification")]
    assert overtakes(race)["margin"][0].total_seconds() == 3


def test_lapping_is_kept_apart() -> None:
    race = race_of({"VER": laps_of(*[80] * 6), "SAR": laps_of(*[106] * 4)})
    assert overtakes(race).is_empty()
    lapping = overtakes(race, lapping=True)
    assert lapping["kind"].to_list() == ["lapping"]
    assert lapping.row(0, named=True)["passer"] == "VER"


def test_a_line_that_one_car_missed_is_skipped() -> None:
    race = race_of({"VER": [90, None, 272], "HAM": [91, 181, 271]})
    assert kinds(race) == [(3, "HAM", "VER", "on_track")]


def test_unknown_rules_kinds_and_empty_races_are_refused() -> None:
    race = race_of({"VER": laps_of(90)})
    with pytest.raises(ArgumentError, match="no counting rule 'all'"):
        overtakes(race, rule="all")
    with pytest.raises(ArgumentError, match="no kind of overtake 'magic'"):
        overtakes(race, kind="magic")
    with pytest.raises(NotEnoughDataError):
        overtakes(Race(season=2023, round=1, name="Empty Grand Prix"))


def test_the_last_two_laps_of_sao_paulo() -> None:
    late = overtakes(sample_race(20)).filter(pl.col("lap") >= 70)
    columns = ("lap", "line", "passer", "passed", "position", "kind")
    assert late.select(columns).rows() == [
        (70, "S1", "PER", "ALO", 3, "on_track"),
        (71, "S1", "ALO", "PER", 3, "on_track"),
    ]
    assert [m.total_seconds() for m in late["margin"]] == [0.111, 0.069]


def test_perez_is_out_of_mexico_on_lap_one() -> None:
    race = sample_race(19)
    lost = overtakes(race).filter(passed="PER")
    assert set(lost["lap"]) == {1}
    assert overtakes(race).filter(passer="PER").is_empty()
    assert overtakes(race, kind="classification")["passer"].to_list() == ["ZHO"]
