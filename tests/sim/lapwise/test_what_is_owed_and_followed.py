"""Penalties that are owed, tyres that all change to, and who is still close after an attack."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from own_race import laps_of, race_of
from own_world import own_world, quiet
from racecraft.model.race import MESSAGES
from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.course import INTERMEDIATE, course
from racecraft.sim.lapwise.crossover import changes, under_way
from racecraft.sim.lapwise.penalties import penalties_due
from racecraft.sim.lapwise.world import Keep, run

CARS = ("VER", "HAM", "ALO", "SAI", "LEC", "BOT")
GIVEN = "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 44 (HAM) - SPEEDING IN THE PIT LANE"
SERVED = "FIA STEWARDS: PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 44 (HAM) - SPEEDING"


def _times(laps: int = 10) -> dict[str, list[float | None]]:
    return {car: [*laps_of(*[90] * laps, start=i)] for i, car in enumerate(CARS)}


def _said(*texts: tuple[float, str]) -> dict[str, object]:
    rows = [{"time": timedelta(seconds=at), "text": text} for at, text in texts]
    return {"messages": MESSAGES.rows(rows)}


def _owes(lap: int, *texts: tuple[float, str], **more: object) -> float:
    race = race_of(_times(), **_said(*texts), **more)  # type: ignore[arg-type]
    due = penalties_due(race, course(race), lap)
    assert due is not None
    assert due.sum() == due[1], "nobody else owes anything"
    return float(due[1])


def test_a_penalty_is_owed_from_its_announcement_until_it_is_served() -> None:
    assert _owes(3, (300, GIVEN)) == 0
    assert _owes(4, (300, GIVEN)) == 5
    assert _owes(9, (300, GIVEN), (600, GIVEN)) == 10
    assert _owes(9, (300, GIVEN), (600, SERVED)) == 0


@pytest.mark.parametrize(("announced", "owed"), [(300, 0), (700, 5)])
def test_the_next_stop_serves_it(announced: float, owed: float) -> None:
    tyres = [("HAM", 1, "soft"), ("HAM", 7, "hard")]
    visits = [("HAM", 6, 538.0, 560.0)]
    assert _owes(9, (announced, GIVEN), tyres=tyres, visits=visits) == owed


def test_without_messages_nobody_knows() -> None:
    race = race_of(_times())
    assert penalties_due(race, course(race), 5) is None


def test_a_penalty_costs_places_after_the_flag() -> None:
    world = quiet(own_world(3, 20), gaps=[0.0, 3.0, 40.0])
    cars = world.cars.copy()
    cars[:, k.PACE] = 0.0
    cars[0, k.OWED] = 5.0
    finish = run(replace(world, cars=cars), runs=8, seed=1).finish
    assert (finish == [2, 1, 3]).all()


def _rain(*laps_of_change: int) -> list[tuple[str, int, str]]:
    """Tyres of cars that change to wet ones on these laps, one after the other."""
    changed = [(car, lap, "intermediate") for car, lap in zip(CARS, laps_of_change, strict=False)]
    return [(car, 1, "soft") for car in CARS] + changed


def _wet_race(*laps_of_change: int) -> object:
    visits = [
        (car, lap - 1, 90.0 * (lap - 1) - 1 + i, 90.0 * (lap - 1) + 10 + i)
        for i, (car, lap) in enumerate(zip(CARS, laps_of_change, strict=False))
    ]
    return race_of(_times(), tyres=_rain(*laps_of_change), visits=visits)


def test_a_change_is_under_way_once_some_have_changed() -> None:
    run = course(_wet_race(7, 7, 8))  # type: ignore[arg-type]
    assert under_way(run, 5) is None
    found = under_way(run, 6)
    assert found is not None
    assert (found.to_dry, found.late.tolist()) == (False, [False, False, True, True, True, True])
    assert found.share == pytest.approx(1 / 3)
    assert found.fitted[INTERMEDIATE] == 1


def test_late_cars_change_or_do_not_and_are_counted_each_lap() -> None:
    table = changes(course(_wet_race(7, 7, 8)))  # type: ignore[arg-type]
    after_lap_6 = table[table[:, 2] < 0.4]
    assert len(after_lap_6) == 4
    assert after_lap_6[:, -1].sum() == 1, "one of the four stops at the end of the next lap"


def test_who_was_far_behind_and_did_not_get_past_is_still_further_behind() -> None:
    """Nobody passes, the car behind is faster: only how far it was says how far it is."""

    def apart(gap: float) -> float:
        world = quiet(own_world(2, 12), gaps=[0.0, gap]).with_race(
            PASS_BASE=-30.0, FOLLOW=0.1, FOLLOW_BY_GAP=0.6, FOLLOW_SPREAD=0.0, NOISE=0.0
        )
        cars = world.cars.copy()
        cars[:, k.PACE] = [0.0, -5.0]
        one = replace(world, cars=cars, laps=world.from_lap + 1)
        gaps = run(one, runs=4, seed=1, keep=Keep(gaps=True)).gaps
        return float(gaps[:, 1].mean())

    assert apart(0.3) == pytest.approx(0.28, abs=0.01)
    assert apart(1.0) == pytest.approx(0.70, abs=0.01)


def test_form_helps_to_pass() -> None:
    def passes(form: float) -> float:
        world = quiet(own_world(2, 12), gaps=[0.0, 0.6])
        world = world.with_race(PASS_BASE=1.0, FORM_KEPT=1.0, FORM_STEP=0.0)
        cars = world.cars.copy()
        cars[:, k.PACE] = 0.0
        cars[1, k.FORM] = form
        return float((run(replace(world, cars=cars), runs=400, seed=1).finish[:, 1] == 1).mean())

    assert passes(-0.8) > passes(0.0) + 0.2
