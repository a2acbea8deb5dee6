"""Who stops under a flag does so at once: in the fit, and in the loop that drives the races."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from own_world import own_world, quiet
from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.course import GREEN, RED, SC, VSC
from racecraft.sim.lapwise.fit_stops import by_age, mood_of
from racecraft.sim.lapwise.regress import logit
from racecraft.sim.lapwise.world import run

LAPS, CALLED = 30, 10


def test_laps_under_a_flag_are_told_apart() -> None:
    state = np.array([GREEN, VSC, VSC, SC, SC, SC, SC, RED])
    since = np.array([9, 1, 2, 1, 2, 3, 7, 1])
    assert mood_of(state, since).tolist() == [0, 1, 2, 4, 5, 6, 6, 0]


def test_what_came_later_under_a_flag_is_not_taken_for_its_first_lap() -> None:
    chance = np.random.default_rng(1)
    since = chance.integers(1, 6, 4000)
    stopped = chance.random(4000) < np.where(since == 1, 0.4, 0.01)
    ones = np.ones(4000, np.int64)
    design = by_age(ones, np.full(4000, 20.0), mood_of(SC * ones, since))
    found = logit(design, stopped.astype(float), np.full(design.shape[1], 0.5))
    said = 1 / (1 + np.exp(-(design @ found.coefficients)))
    assert abs(said[since == 1].mean() - 0.4) < 0.03
    assert said[since >= 3].mean() < 0.02


def _finish(laps_of_it: int, *, stops_later: bool, so_far: int = 0) -> np.ndarray:
    """Places when all cars but the leader stop on the third lap of a flag, or nobody does."""
    world = quiet(own_world(6, LAPS))
    forced = np.full_like(world.forced, 1 + GREEN)
    forced[CALLED : CALLED + laps_of_it] = 1 + SC
    odds = np.zeros_like(world.stop_by_age)
    if stops_later:
        odds[2 * k.MOODS] = 2 * k.LOGIT_RANGE * k.LOGIT_STEPS  # all but certain
    states = world.states.copy()
    states[:, k.AGE] = 10
    world = replace(
        world.with_race(FLAG_LAPS=so_far), forced=forced, stop_by_age=odds, states=states,
        plan=np.zeros((0, 6), np.int64), stop_by_left=np.zeros_like(world.stop_by_left),
        from_lap=CALLED - 1 if so_far else 1, flag=SC if so_far else GREEN,
    )  # fmt: skip
    return run(replace(world, stop_s=np.linspace(0, 20, 256)), runs=20, seed=3).finish


def test_the_third_lap_behind_a_safety_car_has_chances_of_its_own() -> None:
    assert (_finish(2, stops_later=True) == _finish(2, stops_later=False)).all()
    assert (_finish(3, stops_later=True) != _finish(3, stops_later=False)).any()


def test_laps_behind_a_safety_car_before_the_first_one_count() -> None:
    assert (_finish(1, stops_later=True) == _finish(1, stops_later=False)).all()
    assert (_finish(1, stops_later=True, so_far=2) != _finish(1, stops_later=False, so_far=2)).any()
