"""What is true of every simulated race."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from own_world import own_world, quiet
from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.world import BLOCK, Keep, run

EVERYTHING = Keep(gaps=True, places=True, times=True)


@given(
    cars=st.integers(1, 26),
    laps=st.integers(2, 70),
    seed=st.integers(0, 2**63 - 1),
)
def test_each_place_is_held_once_and_lap_times_add_up(cars: int, laps: int, seed: int) -> None:
    out = run(own_world(cars, laps), runs=6, seed=seed, keep=EVERYTHING)
    assert (np.sort(out.finish, axis=1) == np.arange(1, cars + 1)).all()
    in_race = out.places.sum(axis=2)
    assert (out.places.sum(axis=1) <= 6).all()
    assert (np.diff(in_race[1:], axis=0) <= 0).all()  # nobody comes back
    for one in range(6):
        times = out.times[one, 1:]
        last = np.where(out.out_lap[one] > 0, out.out_lap[one].astype(int) - 1, laps)
        for car in range(cars):
            driven = times[: last[car], car]
            assert not np.isnan(driven).any()
            assert np.isnan(times[last[car] :, car]).all()
            assert (np.diff(driven) > 40).all()
    taking_the_flag = out.out_lap == 0
    assert (out.gaps[taking_the_flag] >= 0).all()
    assert np.isnan(out.gaps[~taking_the_flag]).all()
    behind = np.argsort(out.finish, axis=1)
    in_order = np.take_along_axis(out.gaps, behind, axis=1)
    assert (np.diff(in_order, axis=1)[~np.isnan(np.diff(in_order, axis=1))] >= 0).all()
    out_first = np.take_along_axis(taking_the_flag, behind, axis=1)
    assert (np.diff(out_first.astype(int), axis=1) <= 0).all()  # whoever is out is behind


@given(seed=st.integers(0, 2**40), base=st.floats(-4, 4))
def test_places_change_on_the_track_by_passes_alone(seed: int, base: float) -> None:
    world = replace(quiet(own_world(12, 25)), plan=np.full((27, 12), -1, np.int64))
    world = world.with_race(NOISE=0.6, PASS_BASE=base, LAPPED=0, LAPPING=0)
    world.cars[:, k.GAP] = np.arange(12) * 0.8
    out = run(world, runs=4, seed=seed, keep=EVERYTHING)
    for one in range(4):
        times = np.concatenate([world.cars[None, :, k.GAP], out.times[one, 2:]])
        ahead = times[:, :, None] < times[:, None, :]
        turned = (ahead[:-1] & ~ahead[1:]).sum()
        assert turned == out.passes[one]


def test_nobody_passes_where_no_pass_can_succeed() -> None:
    world = quiet(own_world(10, 40)).with_race(NOISE=0.6, PASS_BASE=-1e6)
    world.cars[:, k.PACE] = -np.arange(10) * 0.3  # the last car is the fastest
    world.cars[:, k.GAP] = np.arange(10) * 1.0
    out = run(world, runs=50, seed=3)
    assert (out.finish == np.arange(1, 11)).all()
    assert not out.passes.any()


@pytest.mark.parametrize("gap", [0.5, 5.0, 30.0])
def test_a_car_behind_one_that_stops_loses_nothing(gap: float) -> None:
    world = quiet(own_world(2, 30), [0.0, gap])
    world.cars[:, k.PACE] = 0.0
    stops = world.plan.copy()
    stops[10, 0] = 1 + 2
    without = run(world, runs=1, seed=1, keep=EVERYTHING).times[0, :, 1]
    with_stop = run(replace(world, plan=stops), runs=1, seed=1, keep=EVERYTHING).times[0, :, 1]
    assert (with_stop[2:] <= without[2:] + 1e-3).all()
    if gap > 2:  # out of the air of the car ahead nothing changes until that car is back
        assert with_stop[2:11] == pytest.approx(without[2:11])
    if gap == 5.0:  # it comes out far behind
        assert with_stop[2:] == pytest.approx(without[2:])


@given(seed=st.integers(0, 2**63 - 1), workers=st.integers(2, 5))
def test_workers_agree_bit_for_bit(seed: int, workers: int) -> None:
    world = own_world(8, 12)
    count = 2 * BLOCK + 17
    alone = run(world, runs=count, seed=seed, keep=Keep(gaps=True))
    together = run(world, runs=count, seed=seed, keep=Keep(gaps=True), workers=workers)
    for name in ("finish", "out_lap", "passes"):
        assert (getattr(alone, name) == getattr(together, name)).all()
    assert alone.gaps.tobytes() == together.gaps.tobytes()


def test_more_runs_begin_with_the_same_runs() -> None:
    world = own_world(8, 20)
    few, many = (run(world, runs=n, seed=5) for n in (100, 700))
    assert (many.finish[:100] == few.finish).all()


def test_chance_that_a_change_does_not_touch_stays_as_it_was() -> None:
    world = quiet(own_world(3, 30), [0.0, 300.0, 600.0]).with_race(NOISE=0.5, LAPPED=0, LAPPING=0)
    stops = world.plan.copy()
    stops[10, 0] = 1
    before = run(world, runs=20, seed=1, keep=EVERYTHING).times
    after = run(replace(world, plan=stops), runs=20, seed=1, keep=EVERYTHING).times
    assert (before[:, 2:, 1:] == after[:, 2:, 1:]).all()
    assert (before[:, 11:, 0] != after[:, 11:, 0]).all()
