"""What decided a race."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from own_race import laps_of, race_of
from racecraft.sim.lapwise.simulate import chances
from racecraft.sim.moments.lead import lead_changes, leaders
from racecraft.sim.moments.moments import MOMENTS, moments, outlook_and_moments, ranked
from racecraft.sim.moments.outlook import Contest, by_formula, chances_of
from racecraft.sources.sample.sample import sample_race, sample_season

CARS = {
    "VER": laps_of(*[90] * 10),
    "HAM": laps_of(*[90] * 10, start=1),
    "ALO": laps_of(*[90] * 10, start=2),
}


def first(table: pl.DataFrame) -> dict[str, object]:
    return table.row(0, named=True)


def test_chances_add_up_on_every_lap() -> None:
    outlook = by_formula(sample_race(20))
    assert np.allclose(outlook.win.sum(axis=1), 1)
    assert (outlook.podium <= 1 + 1e-9).all()
    assert np.allclose(outlook.podium[-1].sum(), 3)


def test_a_late_pass_for_the_lead_decides_a_race_and_is_told_once() -> None:
    cars = CARS | {"HAM": laps_of(*[90] * 8, 88.5, 90, start=1)}
    table = moments(race_of(cars), simulated=False)
    assert first(table)["kind"] == "lead change"
    assert first(table)["drivers"] == "HAM VER"
    assert first(table)["lap"] == 9
    assert "took the lead on lap 9 passing VER on the track and kept it" in first(table)["sentence"]
    assert table.filter(pl.col("lap") == 9, pl.col("kind") == "pass").is_empty()


def test_a_leader_who_drops_out_is_the_moment() -> None:
    cars = CARS | {"VER": laps_of(*[90] * 7)}
    table = moments(race_of(cars), simulated=False)
    told = first(table)
    assert (told["kind"], told["drivers"], told["lap"]) == ("lead change", "HAM VER", 8)
    assert "when VER dropped out and kept it" in told["sentence"]
    assert table.filter(kind="retirement").is_empty(), "told with the lead that was lost by it"


def test_chances_by_formula_know_no_future() -> None:
    """A car that drops out later, or stops later, had the chances of one that does not."""
    whole = by_formula(race_of(CARS))
    out = by_formula(race_of(CARS | {"VER": laps_of(*[90] * 7)}))
    stop = CARS | {"VER": laps_of(*[90] * 7, 95, 105, 90)}
    stopping = by_formula(race_of(stop, visits=[("VER", 8, 720, 741)]))
    assert np.allclose(out.win[:8], whole.win[:8])
    assert (out.win[8:, 0] == 0).all()
    assert np.allclose(stopping.win[:8], whole.win[:8])


def test_a_retirement_weighs_what_it_cost_and_a_formula_has_no_error() -> None:
    cars = CARS | {"HAM": laps_of(*[90] * 7, start=1)}
    row = moments(race_of(cars), simulated=False).filter(kind="retirement").row(0, named=True)
    assert row["points_swing"] < -10
    assert (row["error"], row["within_noise"]) == (None, None)


def test_who_falls_far_back_at_a_restart_was_in_trouble() -> None:
    far = {car: laps_of(*[90] * 10, start=3 + i) for i, car in enumerate(("SAI", "LEC", "BOT"))}
    slow = {"HAM": laps_of(*[90] * 6, 120, *[90] * 3, start=1)}
    race = race_of(CARS | slow | far, control=[("SC", 400, 538)])
    row = moments(race, simulated=False).filter(kind="incident").row(0, named=True)
    assert (row["lap"], row["drivers"]) == (7, "HAM")
    assert "from second to sixth" in row["sentence"]


def test_a_lead_lent_by_a_stop_is_no_change_but_for_the_last() -> None:
    stop = [90, 90, 110, 90, 90, 90, 90, 90, 90, 90]
    cars = {
        "VER": laps_of(*stop),
        "HAM": laps_of(*[90] * 4, 111, *[90] * 5, start=1),
        "ALO": laps_of(*[90] * 9, 111, start=40),
    }
    visits = [("VER", 3, 265, 288), ("HAM", 5, 446, 469)]
    race = race_of(cars, visits=visits)
    assert [car for car, *_ in leaders(race)] == ["VER", "HAM", "VER"]
    assert [change[:3] for change in lead_changes(race)] == [("HAM", "VER", 3), ("VER", "HAM", 5)]


def test_a_penalty_after_the_flag_is_told() -> None:
    classified = [("HAM", 1, 10, 901.0), ("VER", 2, 10, 905.0), ("ALO", 3, 10, 902.0)]
    table = moments(race_of(CARS, classified=classified), simulated=False)
    row = table.filter(kind="penalty").row(0, named=True)
    assert row["drivers"].split()[-1] == "VER"
    assert row["line"] == "classification"
    assert row["win_swing"] == pytest.approx(1.0)


def test_a_safety_car_is_told_with_who_won_by_it() -> None:
    race = race_of(CARS, control=[("SC", 400, 560)])
    row = moments(race, simulated=False).filter(kind="safety car").row(0, named=True)
    assert (row["lap"], row["sentence"][:38]) == (5, "The safety car came out on lap 5 and w")


def test_who_led_when() -> None:
    cars = CARS | {"HAM": laps_of(*[90] * 8, 88.5, 90, start=1)}
    assert leaders(race_of(cars)) == [("VER", 1, 8), ("HAM", 9, 10)]


def test_the_title_is_decided_where_nobody_can_reach_it_any_more() -> None:
    contest = Contest(before=np.array([100.0, 90.0]), rest=20.0)
    assert contest.decided(np.array([[25.0, 0.0], [0.0, 25.0]])).tolist() == [
        [1.0, 0.0],
        [0.0, 0.0],
    ]


def test_sao_paulo_is_told_by_its_start_its_flag_and_its_fight() -> None:
    table = moments(sample_race(20), season=sample_season(), simulated=False)
    told = " ".join(table.head(8)["sentence"])
    assert "Alonso" in told
    assert "Pérez" in told
    assert table["rank"].to_list() == list(range(1, table.height + 1))
    assert table["weight"].is_sorted(descending=True)


def test_chances_beside_moments_are_those_of_the_same_runs() -> None:
    pytest.importorskip("numba")
    race = race_of(CARS)
    outlook, _ = outlook_and_moments(race, runs=50, seed=3)
    assert outlook.chances is not None
    assert outlook.chances.equals(chances(race, runs=50, seed=3))
    assert outlook_and_moments(race, simulated=False)[0].chances is None


def test_simulated_moments_repeat_with_their_seed_and_say_so() -> None:
    pytest.importorskip("numba")
    one, again = (moments(sample_race(20), runs=64, seed=3) for _ in range(2))
    assert one.equals(again)
    assert set(one["basis"]) == {"simulated"}
    assert one["error"].max() > 0


def test_a_field_that_stays_as_it_was_has_moments_of_no_weight() -> None:
    table = ranked(race_of(CARS), by_formula(race_of(CARS)))
    heavy = MOMENTS.check(table).filter(pl.col("weight") > 1)
    assert set(heavy["kind"]) <= {"battle"}, "open until the last lap, and no more than that"


def test_a_safety_car_is_weighed_against_the_same_race_without_it() -> None:
    pytest.importorskip("numba")
    race = sample_race(19)
    table = moments(race, runs=200, seed=3)
    rows = table.filter(pl.col("kind").is_in(["safety car", "red flag", "virtual safety car"]))
    known = rows.drop_nulls("counterfactual")
    assert len(known)
    assert known["counterfactual"].abs().max() <= 1
    assert set(known["counterfactual_car"]) <= set(race.entries["car"])
    assert table.filter(~pl.col("kind").str.contains("car|flag"))["counterfactual"].is_null().all()


def test_a_stop_that_is_quick_and_tyres_that_are_wrong_are_told() -> None:
    visits = [(car, 5, 450.0, 472.0) for car in ("HAM", "SAI")] + [("VER", 5, 450.0, 468.0)]
    visits += [("ALO", lap, 90.0 * lap, 90.0 * lap + 22) for lap in (3, 6)]
    cars = {car: laps_of(*[90] * 10, start=i) for i, car in enumerate(("VER", "HAM", "ALO", "SAI"))}
    tyres = [("ALO", 1, "soft"), ("ALO", 4, "intermediate"), ("ALO", 7, "soft")]
    table = moments(race_of(cars, visits=visits, tyres=tyres), simulated=False)
    assert "4.0 s quicker than usual" in table.filter(kind="good stop")["sentence"].item()
    wrong = table.filter(kind="wrong tyre").row(0, named=True)
    assert wrong["sentence"].startswith("ALO changed to wet tyres on lap 3, and back on lap 6")


def test_columns_are_those_that_were_promised() -> None:
    assert MOMENTS.schema.names()[:12] == [
        "rank", "lap", "line", "kind", "drivers", "win_swing", "podium_swing", "points_swing",
        "title_swing", "weight", "sentence", "evidence",
    ]  # fmt: skip


def test_who_lost_much_on_his_way_to_the_pits_was_in_trouble() -> None:
    cars = {car: laps_of(*[90] * 10, start=i) for i, car in enumerate(("VER", "HAM", "ALO", "SAI"))}
    cars["HAM"] = laps_of(*[90] * 4, 125, 110, *[90] * 4, start=1)
    visits = [("ALO", 4, 357.0, 379.0), ("SAI", 7, 627.0, 649.0), ("HAM", 5, 482.0, 504.0)]
    table = moments(race_of(cars, visits=visits), simulated=False)
    row = table.filter(kind="incident").row(0, named=True)
    assert row["sentence"].startswith("HAM fell from second to fourth in trouble on lap 5")


def test_an_undercut_counts_by_the_place_it_is_worth_where_others_have_yet_to_stop() -> None:
    early = {"VER": laps_of(90, 90, 95, 105, *[88] * 8, start=2)}
    late = {"HAM": laps_of(*[90] * 4, 95, 107, *[89] * 6, start=1)}
    stay = {car: laps_of(*[90] * 12, start=-2 - i) for i, car in enumerate(("RUS", "STR"))}
    stops = [("VER", 3, 272.0, 294.0), ("HAM", 5, 452.0, 474.0)]
    told = moments(race_of(early | late | stay, visits=stops), simulated=False)
    row = told.filter(kind="undercut")
    assert row["sentence"][0].startswith("VER got ahead of HAM by the undercut")


def test_places_that_one_stop_gained_are_told_together() -> None:
    early = {"VER": laps_of(90, 90, 95, 105, *[88] * 6, start=3)}
    late = {
        car: laps_of(*[90] * 5, 95, 105, *[89] * 3, start=start)
        for car, start in (("HAM", 1), ("ALO", 2))
    }
    stops = [("VER", 3, 360.0, 382.0), ("HAM", 6, 632.0, 652.0), ("ALO", 6, 633.0, 653.0)]
    table = moments(race_of(early | late, visits=stops), simulated=False)
    told = table.filter(kind="undercut")
    assert [sorted(drivers.split()) for drivers in told["drivers"]] == [["ALO", "HAM", "VER"]]
    assert "VER gained the lead from" in told["sentence"][0]


def test_chances_by_formula_agree_where_all_are_close_and_stops_are_open() -> None:
    """After a safety car: whoever may win may be on the podium, and three cars are."""
    gaps, unsure = np.arange(20) * 0.9, np.full(20, 9.0)
    win, podium, points = chances_of(gaps, 15, np.array([25.0, 18, 15, 12, 10]), unsure)
    assert (win <= podium).all()
    assert (np.diff(win) < 0).all()
    assert win.sum() == pytest.approx(1, abs=1e-6)
    assert podium.sum() == pytest.approx(3, abs=1e-3)
    assert points.sum() == pytest.approx(80, abs=0.01)
