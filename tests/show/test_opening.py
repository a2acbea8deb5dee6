"""How a race opens: three to six moments, and what else is told in lines of its own."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from own_race import laps_of, race_of
from racecraft.show.moments import also_told, flag_words, led_words, opening, opening_rows
from racecraft.show.page import Page
from racecraft.sim.moments.lead import lead_changes, taken_in_effect
from racecraft.sim.moments.moments import moments
from racecraft.sources.sample.sample import sample_race, sample_season

FIELD = ("VER", "HAM", "ALO", "SAI", "LEC", "BOT", "NOR")


def field(laps: int = 12, apart: float = 1.0) -> dict[str, list[float | None]]:
    return {car: laps_of(*[90] * laps, start=i * apart) for i, car in enumerate(FIELD)}


@pytest.mark.parametrize("round_", [19, 20])
def test_a_race_opens_with_three_to_six_moments_in_order_of_time(round_: int) -> None:
    race = sample_race(round_)
    table = moments(race, season=sample_season(), simulated=False)
    told = opening_rows(table)
    assert 3 <= len(told) <= 6
    assert told["lap"].is_sorted()
    lines = also_told(table, race)
    assert any(line.startswith("Led at the end of laps: Verstappen") for line in lines)
    assert any(line.startswith("Flags: ") for line in lines)
    heads = ("Start: ", "* At the start ")
    assert sum(head in opening(table, Page(width=None), race) for head in heads) == 1


def test_sao_paulo_is_told_with_its_last_laps_and_who_did_not_start() -> None:
    race = sample_race(20)
    told = opening(moments(race, season=sample_season(), simulated=False), Page(width=None), race)
    for words in (
        "* Pérez passed Alonso for third into Turn 1 on lap 70",
        "* Alonso took third back from Pérez on the straight from Turn 3 to Turn 4 on lap 71",
        "and was 0.053 s ahead at the flag",
        "Did not start: Leclerc (engine).",
        "red flag" if not race.control.is_empty() else "the race stood still",
    ):
        assert words in told


def test_who_fell_at_the_start_is_told_with_whom_telemetry_has_nearest() -> None:
    table = moments(sample_race(19), season=sample_season(), simulated=False)
    start = table.filter(kind="start")["sentence"][0]
    assert "Pérez went from fifth to P20, in contact with Leclerc as it seems" in start


def test_a_leader_who_came_out_of_the_pits_and_retired_lost_the_lead_by_his_stop() -> None:
    cars = field() | {"VER": laps_of(*[90] * 6)}
    stopped = pl.DataFrame({"car": ["VER"], "lap": [6], "duration": [22_000_000]}).cast(
        {"lap": pl.Int16, "duration": pl.Duration("us")}
    )
    race = race_of(cars)
    into_the_garage = race_of(cars, visits=[("VER", 6, 538.0, None)])
    out_again = replace(
        into_the_garage,
        pit_visits=into_the_garage.pit_visits.drop("duration").join(
            stopped, on=["car", "lap"], how="left"
        ).select(into_the_garage.pit_visits.columns),
    )  # fmt: skip
    assert lead_changes(race)[-1][4] == "retirement"
    assert lead_changes(out_again)[-1][4] == "pit"
    assert led_words(into_the_garage) == "Led at the end of laps: VER 1 to 5; HAM 6 to 12."


def test_whether_a_lead_was_taken_on_the_track_or_by_a_stop_is_left_open_where_both_may_be() -> (
    None
):
    cars = field() | {"VER": laps_of(*[90] * 8, 95, 110, 90, 90)}
    tyres = [("VER", 1, "hard"), ("VER", 10, "soft"), ("HAM", 1, "hard"), ("HAM", 6, "soft")]
    race = race_of(cars, tyres=tyres, visits=[("VER", 9, 812.0, 835.0), ("HAM", 5, 449.0, 471.0)])
    told = moments(race, simulated=False).filter(kind="lead change")["sentence"][0]
    assert told.startswith("HAM took the lead on lap 9 from VER, who stopped at the end of it")


def test_lap_times_alone_show_that_the_field_slowed_not_under_which_flag() -> None:
    cars = {car: laps_of(*[90] * 5, 130, *[90] * 6, start=i) for i, car in enumerate(FIELD)}
    race = race_of(cars)
    doubt = {"table": ["control"], "car": [None], "lap": [None], "line": [None], "reason": ["-"]}
    schema = {"car": pl.String, "lap": pl.Int16, "line": pl.String}
    race = replace(race, doubts=pl.DataFrame(doubt, schema_overrides=schema))
    assert flag_words(race) == "Flags: by lap times the whole field slowed on lap 6."


def test_who_was_out_when_the_safety_car_came_is_told() -> None:
    cars = field() | {"NOR": laps_of(*[90] * 5)}
    table = moments(race_of(cars, control=[("SC", 560, 810)]), simulated=False)
    assert "came out on lap 7, as NOR dropped out, and went in" in _sentence(table, "safety car")


def _sentence(table: pl.DataFrame, kind: str) -> str:
    return str(table.filter(kind=kind)["sentence"][0])


def three(**times: list[float | None]) -> dict[str, list[float | None]]:
    """The field, of which all but three are far behind."""
    return {car: laps_of(*[90] * 12, start=60 + i) for i, car in enumerate(FIELD)} | times


def test_a_lead_won_by_stopping_earlier_is_told_so() -> None:
    cars = three(
        VER=laps_of(*[90] * 6, 100, 101, *[90] * 4),
        HAM=laps_of(90, 90, 90, 100, 96, 86, *[90] * 6, start=2),
    )
    visits = [("HAM", 4, 372.0, 394.0), ("VER", 7, 640.0, 662.0)]
    table = moments(race_of(cars, visits=visits), simulated=False)
    told = table.filter(pl.col("sentence").str.starts_with("HAM took the lead"))["sentence"].item()
    assert "by the undercut, having stopped three laps before VER, and kept it to the flag" in told


def test_a_lead_that_stops_only_lent_since_was_taken_before() -> None:
    cars = three(
        VER=laps_of(*[90] * 9, 100, 105, 90, start=1),
        HAM=laps_of(90, 88, *[90] * 4, 100, 100, *[90] * 4, start=2),
    )
    visits = [("HAM", 7, 648.0, 668.0), ("VER", 10, 911.0, 931.0)]
    race = race_of(cars, visits=visits)
    assert led_words(race).endswith("VER 1, 7 to 10; HAM 2 to 6, 11 to 12.")
    assert taken_in_effect(race) == 2


def test_the_winner_who_stopped_under_the_safety_car_is_told_with_who_did_not() -> None:
    cars = field() | {"ALO": laps_of(*[90] * 6, 95, 95, 82, 82, 82, 82, start=2)}
    order = ["ALO", "VER", "HAM", "SAI", "LEC", "BOT", "NOR"]
    race = race_of(
        cars, control=[("SC", 550, 800)], visits=[("ALO", 7, 630.0, 651.0)],
        classified=[(car, i, 12, 1080.0 + i) for i, car in enumerate(order, 1)],
    )  # fmt: skip
    table = moments(race, simulated=False)
    assert "ALO stopped, " in _sentence(table, "safety car")
    assert table.filter(kind="safety car")["weight"][0] >= 0.59 * table["weight"][0]
